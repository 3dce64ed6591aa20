"""The settings of analyses, read once from ``settings.toml``; each stands there with its reason."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table() -> dict[str, dict[str, dict[str, Any]]]:
    """Return topic → name → value and why."""
    text = files("experiments.analysis").joinpath("settings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def setting(topic: str, name: str) -> Any:
    """Return the value of one setting."""
    return table()[topic][name]["value"]


@cache
def data(file: str) -> dict[str, Any]:
    """Return another TOML file of this folder: groups of levers, worst cases of failure modes."""
    return tomllib.loads(files("experiments.analysis").joinpath(file).read_text(encoding="utf-8"))
