"""Harm (MODEL 8): how much a week at a level of need weighs in the primary outcome."""

from ecology.compiled import inlined
from ecology.tables import Parameters


@inlined
def weight(safety: float, p: Parameters) -> float:
    """Return the weight of a week: 0 below complex need, a share at complex need, 1 at acute need."""
    if safety >= p.level_acute_safety:
        return 1.0
    return p.harm_weight_complex if safety >= p.level_complex_safety else 0.0
