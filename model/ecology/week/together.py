"""The loops of each part of the week, one after the other in one call: Python hands on one handle of all tables.

What happens in a loop stands in its own module, what happens between parts in ``clauses``.
"""

import numpy as np

from ecology.compiled import compiled
from ecology.tables import Parameters, Settings
from ecology.vocabulary import Cadre, Flow
from ecology.week import (
    casework,
    complaining,
    deciding,
    front_door,
    helping,
    living,
    noticing,
    packages,
    recording,
    staffing,
    straining,
    waiting,
)
from ecology.world import World


@compiled
def families_live(
    world: World, incidents: np.ndarray, moves: np.ndarray, children_before: int, children_of_path: float, seed: int,
    week: int, k: float, p: Parameters,
) -> None:  # fmt: skip
    """Let families live, people come and go as the published population does, and need drift."""
    children, families, cases = world.children, world.families, world.cases
    free, shift, flows = world.fixtures.free_cases, world.fixtures.shift, world.tally.flows
    living.families_change(families, seed, week, p)
    straining.strain_moves(families, incidents, flows, seed, week, p)
    living.families_live(children, families, cases, moves, free, flows, shift, seed, week, p)
    here = children_before + flows[Flow.BIRTHS] - flows[Flow.AGED_OUT]
    living.population_follows(children, families, cases, free, flows, shift, here, children_of_path, seed, week, p)
    living.need_drifts(children, families, seed, week, k, p)


@compiled
def agencies_notice(
    world: World, noticed: np.ndarray, parts: np.ndarray, seed: int, week: int, now: Settings, p: Parameters
) -> int:
    """Write down who is noticed by whom in ``noticed`` (concern: child, agency); return how many."""
    tally = world.tally
    count = noticing.agencies_notice(world.children, world.families, noticed, parts, tally.flows, seed, week, now, p)
    tally.concerns[:] = np.bincount(noticed[:count, 1], minlength=tally.concerns.size)
    return count


@compiled
def agencies_act_or_pass_on(
    world: World, noticed: np.ndarray, count: int, contact: np.ndarray, own_help: np.ndarray, seed: int, week: int,
    now: Settings, p: Parameters,
) -> None:  # fmt: skip
    """Let each agency help itself or contact the front door about whom it noticed."""
    noticing.agencies_act_or_pass_on(
        noticed,
        count,
        contact,
        own_help,
        world.children,
        world.families,
        world.cases,
        world.fixtures.free_cases,
        world.pools,
        world.schools,
        world.tally.flows,
        world.tally.waits,
        seed,
        week,
        now,
        p,
    )


@compiled
def front_door_triages(
    world: World, rows: np.ndarray, ids: np.ndarray, urgency: np.ndarray, desk_shares: np.ndarray, told: np.ndarray,
    seed: int, week: int, now: Settings, p: Parameters,
) -> None:  # fmt: skip
    """Open the week of every pool, the front door's too; screen contacts; let citizens complain."""
    children, cases, pools, tally = world.children, world.cases, world.pools, world.tally
    helping.pools_open_the_week(pools, tally, now, p)
    front_door.front_door_triages(
        children, cases, pools, tally, rows, ids, urgency, desk_shares, told, seed, week, now, p
    )
    complaining.citizens_complain(children, world.families, cases, tally.flows, seed, week, now, p)


@compiled
def social_workers_work(
    world: World, rows: np.ndarray, ids: np.ndarray, urgency: np.ndarray, seed: int, week: int, now: Settings,
    p: Parameters,
) -> None:  # fmt: skip
    """Allocate children to social workers, who then work."""
    children, cases, workers, tally = world.children, world.cases, world.social_workers, world.tally
    waiting, elsewhere = casework.allocate(
        children, world.families, cases, workers, world.neighbourhoods, tally, rows, ids, urgency, seed, week, now, p
    )
    world.conditions.unallocated[0] = waiting
    world.conditions.given_to_other_teams[0] = elsewhere
    casework.social_workers_work(children, cases, workers, tally, seed, week, now, p)


@compiled
def helpers_work(
    world: World, rows: np.ndarray, ids: np.ndarray, urgency: np.ndarray, hours: np.ndarray, school_hours: np.ndarray,
    seed: int, week: int, now: Settings, p: Parameters,
) -> None:  # fmt: skip
    """Serve waiting lists, work with those who are helped, close the week of every pool, and let help act."""
    children, families, cases, pools, tally = world.children, world.families, world.cases, world.pools, world.tally
    schools, workers = world.schools, world.social_workers
    tally.asked[:] = 0.0  # what was asked for this week is booked; from here on it is for the next
    waiting.waiting_lists_move(
        children, families, cases, world.neighbourhoods, pools, tally, rows, ids, urgency, seed, week, now, p
    )
    pools.tasks[Cadre.POLICE_PROTECTION] = world.conditions.enquiries[0]
    pools.tasks[Cadre.INDEPENDENT_REVIEWING_OFFICER] = world.conditions.reviews[0]
    helping.helpers_work(children, cases, pools, schools, tally, hours, school_hours, week, now, p)
    helping.pools_close_the_week(pools, tally)
    helping.help_acts(children, families, cases, workers, hours, school_hours, week, now, p)


@compiled
def packages_are_agreed(
    world: World, rows: np.ndarray, ids: np.ndarray, urgency: np.ndarray, seed: int, week: int, now: Settings,
    p: Parameters,
) -> None:  # fmt: skip
    """Agree packages for children whom several services help."""
    packages.packages_are_agreed(
        world.children, world.cases, world.conditions, world.tally, rows, ids, urgency, seed, week, now, p
    )


@compiled
def cases_are_decided(world: World, seed: int, week: int, now: Settings, p: Parameters) -> None:
    """Decide every case that is due, and let files rest that nobody needs."""
    children, cases, conditions, tally = world.children, world.cases, world.conditions, world.tally
    deciding.cases_are_decided(
        children, world.families, cases, world.social_workers, conditions, tally, seed, week, now, p
    )
    conditions.enquiries[0] = tally.flows[Flow.SECTION_47_ENQUIRIES]
    noticing.rest(children, cases, world.fixtures.free_cases, week)


@compiled
def count_children(world: World, seed: int, week: int, p: Parameters) -> tuple[int, int, int]:
    """Count children and what they need (see ``recording.count_children``)."""
    return recording.count_children(  # type: ignore[no-any-return]
        world.children, world.families, world.cases, world.tally, seed, week, p
    )


@compiled
def staff_leave_and_join(world: World, posts: int, seed: int, week: int, now: Settings, p: Parameters) -> None:
    """Let social workers leave, and posts be filled."""
    staffing.staff_leave_and_join(world.social_workers, world.cases, world.tally.flows, posts, seed, week, now, p)


@compiled
def write_ledger(world: World, row: np.ndarray) -> int:
    """Write the ledger and the pools into a row of the record (see ``recording.write_ledger``)."""
    return recording.write_ledger(row, world.tally, world.pools)  # type: ignore[no-any-return]
