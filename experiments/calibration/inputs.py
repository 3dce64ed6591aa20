"""What calibration moves and what it only draws."""

from functools import cache

from ecology.errors import BadInput
from ecology.evidence import register
from experiments.calibration.settings import settings
from experiments.space import Space, evidence_space, varying

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
    """Return the space of both, what moves first: each parameter uniform over the range of its evidence."""
    return evidence_space((*moved(), *drawn()))
