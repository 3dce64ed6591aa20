"""What calibration moves and what it only draws."""

from functools import cache

from ecology.errors import BadInput
from ecology.evidence import register
from experiments.calibration.settings import settings
from experiments.space import Space, factor_of, varying

MAY_MOVE = ("assumption", "expert judgement")


@cache
def moved() -> tuple[str, ...]:
    """Return the names of what is fitted. Raises BadInput if one is no assumption, or a governance parameter."""
    names = tuple(name for group in settings()["moved"].values() for name in group)
    for name in names:
        if register()[name].grade not in MAY_MOVE or register()[name].governance:
            raise BadInput(f"calibration: {name} is never fitted; only assumptions outside governance are.")
    return names


@cache
def drawn() -> tuple[str, ...]:
    """Return the names of what is drawn from its prior and never fitted: all governance parameters, and K."""
    governance = [name for name, parameter in varying().items() if parameter.governance]
    return (*governance, *settings()["drawn"]["names"])


@cache
def space() -> Space:
    """Return the space of both, what moves first, each over the range of its evidence.

    What moves starts anywhere in it, all values equally likely. What is drawn lies below the register's value as often
    as above it: were it drawn evenly, a range that reaches further up than down would make governance dearer, or do
    more, than the one value of the register, and a result would be about how ranges were written down.
    """
    known = register()
    return Space((
        *(factor_of(known[name]) for name in moved()),
        *(factor_of(known[name], median=known[name].value) for name in drawn()),
    ))  # fmt: skip
