"""Put a story together: live the past once, branch it into every regime, watch, and tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ecology.scenario_limits import day_of
from ecology.vocabulary import words
from experiments.manifest import PURPOSE
from experiments.report.words import listing, word
from experiments.stories import choosing, worker
from experiments.stories.page import Story, Told
from experiments.stories.sums import name_of, shown, sums
from experiments.stories.telling import Event, events, long_date, template
from experiments.stories.watching import Life, watch_child

if TYPE_CHECKING:
    from ecology.locality import Locality
    from ecology.scenario import Scenario
    from experiments.stories.worker import Week

ILLUSTRATIVE = (
    "One simulated run with one seed, illustrative: it shows how the mechanisms work on somebody, not how often."
)


def past_of(scenario: Scenario, seed: int) -> Locality:
    """Return the place at the switch, where all regimes part."""
    from ecology.locality import Locality

    return Locality(scenario, seed=seed).run_past()


def child_story(past: Locality, arms: Mapping[str, Scenario], row: int | None, who: str, command: str) -> Story:
    """Return one child's lives under several regimes: the child on ``row``, or the one that ``who`` chooses."""
    from experiments.stories.picture import picture

    choice = choosing.chosen(past, arms, who) if row is None else choosing.named(past, row)
    lives = {regime: watch_child(past.branch(scenario), choice.row) for regime, scenario in arms.items()}
    told = {regime: events(life, past.p) for regime, life in lives.items()}
    title = template("titles", "child").format(row=choice.row, **_place(past, arms))
    opening = [_scope(past, arms), choice.how]
    if choice.never_apart >= 0:
        opening.append(template("notes", "others").format(children=choice.children, never_apart=choice.never_apart))
    opening.append(_apart(lives))
    notes = [template("notes", name) for name in ("number", "severity", "not_told")]
    return Story(
        title=title,
        opening=tuple(opening),
        tables=(_week_by_week(told, past.scenario.switch_week), _summed(lives, past.p)),
        notes=(*notes, ILLUSTRATIVE, PURPOSE),
        command=command,
        picture=picture(lives, template("picture", "title").format(row=choice.row), past.p),
    )


def worker_story(past: Locality, arms: Mapping[str, Scenario], row: int, week: int, command: str) -> Story:
    """Return one social worker's week under several regimes. Raises BadInput for a post or week that there is not."""
    worker.checked_week(past.scenario, week)
    weeks = {regime: worker.live_to(past.branch(scenario), week) for regime, scenario in arms.items()}
    chosen = worker.pick(weeks, row)
    says = [worker_says(weeks[regime], chosen) for regime in arms]
    rows = [(template("rows", key, "worker.toml"), *(say[key] for say in says)) for key in says[0]]
    place = _place(past, arms)
    same = "same" if worker.same_person(weeks, chosen) else "other"
    how = template("choice", "picked" if row == worker.PICK else "asked", "worker.toml").format(worker=chosen)
    return Story(
        title=template("titles", "worker").format(worker=chosen, day=long_date(day_of(week)), **place),
        opening=(_scope(past, arms), f"{how} {template('choice', same, 'worker.toml')}"),
        tables=(Told(template("titles", "week"), (template("titles", "what"), *map(_named, arms)), tuple(rows)),),
        notes=(*(template("notes", name, "worker.toml") for name in ("own", "cadre")), ILLUSTRATIVE, PURPOSE),
        command=command,
    )


def worker_says(week: Week, row: int) -> dict[str, str]:
    """Return the sentences of one worker's week, by the row of the table in which they stand."""

    def say(key: str, **told: Any) -> str:
        return template("says", key, "worker.toml").format(**told)

    told = worker.facts(week, row)
    hours = {name: template("purposes", name, "worker.toml") for name in week.cadre if name != "overtime"}
    parts = listing([say("cadre", hours=week.cadre[name], purpose=purpose) for name, purpose in hours.items()])
    paid = sum(week.cadre[name] for name in hours)
    cadre = say("cadre_of", paid=paid, overtime=week.cadre["overtime"], parts=parts)
    if not told:
        vacant = say("vacant")
        return {"who": vacant, "caseload": "", "pressure": "", "families": "", "processes": "", "cadre": cadre}
    kind = say("agency" if told["agency"] else "permanent")
    stages = listing(
        [f"{n} {template('stages', words(stage), 'worker.toml')}" for stage, n in sorted(told["stages"].items())]
    )
    who = say("who", joined=long_date(told["joined"]), kind=kind, fatigue=told["fatigue"])
    return {
        "who": f"{who} {say('sick')}" if told["sick"] else who,
        "caseload": say("caseload", **{**told, "stages": stages}) if told["caseload"] else say("nobody"),
        "pressure": say("ratio", **told) + (f" {say('lent', **told)}" if told["lent"] else ""),
        "families": say("families", **told),
        "processes": say("processes", **told),
        "cadre": cadre,
    }


def _named(regime: str) -> str:
    return word("regimes", regime)


def _place(past: Locality, arms: Mapping[str, Scenario]) -> dict[str, str]:
    return {"place": past.scenario.authority, "regimes": listing([_named(regime).lower() for regime in arms])}


def _scope(past: Locality, arms: Mapping[str, Scenario]) -> str:
    scenario = next(iter(arms.values()))
    return template("titles", "place").format(
        authority=scenario.authority, children=f"{int(past.tables['children'].present.sum()):,}", seed=past.seed,
        years=scenario.years, switch=long_date(day_of(scenario.switch_week)),
    ) + "."  # fmt: skip


def _by_week(told: list[Event]) -> dict[int, str]:
    weeks: dict[int, list[str]] = {}
    for event in told:
        weeks.setdefault(event.week, []).append(event.sentence)
    return {week: " ".join(sentences) for week, sentences in weeks.items()}


def _week_by_week(told: Mapping[str, list[Event]], switch: int) -> Told:
    """Return the lives side by side, a row a week in which anything is told; what is the same is told once."""
    columns = [_by_week(one) for one in told.values()]
    rows = []
    for week in sorted({week for column in columns for week in column}):
        cells = [column.get(week, "") for column in columns]
        same = [template("notes", "same") if cell and cell == cells[0] else cell for cell in cells[1:]]
        rows.append((long_date(day_of(week)), cells[0], *same))
    return Told(template("titles", "lives"), (template("titles", "when"), *map(_named, told)), tuple(rows))


def _summed(lives: Mapping[str, Life], p: Any) -> Told:
    counts = [sums(life, p) for life in lives.values()]
    rows = [
        (name_of(name), *(shown(count[name]) for count in counts))
        for name in counts[0]
        if any(count[name] for count in counts)
    ]
    return Told(template("titles", "sums"), (template("titles", "what"), *map(_named, lives)), tuple(rows))


def _apart(lives: Mapping[str, Life]) -> str:
    """Return until when nothing about the child, its file or its family differs between the regimes."""
    looks = [life.looks for life in lives.values()]
    for some in zip(*looks, strict=False):
        if any((one.child, one.file, one.family) != (some[0].child, some[0].file, some[0].family) for one in some):
            return template("titles", "apart").format(day=long_date(day_of(some[0].week)))
    if len({len(one) for one in looks}) == 1:
        return template("titles", "never")
    last = min((one[-1] for one in looks), key=lambda look: look.week)
    return template("titles", "apart").format(day=long_date(day_of(last.week + 1)))
