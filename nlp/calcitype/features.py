"""What a report is described by: features of its mentions and of the patient's disease."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc

from calcitype.components.causes import EVIDENCE_KEY
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


def label_by_rule(mentions: Iterable[Mention]) -> Label:
    """The label that the guideline's section 1 gives a report with these mentions."""
    return label_of(mention.mechanism for mention in mentions if mention.counts)


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
    features = [Feature(f"guideline: {label_by_rule(mentions)}")]
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
