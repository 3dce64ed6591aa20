"""A stated subset of the week, written the usual way: one Mesa object a child, one a family, the same rules and luck.

The subset is: every child's need drifts; schools, health, police, services and the public notice; whoever noticed
writes a concern down and, above its threshold, contacts the front door. Families stand still, nobody decides on
contacts. With ``store=float32`` it repeats the columns bit for bit, which makes it their oracle; with ``store=float``
it rounds nothing and is the baseline for speed.
"""

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np

from ecology import Locality, luck
from ecology.luck import Decision, FirstParts
from ecology.rules import need, noticing
from ecology.vocabulary import NOBODY, Agency, Stage, words

Store = Callable[[float], float]
_KEEPERS = (Agency.SCHOOLS, Agency.HEALTH, Agency.POLICE, Agency.LA_SERVICES)


def float32(value: float) -> float:
    """Return what is left of a number in a column of 32 bits."""
    return float(np.float32(value))


def noted(value: float) -> float:
    """Return what is left of a concern in a note of 16 bits."""
    return float(noticing.read_note(noticing.note(value)))


class Family(mesa.Agent):
    """A family that stands still: what its children's need and the agencies' notice depend on."""

    strain: float
    hardship: float
    help_seeking: float
    incident: int

    def __init__(self, model: mesa.Model, **state: float) -> None:
        super().__init__(model)
        self.__dict__.update(state)


class Child(mesa.Agent):
    """A child as an object: need in three domains, what four agencies wrote down, a stage."""

    model: "ObjectPerAgent"
    birth_week: int
    stage: int
    safety: float
    wellbeing: float
    learning: float
    at_school: bool
    later: float
    concern: dict[Agency, float]
    seen_by: dict[Agency, int]

    def __init__(self, model: mesa.Model, row: int, family: Family, **state: Any) -> None:
        super().__init__(model)
        self.row, self.family = row, family
        self.__dict__.update(state)

    def drift(self) -> None:
        """Let need drift a week (see ``living.need_drifts``)."""
        model, p = self.model, self.model.p
        pull = need.family_pull(self.family.strain, self.family.hardship, p)
        safety, wellbeing, learning = self.safety, self.wellbeing, self.learning
        older = model.ageing * (model.week - p.childhood_weeks / 2.0 - self.birth_week)
        one, two, three = luck.three_shocks(model.drift_luck, self.row)
        pulls = (
            pull + need.interdependence_pull(wellbeing, learning, model.k, p),
            pull + older + need.interdependence_pull(safety, learning, model.k, p),
            pull + need.interdependence_pull(safety, wellbeing, model.k, p),
        )
        self.safety = model.store(need.need_next(safety, pulls[0], model.own * one, p))
        self.wellbeing = model.store(need.need_next(wellbeing, pulls[1], model.own * two, p))
        self.learning = model.store(need.need_next(learning, pulls[2], model.own * three, p))

    def be_noticed(self) -> None:
        """Let at most one agency notice this child this week, and act on it (see ``noticing.agencies_notice``)."""
        model, p, family = self.model, self.model.p, self.family
        age = model.week - self.birth_week
        draw = luck.in_part(int(model.parts[self.row]), model.who_luck, self.row)
        adrift = not self.at_school and age >= int(p.school_age_weeks + p.weeks_a_year)
        under_five = age < int(p.under_five_weeks)
        reached = noticing.chance_schools(self.learning, self.wellbeing, model.in_term, self.at_school, p)
        if draw < reached:
            return self.worry(Agency.SCHOOLS)
        reached += noticing.chance_health(self.safety, self.wellbeing, under_five, p)
        if draw < reached:
            return self.worry(Agency.HEALTH)
        reached += noticing.chance_police(family.incident == 1, adrift, p)
        if draw < reached:
            return self.worry(Agency.POLICE)
        reached += noticing.chance_la_services(self.safety, family.hardship, p)
        if draw < reached:
            return self.worry(Agency.LA_SERVICES)
        reached += noticing.chance_individuals(self.safety, family.help_seeking, p)
        if draw < reached:
            return self.worry(Agency.INDIVIDUALS)
        return None

    def worry(self, agency: Agency) -> None:
        """Let an agency write its concern down and contact the front door above its threshold."""
        model, p = self.model, self.model.p
        seen = noticing.domain_seen(agency, self.safety, self.wellbeing, self.learning, self.family.incident == 1, p)
        concern = seen + p.signal_noise * luck.normal(model.signal_luck, self.row)
        if agency in _KEEPERS:
            since = float(model.week - self.seen_by[agency])
            concern = noticing.concern_after(concern, self.concern[agency], since, p)
            self.concern[agency] = model.note(concern)
            self.seen_by[agency] = model.week
        model.noticed += 1
        later = self.later if agency == Agency.SCHOOLS else 0.0
        a_baby = need.fragility(float(model.week - self.birth_week), p)
        if concern + a_baby >= model.thresholds[agency] + later:
            model.contacts[agency] += 1
            if self.stage < Stage.ASSESSMENT:
                self.stage = Stage.CONTACT


class ObjectPerAgent(mesa.Model):
    """The children and families of a locality as Mesa objects, from its present week on."""

    def __init__(self, place: Locality, thresholds: np.ndarray, store: Store = float32) -> None:
        super().__init__(rng=place.seed)
        self.p, self.seed_, self.week, self.store = place.p, place.seed, place.week, store
        self.k, self.in_term = float(place.now.k), bool(place.now.in_term)
        self.note = noted if store is float32 else store
        self.thresholds = thresholds.tolist()
        self.own = self.p.need_own_spread * math.sqrt(1.0 - (1.0 - self.p.need_reversion) ** 2)
        self.ageing = self.p.wellbeing_a_year / self.p.weeks_a_year
        self.noticed, self.contacts = 0, Counter[Agency]()
        self.notices = FirstParts(place.seed, Decision.NOTICING_FIRST, place.tables["children"].present.size)
        self._settle(*(place.tables[name] for name in ("children", "families", "schools")))

    def _settle(self, children: Any, families: Any, schools: Any) -> None:
        state = ("strain", "hardship", "help_seeking", "incident")
        homes = {
            int(row): Family(self, **{name: getattr(families, name)[row].item() for name in state})
            for row in np.flatnonzero(families.present)
        }
        for row in map(int, np.flatnonzero(children.present)):
            school = int(children.school[row])
            Child(
                self, row, homes[int(children.family[row])],
                birth_week=int(children.birth_week[row]), stage=int(children.stage[row]),
                **{name: getattr(children, f"need_{name}")[row].item() for name in ("safety", "wellbeing", "learning")},
                at_school=school != NOBODY, later=0.0 if school == NOBODY else float(schools.threshold[school]),
                concern={a: noticing.read_note(int(getattr(children, f"concern_{words(a)}")[row])) for a in _KEEPERS},
                seen_by={agency: getattr(children, f"seen_by_{words(agency)}")[row].item() for agency in _KEEPERS},
            )  # fmt: skip

    def step(self) -> None:
        """Let one week of the subset happen."""
        self.drift_luck = np.uint64(luck.stream(self.seed_, Decision.NEED_DRIFT, self.week))
        self.who_luck = np.uint64(luck.stream(self.seed_, Decision.NOTICING, self.week))
        self.signal_luck = np.uint64(luck.stream(self.seed_, Decision.SIGNAL, self.week))
        self.parts = self.notices.of(self.week)
        self.agents_by_type[Child].do("drift")
        self.agents_by_type[Child].do("be_noticed")
        self.week += 1
