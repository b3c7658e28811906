"""How good labels, probabilities and prediction sets are, with 95 % confidence intervals (bootstrap over reports)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import confusion_matrix

from calcitype.features import Floats
from calcitype.schema import Label

LABELS = tuple(Label)
BINS = 10
COVERAGES = (0.8, 0.9)
_RESAMPLES = 1000
_INTERVAL = (2.5, 97.5)

Indices = npt.NDArray[np.intp]


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
        intervals and the number of reports of each; ``confusion``, rows by true label; ``brier``, ``log_loss``,
        ``calibration_error`` and ``accuracy_at_coverage`` of the surest 80 and 90 %.

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
    rates, spread = _rates(confusion), _rates(resampled.reshape(_RESAMPLES, *confusion.shape))
    confidence, right = probability[np.arange(len(given)), given], truth == given
    likely = np.maximum(probability[np.arange(len(truth)), truth], np.finfo(float).tiny)
    return {
        "reports": len(truth),
        **{name: float(rates[name]) for name in ("accuracy", "macro_f1")},
        "intervals": {name: _interval(spread[name]) for name in ("accuracy", "macro_f1")},
        "labels": {
            label.value: {
                **{name: float(rates[name][i]) for name in ("precision", "recall", "f1")},
                "intervals": {name: _interval(spread[name][:, i]) for name in ("precision", "recall", "f1")},
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


def _rates(confusion: npt.NDArray[np.intp]) -> dict[str, Floats]:
    """Rates of confusion matrices, shape (..., 4, 4), as in scikit-learn.

    What has no denominator is 0, and macro-F1 is of the labels that are true or given.
    """
    right = confusion.diagonal(axis1=-2, axis2=-1).astype(float)
    given, true = confusion.sum(axis=-2), confusion.sum(axis=-1)

    def share(part: Floats, whole: Floats) -> Floats:
        return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)

    f1, there = share(2 * right, given + true), given + true > 0
    return {
        "precision": share(right, given), "recall": share(right, true), "f1": f1,
        "macro_f1": f1.sum(axis=-1) / there.sum(axis=-1), "accuracy": right.sum(axis=-1) / confusion.sum(axis=(-2, -1)),
    }  # fmt: skip


def _interval(values: Floats) -> list[float]:
    return [float(bound) for bound in np.percentile(values, _INTERVAL)]
