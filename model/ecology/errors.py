"""One way to say that an input is wrong: what, where, what was possible, the way out."""

from collections.abc import Iterable
from difflib import get_close_matches


class BadInput(ValueError):
    """An input that cannot be used. Its text is one or more clear sentences for the person who gave it.

    The command line prints the text without a traceback and exits with code 2.
    """


def no_such(kind: str, name: str, known: Iterable[str], where: str = "") -> BadInput:
    """Return the error for an unknown ``name`` of a ``kind``: where it stands, the nearest match, what exists."""
    options = sorted(known)
    near = get_close_matches(name.lower(), [option.lower() for option in options], n=1)
    did_you_mean = next((f" Did you mean {o}?" for o in options if near and o.lower() == near[0]), "")
    place = f"{where}: " if where else ""
    return BadInput(f"{place}{name!r}: no such {kind}.{did_you_mean} There are: {', '.join(options)}.")
