"""Tell a watched life: what changed between two looks becomes an event, and an event becomes a sentence.

Nothing is told that the tables do not hold. The sentences stand in ``child.toml``; here is only when each is true.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from ecology.vocabulary import LONG_AGO, NOBODY, WEEKS_A_YEAR, Agency, Package, Placement, Stage, words
from experiments.stories.watching import AGENCIES, END, FRONT_DOOR, PACKAGES, WORKERS, Life, Look

KEEPS_RECORDS = tuple(agency for agency in Agency if agency != Agency.INDIVIDUALS)
HELP = ("own_help", "early_help", "camhs")


@dataclass(frozen=True)
class Event:
    """Something that happened to a child in a week: the key of its sentence and what the sentence says."""

    week: int
    key: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The event in plain words."""
        return template("events", self.key).format(**self.facts)


@cache
def templates(file: str) -> dict[str, Any]:
    """Return the tables of ``child.toml`` or ``worker.toml``."""
    return tomllib.loads(files("experiments.stories").joinpath(file).read_text(encoding="utf-8"))


def template(table: str, key: str, file: str = "child.toml") -> str:
    """Return one sentence or word of a file of templates."""
    return str(templates(file)[table][key])


def events(life: Life, p: Any) -> list[Event]:
    """Return everything that is told of a life, in order. ``p`` are the parameters of the run."""
    tell: dict[str, Callable[[Look, Look, Any], Iterator[Event]]] = {
        AGENCIES: _agencies, FRONT_DOOR: _front_door, WORKERS: _workers, PACKAGES: _helpers, END: _end,
    }  # fmt: skip
    found = [Event(life.looks[0].week + 1, "start", _beginning(life.looks[0], p))]
    for before, after in pairwise(life.looks):
        found += tell[after.moment](before, after, p)
    found += _levels(life, p)
    if life.ended is not None:
        grown = life.ended - life.looks[-1].child["birth_week"] >= int(p.childhood_weeks)
        found.append(Event(life.ended, "grew_up" if grown else "moved_away"))
    return sorted(found, key=lambda event: event.week)


def level(severity: float, p: Any) -> str:
    """Return the level of need of threshold documents that a severity (or a need in safety) amounts to."""
    names = ("additional", "complex", "acute")
    reached = sum(severity >= float(getattr(p, f"level_{name}_safety")) for name in names)
    return template("levels", ("universal", *names)[reached])


def _beginning(look: Look, p: Any) -> dict[str, Any]:
    age = (look.week + 1 - look.child["birth_week"]) // WEEKS_A_YEAR
    beside = [name for name in HELP if not (name == "early_help" and look.stage == Stage.EARLY_HELP)]
    services = [template("help", name) for name in beside if look.runs(name)]
    with_help = template("choice", "with_help").format(services=" and ".join(services)) if services else ""
    return {
        "age": age, "stage": template("stages", words(look.stage)), "with_help": with_help,
        "safety": level(look.child["need_safety"], p), "plans": look.child["plans_had"],
    }  # fmt: skip


def _agencies(before: Look, after: Look, p: Any) -> Iterator[Event]:
    """Yield what ended as the week began, and what the agency that noticed the child did about it."""
    week, file = after.week, after.file
    for name in HELP:
        if before.runs(name) and not after.runs(name):
            yield Event(week, "help_ended", {"help": template("help", name)})
    if file is None:
        return
    seen = [agency for agency in KEEPS_RECORDS if after.child[f"seen_by_{words(agency)}"] == week]
    who = template("agencies", words(seen[0] if seen else Agency.INDIVIDUALS))
    if after.stage == Stage.CONTACT and before.stage != Stage.CONTACT:
        yield Event(week, "contact", {"who": template("agencies", words(Agency(file["source"])))})
    if after.runs("own_help") and not before.runs("own_help"):
        yield Event(week, "own_help_started", {"who": who})
    if file["camhs_waiting"] == week:
        yield Event(week, "camhs_listed", {"who": who})
    elif file["camhs_refused"] == week:
        yield Event(week, "camhs_refused", {"who": who})
    if file["early_help_waiting"] == week:
        yield Event(week, "early_help_asked", {"who": who})
    if before.in_episode and before.file is not None and file["review_due"] == week + 1 < before.file["review_due"]:
        yield Event(week, "review_brought_forward", {"who": who})


def _front_door(before: Look, after: Look, p: Any) -> Iterator[Event]:
    """Yield what the front door made of a contact."""
    if before.stage != Stage.CONTACT or after.stage == Stage.CONTACT or before.file is None or after.file is None:
        return
    week = after.week
    facts = {"waited": _after_weeks(week - before.file["contacted"]), "again": "", "twice": "", "unmet": ""}
    if after.child["last_referral"] == week and week - before.child["last_referral"] <= WEEKS_A_YEAR:
        facts["again"] = template("asides", "again")
    if after.file["duplicate"]:
        facts["twice"] = template("asides", "twice")
    if after.child["last_unmet"] == week:
        facts["unmet"] = template("asides", "unmet").format(level=level(after.severity, p))
    if after.stage == Stage.ASSESSMENT:
        key = "referred"
    elif after.stage == Stage.SECTION_47:
        key = "referred_to_enquiry"
    elif after.child["last_referral"] == week:
        key = "no_further_action"
    else:
        key = "sent_to_early_help" if after.file["early_help_waiting"] == week else "advice"
    yield Event(week, key, facts)


def _workers(before: Look, after: Look, p: Any) -> Iterator[Event]:
    """Yield the allocation of a social worker."""
    if before.worker == NOBODY and after.worker != NOBODY and after.file is not None:
        waited = after.week - after.child["stage_since"]
        had = after.file["workers_had"]
        key = "allocated" if had == 1 else "allocated_again"
        yield Event(after.week, key, {"worker": after.worker, "waited": _after_weeks(waited), "had": had})


def _helpers(before: Look, after: Look, p: Any) -> Iterator[Event]:
    """Yield which help started, and what services agreed on."""
    week = after.week
    yield from _lists_moved(before, after)
    if before.file is not None and after.file is not None:
        was, now = before.file["package"], after.file["package"]
        if now == Package.AGREED and was != Package.AGREED:
            since = after.file["package_since"]
            key = "package_by_director" if after.to_hub else "package_by_agencies"
            yield Event(week, key, {"waited": _after_weeks(week - since), "plans": after.plans})
        elif was == Package.WAITING and now == Package.NOT_NEEDED:
            yield Event(week, "package_never", {"weeks": weeks_of(week - before.file["package_since"])})


def _end(before: Look, after: Look, p: Any) -> Iterator[Event]:
    """Yield what was decided, what ended with it, and who left."""
    week = after.week
    yield from _lists_moved(before, after)
    if before.stage != after.stage and before.in_episode:
        yield _decided(before, after, p)
    if before.runs("early_help") and after.in_episode and not after.runs("early_help"):
        yield Event(week, "early_help_replaced")
    was, now = ({} if look.file is None else look.file for look in (before, after))
    if was.get("package") == Package.WAITING and now.get("package") == Package.NOT_NEEDED:
        yield Event(week, "package_never", {"weeks": weeks_of(week - was["package_since"])})
    if before.worker != NOBODY and after.worker == NOBODY and after.in_episode and after.stage == before.stage:
        yield Event(week, "worker_left", {"worker": before.worker})


def _lists_moved(before: Look, after: Look) -> Iterator[Event]:
    """Yield how waiting for early help and CAMHS ended."""
    if before.file is None:
        return
    for name in ("early_help", "camhs"):
        since = before.file[f"{name}_waiting"]
        if since == LONG_AGO or (after.file is not None and after.file[f"{name}_waiting"] == since):
            continue
        facts = {"waited": _after_weeks(after.week - since), "help": template("help", name)}
        until = f"{name}_until"  # earlier help may still be under way while another place is offered
        if after.file is not None and after.file[until] != before.file[until] and after.runs(name):
            yield Event(after.week, "help_started", facts)
        elif not after.in_episode:
            yield Event(after.week, "help_not_taken_up", facts)


def _decided(before: Look, after: Look, p: Any) -> Event:
    """Return the event of a decision that moved a child to another stage."""
    perceived = None if after.file is None else float(after.file["perceived"])
    facts = {
        "weeks": weeks_of(after.week - before.child["stage_since"]),
        "judged": level(after.severity if perceived is None else perceived, p),
        "true": level(after.severity, p), "placement": "", "unmet": "",
    }  # fmt: skip
    if after.stage == Stage.LOOKED_AFTER and after.file is not None:
        facts["placement"] = template("placements", words(Placement(after.file["placement"])))
    if not after.in_episode and after.child["last_unmet"] == after.week:
        facts["unmet"] = template("asides", "unmet").format(level=level(after.severity, p))
    came = words(after.stage) if after.in_episode else "closed"
    key = f"{words(before.stage)}_to_{came}"
    return Event(after.week, key if key in templates("child.toml")["events"] else "other_decision", {
        **facts, "before": template("stages", words(before.stage)), "after": template("stages", words(after.stage)),
    })  # fmt: skip


def _levels(life: Life, p: Any) -> Iterator[Event]:
    """Yield the level of need in safety whenever its mean over a quarter of a year is another one than before."""
    weeks = life.weeks
    quarter = WEEKS_A_YEAR // 4
    told = level(life.looks[0].child["need_safety"], p)
    for first in range(0, len(weeks) - quarter + 1, quarter):
        some = weeks[first : first + quarter]
        mean = sum(look.child["need_safety"] for look in some) / quarter
        if level(mean, p) != told:
            told = level(mean, p)
            yield Event(some[0].week, "level", {"level": told})


def _after_weeks(weeks: int) -> str:
    """Return "at once", "after a week" or "after 5 weeks"."""
    return template("waited", "more").format(weeks=weeks_of(weeks)) if weeks else template("waited", "none")


def weeks_of(number: int) -> str:
    """Return "a week" or "5 weeks"."""
    return template("waited", "week") if number == 1 else template("waited", "weeks").format(number=number)


def long_date(day: datetime.date) -> str:
    """Return "12 May 2014"."""
    return f"{day.day} {day:%B %Y}"
