"""What classifiers say of reports that they were neither trained nor calibrated on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import Pipeline

from calcitype.calibration import ERROR_RATE, Floats, Indices, decide
from calcitype.metrics import result_metrics, set_metrics
from calcitype.schema import Label, label_columns


@dataclass(frozen=True)
class Predictions:
    """What was said of reports whose labels are known.

    Attributes
    ----------
    labels
        The true label of each report.
    probability
        Shape (n_reports, 4), columns in the order of ``Label``.
    conformal
        The labels that conformal prediction leaves, if any.
    sets
        The prediction sets, as results show them.
    review
        Whether the report is for review, shape (n_reports,).
    by_mentions
        The label that the guideline's rule gives the mentions.
    """

    labels: list[str]
    probability: Floats
    conformal: list[list[Label]]
    sets: list[tuple[Label, ...]]
    review: npt.NDArray[np.bool_]
    by_mentions: list[Label]

    @property
    def predicted(self) -> list[Label]:
        """The label given to each report."""
        return [labels[0] for labels in self.sets]

    def part(self, rows: Indices) -> Predictions:
        """Of some of the reports."""
        return Predictions(
            [self.labels[i] for i in rows],
            self.probability[rows],
            [self.conformal[i] for i in rows],
            [self.sets[i] for i in rows],
            self.review[rows],
            [self.by_mentions[i] for i in rows],
        )

    def metrics(self) -> dict[str, Any]:
        """:func:`calcitype.metrics.result_metrics`, and ``conformal``, what conformal prediction covers alone."""
        measured = result_metrics(self.labels, self.probability, self.sets, self.review, self.by_mentions)
        return {**measured, "conformal": set_metrics(self.labels, self.conformal)}


def predict_held_out(
    fits: Iterable[tuple[Pipeline, Indices]],
    counts: Sequence[dict[str, float]],
    by_mentions: Sequence[Label],
    labels: Sequence[str],
) -> Predictions:
    """What is said of each report by the classifier that is given with its row.

    Parameters
    ----------
    fits
        Classifiers of feature counts, as from ``make_classifier()[1:]``, each with the rows that it was fitted without.
        Every row is in one of them.
    counts
        Feature counts of every report.
    by_mentions
        The label that the guideline's rule gives the mentions of each.
    labels
        The true label of each.
    """
    probability, kept = np.zeros((2, len(counts), len(Label)))
    below = np.zeros(len(counts))
    for classifier, rows in fits:
        columns, regression = label_columns(classifier.classes_), classifier[-1]
        features = classifier[:-1].transform([counts[i] for i in rows])
        probability[rows] = regression.predict_proba(features)[:, columns]
        kept[rows] = regression.predict_set(features, ERROR_RATE)[:, columns]
        below[rows] = regression.review_below_
    conformal = [[label for label, is_kept in zip(Label, row, strict=True) if is_kept] for row in kept]
    decided = [
        decide(dict(zip(Label, likely.tolist(), strict=True)), left, rule, least)
        for likely, left, rule, least in zip(probability, conformal, by_mentions, below, strict=True)
    ]
    sets = [in_set for in_set, _ in decided]
    review = np.array([bool(reasons) for _, reasons in decided])
    return Predictions(list(labels), probability, conformal, sets, review, list(by_mentions))
