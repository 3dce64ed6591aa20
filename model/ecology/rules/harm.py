"""Harm (MODEL 8): how much a week at a level of need weighs in the primary outcome."""

from ecology.compiled import inlined
from ecology.tables import Parameters


@inlined
def total(complex_need: int, acute: int, p: Parameters) -> float:
    """Return what a week weighs of so many children at complex need or above, of whom so many at acute need."""
    return acute + p.harm_weight_complex * (complex_need - acute)


@inlined
def weight(safety: float, p: Parameters) -> float:
    """Return the weight of a child's week: 0 below complex need, a share at complex need, 1 at acute need."""
    return total(int(safety >= p.level_complex_safety), int(safety >= p.level_acute_safety), p)
