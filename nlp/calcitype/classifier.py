"""The report classifier as scikit-learn sees it: texts in, labels and calibrated probabilities out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from calcitype.calibration import (
    ERROR_RATE,
    Floats,
    Indices,
    conformal_scores,
    least_probability,
    review_threshold,
    softmax,
    temperature,
)
from calcitype.features import counts_of, found_in

Folds = int | Sequence[tuple[Indices, Indices]]
_ITERATIONS = 1000


class ReportFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turns report texts into feature counts, for use before a ``DictVectorizer`` in a scikit-learn ``Pipeline``."""

    def fit(self, texts: Sequence[str], y: object = None) -> Self:  # noqa: ARG002 (scikit-learn's signature)
        """Learn nothing."""
        return self

    def transform(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """One dict of feature counts a text, in order."""
        if isinstance(texts, str):
            raise TypeError("a sequence of reports is expected, not one str")
        return [counts_of(features) for _, features in found_in(texts)]

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.string = False, True
        return tags


class CalibratedLogisticRegression(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Multinomial logistic regression whose probabilities and prediction sets are of rows that it was not trained on.

    The rows are split into folds; the scores of each fold come from a model of the others. From these the temperature
    is learnt (Guo et al., ICML 2017), the class-conditional conformal sets (Vovk, Gammerman and Shafer, 2005) and the
    confidence below which a label needs review. The model is then trained on all rows.

    Parameters
    ----------
    C
        Inverse strength of the L2 penalty.
    folds
        How many folds, at most as many as the rarest class has rows; or pairs of row numbers to train on and to
        calibrate with, which need not hold every row: groups that must not be split, say. Rows that weigh nothing
        calibrate nothing.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
    coef_ : ndarray, shape (n_classes, n_features)
        Log-odds up to a constant, temperature included.
    intercept_ : ndarray, shape (n_classes,)
    prior_ : ndarray, shape (n_classes,)
        The classes' share of the weight of all rows.
    temperature_ : float
    conformal_scores_ : dict of list of float
        See :func:`calcitype.calibration.conformal_scores`.
    review_below_ : float
        The confidence from which on 99 % of the calibration rows were right, infinite where there is none.
    n_features_in_ : int
    """

    def __init__(self, C: float = 1.0, folds: Folds = 5) -> None:  # noqa: N803 (scikit-learn's name)
        self.C = C
        self.folds = folds

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803 (scikit-learn's name)
        """Learn from rows of feature counts, shape (n_rows, n_features), sparse or not, and their classes.

        Weights of rows are for the regression; rows that weigh anything all count alike in what calibrates it.
        """
        X, y = validate_data(self, X, y, accept_sparse="csr")  # noqa: N806
        check_classification_targets(y)
        weight = _check_sample_weight(sample_weight, X, ensure_non_negative=True)
        self.classes_, truth = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"at least two classes are needed, not only one class {self.classes_[0]!r}")
        self.prior_ = np.bincount(truth, weights=weight) / weight.sum()
        scores, rows = self._held_out(X, truth, weight)
        self.temperature_ = temperature(scores, truth[rows]) if len(rows) else 1.0
        probabilities = softmax(scores / self.temperature_)
        names = [str(name) for name in self.classes_]
        self.conformal_scores_ = conformal_scores(probabilities, np.asarray(names)[truth[rows]], names)
        right = probabilities.argmax(axis=1) == truth[rows]
        self.review_below_ = review_threshold(probabilities.max(axis=1), right) if len(rows) else np.inf
        coefficients, intercepts = self._learn(X, truth, weight)
        self.coef_, self.intercept_ = coefficients / self.temperature_, intercepts / self.temperature_
        return self

    def predict_proba(self, X: Any) -> Floats:  # noqa: N803
        """Probabilities, shape (n_rows, n_classes), columns in the order of ``classes_``."""
        return softmax(self._scores(X))

    def predict(self, X: Any) -> npt.NDArray[Any]:  # noqa: N803
        """The most probable class of each row, shape (n_rows,)."""
        best = self._scores(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def predict_set(self, X: Any, error_rate: float = ERROR_RATE) -> npt.NDArray[np.bool_]:  # noqa: N803
        """Which classes cannot be ruled out at an error rate in (0, 1), shape (n_rows, n_classes); maybe none."""
        probabilities = self.predict_proba(X)
        least = [least_probability(self.conformal_scores_[str(name)], error_rate) for name in self.classes_]
        return np.asarray(probabilities >= least)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def _scores(self, X: Any) -> Floats:  # noqa: N803
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", reset=False)  # noqa: N806
        return np.asarray(X @ self.coef_.T + self.intercept_)

    def _learn(self, X: Any, truth: Indices, weight: Floats) -> tuple[Floats, Floats]:  # noqa: N803
        """Coefficients and intercepts of every class."""
        if len(np.unique(truth)) < len(self.classes_):
            raise ValueError("a fold to train on holds no row of a class")
        regression = LogisticRegression(C=self.C, max_iter=_ITERATIONS).fit(X, truth, sample_weight=weight)
        coefficients, intercepts = regression.coef_, regression.intercept_
        if len(regression.classes_) == 2:
            coefficients, intercepts = np.vstack([-coefficients, coefficients]) / 2, np.r_[-intercepts, intercepts] / 2
        return coefficients, intercepts

    def _held_out(
        self, X: Any, truth: Indices, weight: Floats  # noqa: N803
    ) -> tuple[Floats, Indices]:  # fmt: skip
        """The scores of rows by models that were not trained on them, and which rows."""
        folds = self.folds
        if not isinstance(folds, Sequence):
            if folds < 2:
                raise ValueError(f"folds must be at least 2, not {folds}")
            n = min(int(folds), *Counter(truth.tolist()).values())
            folds = list(StratifiedKFold(n, shuffle=True, random_state=0).split(X, truth)) if n > 1 else []
        scores, rows = [np.empty((0, len(self.classes_)))], [np.empty(0, dtype=np.intp)]
        for train, test in folds:
            weighing = np.asarray(test)[weight[test] > 0]
            coefficients, intercepts = self._learn(X[train], truth[train], weight[train])
            scores.append(np.asarray(X[weighing] @ coefficients.T + intercepts))
            rows.append(weighing)
        return np.vstack(scores), np.concatenate(rows)


def make_classifier(C: float = 1.0, folds: Folds = 5) -> Pipeline:  # noqa: N803 (scikit-learn's name)
    """The report classifier, untrained: texts in, labels and calibrated probabilities out.

    Parameters
    ----------
    C, folds
        See :class:`CalibratedLogisticRegression`.

    Returns
    -------
    sklearn.pipeline.Pipeline
        ``ReportFeatures``, ``DictVectorizer`` and ``CalibratedLogisticRegression``; the last two take feature counts.

    Examples
    --------
    >>> texts = ["No calcification.", "Bilateral pelvic phleboliths."] * 2
    >>> classifier = make_classifier().fit(texts, ["no_calcification", "dystrophic"] * 2)
    >>> str(classifier.predict(["Calcified granuloma in the right upper lobe."])[0])
    'dystrophic'
    """
    return make_pipeline(ReportFeatures(), DictVectorizer(), CalibratedLogisticRegression(C, folds))
