"""How good labels, probabilities and prediction sets are, with 95 % confidence intervals.

Those of shares are Wilson's (J Am Stat Assoc 1927), which hold near 0 and 1 too; those of F1 are by bootstrap over
reports.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix

from calcitype.calibration import Floats, Indices
from calcitype.schema import Label

LABELS = tuple(Label)
BINS = 10
COVERAGES = (0.8, 0.9)
_RESAMPLES = 1000
_INTERVAL = (2.5, 97.5)

# A figure and its interval.
Measured = tuple[float | None, list[float] | None]


def report_metrics(gold: Sequence[str], predicted: Sequence[str], probability: Floats) -> dict[str, Any]:
    """What is right, and what the probabilities are worth.

    Parameters
    ----------
    gold
        The true label of each report.
    predicted
        The label given to it.
    probability
        Shape (n_reports, 4), columns in the order of ``Label``.

    Returns
    -------
    dict
        ``reports``; ``accuracy``, ``macro_f1`` and their ``intervals``; ``labels`` with precision, recall, F1, their
        intervals and the number of reports of each, ``None`` where nothing has the label or is given it; ``confusion``,
        rows by true label; ``brier``, ``log_loss``, ``calibration_error`` and ``accuracy_at_coverage`` of the surest 80
        and 90 %. Macro-F1 is of the labels that are true or given.

    Raises
    ------
    ValueError
        If there are no reports.
    """
    if not len(gold):
        raise ValueError("there are no reports to measure")
    truth, given = _columns(gold), _columns(predicted)
    confusion = confusion_matrix(truth, given, labels=range(len(LABELS)))
    # Reports drawn anew are as many draws from the cells of the confusion matrix.
    resampled = np.random.default_rng(0).multinomial(len(truth), confusion.ravel() / len(truth), size=_RESAMPLES)
    f1, spread = _f1(confusion), _f1(resampled.reshape(_RESAMPLES, *confusion.shape))
    confidence, right = probability[np.arange(len(given)), given], truth == given
    likely = np.maximum(probability[np.arange(len(truth)), truth], np.finfo(float).tiny)
    return {
        "reports": len(truth),
        **_with_intervals(
            accuracy=_share(confusion.trace(), len(truth)),
            macro_f1=(float(np.nanmean(f1)), _interval(np.nanmean(spread, axis=1))),
        ),
        "labels": {
            label.value: {
                **_with_intervals(
                    precision=_share(confusion[i, i], confusion[:, i].sum()),
                    recall=_share(confusion[i, i], confusion[i].sum()),
                    f1=(None, None) if np.isnan(f1[i]) else (float(f1[i]), _interval(spread[:, i])),
                ),
                "reports": int(confusion[i].sum()),
            }
            for i, label in enumerate(LABELS)
        },
        "confusion": confusion.tolist(),
        "brier": float(((probability - np.eye(len(LABELS))[truth]) ** 2).sum(axis=1).mean()),
        "log_loss": float(-np.log(likely).mean()),
        "calibration_error": calibration_error(confidence, right),
        "accuracy_at_coverage": {f"{share:.0%}": accuracy_at(share, confidence, right) for share in COVERAGES},
    }


def result_metrics(
    gold: Sequence[str],
    probability: Floats,
    sets: Sequence[Sequence[str]],
    review: npt.NDArray[np.bool_],
    by_mentions: Sequence[str],
) -> dict[str, Any]:
    """What :func:`report_metrics` and :func:`set_metrics` measure, of prediction sets that begin with the label given.

    Parameters
    ----------
    gold, probability
        See :func:`report_metrics`.
    sets
        The prediction set of each report, the label given to it first.
    review
        Whether the report is for review, shape (n_reports,).
    by_mentions
        The label that the guideline's rule gives the mentions of each.

    Returns
    -------
    dict
        :func:`report_metrics`; ``sets``, of :func:`set_metrics`; ``review``, with the ``share`` of reports for review
        and how often the labels of the others are right, ``accuracy_of_others`` (``None`` where all are for review);
        and ``differs_from_mentions``, how often the label given is not that of the mentions.
    """
    given = [labels[0] for labels in sets]
    others = (np.array(given) == np.array(gold))[~review]
    return {
        **report_metrics(gold, given, probability),
        "sets": set_metrics(gold, sets),
        "review": {
            "share": float(review.mean()),
            "accuracy_of_others": float(others.mean()) if len(others) else None,
        },
        "differs_from_mentions": float(np.mean(np.array(given) != np.array(by_mentions))),
    }


def set_metrics(gold: Sequence[str], sets: Sequence[Collection[str]]) -> dict[str, Any]:
    """Coverage of each label, i.e. in how many of its reports it is in the prediction set, and the sets' mean size."""
    covered = np.array([label in found for label, found in zip(gold, sets, strict=True)])
    truth = _columns(gold)
    return {
        "coverage": {
            label.value: float(covered[truth == i].mean()) for i, label in enumerate(LABELS) if (truth == i).any()
        },
        "mean_size": float(np.mean([len(found) for found in sets])),
    }


def bins_of(confidence: Floats) -> Indices:
    """Which of ten equal bins each probability falls into."""
    return np.asarray(np.minimum((confidence * BINS).astype(int), BINS - 1))


def calibration_error(confidence: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error of the given label's probability, in ten equal bins (Guo et al., ICML 2017)."""
    bins = bins_of(confidence)
    gaps = [abs(confidence[bins == b].sum() - right[bins == b].sum()) for b in range(BINS)]
    return float(sum(gaps) / len(right))


def accuracy_at(share: float, confidence: Floats, right: npt.NDArray[np.bool_]) -> float:
    """How often the labels of the surest share of reports are right."""
    surest = np.argsort(-confidence, kind="stable")[: max(1, round(share * len(right)))]
    return float(right[surest].mean())


def _columns(labels: Sequence[str]) -> Indices:
    return np.array([LABELS.index(Label(label)) for label in labels])


def _f1(confusion: Indices) -> Floats:
    """F1 of each label by confusion matrices, shape (..., 4, 4); not a number where nothing has it or is given it."""
    right = confusion.diagonal(axis1=-2, axis2=-1)
    whole = confusion.sum(axis=-2) + confusion.sum(axis=-1)
    return np.asarray(np.divide(2.0 * right, whole, out=np.full(whole.shape, np.nan), where=whole > 0))


def _share(part: int, whole: int) -> Measured:
    """A share and its interval; ``None`` of nothing."""
    if not whole:
        return None, None
    low, high = binomtest(int(part), int(whole)).proportion_ci(method="wilson")
    return float(part / whole), [float(low), float(high)]


def _interval(values: Floats) -> list[float]:
    return [float(bound) for bound in np.nanpercentile(values, _INTERVAL)]


def _with_intervals(**measured: Measured) -> dict[str, Any]:
    figures = {name: figure for name, (figure, _) in measured.items()}
    return {**figures, "intervals": {name: interval for name, (_, interval) in measured.items()}}
