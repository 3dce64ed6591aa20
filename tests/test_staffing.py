"""Posts in social work: agency staff cover a vacancy, and recruiting to it goes on meanwhile."""

import numpy as np

from ecology import building, evidence, population, tables
from ecology.vocabulary import (
    NOBODY,
    PENCE_A_POUND,
    WEEKS_A_YEAR,
    Flow,
    Payer,
)
from ecology.week import staffing
from tests.places import at_switch, changed, lived, scenario, weeks

P = evidence.values()

NEVER = float("inf")


def a_week_of_staffing(**numbers: float) -> tuple[np.ndarray, tables.SocialWorkers, tables.Cases, np.ndarray]:
    """Return who was of an agency before, workers and cases after, and counts of a week in which all posts are filled.

    Nobody leaves unless ``numbers`` say so; every second worker comes from an agency.
    """
    place = at_switch(scenario())
    workers, cases, flows = (*(place.tables[name] for name in ("social_workers", "cases")), place.tables["tally"].flows)
    workers.present[:] = 1
    workers.agency[:] = np.arange(workers.present.size) % 2
    workers.joined[:] = place.week - WEEKS_A_YEAR
    before = workers.agency.copy()
    p = changed(place.p, **({"leaving_a_year": 0.0, "weeks_agency_stays": NEVER, "weeks_to_recruit": NEVER} | numbers))
    flows[:] = 0
    staffing.staff_leave_and_join(workers, cases, flows, workers.present.size, 1, place.week, place.now, p)
    return before, workers, cases, flows


def test_a_permanent_worker_takes_over_a_post_that_an_agency_worker_covers() -> None:
    before, workers, cases, flows = a_week_of_staffing(weeks_to_recruit=1.0)
    agency = int(before.sum())
    assert agency and workers.present.all() and not workers.agency.any()
    assert flows[Flow.AGENCY_WORKERS_LEFT] == flows[Flow.SOCIAL_WORKERS_JOINED] == agency
    assert not np.isin(cases.worker[cases.worker != NOBODY], np.flatnonzero(before)).any()  # children wait for another


def test_without_recruiting_agency_workers_stay() -> None:
    before, workers, _, flows = a_week_of_staffing()
    assert (workers.agency == before).all()
    assert not flows[Flow.SOCIAL_WORKERS_JOINED]


def test_schools_fill_the_reserve_that_they_want_and_no_more() -> None:
    small = lived(scenario(parameters={"schools_reserve_filled_a_year": 1.0}))
    income = weeks(small, "income_pounds_schools")[-WEEKS_A_YEAR:].sum()
    held = float(small.tables["commissioners"].balance_pence[Payer.SCHOOLS]) / PENCE_A_POUND
    assert 0.9 < held / income / float(small.p.schools_reserve) < 1.02


def test_staff_are_counted_as_numpy_counts_them() -> None:
    workers = at_switch(scenario()).tables["social_workers"]
    here = workers.present == 1
    number, agency, fatigue, caseload, ratio = staffing.count_staff(workers)
    assert (number, agency) == (here.sum(), workers.agency[here].sum())
    means = [workers[name][here].astype(float).mean() for name in ("fatigue", "caseload", "work_ratio")]  # type: ignore[call-overload]
    assert np.allclose([fatigue, caseload, ratio], means)
    loads = [workers.weight[here & (workers.team == team)].mean() / 1000 for team in np.unique(workers.team[here])]
    assert np.isclose(staffing.spread_of_teams(workers), np.std(loads) / max(np.mean(loads), 1.0))
    workers.present[:] = 0
    assert staffing.count_staff(workers) == (0, 0, 0.0, 0.0, 0.0)
    assert staffing.spread_of_teams(workers) == 0.0


def test_every_team_has_a_neighbourhood_and_posts_as_it_has_neighbourhoods() -> None:
    for children, teams in ((250_000, 90), (40_000, 9), (73_000, 18), (2_000, 1)):
        places = population.lay_out_neighbourhoods(children, teams, 1, P)
        posts = 7.0 * teams
        workers = building._social_workers(posts, places, 1, 0, P)
        assert set(workers.team) == set(places.team) == set(range(int(places.team.max()) + 1))
        here = np.bincount(workers.team[: round(posts)], minlength=int(places.team.max()) + 1)
        per_neighbourhood = here / np.bincount(places.team)
        assert np.ptp(per_neighbourhood) <= 1.0 + 1e-9
        assert here.max() - here.min() <= np.ceil(posts / places.present.size) + 1
