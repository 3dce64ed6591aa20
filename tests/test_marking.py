"""From marks for everybody to the few who bear one, and from a child to its family's rows."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ecology import Locality
from ecology.week.casefile import siblings
from ecology.week.marking import marked
from tests.places import scenario


@given(st.lists(st.booleans(), max_size=40))
def test_those_are_found_who_bear_a_mark_in_order(marks: list[bool]) -> None:
    assert marked(np.array(marks, dtype=bool)).tolist() == [place for place, mark in enumerate(marks) if mark]


def test_nobody_is_missed_among_thousands() -> None:
    for share in (0.0, 0.001, 0.5, 1.0):
        marks = np.random.default_rng(1).random(10_003) < share
        assert np.array_equal(marked(marks), np.flatnonzero(marks))


def test_a_childs_siblings_are_the_rows_of_its_family() -> None:
    t = Locality(scenario(children=2000)).tables
    children, families = t["children"], t["families"]
    for child in range(children.present.size):
        first = int(families.first_child[children.family[child]])
        assert siblings(child, children) == (first, first + int(families.n_children[children.family[child]]))
