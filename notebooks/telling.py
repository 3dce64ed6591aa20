"""Sentences of the notebooks that depend on the numbers: whatever the runs say, they must come out right."""

import pandas as pd

from ecology.evidence import GRADES, register
from ecology.lever_tables import levers
from ecology.outcomes import OUTCOMES
from experiments.report.forest import difference
from experiments.report.words import counted, first_upper, listing, spell, word
from experiments.statistics import SIGN_UNCLEAR


def answer(table: pd.DataFrame, scope: str) -> str:
    """Return the answer as ranges: the headline outcomes, how many others stay open, and what intervals are not."""
    headline = [_one(row) for _, row in table.iterrows() if OUTCOMES[row["outcome"]].role != "secondary"]
    unclear = [spell(name) for name in table.loc[table["verdict"] == SIGN_UNCLEAR, "outcome"]]
    have = "has" if len(unclear) == 1 else "have"
    told = "\n".join(headline)
    return (
        f"In this simulation, for {scope}:\n\n{told}\n\n"
        f"Of the {counted(len(table), 'outcome')} shown below, {len(unclear)} {have} no clear sign "
        f"({listing(unclear)}). The intervals hold luck and the parameters that each pair drew. They say nothing about "
        "whether the mechanisms are right, which matters more."
    )


def _one(row: pd.Series) -> str:
    outcome = OUTCOMES[row["outcome"]]
    this, other = word("regimes", row["regime"]), word("regimes", row["against"])
    meaning = outcome.definition[0].lower() + outcome.definition[1:]
    return (
        f"- **{first_upper(spell(outcome.name))}** ({meaning}; {outcome.better} is better): {this.lower()} did better "
        f"in {row['probability_better'] * row['n']:g} of {counted(row['n'], 'paired run')}. Difference, {this.lower()} "
        f"minus {other.lower()}: {difference(row)}. Verdict: *{word('verdicts', row['verdict'])}*."
    )


def losses(table: pd.DataFrame) -> pd.DataFrame:
    """Return the outcomes on which the regime did worse in most pairs, the surest first."""
    rows = table[table["probability_better"] < 1 / 2].sort_values("probability_better", kind="stable")
    return pd.DataFrame(
        {
            "Worse in": [f"{(1 - r['probability_better']) * r['n']:g} of {r['n']} pairs" for _, r in rows.iterrows()],
            "Difference": [difference(row) for _, row in rows.iterrows()],
            "Verdict": list(rows["verdict"]),
        },
        index=[first_upper(spell(name)) for name in rows["outcome"]],
    )


def assumptions() -> str:
    """Return how many numbers of each grade stand behind the simulation, and which levers have no mechanism."""
    known = list(register().values())
    grades = [(grade, sum(parameter.grade == grade for parameter in known)) for grade in GRADES]
    told = [f"{number} {'is' if number == 1 else 'are'} graded *{grade}*" for grade, number in grades]
    governance = sum(parameter.governance for parameter in known)
    idle = [spell(name) for name, lever in levers().items() if not lever.active]
    without = f" Levers without a mechanism in this version, at 0 everywhere: {listing(idle)}." if idle else ""
    return (
        f"Of the {len(known)} numbers behind this simulation, {listing(told)}. {governance} of them describe "
        f"governance.{without}"
    )
