"""Judgement and thresholds (MODEL 4.3 to 4.5): who is perceived how, and which level decides."""

import math

from ecology.compiled import inlined
from ecology.tables import Parameters


@inlined
def desk_view(
    sender: float, everyone: float, true_severity: float, shared: float, error: float, p: Parameters
) -> float:
    """Return severity as the front door sees it.

    Without a shared record the desk has the sender's own part; with it (``shared`` up to 1) what every agency wrote
    down. Its own enquiries add a look at the truth; the rest is error.
    """
    told = (1.0 - shared) * sender + shared * everyone
    return p.screening_insight * true_severity + (1.0 - p.screening_insight) * told + error


@inlined
def second_look(perceived: float, true_severity: float, noise: float, p: Parameters) -> float:
    """Return severity as the social worker sees it who decides, within a working day, what a referral leads to.

    Part of it is what the desk made of the contact, part a look of the worker's own.
    """
    own = p.second_look_insight
    return (1.0 - own) * perceived + own * true_severity + own * p.judgement_noise * noise


@inlined
def worker_view(true_severity: float, skill: float, fatigue: float, noise: float, p: Parameters) -> float:
    """Return severity as a social worker judges it: skill sharpens, fatigue blurs."""
    blur = p.judgement_noise * (1.0 + p.judgement_fatigue * fatigue) * math.exp(-p.judgement_skill * skill)
    return true_severity + blur * noise


@inlined
def shifted(base: float, shift: float, p: Parameters) -> float:
    """Return where a threshold stands this week: pressures may move it, each by its own path, within a bound."""
    return base + min(max(shift, -p.threshold_shift_cap), p.threshold_shift_cap)
