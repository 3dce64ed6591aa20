"""Everything that is wrong with a scenario, said at once: file, field, what was possible.

A fault is a path to a field and a sentence. Checks yield faults; pydantic carries them; ``sentences`` writes them.
Whatever an input holds (a megabyte of digits, control characters), what is shown of it is short and printable.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from numbers import Real
from typing import Any

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError, ValidationError

from ecology.errors import no_such
from ecology.scenario_limits import reading

Path = tuple[str | int, ...]
Fault = tuple[Path, str]

LISTING = " There are: "
PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]+")


def unknown(kind: str, name: object, known: Iterable[str]) -> str:
    """Return the sentence for a name that does not exist: the nearest match and what exists."""
    shown = clipped(str(name))
    return str(no_such(kind, shown, known)).removeprefix(f"{shown!r}: ")


def fault(info: ValidationInfo, sentence: str) -> PydanticCustomError:
    """Return the exception for one fault of the field that is being checked."""
    return PydanticCustomError("faults", "not a valid scenario", {"faults": [((str(info.field_name),), sentence)]})


def refuse(faults: Iterable[Fault]) -> None:
    """Raise an exception for all faults together, if there are any."""
    found = list(islice(faults, reading("faults") + 1))
    if found:
        raise PydanticCustomError("faults", "not a valid scenario", {"faults": found})


def sentences(error: ValidationError, where: str, fields: Iterable[str]) -> list[str]:
    """Return one sentence a fault, led by the file (``where``) and the path of the field; at most so many."""
    known = list(fields)
    most = reading("faults")
    found = list(islice(_faults(error, known), most + 1))
    lines = [f"{path(loc, where)}{sentence}" for loc, sentence in _listed_once(found[:most])]
    return [*lines, f"{path((), where)}more of these; mend the first {most}."] if found[most:] else lines


def _listed_once(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Yield faults in which what exists is listed the first time only: there are hundreds of parameters."""
    listed = set()
    for loc, sentence in faults:
        start, _, listing = sentence.partition(LISTING)
        yield loc, start if listing and listing in listed else sentence
        listed.add(listing)


def _faults(error: ValidationError, known: list[str]) -> Iterator[Fault]:
    for detail in error.errors(include_url=False, include_input=False):
        loc = detail["loc"]
        if detail["type"] == "faults":
            yield from detail["ctx"]["faults"]
        elif detail["type"] == "extra_forbidden":
            yield loc, unknown("field", loc[-1], known)
        elif detail["type"] == "missing":
            yield loc, "is missing."
        else:
            yield loc, f"{clipped(detail['msg'])}."


def path(loc: Path, where: str) -> str:
    """Return ``scenarios/mine.toml: levers.tempo: `` for a file and the path of a field."""
    parts = ""
    for step in loc:
        if isinstance(step, int):
            parts += f"[{step}]"
        else:
            parts += ("." if parts else "") + (step if PLAIN_NAME.fullmatch(step) else repr(clipped(step)))
    return "".join(f"{part}: " for part in (where, clipped(parts)) if part)


def clipped(text: str) -> str:
    """Return a text short enough to show."""
    most = reading("characters")
    return text if len(text) <= most else f"{text[:most]}…"


def place(text: str) -> str:
    """Return the name of a file, or its end if it is very long."""
    most = reading("path_characters")
    return printable(text if len(text) <= most else f"…{text[-most:]}")


def printable(text: str) -> str:
    """Return a text that moves no cursor and hides nothing on a terminal."""
    return text if text.isprintable() else repr(text)


def shown(value: object) -> str:
    """Return a value as a reader should see it in a sentence."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return repr(clipped(value))
    if isinstance(value, datetime.date):
        return str(value)
    if isinstance(value, Real):
        try:
            return clipped(str(value))
        except ValueError:  # Python does not write integers of thousands of digits
            return "a number of thousands of digits"
    if isinstance(value, Mapping):
        return "a table"
    return "a list" if isinstance(value, list | tuple) else f"a {type(value).__name__}"


def is_number(value: Any) -> bool:
    """Say whether a value is a number; true and false are not, numbers of NumPy are."""
    return isinstance(value, Real) and not isinstance(value, bool)
