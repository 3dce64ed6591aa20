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
# # From a design to an answer: many runs and what they say together
#
# > **Purpose: exploration and explanation of stated mechanisms, not prediction. No measured effect of governance on
# > children's outcomes was available; it arises here only through listed mechanisms.**
# >
# > **Illustrative.** And small: the numbers of runs below were chosen so that the notebook executes in
# > minutes. Most answers are therefore *unclear*, which is what an honest analysis of few runs says.
#
# This notebook is for analysts. It goes from a space of what is uncertain, through a store that loses nothing, to four
# questions: which inputs matter, when which way of governing does better, which levers carry the difference, and how
# costly orchestration must be for it to vanish. Each has a command (`ecology sensitivity`, `discover`, `attribute`,
# `break-even`) that does the same from a shell; `docs/analysis.md` says how to read each answer.

# %%
import io
import tempfile
from contextlib import redirect_stderr
from pathlib import Path

import pandas as pd
import pictures
from IPython.display import Markdown, display

from experiments.analysis.carry import Carrier, Question
from experiments.analysis.study_attribution import attribution_study
from experiments.analysis.study_break_even import break_even_study
from experiments.analysis.study_discovery import discovery_study
from experiments.analysis.study_sensitivity import sensitivity_study
from experiments.calibration.ensemble import ensemble
from experiments.manifest import PURPOSE, in_words, standing
from experiments.space import Space, evidence_space
from experiments.store import DONE, Store

pd.set_option("display.max_colwidth", None, "display.width", 240)

# %% [markdown]
# ## The question, and how large the studies are
#
# A place of two thousand children with the poverty, prices and spending of Hartlepool, a year from the switch. (For a
# real study take ten years, a larger place, hundreds of blocks and a thousand worlds, and a machine for a night.) The
# share of paid time spent with families stands first, because one year of so small a place tells something of time and
# next to nothing of harm, which is the primary outcome of any serious comparison.

# %% tags=["parameters"]
CHILDREN, YEARS, PAST_YEARS = 2_000, 1, 2
INPUTS = ("minutes_line_of_sight", "leaders_meeting_hours", "interdependence", "discord_per_plan")
TRAJECTORIES, BLOCKS = 4, 8  # of Morris, of Sobol'
WORLDS = 48
PAIRS = (1, 2, 3, 4)  # seeds of attribution and break-even
ORDERS = 4  # of levers, each with its mirror image

# %%
question = Question(
    "Hartlepool",
    ("fragmented", "orchestrated"),
    ("direct_share", "harm_weeks"),
    CHILDREN,
    YEARS,
    past_years=PAST_YEARS,
    drawn_from="ensemble",
)


quietly = redirect_stderr(io.StringIO())  # progress bars would stand in the notebook


def tell(answer, tables, drawn=()):
    """Show the sentences of an answer, some tables, and some of its pictures with their text alternatives."""
    display(Markdown("\n".join(f"- {sentence}" for sentence in answer.sentences)))
    for name in tables:
        display(answer.tables[name])
    for name in drawn:
        picture = answer.pictures[name]
        pictures.show(picture.figure, picture.headline, answer.scope, picture.alt, answer.tables[tables[0]].head())


# %% [markdown]
# ## Design: what is uncertain
#
# The space comes from the evidence: each number varies evenly over its range. Here are four of the some 400 that
# can vary: two charges of orchestration, how strongly a child's needs feed one another, and what is lost when several
# services call on a child without agreeing.

# %%
space: Space = evidence_space(list(INPUTS))
display(pd.DataFrame([(f.name, f.low, f.high, f.unit, f.standing) for f in space.factors],
                     columns=["input", "low", "high", "unit", "standing"]))  # fmt: skip

# %% [markdown]
# ## Store: a run is kept as soon as it is finished
#
# A run is named by its scenario, its seed and the version of the code. What the store holds is never run again, so
# studies share runs, and the same command goes on after an interrupt.

# %%
store = Store(Path(tempfile.mkdtemp()) / "runs.sqlite")
carrier = Carrier(store)

# %% [markdown]
# ## Which inputs matter?
#
# Morris ranks all inputs; Sobol' indices of those chosen say which share of the variance is theirs, over worlds and
# luck. The grey band is what luck alone reaches: the same index computed for another seed, with nothing else changed.
# The difference between the regimes and the level under each are explained apart: what moves harm everywhere need not
# move the comparison.

# %%
told: list[str] = []
with quietly:
    answer = sensitivity_study(question, space, carrier, trajectories=TRAJECTORIES, blocks=BLOCKS, say=told.append)
display(Markdown("\n\n".join(told)))
tell(answer, ["screening"], ["screening_direct_share_difference", "indices_direct_share_difference"])

# %% [markdown]
# With so few blocks many intervals are too wide and their indices withheld. That is intended: a number that could be
# anything should not be read.

# %% [markdown]
# ## When does which do better?
#
# Worlds are drawn evenly from the space; each is lived in two pairs of runs with luck of their own. A world counts for
# one side only if its interval excludes zero and the difference is large enough to matter.

# %%
with quietly:
    answer = discovery_study(question, space, carrier, worlds=WORLDS, seeds=2)
tell(answer, ["shares"], ["shares"])

# %% [markdown]
# ## What carries the difference?
#
# Three groups of levers: accountability alone (`decision_hub`), information, and everything else. All eight coalitions
# are run on the same pasts, so the shares are exact for each pair and add up to the whole. Single levers are sampled.

# %%
information = ["line_of_sight", "shared_record", "single_front_door", "early_warning"]
others = [
    "pooled_money", "common_objective", "reporting_rationalisation", "tempo", "place_planning", "partner_duty",
    "delegation", "innovation_licence",
]  # fmt: skip
groups = {"accountability": ["decision_hub"], "information": information, "everything else": others}
with quietly:
    answer = attribution_study(question, carrier, seeds=PAIRS, permutations=ORDERS, groups=groups, with_failures=False)
tell(answer, ["groups"], ["groups_direct_share", "levers_direct_share"])

# %% [markdown]
# ## How costly must it be?
#
# One charge of orchestration, the minutes that everybody spends on giving the director a line of sight, is moved over
# its range on the same seeds.

# %%
with quietly:
    answer = break_even_study(question, carrier, seeds=PAIRS, names=["minutes_line_of_sight"])
tell(answer, ["break_even"], ["ends_direct_share"])

# %% [markdown]
# ## What was run

# %%
keys = store.keys()
kept = [store.status(key) for key in keys]
store.close()
display(Markdown(f"{len(kept)} runs in the store, {kept.count(DONE)} of them finished."))
display(Markdown(f"{PURPOSE} {in_words(standing(ensemble()))}"))
