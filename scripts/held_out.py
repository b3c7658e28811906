"""Every hand-written report as labelled by a classifier that was neither trained nor calibrated on its file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from calcitype.core import ERROR_RATE
from calcitype.features import Floats, label_by_mentions
from calcitype.schema import Label
from corpus import LABELS, Corpus, Examples, Rows

# The column of each label in the classifier's probabilities.
ORDER = [LABELS.index(label.value) for label in Label]


@dataclass(frozen=True)
class Predictions:
    """What was said of each report; rows as the corpus it was made from.

    Attributes
    ----------
    probability
        Shape (n_reports, 4), columns in the order of ``Label``.
    conformal
        The labels that conformal prediction leaves, shape (n_reports, 4).
    review
        Whether the report is for review, shape (n_reports,).
    by_mentions
        The label that the guideline's rule gives the mentions.
    """

    probability: Floats
    conformal: npt.NDArray[np.bool_]
    review: npt.NDArray[np.bool_]
    by_mentions: list[str]

    @property
    def predicted(self) -> list[str]:
        """The label given to each report."""
        labels = [label.value for label in Label]
        return [labels[i] for i in self.probability.argmax(axis=1)]

    def sets(self) -> list[set[str]]:
        """The prediction sets as results show them: with the label, and the one that the mentions say."""
        return [
            {*found, label, rule}
            for found, label, rule in zip(self.conformal_sets(), self.predicted, self.by_mentions, strict=True)
        ]

    def conformal_sets(self) -> list[set[str]]:
        """The prediction sets without these two; they may be empty."""
        return [{label.value for label, kept in zip(Label, row, strict=True) if kept} for row in self.conformal]

    def part(self, rows: Rows) -> Predictions:
        """Of some of the reports."""
        by_mentions = [self.by_mentions[i] for i in rows]
        return Predictions(self.probability[rows], self.conformal[rows], self.review[rows], by_mentions)


def predict(corpus: Corpus) -> tuple[Corpus, Predictions]:
    """The hand-written reports of a corpus, and what was said of each: leave-one-file-out."""
    n = len(corpus.reports)
    probability, conformal, below = np.empty((n, len(ORDER))), np.zeros((n, len(ORDER)), dtype=bool), np.empty(n)
    examples, files = Examples(corpus), np.array(corpus.files)
    for file in corpus.hand_written:
        classifier, own = examples.fit(without=file), np.flatnonzero(files == file)
        counts = classifier[0].transform([corpus.counts[i] for i in own])
        probability[own] = classifier[1].predict_proba(counts)[:, ORDER]
        conformal[own] = classifier[1].predict_set(counts, ERROR_RATE)[:, ORDER]
        below[own] = classifier[1].review_below_
    by_mentions = [label_by_mentions(mentions).value for mentions in corpus.mentions]
    whole = Predictions(probability, conformal, np.zeros(n, dtype=bool), by_mentions)
    many = np.array([len(found) > 1 for found in whole.sets()])
    review = many | (probability.max(axis=1) < below)
    rows = np.flatnonzero(np.isin(files, corpus.hand_written))
    return corpus.part(rows), Predictions(probability, conformal, review, by_mentions).part(rows)
