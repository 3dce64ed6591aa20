"""The page: what it says first, what it never leaves out, and how it is made."""

import json
import re
import shutil
from pathlib import Path

import matplotlib
import pandas as pd
import pytest

from experiments import manifest, summary
from experiments.calibration.ensemble import HELD, Ensemble
from experiments.compare import carry_out
from experiments.design import comparison
from experiments.report import write_page
from experiments.report.words import figure, listing, span
from experiments.stopping import full_level
from tests.pages import FOUR_AND_MORE, Page, html, make, words
from tests.standin import INTERRUPTS, settings_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("report") / "out", years=4)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("large") / "out"
    return make(out, regimes=FOUR_AND_MORE, seeds=(1, 2))


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


# What it says


def test_the_first_paragraph_is_the_answer_as_ranges_and_what_cannot_be_told(folder: Path) -> None:
    after = html(folder).split('id="answer"')[1]
    first = words(re.findall(r"<p>(.*?)</p>", after, re.S)[0])
    assert first.count("of 3 paired runs") == 2  # primary and co-primary outcome
    assert re.search(r"harm weeks \(mean difference \S+ to \S+ per 1,000 children \(95% interval\)", first)
    assert re.search(r"direct share \(mean difference \S+ to \S+ percentage points \(98.8% interval\)", first)
    assert "cannot be told" in first and "nobody has measured what governance does" in first


def test_then_come_the_reasons_why_it_could_be_wrong(folder: Path) -> None:
    headings = [text for level, text in Page(html(folder)).headings if level == 2]
    assert headings[0].startswith("The answer, as ranges") and headings[1].startswith("Why this could be wrong")
    text = words(html(folder))
    for reason in ("assumed, not measured", "parameter uncertainty is off", "(K): it is not known"):
        assert reason in text


def test_the_purpose_stands_on_the_page_word_for_word(folder: Path) -> None:
    assert (
        "Purpose: exploration and explanation of stated mechanisms, not prediction. No measured effect of governance "
        "on children's outcomes was available; it arises here only through listed mechanisms."
    ) in words(html(folder)).replace("&#39;", "'")


def test_an_interrupted_comparison_says_so(tmp_path: Path) -> None:
    text = words(html(make(tmp_path / "out", seeds=(1, 2, INTERRUPTS))))
    assert "interrupted: 2 of 3 runs finished" in text
    assert "of 2 paired runs" in text


def test_a_complete_comparison_does_not_say_so(folder: Path) -> None:
    assert "Not all runs are here" not in html(folder)


def test_one_pair_under_each_of_two_pressures_gives_a_page_without_intervals(tmp_path: Path) -> None:
    out = make(tmp_path / "out", seeds=(1,), pressures=("both", "none"))
    text = words(html(out))
    assert len(re.findall("<h2>Under ", html(out))) == 2 and (out / "figures" / "hours-none.svg").exists()
    assert "one pair of runs, so no interval" in text and "one run, so no range" in text
    assert not re.search(r"\bnan\b", text, re.I)


def test_the_banner_and_the_levers_follow_the_manifest(folder: Path, copy: Path) -> None:
    assert "Illustrative, not calibrated" in html(folder)
    told = manifest.read(copy) | manifest.standing(Ensemble(({},), "a model", "a digest", 3, 4, passes=False))
    absent = [name.replace("_", " ") for name, lever in told["levers"].items() if not lever["active"]]
    found = re.findall(r"at 0 in every regime: ([^.]*)\.", words(html(folder)))
    assert set(found) == ({listing(absent), ", ".join(absent)} if absent else set())
    told["levers"] = {name: lever | {"active": name != "tempo"} for name, lever in told["levers"].items()}
    (copy / "manifest.json").write_text(json.dumps(told))
    write_page(copy)
    text = words(html(copy))
    assert "Illustrative, not calibrated" not in text
    assert "Illustrative. Each seed takes its parameters from an ensemble" in text
    assert "it meets 3 of 4" in text
    assert "Checked in part: the fit" in text and "fitted, governance and K differ from pair to pair" in text
    assert "Not checked: whether simulated levels" in words(html(folder)) and "Not checked: later years" in text
    told |= manifest.standing(Ensemble(({},), "a model", "a digest", 4, 4, passes=True))
    (copy / "manifest.json").write_text(json.dumps(told))
    write_page(copy)
    assert "Illustrative" not in words(html(copy))
    assert "Named, but without a mechanism in this version, and so at 0 in every regime: tempo." in text
    assert told["levers"]["tempo"]["does"] not in text


def test_a_page_of_governance_held_says_so(copy: Path) -> None:
    told = manifest.read(copy)
    told |= manifest.standing(Ensemble(({},), "a model", "a digest", 3, 4, passes=False, source=HELD))
    (copy / "manifest.json").write_text(json.dumps(told))
    write_page(copy)
    text = words(html(copy))
    assert "Governance has its assumed values" in text and "stays at the one value that was assumed" in text
    assert "those that were fitted and K differ" in text and "Governance was not fitted" not in text
    assert summary.summary(copy).splitlines()[0].endswith("governance at its assumed values")


def test_the_page_says_at_which_level_intervals_are_and_when_parameters_come_again(folder: Path, copy: Path) -> None:
    told = manifest.read(copy)
    assert "a 95% interval; all others share 5%" in words(html(folder)) and "come again" not in words(html(folder))
    told["stopping"] = {"achieved": 1.0, "outcome": "harm_weeks", "reached": True, "asked": 2.0}
    told |= manifest.standing(Ensemble(({},), "a model", "a digest", 3, 4, passes=False))
    (copy / "manifest.json").write_text(json.dumps(told))
    write_page(copy)
    assert "a 97.5% interval and all others share 2.5%" in words(html(copy))
    assert "after 1 pairs the same sets come again" in words(html(copy))
    assert full_level() == 0.975 and len(told["finished"]) > 1


def test_several_pressures_are_not_averaged_into_one_page(folder: Path, copy: Path) -> None:
    told = manifest.read(copy) | {"pressures": ["both", "none"]}
    (copy / "manifest.json").write_text(json.dumps(told))
    with pytest.raises(SystemExit, match="2 pressures"):
        summary.summary(copy)


def test_a_comparison_becomes_one_page_of_markdown_and_several_one_table(folder: Path) -> None:
    told = json.loads((folder / "manifest.json").read_text())
    page = summary.summary(folder)
    assert told["command"] in page and manifest.in_words(told) in page
    differences = pd.read_csv(folder / "differences.csv")
    assert page.count("| orchestrated | fragmented |") == len(differences[differences["regime"] == "orchestrated"])
    assert page.startswith("# Leeds") and "everything at its assumed value" in page.splitlines()[0]
    usual = pd.read_csv(folder / "outcomes.csv").query("regime == 'fragmented' and outcome == 'harm_weeks'")["value"]
    row = next(line for line in page.splitlines() if line.startswith("| harm_weeks (both)"))
    assert row.split(" | ")[4] == figure(usual.median())
    both = summary.across([folder, folder]).splitlines()
    headline = {name for name, of in told["outcomes"].items() if of["role"] in ("primary", "co-primary")}
    expected = 2 * int(differences["outcome"].isin(headline).sum())
    assert len(both) == 2 + expected > 2
    assert all(line.startswith(f"| {told['authority']} | both | nothing |") for line in both[2:])


def test_the_page_has_every_picture_with_a_table_and_a_command(folder: Path) -> None:
    kinds = ("hours", "stocks", "waits", "levels", "money", "costs")
    names = {*(f"{kind}-both" for kind in kinds), "differences-both-orchestrated"}
    assert {path.stem for path in (folder / "figures").glob("*.svg")} == names
    key = manifest.read(folder)["key"]
    text = html(folder)
    for name in names:
        part = text.split(f'<h3 id="{name}"')[1].split("</figure>")[0]
        assert part.count("<table>") == 1 and part.count("<svg") == 1
        assert f"figures/{name}.svg, key {key}: <code>ecology compare --authority=Leeds" in part


def test_all_eight_purposes_are_in_the_picture_of_hours(folder: Path) -> None:
    drawn = (folder / "figures" / "hours-both.svg").read_text(encoding="utf-8")
    for purpose in ("Direct", "Recording", "Coordination", "Accountability", "Travel", "Learning", "Absent", "Idle"):
        assert drawn.count(f">{purpose}</text>") == 2


def test_the_shares_of_time_are_those_of_the_minutes(folder: Path) -> None:
    """Computed here a second way, from the table of totals."""
    totals = pd.read_csv(folder / "totals.csv")
    one = totals[(totals["regime"] == "orchestrated") & (totals["seed"] == 2)]
    minutes = one[one["measure"].str.startswith("minutes_")]
    direct = minutes.loc[minutes["measure"].str.endswith("_direct"), "value"].sum() / minutes["value"].sum()
    assert f"All front-line staff, orchestrated: direct about {100 * direct:.1f}%" in html(folder)


def test_published_figures_stand_beside_simulated_ones_without_a_claim(folder: Path) -> None:
    part = html(folder).split('<h3 id="levels-both"')[1].split("</figure>")[0]
    assert "no claim is made that the simulation fits them" in part
    assert re.search(r"Referrals in the year</th><td>2014</td><td>.*?</td><td>.*?</td><td>\d{3}\.\d</td>", part)


def test_alternative_texts_are_built_from_the_numbers(folder: Path) -> None:
    page = Page(html(folder))
    differences = pd.read_csv(folder / "differences.csv")
    told = page.text_of["differences-both-orchestrated-description"]
    for _, row in differences.iterrows():
        assert span(row["low"], row["high"]) in told and row["verdict"] in told


def test_every_verdict_in_the_tables_is_the_one_in_the_data(folder: Path) -> None:
    part = html(folder).split('<h3 id="differences-both-orchestrated"')[1].split("</figure>")[0]
    for _, row in pd.read_csv(folder / "differences.csv").iterrows():
        name = row["outcome"].replace("_", " ").capitalize()
        assert re.search(
            rf'<th scope="row">{name}(?: \((?:co-)?primary\))?</th>.*?<td>{row["verdict"]}</td></tr>', part
        )


def test_the_four_roles_of_assurance_are_not_yet_named(folder: Path) -> None:
    text = words(html(folder))
    for role in ("Commissioner", "Analyst", "Assurer", "Approver"):
        assert f"{role}: not yet named" in text
    assert "Use until:" in text and manifest.read(folder)["sunset"] in text


@pytest.mark.parametrize("term", ["DCS", "CCG", "Section 47", "IRO", "LSCB", "MASH", "CAMHS"])
def test_terms_are_spelt_out(folder: Path, term: str) -> None:
    assert f"<dt>{term}</dt><dd>" in html(folder)


def test_many_regimes_fit_the_colours(large: Path) -> None:
    names = {path.stem for path in (large / "figures").glob("*.svg")}
    assert {"hours-both-1", "hours-both-2", "differences-both-orchestrated"} <= names
    assert html(large).count("<strong>Orchestrated against fragmented") == 1


# How it is made


def test_the_models_own_output_fills_every_picture(tmp_path: Path) -> None:
    """The stand-in must not drift away from the model: its names, its columns, its outcomes."""
    design = comparison(**settings_of(children=2000, years=1, seeds=(1, 2)))
    account = carry_out(design, tmp_path / "out")
    assert not account.failed
    kinds = ("hours", "stocks", "waits", "levels", "money", "costs")
    assert {path.stem for path in (tmp_path / "out" / "figures").iterdir()} >= {f"{kind}-both" for kind in kinds}
    totals = pd.read_csv(tmp_path / "out" / "totals.csv")
    by_purpose = totals[totals["measure"].str.startswith("minutes_")].groupby("seed")["value"].sum()
    paid = totals[totals["measure"].str.startswith("paid_minutes_")].groupby("seed")["value"].sum()
    assert by_purpose.to_numpy() == pytest.approx(paid.to_numpy())
    assert len(pd.read_csv(tmp_path / "out" / "differences.csv")) == len(manifest.read(tmp_path / "out")["outcomes"])


def test_the_same_tables_give_the_same_bytes_and_matplotlib_is_left_as_it_was(folder: Path, copy: Path) -> None:
    before = dict(matplotlib.rcParams)
    write_page(copy)
    assert dict(matplotlib.rcParams) == before
    for path in [folder / "index.html", *(folder / "figures").iterdir()]:
        assert (copy / path.relative_to(folder)).read_bytes() == path.read_bytes()


def test_figures_stand_alone_with_headline_and_subtitle(folder: Path) -> None:
    drawn = (folder / "figures" / "hours-both.svg").read_text(encoding="utf-8")
    assert "Direct work with" in drawn and "Share of paid minutes by purpose" in drawn and "3 paired runs" in drawn
    assert "dc:date" not in drawn
