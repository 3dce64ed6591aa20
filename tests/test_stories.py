"""Stories are drawn from the run: what is told of all children adds up to what the place counted."""

import shlex
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from ecology import Locality
from ecology.vocabulary import Purpose, Stage, words
from experiments.cli import main
from experiments.stories import choosing, page, watching, worker
from experiments.stories.story import child_story, worker_story
from experiments.stories.sums import sums
from experiments.stories.telling import events, templates
from experiments.stories.watching import AGENCIES, END, START, Life
from tests.places import at_switch, scenario, total, weeks

FEW = {"children": 2000, "years": 1}
REGIMES = {name: scenario(name, **FEW) for name in ("fragmented", "orchestrated")}
ASK = ["story", "--authority", "Leeds", "--children", "2000", "--years", "1", "--regimes", "fragmented,orchestrated"]


@cache
def everybody(regime: str) -> tuple[Locality, list[Life]]:
    """Return a place that has lived a year, and the life of everybody who ever lived there in it."""
    place = at_switch(REGIMES[regime])
    lives: dict[tuple[int, int], Life] = {}
    open_rows: set[int] = set()

    def look(moment: str) -> None:
        children = place.tables["children"]
        some = children.case >= 0
        some[list(open_rows)] = True  # what was closed since the last look is told too
        if moment == END:
            some |= children.need_safety >= place.p.level_complex_safety
        since = watching.identities(place)
        for row in np.flatnonzero((children.present == 1) & (some | (moment == START))).tolist():
            life = lives.setdefault((row, int(since[row])), Life(row, int(since[row])))
            life.looks.append(watching.look_at(place, row, moment))
        open_rows.clear()
        open_rows.update(np.flatnonzero(children.case >= 0).tolist())

    look(START)
    with watching.watched(place, look):
        place.run()
    return place, [life for life in lives.values() if life.looks]


def counted(place: Locality, measure: str) -> float:
    return float(weeks(place, measure).sum())


@pytest.mark.parametrize("regime", REGIMES)
def test_what_is_told_of_all_children_is_what_the_place_counted(regime: str) -> None:
    place, lives = everybody(regime)
    told = Counter(event.key for life in lives for event in events(life, place.p))
    told_of = Counter(
        (event.key, event.facts["help"]) for life in lives for event in events(life, place.p) if "help" in event.facts
    )
    decided = {key: sum(n for name, n in told.items() if name.startswith(f"{key}_to_")) for key in map(words, Stage)}
    to = {key: sum(n for name, n in told.items() if name.endswith(f"_to_{key}")) for key in map(words, Stage)}
    help_names = templates("child.toml")["help"]
    accepted = told["referred"] + told["referred_to_enquiry"] + told["no_further_action"]
    assert accepted == total(place, "flow_referrals_from_") > 0
    assert told["no_further_action"] == counted(place, "flow_referrals_no_further_action")
    assert accepted + told["sent_to_early_help"] + told["advice"] == counted(place, "flow_contacts_screened")
    assert decided["assessment"] == counted(place, "flow_assessments_completed") > 0
    assert told["assessment_to_closed"] == counted(place, "flow_assessed_not_in_need") > 0
    assert told["referred_to_enquiry"] + to["section_47"] == counted(place, "flow_section_47_enquiries") > 0
    assert decided["conference"] == counted(place, "flow_initial_conferences")
    assert to["protection_plan"] == counted(place, "flow_protection_plans_started")
    assert to["looked_after"] == counted(place, "flow_looked_after_started")
    assert told["looked_after_to_closed"] <= counted(place, "flow_looked_after_ceased")
    assert told["allocated_again"] == counted(place, "flow_worker_changes")
    assert told_of["help_started", help_names["early_help"]] == counted(place, "flow_early_help_started") > 0
    assert told_of["help_started", help_names["camhs"]] == counted(place, "flow_camhs_started") > 0
    came = [life.looks[0] for life in lives if life.looks[0].moment == AGENCIES]  # and were noticed in their first week
    refused = sum(
        look.file["camhs_refused"] == look.week for look in came if look.file is not None
    )  # which no story tells: nothing came before
    assert told["camhs_refused"] + refused == counted(place, "flow_camhs_not_accepted")
    assert told["package_by_director"] + told["package_by_agencies"] == counted(place, "flow_packages_agreed") > 0
    assert told["package_by_director"] == counted(place, "condition_hub_decisions")
    assert not told["other_decision"]
    asides = Counter(
        name for life in lives for e in events(life, place.p) for name in ("again", "twice") if e.facts.get(name)
    )
    assert asides["again"] == counted(place, "flow_re_referrals")
    assert asides["twice"] == counted(place, "flow_duplicate_assessments")


def test_who_agrees_on_a_package_is_who_the_regime_says() -> None:
    keys = {
        regime: Counter(event.key for life in everybody(regime)[1] for event in events(life, everybody(regime)[0].p))
        for regime in REGIMES
    }
    assert keys["fragmented"]["package_by_agencies"] > 0 == keys["fragmented"]["package_by_director"]
    assert keys["orchestrated"]["package_by_director"] > 0


def test_sums_of_all_children_are_the_outcomes_of_the_place() -> None:
    place, lives = everybody("fragmented")
    each = [sums(life, place.p) for life in lives]
    same = {"harm": "sum_harm", "unmet": "sum_unmet_complex", "stage_child_in_need": "stock_child_in_need"}
    for name, measure in same.items():
        assert sum(one[name] for one in each) == pytest.approx(counted(place, measure)) != 0
    hours = counted(place, "minutes_social_worker_direct") / 60
    assert sum(one["hours"] for one in each) == pytest.approx(hours)


def test_watching_changes_nothing() -> None:
    alone = at_switch(REGIMES["orchestrated"]).run()
    seen = at_switch(REGIMES["orchestrated"])
    life = watching.watch_child(seen, int(np.flatnonzero(seen.tables["children"].present)[0]))
    assert seen.digest() == alone.digest()
    assert {look.moment for look in life.looks} == {START, *watching.PARTS.values()}
    assert not set(watching.PARTS) & set(vars(seen))  # nothing stays behind


def test_the_same_child_under_two_equal_regimes_has_the_same_story() -> None:
    frag = REGIMES["fragmented"]
    same = scenario("orchestrated", levers=frag.lever_values, **FEW)
    assert same.regime != frag.regime
    told = child_story(at_switch(frag), {"fragmented": frag, "orchestrated": same}, None, "child_in_need", "")
    lives, counts = told.tables
    assert len(lives.rows) > 1 and all(row[2:] == ("the same",) for row in lives.rows)
    assert all(one == other for _, one, other in counts.rows)
    assert any("differs from the beginning to the end" in line for line in told.opening)


def test_what_happens_under_one_of_three_regimes_is_not_said_to_be_the_same_under_the_others() -> None:
    three = {**REGIMES, "three_partners": scenario("three_partners", **FEW)}
    lives, _ = child_story(at_switch(REGIMES["fragmented"]), three, None, choosing.ANYBODY, "").tables
    same = [row for row in lives.rows if "the same" in row]
    assert same and all(row[1] for row in same)
    assert any(not row[1] and row[2] != row[3] for row in lives.rows)


def test_the_chosen_child_is_the_one_whose_harm_differs_most() -> None:
    past = at_switch(REGIMES["fragmented"])
    choice = choosing.chosen(past, REGIMES, choosing.ANYBODY)
    harm: dict[int, list[float]] = {}
    for regime in REGIMES:
        place, lives = everybody(regime)
        for life in lives:
            if watching.here(place, life.row, life.since) and watching.here(past, life.row, life.since):
                harm.setdefault(life.row, []).append(sums(life, place.p)["harm"])
    gaps = {row: max(two) - min(two) for row, two in harm.items() if len(two) == len(REGIMES)}
    assert gaps[choice.row] == max(gaps.values()) > 0
    assert choice.never_apart < choice.children


def test_a_stage_narrows_the_choice() -> None:
    past = at_switch(REGIMES["fragmented"])
    choice = choosing.chosen(past, REGIMES, "looked_after")
    lives = [watching.watch_child(past.branch(arm), choice.row) for arm in REGIMES.values()]
    assert any(look.stage == Stage.LOOKED_AFTER for life in lives for look in life.weeks)
    assert "extreme" in choice.how


def test_the_hours_of_all_workers_are_those_of_the_ledger() -> None:
    week = 20
    place = at_switch(REGIMES["orchestrated"])
    told = worker.live_to(place, week)
    direct = sum(told.direct(row) for row in range(len(told.rows)))
    assert direct == pytest.approx(weeks(place, "minutes_social_worker_direct")[-1] / 60) and direct > 0
    heads = sum(row["present"] for row in told.rows)
    for purpose in set(Purpose) - {Purpose.DIRECT}:
        hours = weeks(place, f"minutes_social_worker_{words(purpose)}")[-1] / 60
        assert told.cadre[words(purpose)] * heads == pytest.approx(hours)
    for row, post in enumerate(told.rows):
        if post["present"]:
            assert worker.facts(told, row)["caseload"] == post["caseload"]


def test_a_workers_week_is_told_for_the_post_that_is_asked_for_and_for_a_vacant_one() -> None:
    past = at_switch(REGIMES["fragmented"])
    filled = {regime: worker.live_to(past.branch(arm), 30) for regime, arm in REGIMES.items()}
    row = worker.pick(filled, worker.PICK)
    told = worker_story(past, REGIMES, row, 30, "")
    (table,) = told.tables
    says = {label: cells[0] for label, *cells in table.rows}
    assert says["With families"].startswith(f"{filled['fragmented'].direct(row):.1f} hours with")
    for post in filled["fragmented"].rows:
        post["present"] = 0
    assert worker.facts(filled["fragmented"], row) == {}


def ecology(*words_: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words_])


@pytest.fixture
def small_past(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.stories.story.past_of", lambda scenario, seed: at_switch(scenario, seed))


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        (["--child", 99999], "no child of this place at the switch"),
        (["--child", -1], "no child of this place at the switch"),
        (["--worker", 999], "no such post"),
        (["--worker", 0, "--week", 52], "not a week of this run"),
        (["--worker", 0, "--week", 10**9], "not a week of this run"),
        (["--worker", 0, "--week", "2009-01-01"], "not a week of this run"),
        (["--worker", 0, "--week", "Tuesday"], "neither a week"),
        (["--worker", 0, "--child", 1], "one or the other"),
        (["--week", 3], "belongs to --worker"),
        (["--who", "lookd_after"], "Did you mean looked_after?"),
        (["--who", "typical", "--child", 1], "give one of them"),
        (["--out", "story.pdf"], "let the name end in one of them"),
        (["--out", "nowhere/story.md"], "no such folder"),
    ],
)
@pytest.mark.usefixtures("small_past")
def test_what_there_is_not_is_a_sentence(asked: list[object], complaint: str) -> None:
    told = ecology(*ASK, *asked)
    assert told.exit_code == 2 and complaint in told.stderr, told.output
    assert told.stdout == "" and "Traceback" not in told.stderr


@pytest.mark.usefixtures("small_past")
def test_a_story_is_written_as_a_page_or_as_markdown_and_replaced_only_when_asked(tmp_path: Path) -> None:
    for name in ("life.html", "life.md"):
        told = ecology(*ASK, "--who", "child_in_need", "--out", tmp_path / name)
        assert told.exit_code == 0, told.output
        assert "At the switch the child is" in told.stdout
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "not prediction" in text and "At the switch the child is" in text
        assert "ecology story" in text and "--seed=1" in text
        refused = ecology(*ASK, "--out", tmp_path / name)
        assert refused.exit_code == 2 and "exists" in refused.stderr
    assert (tmp_path / "life.svg").read_text(encoding="utf-8").startswith("<svg")
    html = (tmp_path / "life.html").read_text(encoding="utf-8")
    assert '<html lang="en-GB">' in html and "<desc" in html and 'scope="col"' in html
    assert "http" not in html.replace("http://www.w3.org", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["life.html", "life.md", "life.svg"]


@pytest.mark.usefixtures("small_past")
@pytest.mark.parametrize(
    "own", [["--who", "typical"], ["--worker", "--week", "2010-05-12"], ["--worker", "0"], ["--child=5"]]
)
def test_a_story_says_how_to_have_it_told_again(own: list[str], tmp_path: Path) -> None:
    asked = [*ASK[1:], "--seed", "3", "--pressure", "none", *own]
    asked[1] = "Isle of Wight"
    assert ecology("story", *asked, "--out", tmp_path / "story.md").exit_code == 0
    *_, again = (tmp_path / "story.md").read_text(encoding="utf-8").strip("`\n").split("`")
    first, second, *words_ = shlex.split(again)
    assert (first, second) == ("ecology", "story")
    story = main.commands["story"]
    assert story.make_context("story", words_).params == {**story.make_context("story", asked).params}


def test_every_template_can_be_filled() -> None:
    """A sentence names nothing but what its event says: those the run happened to tell are filled by other tests."""
    facts = {"waited", "again", "twice", "unmet", "weeks", "judged", "true", "placement", "before", "after"}
    facts |= {"age", "stage", "with_help", "safety", "plans", "level", "who", "help", "worker", "had"}
    for key, sentence in templates("child.toml")["events"].items():
        sentence.format(**dict.fromkeys(facts, "x"))
        assert sentence.rstrip("}").endswith((".", "again", "twice", "unmet")), key
    assert page.KINDS
