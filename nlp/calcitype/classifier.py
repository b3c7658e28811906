"""The report classifier as scikit-learn sees it: texts in, labels and probabilities out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.validation import check_is_fitted

from calcitype.features import Floats, consistent, counts_of, features_of
from calcitype.pipeline import mentions_of, read


def make_estimator(C: float = 1.0) -> Pipeline:  # noqa: N803 (scikit-learn's name)
    """The part that learns, from feature counts to probabilities; a model file stores what it has learnt."""
    return make_pipeline(DictVectorizer(), LogisticRegression(C=C, max_iter=1000))


class ReportFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turns report texts into feature counts, for use before a ``DictVectorizer`` in a scikit-learn ``Pipeline``."""

    def fit(self, texts: Sequence[str], y: object = None) -> Self:  # noqa: ARG002 (scikit-learn's signature)
        """Learn nothing."""
        return self

    def transform(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """One dict of feature counts a text, in order."""
        if isinstance(texts, str):
            raise TypeError("a sequence of reports is expected, not one str")
        return [counts_of(features_of(doc, mentions_of(doc))) for doc in read(texts)]


class ReportClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Labels report texts: multinomial logistic regression on the features that the pipeline finds.

    Parameters
    ----------
    C
        Inverse strength of the L2 penalty.

    Attributes
    ----------
    classes_ : ndarray of str, shape (n_classes,)
    model_ : Pipeline
        ``DictVectorizer`` and ``LogisticRegression``, the part that is stored.

    Examples
    --------
    >>> texts = ["No calcification.", "Bilateral pelvic phleboliths."]
    >>> classifier = ReportClassifier().fit(texts, ["no_calcification", "dystrophic"])
    >>> str(classifier.predict(["Calcified granuloma in the right upper lobe."])[0])
    'dystrophic'
    """

    def __init__(self, C: float = 1.0) -> None:  # noqa: N803 (scikit-learn's name)
        self.C = C

    def fit(self, texts: Sequence[str], y: Sequence[str]) -> Self:
        """Learn from report texts and their labels."""
        self.model_ = make_estimator(self.C)
        self.model_.fit(ReportFeatures().transform(texts), np.asarray([str(label) for label in y]))
        self.classes_ = self.model_.classes_
        return self

    def predict_proba(self, texts: Sequence[str]) -> Floats:
        """Probabilities, shape (n_texts, n_classes), columns in the order of ``classes_``."""
        check_is_fitted(self, "model_")
        counts = ReportFeatures().transform(texts)
        return consistent(self.model_.predict_proba(counts), counts, self.classes_)

    def predict(self, texts: Sequence[str]) -> npt.NDArray[np.str_]:
        """The most probable label of each text, shape (n_texts,)."""
        return np.asarray(self.classes_[self.predict_proba(texts).argmax(axis=1)])


def conformal_thresholds(
    probabilities: Floats, y: Sequence[str], classes: Sequence[str], error_rate: float
) -> dict[str, float]:
    """The least probability at which a label stays in the prediction set, for each label.

    Class-conditional split conformal prediction with the score ``1 - p`` (Vovk, Gammerman and Shafer, 2005; Sadinle,
    Lei and Wasserman, 2019).

    Parameters
    ----------
    probabilities
        Of reports that the model was not trained on, shape (n_reports, n_classes).
    y
        Their labels.
    classes
        The labels in the order of the columns.
    error_rate
        How often a report's true label may be missing from its set, for each label; 0 < error_rate < 1.
    """
    labels = np.asarray([str(label) for label in y])
    thresholds = {}
    for column, label in enumerate(classes):
        own = np.sort(probabilities[labels == label, column])
        rank = int(np.floor((len(own) + 1) * error_rate))
        thresholds[str(label)] = float(own[rank - 1]) if rank >= 1 else 0.0
    return thresholds
