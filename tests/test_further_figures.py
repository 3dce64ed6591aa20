"""Files of further published figures: what is read, and one sentence for everything that cannot be."""

from pathlib import Path

import pytest

from ecology.errors import BadInput
from experiments.calibration import further
from experiments.calibration.patterns import CHILDREN

ENGLAND = "id,quantity,value,year,geography,verified,note\n"
REFERRALS = "Referrals in the year (rate)"
BY_AUTHORITY = f"la_code,la_name,year,{CHILDREN},looked_after_at_31_march,referrals_per_10000\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "figures.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_later_figures_for_england_become_items(tmp_path: Path) -> None:
    path = written(tmp_path, f"{ENGLAND}1,{REFERRALS},550,2018,England,yes,\n2,{REFERRALS},560,2019,England,no,\n")
    (item,) = further.england(path, further.read_rows(path))
    assert (item.name, item.years, item.value) == ("referrals level", (2018,), 550.0)


@pytest.mark.parametrize(("text", "complaint"), [
    (f"1,{REFERRALS},550,2018,England,yes\n", "line 2: it has more or fewer cells"),
    (f"1,{REFERRALS},550,2018,England,yes,,,\n", "line 2: it has more or fewer cells"),
    (f"1,{REFERRALS},many,2018,England,yes,\n", "'many' is no number"),
    (f"1,{REFERRALS},nan,2018,England,yes,\n", "'nan' is no number"),
    (f"1,{REFERRALS},0,2018,England,yes,\n", "the published level is 0"),
    (f"1,{REFERRALS},550,\N{SUPERSCRIPT TWO},England,yes,\n", "no row is a figure"),
    ("E1291,Moon landings,3,2016,England,yes,\n", "no row is a figure"),
    ("E1621,CAMHS mean wait,long,2015,England,yes,\n", "E1621: neither value nor note holds a figure"),
])  # fmt: skip
def test_a_figure_for_england_that_cannot_be_read_is_a_sentence(tmp_path: Path, text: str, complaint: str) -> None:
    path = written(tmp_path, ENGLAND + text)
    with pytest.raises(BadInput, match=complaint) as told:
        further.england(path, further.read_rows(path))
    assert str(path) in str(told.value)


def test_counts_by_authority_are_divided_by_the_children_of_the_year_before(tmp_path: Path) -> None:
    rows = "E1,Leeds,2018,170000,,\nE1,Leeds,2019,180000,1700,650\n"
    path = written(tmp_path, BY_AUTHORITY + rows)
    found = further.authorities(path, further.read_rows(path))
    assert found == {("Leeds", 2019, "looked_after"): 100.0, ("Leeds", 2019, "referrals"): 650.0}


@pytest.mark.parametrize(("row", "complaint"), [
    ("E1,Leeds,soon,170000,1,1\n", "line 2: year is 'soon'"),
    ("E1,Leeds,2018,nan,1,1\n", f"line 2: {CHILDREN} is 'nan'"),
    ("E1,Leeds,2018,170000,1,-3\n", "line 2: referrals_per_10000 is '-3'"),
    ("E1,Leeds,2018,170000,1\n", "line 2: it has more or fewer cells"),
    ("E1,Atlantis,2018,170000,1,1\n", "no row is of an authority and a year"),
    ("E1,Leeds,2031,170000,1,1\n", "no row is of an authority and a year"),
])  # fmt: skip
def test_a_row_by_authority_that_cannot_be_read_is_a_sentence(tmp_path: Path, row: str, complaint: str) -> None:
    path = written(tmp_path, BY_AUTHORITY + row)
    with pytest.raises(BadInput, match=complaint):
        further.authorities(path, further.read_rows(path))
