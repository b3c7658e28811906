"""What moved a report's label: the model's own sum, told by the words that contributed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from calcitype.features import Feature, damped
from calcitype.model import Model
from calcitype.results import Evidence
from calcitype.schema import Label

_MOST = 5
OTHERS = "everything else that was found"
START = "start: a report in which nothing was found"


def evidence_of(
    model: Model, features: Iterable[Feature], label: Label, rival: Label, starting: float
) -> tuple[Evidence, ...]:
    """What speaks for a label and what for another, in log-odds; all of it adds up to the log-odds of the two.

    A feature that is there n times counts less than n times as much; each of the n is given the same part of it.

    Parameters
    ----------
    model
        Whose weights.
    features
        Of the report.
    label, rival
        The label and the one it is weighed against.
    starting
        The log-odds of an empty list of features.

    Returns
    -------
    tuple of Evidence
        The strongest five, then the sum of the others if there are any, and the starting point.
    """
    features = list(features)
    times = Counter(feature.name for feature in features)
    share = {name: model.weight(name, label, rival) * damped(n) / n for name, n in times.items()}
    weights: dict[str, float] = defaultdict(float)
    words: dict[str, dict[tuple[int, int], str]] = {}
    for feature in features:
        weights[feature.about] += share[feature.name]
        words.setdefault(feature.about, {})[feature.start, feature.end] = feature.section
    strongest = sorted(weights, key=lambda about: -abs(weights[about]))

    def item(description: str, weight: float, start: int | None = None, end: int | None = None) -> Evidence:
        return Evidence(description, label if weight >= 0 else rival, abs(weight), start, end)

    told = [item(_told(about, words[about]), weights[about], *next(iter(words[about]))) for about in strongest[:_MOST]]
    if rest := strongest[_MOST:]:
        told.append(item(OTHERS, sum(weights[about] for about in rest)))
    return (*told, item(START, starting))


def _told(about: str, words: dict[tuple[int, int], str]) -> str:
    """What the words are, how often, and where: "granuloma (dystrophic) present 2 times in FINDINGS"."""
    times = f" {len(words)} times" if len(words) > 1 else ""
    return f"{about}{times} in {', '.join(dict.fromkeys(section.upper() for section in words.values()))}"
