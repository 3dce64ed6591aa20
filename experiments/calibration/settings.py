"""The settings of calibration, read once from ``settings.toml``."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def settings() -> dict[str, Any]:
    """Return the tables of ``settings.toml``."""
    return tomllib.loads(files("experiments").joinpath("calibration/settings.toml").read_text(encoding="utf-8"))
