"""The page: everybody can read it, whatever they see, and nothing leaves it."""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from experiments.report.words import table
from tests.pages import FOUR_AND_MORE, Page, html, make


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("report") / "out", years=4)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("large") / "out"
    return make(out, regimes=FOUR_AND_MORE, seeds=(1, 2))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


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
