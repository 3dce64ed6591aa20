"""What the notebooks show of finished runs, as tables. ``places`` holds the runs: (label, seed) → locality."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ecology import Locality
from ecology.outcomes import OUTCOMES
from ecology.record import COLUMN
from ecology.vocabulary import Cadre, Purpose, words
from experiments.report.words import table
from experiments.statistics import paired_differences
from experiments.totals import totals

Places = Mapping[tuple[str, int], Locality]

HUNDRED = 100
MINUTES_AN_HOUR = 60
STAFF = {"All front-line staff": tuple(Cadre), "Social workers": (Cadre.SOCIAL_WORKER,)}
WEEK = {
    "flow_births": "Children born",
    "flow_incidents": "Families with an incident",
    "flow_noticed": "Children about whom somebody noticed something",
    "flow_contacts_screened": "Contacts screened at the front door",
    "flow_early_help_asked": "Children for whom early help was asked",
    "flow_early_help_started": "Children whose early help started",
    "flow_assessments_completed": "Assessments completed",
    "flow_section_47_enquiries": "Section 47 enquiries started",
    "flow_protection_plans_started": "Protection plans started",
    "flow_looked_after_started": "Children who started to be looked after",
    "stock_early_help_waiting": "Children waiting for early help, at the end of the week",
    "stock_child_in_need": "Children in need, at the end of the week",
    "stock_protection_plan": "Children on a protection plan, at the end of the week",
    "stock_looked_after": "Looked-after children, at the end of the week",
}


def differences(places: Places, against: str, chosen: Sequence[str]) -> pd.DataFrame:
    """Return the paired differences of every other label against one, in the order of ``chosen`` outcomes."""
    return paired_differences(_outcomes(places, chosen), against, OUTCOMES)


def pairs(places: Places, against: str, chosen: Sequence[str]) -> pd.DataFrame:
    """Return the difference of the other label against one within each pair: a row an outcome, a column a seed."""
    (other,) = {label for label, _ in places} - {against}
    values = _outcomes(places, chosen).pivot(index="outcome", columns=["regime", "seed"], values="value")
    return (values[other] - values[against]).loc[list(chosen)]


def shares(places: Places) -> dict[str, pd.DataFrame]:
    """Return for all staff and for social workers the per cent of paid time by purpose: a row a (regime, seed)."""
    summed = _totals(places)
    found = {}
    for staff, cadres in STAFF.items():
        minutes = pd.DataFrame(
            {
                words(purpose): summed[[f"minutes_{words(c)}_{words(purpose)}" for c in cadres]].sum(axis=1)
                for purpose in Purpose
            }
        )
        found[staff] = minutes.div(minutes.sum(axis=1), axis=0) * HUNDRED
    return found


def asked(places: Places) -> pd.DataFrame:
    """Return the front-line hours a year that each lever, and all checkers together, asked for; no empty columns."""
    hours = _totals(places) / MINUTES_AN_HOUR / next(iter(places.values())).scenario.years
    causes = table("words.toml")["causes"]
    told = {cause: hours[f"asked_minutes_{cause}"] for cause in causes["Levers"]}
    told["all_checkers_together"] = hours[[f"asked_minutes_{cause}" for cause in causes["Checkers"]]].sum(axis=1)
    known = pd.DataFrame(told)
    return known.loc[:, known.max() > 0]


def weekly(places: Places) -> pd.DataFrame:
    """Return the main measures of every week since the switch: regime, seed, week, measure, value."""
    parts = []
    for (label, seed), place in places.items():
        rows = place.weekly()
        parts.append(rows[rows["week"] >= place.scenario.switch_week].assign(regime=label, seed=seed))
    return pd.concat(parts, ignore_index=True)


def one_week(places: Places, seed: int, week: int) -> pd.DataFrame:
    """Return what was counted in one week of one run: a row a count, a column a label."""
    columns = {}
    for (label, run), place in places.items():
        if run == seed:
            row = place.tables["fixtures"].record[week - place.scenario.first_week]
            columns[label] = {told: int(row[COLUMN[name]]) for name, told in WEEK.items()}
    return pd.DataFrame(columns)


def _outcomes(places: Places, chosen: Sequence[str]) -> pd.DataFrame:
    """Return the chosen outcomes with the columns of ``outcomes.csv``, in the order in which they were chosen."""
    parts = []
    for (label, seed), place in places.items():
        rows = place.outcomes().set_index("outcome").loc[list(chosen)].reset_index()
        scenario = place.scenario
        parts.append(rows.assign(authority=scenario.authority, pressure=scenario.pressure, regime=label, seed=seed))
    return pd.concat(parts, ignore_index=True)


def _totals(places: Places) -> pd.DataFrame:
    """Return minutes and pounds summed since the switch: a row a (regime, seed), a column a measure."""
    rows = {key: totals(place).set_index("measure")["value"] for key, place in places.items()}
    summed = pd.DataFrame(rows).T
    summed.index.names = ["regime", "seed"]
    return summed
