"""Every hand-written report as labelled by a classifier that was neither trained nor calibrated on its file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from calcitype.calibration import ERROR_RATE, decide
from calcitype.classifier import label_columns
from calcitype.features import Floats, label_by_mentions
from calcitype.schema import Label
from corpus import Corpus, Examples, Rows


@dataclass(frozen=True)
class Predictions:
    """What was said of each report; rows as the corpus it was made from.

    Attributes
    ----------
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

    probability: Floats
    conformal: list[list[Label]]
    sets: list[tuple[Label, ...]]
    review: npt.NDArray[np.bool_]
    by_mentions: list[Label]

    @property
    def predicted(self) -> list[Label]:
        """The label given to each report."""
        return [labels[0] for labels in self.sets]

    def part(self, rows: Rows) -> Predictions:
        """Of some of the reports."""
        lists = ([values[i] for i in rows] for values in (self.conformal, self.sets))
        return Predictions(self.probability[rows], *lists, self.review[rows], [self.by_mentions[i] for i in rows])


def predict(corpus: Corpus) -> tuple[Corpus, Predictions]:
    """The hand-written reports of a corpus, and what was said of each: leave-one-file-out."""
    examples, files = Examples(corpus), np.array(corpus.files)
    rows = np.flatnonzero(np.isin(files, corpus.hand_written))
    probability, kept = np.empty((2, len(files), len(Label)))
    below = np.empty(len(files))
    for file in corpus.hand_written:
        classifier, test = examples.fit(without=file), np.flatnonzero(files == file)
        columns = label_columns(classifier.classes_)
        counts = classifier[0].transform([corpus.counts[i] for i in test])
        probability[test] = classifier[1].predict_proba(counts)[:, columns]
        kept[test] = classifier[1].predict_set(counts, ERROR_RATE)[:, columns]
        below[test] = classifier[1].review_below_
    conformal = [[label for label, is_kept in zip(Label, kept[i], strict=True) if is_kept] for i in rows]
    by_mentions = [label_by_mentions(corpus.mentions[i]) for i in rows]
    decided = [
        decide(dict(zip(Label, probability[i], strict=True)), labels, rule, below[i])
        for i, labels, rule in zip(rows, conformal, by_mentions, strict=True)
    ]
    sets, review = zip(*decided, strict=True)
    return corpus.part(rows), Predictions(probability[rows], conformal, list(sets), np.array(review), by_mentions)
