# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Many commissioners or one orchestrator? A comparison in one place
#
# > **Purpose: exploration and explanation of stated mechanisms, not prediction. No measured effect of governance on
# > children's outcomes was available; it arises here only through listed mechanisms.**
# >
# > **Illustrative.** Most of what decides the numbers below is assumed. Each pair of runs takes its parameters from an
# > ensemble that was calibrated to published figures, not all of which it meets (see `where_numbers_come_from`); what
# > governance does was never fitted. Read a difference as what the stated mechanisms imply, never as what would happen
# > in a real authority.
#
# This notebook is for people who advise on policy. You can read it as it stands, with its pictures, without
# installing anything. If you do run it, it takes a minute or two, and two of its cells invite you to change something.
#
# ## The question, and where we stand
#
# In March 2015 the Association of Directors of Children's Services (ADCS) published a position paper, *Orchestrating
# the System*. It holds that ever more local commissioners and an "army of checkers", in years of austerity and rising
# demand, take time away from children and pull help for the same child apart; and that a single point of local
# accountability, the director of children's services (DCS), does better by orchestrating the whole.
#
# The paper was written by the body whose members hold that post, and it carries no numbers. So each claim is treated
# here as a **hypothesis with a rival**:
#
# | the paper's claim | its rival, which the model must be able to find |
# |---|---|
# | checkers take front-line time | what orchestration asks for (reporting, meetings, shared recording) takes as much |
# | separate commissioners act discordantly | agencies left to themselves learn to agree in pairs, and are quick |
# | one accountable person brings help together | one desk is a bottleneck, errs for all, and its director leaves |
# | money that can move goes to where need is | negotiation, vetoes and overheads eat it |
#
# Two ways of governing are compared. **Fragmented**: each commissioner decides for its own part. **Orchestrated**: the
# director decides for all, with shared records, one front door, pooled money and merged returns. Both get the same
# money to the penny; whatever a way of governing needs is paid in minutes and pounds from the same envelope.

# %%
import intervals
import pandas as pd
import pictures
import sums
import telling
from IPython.display import Markdown, display

from ecology import Locality, Scenario
from ecology.evidence import register
from ecology.lever_tables import failure_modes, levers, presets
from ecology.scenario_limits import day_of
from experiments.calibration.ensemble import ensemble, with_member
from experiments.manifest import PURPOSE, in_words, standing
from experiments.report.words import counted, first_upper, listing, spell, word

pd.set_option("display.max_colwidth", None, "display.width", 240)

# %% [markdown]
# ## One place, two futures
#
# The place is **Leeds made small**: 6,000 children with Leeds's poverty, prices and spending, and with staff, schools
# and money in proportion. (A smaller *place*, not a sample: one simulated child is one child.) It lives through some
# years of a shared past. On 1 April 2010 the past is copied, and each copy goes on for ten years under another way of
# governing, through the same austerity and the same rising demand.
#
# Every random draw belongs to a child, a family or a worker and a week, not to a run. So the same child is born and the
# same family has its crisis in both futures, unless the way of governing changed what led there. We do this several
# times with different luck (*seeds*) and look at the differences within each pair.

# %% tags=["parameters"]
CHILDREN, YEARS, PAST_YEARS = 6_000, 10, 12
SEEDS = (1, 2, 3, 4, 5)
FEW = (1, 2)  # for the two changes at the end, which only show how it is done

# %%
START = Scenario.load(
    "accountable_without_levers", authority="Leeds", children=CHILDREN, pressure="both", years=YEARS,
    past_years=PAST_YEARS,
)  # fmt: skip
FIRST, SECOND = "fragmented", "orchestrated"
BOTH = {FIRST: {"regime": FIRST}, SECOND: {"regime": SECOND}}
# Chosen for the claims above and for their rivals; all are shown, whatever comes out.
CHOSEN = (
    "harm_weeks", "direct_share", "direct_share_social_workers", "coordination_share", "accountability_share",
    "unmet_complex_weeks", "serious_incidents", "wait_assessment", "wait_early_help", "wait_package", "worker_changes",
    "failure_demand_share", "duplicate_assessment_share", "total_spending",
)  # fmt: skip


MEMBERS = ensemble()  # each seed takes one of its parameter sets


def compare(start, arms, seeds):
    """Run one past for each seed and branch it into every arm: the same children, the same past, the same luck."""
    places = {}
    for seed in seeds:
        past = Locality(with_member(start, MEMBERS, seed), seed=seed).run_past()
        for label, changes in arms.items():
            places[label, seed] = past.branch(with_member(start.with_changes(**changes), MEMBERS, seed)).run()
    return places


places = compare(START, BOTH, SEEDS)
where = f"a place of {CHILDREN:,} children like Leeds, {counted(YEARS, 'year')}"
scope, few = (f"{where}, {counted(len(seeds), 'paired run')}" for seeds in (SEEDS, FEW))
first, second = word("regimes", FIRST), word("regimes", SECOND)

# %% [markdown]
# ## The answer, as far as there is one

# %%
table = sums.differences(places, against=FIRST, chosen=CHOSEN)
display(Markdown(telling.answer(table, scope)))

# %% [markdown]
# ## What a week looks like
#
# The simulation moves week by week, always in this order: the world presses (poverty, prices, money, events) · the way
# of governing sets its arrangements, and charges for them · families live (need drifts, crises, births, moves) ·
# schools, health staff, police and the public notice some of it, and act themselves or pass it on · the front door
# screens contacts · social workers work their hours · early help, schools, clinicians and others work theirs · packages
# of help, assessments, conferences and reviews are decided · commissioners pay and, once a quarter, commission · staff
# leave and join · everything is counted, and children, minutes and pence must balance exactly.
#
# Here is one such week, half-way through the first pair of runs. A single week of a small place holds small numbers,
# and most differences between the columns are luck.

# %%
week = START.switch_week + START.weeks // 2 + 6  # in term
counts = sums.one_week(places, SEEDS[0], week).rename(columns=lambda label: word("regimes", label))
display(Markdown(f"The week of {day_of(week):%d %B %Y}, seed {SEEDS[0]}, {CHILDREN:,} children:"), counts)

# %% [markdown]
# And here is where children stood over the years. The shaded bands hold all runs: where they overlap, the way of
# governing explains less than the luck of the place.

# %%
pictures.over_time(
    sums.weekly(places), ("stock_early_help_waiting", "stock_child_in_need", "stock_looked_after"),
    "Children who wait, are in need or are looked after, under both ways of governing", scope,
)  # fmt: skip

# %% [markdown]
# ## Where the hours go
#
# The paper's central claim is about time. The simulation keeps a ledger of every paid minute of eight groups of
# front-line staff, by what the minute was for. Nothing in it fixes the share of direct work: it is what is left after
# absence, duties that cannot be refused, processes, travel and recording.

# %%
pictures.hours(sums.shares(places), scope)

# %% [markdown]
# ## The differences, outcome by outcome
#
# Each dot is the mean difference within pairs. Outcomes have different units, so each is shown in its own *smallest
# difference of interest*: the smallest change that was judged worth a director's attention. The first outcome keeps a
# 95% interval; the others share what is left of that certainty, so their intervals are wider.

# %%
verdicts = [f"{number} {word('verdicts', verdict)}" for verdict, number in table["verdict"].value_counts().items()]
intervals.differences(table, (first, second), f"{second}, of {len(table)} outcomes: {listing(verdicts)}", scope)

# %% [markdown]
# ## Where orchestration does worse
#
# A fair comparison looks for losses. First, the outcomes on which the orchestrated copy did worse in most pairs,
# whether or not the interval is sure of it (a tie counts half):

# %%
losses = telling.losses(table)
display(losses if len(losses) else Markdown("None of the chosen outcomes, in these runs."))

# %% [markdown]
# Second, what governing itself takes from the front line. Fragmented agencies negotiate with each other; orchestration
# asks for reporting, shared recording and meetings, and saves some of what checkers ask. Both ways are charged.

# %%
asked = sums.asked(places)
total = asked.sum(axis=1).groupby(level="regime").median()
pictures.charges(
    asked, "Governing and checking together take more front-line hours under "
    f"{word('regimes', total.idxmax()).lower()} than under {word('regimes', total.idxmin()).lower()}", scope,
)  # fmt: skip

# %% [markdown]
# Third, the ways in which orchestration can fail that are on the list. A scenario can switch off each by name, to see
# how much of a result hangs on it.

# %%
display(Markdown("\n".join(f"- **{first_upper(spell(name))}.** {does}" for name, does in failure_modes().items())))

# %% [markdown]
# ## What cannot be told
#
# - **Whether any of this would happen.** Nobody has measured what single accountability does to children's outcomes.
#   The nearest studies of joining services up found nothing, or harm. The size of every effect of governance here is
#   assumed.
# - **Whether the levels are right.** Part of the published figures that the model was calibrated to is not met.
# - **How strongly a child's needs feed one another** (*K*, the interdependence of needs). Counts of referrals and plans
#   cannot reveal it, and it decides how much working together can achieve. The last section changes it.
# - **What a real director would do with the levers.** The two ways of governing are corner cases.
# - **Anything out of scope**: courts beyond their delay, ethnicity, adult services, unaccompanied children.

# %%
display(Markdown(telling.assumptions()))

# %% [markdown]
# ## Change one lever
#
# A way of governing is thirteen levers between 0 and 1, never one switch. Here the fragmented place shares its records
# as much as the orchestrated one, and nothing else changes. Write another lever's name to try it; `ecology list
# levers` prints what each one does and what is charged for it. Two pairs of runs settle nothing, so there are no
# intervals, only the pairs.

# %%
LEVER = "shared_record"
VALUE = presets()[SECOND][LEVER]

raised = f"with {spell(LEVER)} at {VALUE:g}"
one_lever = compare(START, {FIRST: BOTH[FIRST], raised: {"regime": FIRST, "levers": {LEVER: VALUE}}}, FEW)
intervals.pairs(
    {f"{first} {raised}": sums.pairs(one_lever, FIRST, CHOSEN)}, (first, f"{first} {raised}"),
    f"One lever alone: {spell(LEVER)}", few,
)  # fmt: skip
display(Markdown(f"*Does:* {levers()[LEVER].does}\n\n*Charged:* {levers()[LEVER].charged}"))

# %% [markdown]
# ## Change one assumption
#
# Now the comparison is repeated in a world in which needs do not feed one another (K = 0). If orchestration helps
# *because* needs hang together, its advantage should shrink here. `ecology list parameters` prints every number with
# its source or reason and the range within which you may move it.

# %%
PARAMETER, OTHER = "interdependence", 0.0

known = register()[PARAMETER]
usual = {(label, seed): place for (label, seed), place in places.items() if seed in FEW}
other = compare(START.with_changes(parameters={PARAMETER: OTHER}), BOTH, FEW)
intervals.pairs(
    {
        f"{PARAMETER} as each pair draws it": sums.pairs(usual, FIRST, CHOSEN),
        f"{PARAMETER} {OTHER:g}": sums.pairs(other, FIRST, CHOSEN),
    },
    (first, second), f"The same comparison at two values of {spell(PARAMETER)}", few,
)  # fmt: skip
display(
    Markdown(f"*{PARAMETER}*, {known.range[0]:g} to {known.range[1]:g} ({known.unit}), {known.grade}: {known.why}.")
)

# %% [markdown]
# ## Do it again, or do it properly
#
# A serious comparison takes the whole authority, more seeds, more ways of governing and more pressures. It writes a
# page with pictures, all tables behind it, and a manifest that names what made it:
#
# ```bash
# ecology compare --authority Leeds --regimes fragmented,orchestrated --pressures both --years 10 --seeds 20 --out leeds
# ```
#
# What the model holds is described in `docs/model.md`, its assumptions in `docs/assumptions.md`, and who has and has
# not checked it in `docs/assurance.md`. DCS: director of children's services. CAMHS: child and adolescent mental health
# services. Section 47: the duty of the Children Act 1989 to enquire when a child may be suffering significant harm.

# %%
display(Markdown(f"{PURPOSE} {in_words(standing(MEMBERS))}"))
