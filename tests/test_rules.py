"""Rules: what happens to one child, family, worker or case moves the right way, stays in bounds, and can be absent."""

import itertools
import math
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecology import evidence
from ecology.rules import care, harm, help, judgement, need, noticing, pathway, work
from ecology.vocabulary import Agency, Stage

P = evidence.values()
level = st.floats(-8.0, 8.0)
share = st.floats(0.0, 1.0)
few = st.floats(0.0, 60.0)
step = st.floats(0.0, 4.0)


def rises(rule: Callable[[float], float], values: Sequence[float]) -> bool:
    """Return whether a rule never falls over these values and rises over all of them."""
    results = [rule(value) for value in values]
    return all(a <= b for a, b in itertools.pairwise(results)) and results[0] < results[-1]


def falls(rule: Callable[[float], float], values: Sequence[float]) -> bool:
    return rises(lambda value: -rule(value), values)


# Need ----------------------------------------------------------------------------------------------------------------


@given(level, level, step, level)
def test_need_stays_on_its_scale_and_returns_to_its_pull(start: float, pull: float, more: float, shock: float) -> None:
    now = need.need_next(start, pull, shock, P)
    assert abs(now) <= P.need_cap
    assert need.need_next(start, pull + more, shock, P) >= now
    assert need.need_next(start, pull, shock + more, P) >= now
    held = min(max(pull, -P.need_cap), P.need_cap)
    assert need.need_next(held, held, 0.0, P) == pytest.approx(held)


@given(level, level, share)
def test_without_interdependence_no_domain_pulls_another(one: float, other: float, k: float) -> None:
    assert need.interdependence_pull(one, other, 0.0, P) == 0.0
    pull = need.interdependence_pull(one, other, k, P)
    assert 0.0 <= pull <= need.interdependence_pull(one + 1.0, other + 1.0, k, P)
    assert need.interdependence_pull(-one * one, -1.0, k, P) == 0.0  # the absence of need raises nothing


def test_interdependence_pulls_more_where_there_is_more_need() -> None:
    assert rises(lambda one: need.interdependence_pull(one, 0.0, 0.5, P), [-1.0, 0.0, 1.0, 3.0])
    assert rises(lambda k: need.interdependence_pull(1.0, 0.0, k, P), [0.0, 0.5, 1.0])


@given(level, level, st.floats(0.0, 10.0))
def test_strain_is_bounded_and_an_incident_only_adds(strain: float, usual: float, incident: float) -> None:
    after = need.strain_next(strain, usual, incident, P)
    assert abs(after) <= P.strain_cap
    assert after >= need.strain_next(strain, usual, 0.0, P)


def test_what_an_incident_has_left_is_what_the_weeks_since_would_have_left() -> None:
    strain = need.strain_next(0.0, 0.0, 1.5, P)
    for weeks in range(5):
        assert need.strain_left(1.5, weeks, P) == pytest.approx(strain)
        strain = need.strain_next(strain, 0.0, 0.0, P)


@given(st.floats(-50.0, 50.0), share)
def test_the_hazard_of_an_incident_is_a_capped_probability(strain: float, support: float) -> None:
    assert 0.0 <= need.incident_hazard(strain, support, P) <= P.incident_hazard_cap < 1.0


def test_incidents_follow_strain_and_fall_with_support() -> None:
    assert rises(lambda strain: need.incident_hazard(strain, 0.5, P), [-3.0, 0.0, 1.0, 3.0, 9.0])
    assert falls(lambda support: need.incident_hazard(1.0, support, P), [0.0, 0.5, 1.0])


def test_families_pull_needs_with_strain_and_hardship_and_the_mean_family_not_at_all() -> None:
    assert rises(lambda strain: need.family_pull(strain, 0.0, P), [-2.0, 0.0, 2.0])
    assert rises(lambda hardship: need.family_pull(0.0, hardship, P), [-2.0, 0.0, 2.0])
    assert need.family_pull(0.0, P.hardship_reference, P) == 0.0


@given(level, level, level, step)
def test_severity_never_falls_with_need_and_well_being_in_one_domain_hides_no_need_in_another(
    safety: float, wellbeing: float, learning: float, more: float
) -> None:
    age = 5.0 * P.weeks_a_year
    now = need.severity(safety, wellbeing, learning, age, P)
    assert now >= safety
    assert need.severity(safety + more, wellbeing, learning, age, P) >= now
    assert need.severity(safety, wellbeing + more, learning, age, P) >= now
    assert need.severity(safety, wellbeing, learning + more, age, P) >= now
    assert need.severity(1.0, 2.0, 3.0, age, P) == pytest.approx(
        1.0 + 2.0 * P.severity_wellbeing + 3.0 * P.severity_learning
    )
    assert P.severity_wellbeing > 0.0 < P.severity_learning


def test_the_same_need_is_most_serious_at_birth_and_no_more_so_once_a_child_is_past_infancy() -> None:
    ages = [0.0, 0.25 * P.weeks_fragile, 0.5 * P.weeks_fragile, P.weeks_fragile]
    assert rises(lambda age: -need.severity(1.0, 0.0, 0.0, age, P), ages)
    assert need.severity(1.0, 0.0, 0.0, 0.0, P) == 1.0 + P.severity_at_birth
    assert need.severity(1.0, 0.0, 0.0, P.weeks_fragile, P) == need.severity(1.0, 0.0, 0.0, 900.0, P) == 1.0


def test_harm_is_full_at_acute_need_and_a_share_of_it_at_complex_need() -> None:
    assert [harm.total(*counted, P) for counted in ((0, 0), (1, 0), (1, 1))] == [0.0, P.harm_weight_complex, 1.0]
    levels = (P.level_complex_safety - 0.01, P.level_complex_safety, P.level_acute_safety - 0.01, P.level_acute_safety)
    assert [harm.weight(level, P) for level in levels] == [0.0, P.harm_weight_complex, P.harm_weight_complex, 1.0]


# Noticing ------------------------------------------------------------------------------------------------------------


@given(level, level, share)
def test_chances_to_notice_are_probabilities_that_grow_with_need(safety: float, other: float, trust: float) -> None:
    def all_of(more: float) -> list[float]:
        s, o = safety + more, other + more
        return [
            noticing.chance_schools(o, o, True, True, P), noticing.chance_health(s, o, True, P),
            noticing.chance_health(s, o, False, P), noticing.chance_la_services(s, o, P),
            noticing.chance_individuals(s, trust, P), noticing.chance_police(more > 0.0, False, P),
        ]  # fmt: skip

    now, later = all_of(0.0), all_of(1.0)
    assert all(0.0 < a <= b < 1.0 for a, b in zip(now, later, strict=True))
    assert now != later
    above = float(max(P.level_additional_safety, P.level_additional_wellbeing, P.level_additional_learning)) + 1.0
    safety, other = above, above  # need is additional already: more of it is noticed sooner by all of them
    higher = [low < high for low, high in zip(all_of(0.0)[:5], all_of(0.5)[:5], strict=True)]
    assert higher[:4] == [True] * 4
    assert higher[4] or trust < 0.001


def test_schools_see_nobody_out_of_term_or_under_age() -> None:
    seen = [noticing.chance_schools(3.0, 3.0, term, age, P) > 0.0 for term in (False, True) for age in (False, True)]
    assert seen == [False, False, False, True]


@given(level, level, level)
def test_each_agency_sees_a_part_and_nothing_that_is_not_there(
    safety: float, wellbeing: float, learning: float
) -> None:
    parts = (safety, wellbeing, learning)
    for agency in Agency:
        seen = noticing.domain_seen(agency, *parts, False, P)
        assert min(parts) - 1e-9 <= seen <= max(parts) + 1e-9
    assert noticing.domain_seen(Agency.SCHOOLS, safety + 1, wellbeing, learning, False, P) == noticing.domain_seen(
        Agency.SCHOOLS, *parts, False, P
    )
    assert noticing.domain_seen(Agency.POLICE, safety, wellbeing + 1, learning + 1, False, P) == safety


@given(level, level, level)
def test_police_at_an_incident_see_more_than_the_child_and_nobody_else_does(
    safety: float, wellbeing: float, learning: float
) -> None:
    parts = (safety, wellbeing, learning)
    for agency in Agency:
        more = noticing.domain_seen(agency, *parts, True, P) - noticing.domain_seen(agency, *parts, False, P)
        assert more == pytest.approx(P.incident_seen if agency is Agency.POLICE else 0.0)


@given(level, st.floats(0.0, 8.0), st.floats(0.0, 500.0))
def test_an_earlier_worry_adds_to_a_concern_and_fades(signal: float, earlier: float, weeks: float) -> None:
    concern = noticing.concern_after(signal, earlier, weeks, P)
    assert signal <= concern <= noticing.concern_after(signal, earlier, 0.0, P)
    assert noticing.concern_after(signal, -earlier, weeks, P) == signal
    assert noticing.concern_after(1.0, 2.0, 0.0, P) == pytest.approx(1.0 + 2.0 * P.concern_accumulation)
    assert noticing.concern_after(1.0, 2.0, 10.0, P) < noticing.concern_after(1.0, 2.0, 0.0, P)
    assert noticing.concern_after(signal, earlier, 5_000.0, P) == pytest.approx(signal)


# Judgement and pathway -----------------------------------------------------------------------------------------------


@given(level, level, level, share)
def test_the_desk_sees_a_mixture_of_what_it_is_told_and_the_truth(
    sender: float, everyone: float, truth: float, shared: float
) -> None:
    view = judgement.desk_view(sender, everyone, truth, shared, 0.0, P)
    assert min(sender, everyone, truth) - 1e-9 <= view <= max(sender, everyone, truth) + 1e-9
    apart = judgement.desk_view(sender, everyone, truth, 0.0, 0.0, P)
    assert apart == judgement.desk_view(sender, everyone + 5.0, truth, 0.0, 0.0, P)  # nothing shared, nothing seen
    assert judgement.desk_view(sender, everyone, truth, shared, 1.0, P) == pytest.approx(view + 1.0)
    seen_by_all = judgement.desk_view(sender, everyone + 1.0, truth, 1.0, 0.0, P)
    assert seen_by_all - judgement.desk_view(sender, everyone, truth, 1.0, 0.0, P) == pytest.approx(
        1.0 - P.screening_insight
    )
    looked = judgement.desk_view(sender, everyone, truth + 1.0, shared, 0.0, P) - view
    assert looked == pytest.approx(P.screening_insight)
    assert 0.0 < P.screening_insight < 1.0


@given(level, level, st.floats(-3.0, 3.0))
def test_who_decides_on_a_referral_looks_again(perceived: float, truth: float, noise: float) -> None:
    calm, own = judgement.second_look(perceived, truth, 0.0, P), P.second_look_insight
    assert min(perceived, truth) - 1e-9 <= calm <= max(perceived, truth) + 1e-9
    assert judgement.second_look(perceived, truth + 2.0, 0.0, P) == pytest.approx(calm + 2.0 * own)
    assert judgement.second_look(perceived, truth, noise, P) - calm == pytest.approx(own * P.judgement_noise * noise)
    blind = evidence.values({"second_look_insight": 0.0})
    assert judgement.second_look(perceived, truth, noise, blind) == perceived


def test_skill_sharpens_and_fatigue_blurs_judgement_but_neither_shifts_it() -> None:
    def error(skill: float, fatigue: float) -> float:
        return abs(judgement.worker_view(2.0, skill, fatigue, 1.0, P) - 2.0)

    assert falls(lambda skill: error(skill, 0.5), [-1.0, 0.0, 1.0])
    assert rises(lambda fatigue: error(0.0, fatigue), [0.0, 0.5, 1.0])
    assert judgement.worker_view(2.0, 0.3, 0.5, 0.0, P) == 2.0
    assert error(0.3, 0.5) == pytest.approx(abs(judgement.worker_view(2.0, 0.3, 0.5, -1.0, P) - 2.0))


SEVERITIES = [level / 10.0 for level in range(-10, 70)]


@pytest.mark.parametrize(
    ("decide", "ladder"),
    [
        (lambda x: pathway.after_assessment(x, 2.0, 4.0), (Stage.UNIVERSAL, Stage.CHILD_IN_NEED, Stage.SECTION_47)),
        (lambda x: pathway.after_enquiry(x, 4.0, 2.0), (Stage.UNIVERSAL, Stage.CHILD_IN_NEED, Stage.CONFERENCE)),
        (lambda x: pathway.after_conference(x, 4.0), (Stage.CHILD_IN_NEED, Stage.PROTECTION_PLAN)),
        (lambda x: pathway.after_review_in_need(x, 2.0, 4.0), (Stage.UNIVERSAL, Stage.CHILD_IN_NEED, Stage.SECTION_47)),
        (
            lambda x: pathway.after_review_of_plan(x, 2.0, 5.0),
            (Stage.CHILD_IN_NEED, Stage.PROTECTION_PLAN, Stage.LOOKED_AFTER),
        ),
    ],
)
def test_the_more_serious_the_further_along_the_pathway(
    decide: Callable[[float], int], ladder: Sequence[Stage]
) -> None:
    stages = [decide(severity) for severity in SEVERITIES]
    assert list(dict.fromkeys(stages)) == list(ladder)
    assert stages == sorted(stages, key=[int(stage) for stage in ladder].index)


# All -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [0, 1])
@pytest.mark.parametrize("skill", [-2.5, -1.0, 0.0, 2.0])
def test_little_skill_blurs_and_weakens_but_never_turns_judgement_or_help_around(skill: float, end: int) -> None:
    """Newcomers from agencies start with a skill near -2.5 a few times in a thousand."""
    register = evidence.register()
    p = evidence.values({name: register[name].range[end] for name in ("judgement_skill", "skill_effect")})
    assert 0.0 < judgement.worker_view(0.0, skill, 0.0, 1.0, p) < 5.0
    assert 0.0 < help.skilled(skill, p) < 4.0
    assert help.skilled(skill, P) < help.skilled(skill + 1.0, P)


def test_every_rule_gives_a_number_at_the_ends_of_every_range() -> None:
    register = evidence.register()
    for end in (0, 1):
        p = evidence.values({name: parameter.range[end] for name, parameter in register.items()})
        results = [
            need.need_next(1.0, 2.0, 0.1, p), need.strain_next(1.0, 0.0, 1.0, p), need.incident_hazard(9.0, 0.0, p),
            help.dose(1.0, p), help.continuity(4.0, p), help.concord(3, False, p), help.one_domain_alone(2.0, 1.0, p),
            judgement.worker_view(2.0, -1.0, 1.0, 1.0, p), work.fatigue_next(0.5, 2.0, p),
            work.chance_of_sickness(1.0, p), work.chance_of_leaving(1.0, 1.0, p),
            care.chance_of_leaving_care(3.0, 60.0, 2.0, p), noticing.concern_after(1.0, 2.0, 10.0, p),
        ]  # fmt: skip
        assert all(math.isfinite(result) for result in results), end
