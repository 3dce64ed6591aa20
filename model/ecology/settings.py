"""This week's settings: everything that pressures and governance decide and that compiled loops obey.

Loops see these numbers, never a regime, a lever or a scenario.
"""

from array import array
from functools import cache
from typing import Any

import numpy as np

FIELDS = (
    "k",  # interdependence of needs
    "in_term",
    "one_desk",  # share of screening behind one common desk
    "common_error",  # 1 if a common desk errs as one
    "shared_record",
    "false_links",  # 1 if shared records can link the wrong people
    "hub",  # chance that a package goes to the one decision-maker
    "hub_decisions",  # packages that the decision-maker can decide this week
    "weeks_for_the_panel",  # after so many a package is settled among the agencies
    "sight_noise",  # error of what the decision-maker knows about a child
    "meeting_factor",
    "seconds_per_negotiation",
    "seconds_per_hub_decision",
    "chance_of_agreement",
    "across_teams",  # chance that a child in a full team goes to another team
    "late_news",  # weeks between reports of caseloads to those who move capacity, 1 or more
    "judgement_spread",
    "morale_loss",
    "partner_effort",  # share of partners' time for concerns that goes to children
    "supervised",  # time for supervision and learning against the usual
    "help_quality",  # of early help: an hour against the usual
    "practice",  # by how much better than usual practice help works
    "drift_check",
    "camhs_acceptance",
    "camhs_together",  # share of CAMHS places that health commissioners buy together
    "complaint_heard",  # chance that a complaint moves a child up
    "far",  # share of children in care placed far away
    "threshold_referral",
    "threshold_no_further_action",
    "threshold_early_help",
    "threshold_in_need",
    "threshold_section_47",
    "threshold_section_47_at_once",
    "threshold_conference",
    "threshold_plan",
    "threshold_step_down",
    "threshold_care",
    "threshold_close",
)


class Settings:
    """The settings of a week, all zero at first: plain numbers in Python, one record of float64 in compiled loops.

    Numba asks for ``_numba_type_`` and ``data``, as it does of parameters (``evidence.parameters.Values``): a NumPy
    record would do the same, but reading and writing its fields from Python takes twenty times as long.
    """

    __slots__ = ("__dict__", "_bytes")

    def __init__(self) -> None:
        self.__dict__.update(dict.fromkeys(FIELDS, 0.0))
        object.__setattr__(self, "_bytes", None)

    @property
    def data(self) -> bytes:
        """Return the bytes of the record, made again after a setting has changed."""
        if self._bytes is None:
            object.__setattr__(self, "_bytes", array("d", self.__dict__.values()).tobytes())
        return self._bytes  # type: ignore[return-value]

    @property
    def _numba_type_(self) -> Any:
        return _record_type()

    def copy(self) -> "Settings":
        """Return independent settings with the same numbers."""
        twin = Settings()
        twin.__dict__.update(self.__dict__)
        return twin

    def __getattr__(self, name: str) -> float:
        raise AttributeError(f"no setting {name!r}")

    def __setattr__(self, name: str, value: float) -> None:
        if name not in self.__dict__:
            raise AttributeError(f"no setting {name!r}")
        self.__dict__[name] = value
        object.__setattr__(self, "_bytes", None)


@cache
def _record_type() -> Any:
    from numba.np.numpy_support import from_dtype

    return from_dtype(np.dtype([(name, np.float64) for name in FIELDS]))
