"""The report classifier: features of the mentions and of the words -> scikit-learn pipeline -> probabilities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.validation import check_is_fitted
from spacy.tokens import Doc

from calcitype.components.causes import EVIDENCE_KEY
from calcitype.pipeline import mentions_of, read
from calcitype.schema import Assertion, Label, Mechanism, Mention

Floats = npt.NDArray[np.float64]


# The features of a mention that is asserted present, and what is left of "no calcification" beside one.
_PRESENT = tuple(f"mechanism: {mechanism}, {Assertion.PRESENT}" for mechanism in Mechanism)
_NEARLY_NONE = 0.05
# How often a feature is counted: past this, more of the same says nothing new.
_MOST_COUNTED = 4


class Feature(NamedTuple):
    """A feature of a report, and the half-open character offsets of its words (``None`` where it is the report's)."""

    name: str
    start: int | None = None
    end: int | None = None


def label_of(mechanisms: Iterable[Mechanism]) -> Label:
    """The label that the guideline's section 1 gives a report, by the mechanisms of its mentions that count."""
    found = set(mechanisms)
    if not found:
        return Label.NO_CALCIFICATION
    if Mechanism.METASTATIC in found:
        return Label.METASTATIC_SUGGESTIVE
    return Label.DYSTROPHIC if Mechanism.DYSTROPHIC in found else Label.INDETERMINATE


def features_of(doc: Doc, mentions: Sequence[Mention]) -> list[Feature]:
    """The features of a report that the pipeline has read.

    Parameters
    ----------
    doc
        From the pipeline.
    mentions
        Those of ``doc``.

    Returns
    -------
    list of Feature
        What the guideline's rule says, then each mention's mechanism, cause, site and assertion, then systemic disease
        and laboratory figures.
    """
    features = [Feature(f"guideline: {label_of(m.mechanism for m in mentions if m.counts)}")]
    for m in mentions:
        at = m.start, m.end
        features.append(Feature(f"mention: {m.assertion}", *at))
        if m.counts:
            features.append(Feature(f"mechanism: {m.mechanism}, {m.assertion}", *at))
            features.append(Feature(f"cause: {m.cause or 'none'}", *at))
            if m.mechanism is Mechanism.UNSPECIFIED:
                features.append(Feature(f"unexplained at: {m.site}", *at))
    if any(m.counts for m in mentions):
        systemic = doc.spans.get(EVIDENCE_KEY, ())
        features += [Feature(f"systemic disease: {s.label_}", s.start_char, s.end_char) for s in systemic]
    return features


def counts_of(features: Iterable[Feature]) -> dict[str, float]:
    """How often each feature is there, damped so that long reports do not outweigh: ``log2(1 + n)``, n at most 4."""
    return {name: float(np.log2(1 + min(n, _MOST_COUNTED))) for name, n in Counter(f.name for f in features).items()}


def consistent(probabilities: Floats, counts: Sequence[dict[str, float]], classes: Sequence[str]) -> Floats:
    """Probabilities in which a report with a mention asserted present is not ``no_calcification``.

    What is absent elsewhere in a report must not outvote what is there: a wrong "no" hides a patient.

    Parameters
    ----------
    probabilities
        Shape (n_reports, n_classes).
    counts
        The feature counts of each report.
    classes
        The labels in the order of the columns.
    """
    present = np.array([any(name in found for name in _PRESENT) for found in counts], dtype=bool)
    none = np.array([label == Label.NO_CALCIFICATION for label in classes])
    weights = np.where(np.logical_and.outer(present, none), _NEARLY_NONE, 1.0)
    weighted = probabilities * weights
    return np.asarray(weighted / weighted.sum(axis=1, keepdims=True))


def make_estimator(C: float = 1.0) -> Pipeline:  # noqa: N803 (scikit-learn's name)
    """The part of the classifier that learns, from feature counts to probabilities; it is what a model file stores."""
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
