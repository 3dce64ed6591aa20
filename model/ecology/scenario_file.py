"""Where a scenario's file is, and what it says: bytes to a table, each refusal one sentence.

A file is data. Nothing in it is executed, and it can name nothing outside its own folder.
"""

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from ecology.errors import BadInput, no_such
from ecology.scenario_faults import clipped, place, printable
from ecology.scenario_limits import reading

SUFFIX = ".toml"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Source:
    """A file to read; ``where`` names it in messages; ``folder`` bounds its bases (None: it is packaged)."""

    where: str
    stem: str
    file: Path | Traversable
    folder: Path | None = None


@cache
def packaged_names(folder: str = "") -> tuple[str, ...]:
    """Return the names of the packaged scenarios, or of the files of one folder (``pressures``), sorted."""
    entries = _package(folder).iterdir()
    return tuple(sorted(entry.name.removesuffix(SUFFIX) for entry in entries if entry.name.endswith(SUFFIX)))


def packaged(name: str, folder: str = "", kind: str = "scenario", where: str = "") -> Source:
    """Return the packaged file of a name. Raises BadInput with the nearest name and all names."""
    if name not in packaged_names(folder):
        fault = no_such(kind, clipped(name), packaged_names(folder), where)
        raise BadInput(f"{fault} A file of your own is named by its path, ending in {SUFFIX}.")
    place = "/".join(part for part in ("scenarios", folder, name + SUFFIX) if part)
    return Source(place, name, _package(folder).joinpath(name + SUFFIX))


def find(name_or_path: str | os.PathLike[str]) -> Source:
    """Return the file of a scenario: a path (ends in .toml or holds a slash), else the name of a packaged one."""
    text = os.fspath(name_or_path)
    if not isinstance(text, str):
        raise BadInput("a scenario is named by a text or a path, not by bytes.")
    if isinstance(name_or_path, str) and not _is_path(text):
        return packaged(text)
    where = place(text)
    try:
        folder = Path(text).parent.resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise BadInput(f"{where}: cannot be read: {_reason(error)}.") from None
    return Source(where, Path(text).stem, folder / Path(text).name, folder)


def find_base(base: object, source: Source) -> Source:
    """Return the file of a base: a packaged name, or a path that stays inside the folder of ``source``."""
    where = f"{source.where}: base"
    if not isinstance(base, str) or not base:
        raise BadInput(f"{where}: must be the name of a scenario or a file beside this one.")
    if not _is_path(base):
        return packaged(base, where=where)
    if source.folder is None:
        raise BadInput(f"{where}: a packaged scenario builds on packaged ones, by name.")
    shown = place(base)
    try:
        path = (source.folder / base).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise BadInput(f"{where}: {shown}: cannot be read: {_reason(error)}.") from None
    if not path.is_relative_to(source.folder):
        raise BadInput(f"{where}: {shown} lies outside the folder of this file; copy it there.")
    return Source(f"{where}: {shown}", path.stem, path, path.parent)


def read(source: Source) -> dict[str, Any]:
    """Return the table that a file holds. Raises BadInput with the one thing that is wrong, and its line."""
    text = _text(_bytes(source), source.where)
    for number, line in enumerate(text.splitlines(), start=1):
        if line.count(".") > reading("dots_in_a_line"):
            raise BadInput(
                f"{source.where}: line {number} holds more than {reading('dots_in_a_line')} dots;"
                " names nested so deep cost too much to read. Break a long text into lines."
            )
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise BadInput(f"{source.where}: tables or lists are nested too deep to be a scenario.") from None
    except ValueError as error:  # tomllib's own error, or a number or date that Python refuses
        raise BadInput(f"{source.where}: not valid TOML: {_reason(error)}.") from None


def merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return a base with the fields of a file over it: tables are merged by key, anything else is replaced."""
    result = {**base, **own}
    for field, value in own.items():
        if isinstance(value, Mapping) and isinstance(base.get(field), Mapping):
            result[field] = {**base[field], **value}
    return result


def _package(folder: str) -> Traversable:
    package = files("scenarios")
    return package.joinpath(folder) if folder else package


def _is_path(text: str) -> bool:
    return text.endswith(SUFFIX) or "/" in text or os.sep in text


def _bytes(source: Source) -> bytes:
    if not isinstance(source.file, Path):  # packaged in an archive: ours, and bounded
        return source.file.read_bytes()
    most = reading("bytes")
    try:
        mode = source.file.stat().st_mode
        if stat.S_ISDIR(mode):
            raise BadInput(f"{source.where}: is a folder; name the scenario file in it.")
        if not stat.S_ISREG(mode):
            raise BadInput(f"{source.where}: is not an ordinary file.")
        with source.file.open("rb") as stream:
            data = stream.read(most + 1)
    except FileNotFoundError:
        names = ", ".join(packaged_names())
        raise BadInput(f"{source.where}: there is no such file. Scenarios known by name: {names}.") from None
    except BadInput:
        raise
    except (OSError, ValueError) as error:
        raise BadInput(f"{source.where}: cannot be read: {_reason(error)}.") from None
    if len(data) > most:
        raise BadInput(f"{source.where}: is larger than {most} bytes, the most that a scenario may have.")
    return data


def _text(data: bytes, where: str) -> str:
    if data.startswith(BYTE_ORDER_MARK):
        raise BadInput(f"{where}: begins with a byte order mark; save it as UTF-8 without one.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{where}: line {_line(data, error.start)} is not UTF-8; save it as UTF-8.") from None
    if b"\0" in data:
        raise BadInput(f"{where}: line {_line(data, data.index(0))} holds a NUL byte; this is not a text in UTF-8.")
    return text


def _line(data: bytes, position: int) -> int:
    return data[:position].count(b"\n") + 1


def _reason(error: Exception) -> str:
    """Return what went wrong, shortened in the middle so that the line number at its end stays."""
    text = printable(getattr(error, "strerror", None) or str(error)).rstrip(".")
    place = re.search(r" \(at [^()]*\)$", text)
    end = place.group() if place else ""
    return clipped(text.removesuffix(end)) + end
