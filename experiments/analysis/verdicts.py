"""In which worlds which regime does better, when each world was lived only a few times.

Two pairs of runs say little about the luck of one world, but all worlds together say how luck's spread varies from
world to world. Each world's variance is therefore moderated: drawn towards the common one as far as the data warrant
(Smyth 2004, empirical Bayes, with its t interval). With it, worlds without any difference are classed wrongly about as
often as the level says; pooling one variance for all would be wrong where luck differs.
"""

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import digamma, polygamma, stdtrit

from ecology.errors import BadInput
from experiments.analysis.settings import setting
from experiments.statistics import BETTER, WORSE, verdict

UNCLEAR = "unclear"


def classes_of(regimes: tuple[str, str]) -> tuple[str, str, str]:
    """Return the three classes of a world: the first regime better, unclear, the second better."""
    return f"{regimes[0]} better", UNCLEAR, f"{regimes[1]} better"


def classify(
    differences: np.ndarray, better: str, smallest_difference: float, regimes: tuple[str, str]
) -> pd.DataFrame:
    """Return mean, low, high, verdict and class of each world, from paired differences (worlds, seeds).

    A difference is the second regime minus the first; ``better`` says whether lower or higher is better. Verdicts are
    those of comparisons; one that is too small to matter counts as unclear here.
    Raises BadInput for fewer than two seeds.
    """
    n = differences.shape[1]
    if not n > 1:
        raise BadInput(f"{n} pair in each world: at least 2 are needed to tell a difference from luck.")
    variance, freedom = moderated(differences.var(axis=1, ddof=1), n - 1)
    half = stdtrit(freedom, (1 + setting("all", "level")) / 2) * np.sqrt(variance / n)
    mean = differences.mean(axis=1)
    table = pd.DataFrame({"mean": mean, "low": mean - half, "high": mean + half})
    table["verdict"] = [
        verdict((low, high), better, smallest_difference) for low, high in zip(table["low"], table["high"], strict=True)
    ]
    first, unclear, second = classes_of(regimes)
    table["class"] = table["verdict"].map({BETTER: second, WORSE: first}).fillna(unclear)
    return table


def moderated(variances: np.ndarray, freedom: int) -> tuple[np.ndarray, float]:
    """Return each variance drawn towards the common one, and the degrees of freedom that it then has."""
    known = variances[variances > 0]
    if len(known) < 2:  # no luck anywhere, or only one world: nothing to borrow
        return variances, float(freedom)
    logs = np.log(known) - digamma(freedom / 2) + np.log(freedom / 2)
    excess = float(logs.var(ddof=1) - polygamma(1, freedom / 2))
    at_most = float(freedom * len(known))
    if excess <= 0:  # luck is the same everywhere, as far as can be seen
        return np.full_like(variances, np.exp(logs.mean())), at_most
    prior = 2 * _inverse_trigamma(excess)
    common = np.exp(logs.mean() + digamma(prior / 2) - np.log(prior / 2))
    return (prior * common + freedom * variances) / (prior + freedom), min(prior + freedom, at_most)


def shares(classes: pd.Series, regimes: tuple[str, str]) -> pd.DataFrame:
    """Return for each class how many worlds it has, its share and the Wilson interval of the share."""
    n = len(classes)
    z = float(-stdtrit(np.inf, (1 - setting("all", "level")) / 2))
    rows = []
    for name in classes_of(regimes):
        number = int((classes == name).sum())
        share = number / n
        centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (2 * n) ** 2)
        rows.append((name, number, share, max(centre - half, 0.0), min(centre + half, 1.0), n))
    return pd.DataFrame(rows, columns=["class", "worlds", "share", "low", "high", "n"])


def _inverse_trigamma(y: float) -> float:
    """Return x with trigamma(x) = y: between 1/y and 1/y + 1/sqrt(y), because 1/x < trigamma(x) < 1/x + 1/x²."""
    return float(brentq(lambda x: polygamma(1, x) - y, 1 / y, 1 / y + 1 / np.sqrt(y)))
