"""A trained model: what predicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from calcitype.calibration import Floats
from calcitype.schema import Label


@dataclass(frozen=True)
class Model:
    """A trained multinomial logistic regression.

    Attributes
    ----------
    weights
        Of each feature, shape (4,), in the order of ``Label``: log-odds up to a constant.
    intercepts
        Shape (4,).
    prior
        Shape (4,): the share of each label in the training corpus, for which the probabilities hold.
    conformal_scores
        See :func:`calcitype.calibration.conformal_scores`.
    review_below
        The confidence below which a label needs review.
    version
        The start of the file's SHA-256.
    """

    weights: dict[str, Floats]
    intercepts: Floats
    prior: Floats
    conformal_scores: dict[Label, list[float]]
    review_below: float
    version: str

    def scores(self, counts: Sequence[dict[str, float]]) -> Floats:
        """Shape (n_reports, 4), columns in the order of ``Label``; their softmax are the probabilities."""
        rows = [
            sum((count * self.weights[name] for name, count in found.items() if name in self.weights), self.intercepts)
            for found in counts
        ]
        return np.array(rows).reshape(-1, len(Label))

    def shift(self, prior: Mapping[Label, float]) -> Floats:
        """What to add to the scores of a collection in which labels have other shares, shape (4,).

        By Bayes' rule, where the reports of a label are alike in both (Saerens, Latinne and Decaestecker, Neural Comput
        2002).
        """
        return np.asarray(np.log([prior[label] for label in Label]) - np.log(self.prior))

    def weight(self, name: str, label: Label, rival: Label) -> float:
        """What a feature that counts 1 adds to the log-odds of a label against another."""
        if name not in self.weights:
            return 0.0
        weights, order = self.weights[name], list(Label)
        return float(weights[order.index(label)] - weights[order.index(rival)])
