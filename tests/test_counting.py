"""The counts of a week, against the same counts made column by column with NumPy."""

import numpy as np
import pytest

from ecology import Locality, tables
from ecology.rules import harm
from ecology.vocabulary import NOBODY, Stage, Sum
from ecology.week import recording
from tests.places import at_switch, scenario


@pytest.fixture(name="place", scope="module")
def _place() -> Locality:
    return at_switch(scenario(children=4000)).run(3)


def test_harm_and_need_nobody_answers_are_those_of_the_columns(place: Locality) -> None:
    t, p, week = tables.copy(place.tables), place.p, place.week
    children, families, cases, tally = t["children"], t["families"], t["cases"], t["tally"]
    recording.count_children(children, families, cases, tally, place.seed, week, p)
    here, safety = children.present == 1, children.need_safety.astype(float)
    deprived, unknown = families.hardship[children.family] > 0.0, children.case == NOBODY
    helped = (children.stage >= Stage.ASSESSMENT).astype(int)
    for until in (cases.early_help_until, cases.own_help_until, cases.camhs_until):
        helped += np.where(unknown, 0, until[children.case] > week)
    unanswered = unknown | ((children.stage <= Stage.EARLY_HELP_WAITING) & (helped == 0))
    in_complex, acute = here & (safety >= p.level_complex_safety), here & (safety >= p.level_acute_safety)
    some = here & (safety >= p.level_additional_safety) & ~in_complex
    counted = {
        Sum.CHILDREN: here, Sum.CHILDREN_DEPRIVED: here & deprived, Sum.COMPLEX_SAFETY: in_complex,
        Sum.ACUTE_SAFETY: acute, Sum.UNKNOWN_COMPLEX: in_complex & unknown, Sum.UNMET_COMPLEX: in_complex & unanswered,
        Sum.UNMET_ACUTE: acute & unanswered, Sum.UNMET_ADDITIONAL: some & unanswered,
        Sum.COMPLEX_WELLBEING: here & (children.need_wellbeing.astype(float) >= p.level_complex_wellbeing),
        Sum.COMPLEX_LEARNING: here & (children.need_learning.astype(float) >= p.level_complex_learning),
    }  # fmt: skip
    for name, marks in counted.items():
        assert tally.sums[name] == marks.sum() > 0, name.name
    of_all = {Sum.HARM: here, Sum.HARM_DEPRIVED: deprived, Sum.HARM_AFFLUENT: ~deprived}
    for name, group in of_all.items():
        expected = harm.total((in_complex & group).sum(), (acute & group).sum(), p)
        assert tally.sums[name] == pytest.approx(expected), name.name
    assert tally.sums[Sum.NEED_SAFETY] == pytest.approx(safety[here].sum(), abs=0.01)
    assert tally.stocks.tolist() == np.bincount(children.stage[here], minlength=len(Stage)).tolist()
