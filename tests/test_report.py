"""The page: what it says first, what it never leaves out, that everybody can read it, and that nothing leaves it."""

import json
import re
import shutil
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib
import pandas as pd
import pytest

from experiments import manifest, summary
from experiments.calibration.ensemble import Ensemble
from experiments.compare import carry_out
from experiments.design import comparison
from experiments.report import write_page
from experiments.report.drawing import apart
from experiments.report.words import figure, listing, over_runs, span, table
from tests.standin import INTERRUPTS, MODEL, settings_of

FOUR_AND_MORE = ("fragmented", "partnership_board", "accountable_without_levers", "soft_orchestration", "orchestrated")
VOID = {"meta", "link", "br", "img", "hr", "input"}


class Page(HTMLParser):
    """What a reader without a screen, or a machine, finds in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.headings: list[tuple[int, str]] = []
        self.open: list[str] = []
        self.text_of: dict[str, str] = {}
        self.unnamed_svg: list[dict[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.tags.append((tag, known))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))
        if tag not in VOID:
            self.open.append(known.get("id", ""))

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for name in filter(None, self.open):
            self.text_of[name] = self.text_of.get(name, "") + data
        if self.headings and data.strip():
            level, so_far = self.headings[-1]
            self.headings[-1] = (level, so_far + data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [known for name, known in self.tags if name == tag]


def make(folder: Path, **changes: Any) -> Path:
    carry_out(comparison(**settings_of(**({"years": 1} | changes))), folder, model=MODEL)
    return folder


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


def html(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


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
    told |= manifest.standing(Ensemble(({},), "a model", "a digest", 4, 4, passes=True))
    (copy / "manifest.json").write_text(json.dumps(told))
    write_page(copy)
    assert "Illustrative" not in words(html(copy))
    assert "Named, but without a mechanism in this version, and so at 0 in every regime: tempo." in text
    assert told["levers"]["tempo"]["does"] not in text


def test_a_comparison_becomes_one_page_of_markdown_and_several_one_table(folder: Path) -> None:
    told = json.loads((folder / "manifest.json").read_text())
    page = summary.summary(folder)
    assert told["command"] in page and manifest.in_words(told) in page
    differences = pd.read_csv(folder / "differences.csv")
    assert page.count("| orchestrated | fragmented |") == len(differences[differences["regime"] == "orchestrated"])
    both = summary.across([folder, folder]).splitlines()
    headline = {name for name, of in told["outcomes"].items() if of["role"] in ("primary", "co-primary")}
    expected = 2 * int(differences["outcome"].isin(headline).sum())
    assert len(both) == 2 + expected > 2
    assert all(line.startswith(f"| {told['authority']} | nothing |") for line in both[2:])


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


# Who can read it


@pytest.fixture(scope="module", params=["folder", "large"])
def page(request: pytest.FixtureRequest) -> Page:
    return Page(html(request.getfixturevalue(request.param)))


def test_language_title_and_one_main_heading(page: Page) -> None:
    assert page.all("html") == [{"lang": "en-GB"}]
    assert len(page.all("title")) >= 1 and len(page.all("h1")) == 1 and len(page.all("main")) == 1


def test_headings_come_in_order(page: Page) -> None:
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert all(text.strip() for _, text in page.headings)


def test_every_picture_has_a_text_alternative(page: Page) -> None:
    pictures = page.all("svg")
    assert pictures and not page.all("img")
    for known in pictures:
        assert known.get("role") == "img"
        told = known.get("aria-label") or " ".join(page.text_of[i] for i in known["aria-labelledby"].split())
        assert len(told) > 10


def test_table_headers_say_what_they_head(page: Page) -> None:
    assert page.all("th") and all(known.get("scope") in {"col", "row"} for known in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))


def test_ids_are_unique_and_found(page: Page) -> None:
    ids = [known["id"] for _, known in page.tags if "id" in known]
    assert len(ids) == len(set(ids))
    links = [known.get(name, "") for _, known in page.tags for name in ("href", "xlink:href")]
    targets = [link[1:] for link in links if link.startswith("#")]
    assert targets and set(targets) <= set(ids)


def test_nothing_leaves_the_page(page: Page) -> None:
    assert not {"script", "link", "iframe", "object", "form"} & {tag for tag, _ in page.tags}
    for _, known in page.tags:
        for name, value in known.items():
            assert name.startswith("xmlns") or not re.search(r"(https?:)?//", value), (name, value)
            assert name != "src" and not name.startswith("on")


def test_no_style_asks_for_anything_outside(folder: Path) -> None:
    for style in re.findall(r"<style.*?</style>", html(folder), re.S):
        assert not re.search(r"https?:|@import|url\((?!#)", style)
        assert "var(" not in style


def test_colours_have_enough_contrast() -> None:
    look = table("look.toml")
    ink, need = look["ink"], look["contrast"]
    for name, colour in look["palette"].items():
        assert contrast(colour, ink["paper"]) >= need["graphics"], name
    grounds = {"text": "panel", "quiet": "paper", "link": "paper", "paper": "banner"}
    for text, ground in grounds.items():
        assert contrast(ink[text], ink[ground]) >= need["text"], (text, ground)
    assert contrast(look["palette"]["dark_pink"], ink["paper"]) >= need["text"]  # the warning


def test_the_palette_is_that_of_the_analysis_function() -> None:
    palette = {"#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1"}
    assert set(table("look.toml")["palette"].values()) == palette


def test_no_chart_has_more_than_four_colours_of_the_palette(large: Path) -> None:
    palette = {colour.lower() for colour in table("look.toml")["palette"].values()}
    for path in (large / "figures").glob("*.svg"):
        used = set(re.findall(r"#[0-9a-f]{6}", path.read_text(encoding="utf-8"))) & palette
        assert 1 <= len(used) <= 4, path.stem


def test_text_in_pictures_is_text_and_lies_level(large: Path) -> None:
    for path in (large / "figures").glob("*.svg"):
        texts = list(ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text"))
        assert len(texts) > 5
        assert not [t for t in texts if re.search(r"rotate\((?!-?0[ ),])", t.get("transform", ""))]


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


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.0, "0"),
        (1234.5, "1,230"),
        (1235.1, "1,240"),
        (0.01234, "0.0123"),
        (-5.678, "\N{MINUS SIGN}5.68"),
        (99.96, "100"),
    ],
)
def test_numbers_have_three_figures(value: float, told: str) -> None:
    assert figure(value) == told


def test_a_range_is_never_one_bare_number() -> None:
    assert span(1.0, 2.0) == "1.00 to 2.00"
    assert span(1.0, 1.0001) == "about 1.00"
    assert over_runs(pd.Series([1.0, 2.0, float("nan")])) == "1.05 to 1.95"
    assert over_runs(pd.Series([2.0])) == "2.00 (one run, so no range)"
    assert over_runs(pd.Series([float("nan")])) == "no figure"


def test_lists_read_as_in_a_sentence() -> None:
    told = [listing(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])]
    assert told == ["none", "a", "a and b", "a, b and c"]


def test_labels_move_apart_and_keep_their_order() -> None:
    placed = apart([5.0, 5.0, 4.0, 90.0], 10.0)
    assert placed[2] < placed[0] < placed[1] < placed[3] == 90.0
    assert placed[1] - placed[0] == pytest.approx(10, abs=0.5) and placed[0] - placed[2] == pytest.approx(10, abs=0.5)
