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
# # Where the numbers come from, what was fitted, and what does not fit
#
# > **Purpose: exploration and explanation of stated mechanisms, not prediction. No measured effect of governance on
# > children's outcomes was available; it arises here only through listed mechanisms.**
#
# This notebook is for whoever wants to know how far the simulated status quo of 2010/11 to 2016/17 may be believed
# before two ways of governing are compared on top of it. It reads what the calibration left in the project
# (`experiments/calibration/frozen`); `ecology calibrate` makes that again, and `ecology patterns` scores it, also on
# figures of your own. A comparison that is made without it (`--values central`) says "Illustrative, not calibrated".

# %%
import json

import pandas as pd
import pictures
from IPython.display import Markdown, display

from ecology.evidence import register
from experiments.calibration import freezing, inputs, targets
from experiments.calibration import pictures as drawn
from experiments.calibration.ensemble import PROVENANCE
from experiments.manifest import PURPOSE

pd.set_option("display.max_colwidth", None, "display.width", 240, "display.max_rows", 200)
frozen = freezing.folder()
about = json.loads((frozen / PROVENANCE).read_text(encoding="utf-8"))
card = pd.read_csv(frozen / freezing.SCORECARD)

# %% [markdown]
# ## How much is shown

# %% tags=["parameters"]
SHOWN = 70  # rows of long tables

# %% [markdown]
# ## Where the numbers of the model come from
#
# Every number has a unit, a grade, a range and a source, or the reason why it was assumed.

# %%
known = pd.DataFrame(
    [(p.grade, "governance" if p.governance else "the rest") for p in register().values()], columns=["grade", "part"]
)
display(known.value_counts().unstack(fill_value=0))
display(
    Markdown(
        f"{len(inputs.moved())} assumptions outside governance were fitted; {len(inputs.drawn())} parameters (all of "
        "governance, and K, how strongly needs feed one another) were drawn from their ranges and never fitted; all "
        "others stayed where they were."
    )
)

# %% [markdown]
# ## What they were fitted to
#
# Published figures, with the errors that count as met: of observation, and of a model that leaves things out.

# %%
display(
    pd.DataFrame(
        [
            (
                i.pattern.told,
                i.feature,
                f"{i.years[0]} to {i.years[-1]}",
                round(i.value, 2),
                round(i.spread, 2),
                i.pattern.use,
                i.pattern.why,
            )
            for i in targets.items()
        ],
        columns=["figure", "feature", "years", "published", "counts as met within", "use", "why"],
    ).head(SHOWN)
)

# %% [markdown]
# ## How parameter space was narrowed

# %%
waves = pd.read_csv(frozen / freezing.WAVES)
passes = ", ".join(f"{mean:.2f}" for mean in about["distance"]["of_passes"])
again = sum(about["distance"]["with_new_luck"]) / len(about["distance"]["with_new_luck"])
left = ", ".join(f"{share:.1%}" for share in about["left"])
alt = (
    "For each figure the 90% ranges of the runs of each wave (w1, w2), of the ensemble before (0) and after each pass, "
    "and of the members (m), against what counts as met (grey). "
    f"After each wave {left} of parameter space was not ruled out."
)
pictures.show(
    drawn.waves(waves), f"The first wave meets {about['met_by_first_wave']} fitted figures, members {about['met']}",
    f"{about['runs']} runs in all; the mean distance of the ensemble before and after each pass is {passes} times what "
    f"counts as met, that of the members kept of it, lived again with new luck, {again:.2f}.", alt,
    waves[waves["wave"] == "members"].round(2).head(SHOWN),
)  # fmt: skip

# %% [markdown]
# ## What fits and what does not, misfits first

# %%
off = card.head(5).to_dict("records")
misfits = ", ".join(f"{row['figure']} ({row['feature']}, {row['off']:+.1f})" for row in off)
pictures.show(
    drawn.scores(card),
    f"{about['met']} of {about['fitted']} fitted figures are met: in the members' 90% range, and near their median",
    "Bars: the members' 90% ranges; dots (squares where the figure lies outside): their medians. Pale: not fitted.",
    f"Each figure as a row, the worst first. Furthest off, in units of what counts as met: {misfits}.",
    card.round(2).head(SHOWN),
)

# %% [markdown]
# ## What the figures constrain, and what they do not
#
# The width compares the spread of the members with that of the prior: 1 says that the figures told nothing. What was
# drawn keeps its prior by construction, and carries it into every result; K is among it. A small width need not say
# that figures told something: points are bred from near ones, and though each is led towards the figures with noise of
# its own, members may be narrower than what the figures leave open.

# %%
constrained = pd.read_csv(frozen / freezing.CONSTRAINED)
fitted = constrained[constrained["kind"] == "fitted"]
told = ", ".join(f"{row['parameter']} ({row['width']:.2f})" for row in fitted.head(5).to_dict("records"))
not_told = fitted[fitted["width"] > 0.9]["parameter"].tolist()
pictures.show(
    drawn.constrained(constrained), f"{(2 * fitted['width'] < 1).sum()} of {len(fitted)} kept less than half",
    f"Members' ranges of the {len(fitted)} fitted parameters within their priors.",
    f"Most constrained: {told}. At nine tenths of the prior's width or more, so hardly constrained: {len(not_told)} of "
    f"{len(fitted)}.", fitted.round(3).head(SHOWN),
)  # fmt: skip

# %%
display(Markdown(PURPOSE))
