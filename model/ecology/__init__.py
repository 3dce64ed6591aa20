"""The reference simulation of a local children's services ecology.

``from ecology import Locality, Scenario``; ``Locality(Scenario.load("orchestrated"), seed=1).run().outcomes()``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ecology.locality import Locality
    from ecology.scenario import Scenario

__all__ = ["Locality", "Scenario"]
__version__ = "0.10.1"


def __getattr__(name: str) -> Any:
    """Load the two names on first use: importing Mesa and Numba takes seconds that ``--help`` must not wait for."""
    if name == "Locality":
        from ecology.locality import Locality

        return Locality
    if name == "Scenario":
        from ecology.scenario import Scenario

        return Scenario
    raise AttributeError(f"module 'ecology' has no attribute {name!r}")
