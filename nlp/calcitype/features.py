"""What a report is described by: features of its mentions and of the patient's disease."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from spacy.tokens import Doc

from calcitype.components.causes import EVIDENCE_KEY
from calcitype.components.context import section_of
from calcitype.components.phrases import InOrder
from calcitype.components.sections import SECTIONS
from calcitype.pipeline import mentions_of, read
from calcitype.results import Mention
from calcitype.schema import Assertion, Cause, Label, Mechanism

# How often a feature is counted: past this, more of the same says nothing new.
_MOST_COUNTED = 4
# An assertion in the words of a clinician.
_SAID = {
    Assertion.PRESENT: "present",
    Assertion.UNCERTAIN: "possible",
    Assertion.ABSENT: "denied",
    Assertion.HYPOTHETICAL: "asked about",
    Assertion.HISTORICAL: "in the past",
    Assertion.OTHER_PERSON: "of somebody else",
}


class Feature(NamedTuple):
    """A feature of a report at the words that have it.

    Attributes
    ----------
    name
        The model's name for it; as many times in a report as words have it.
    about
        What these words are, for people: all features of a mention say the same.
    section
        Category of the section the words stand in.
    start, end
        Half-open character offsets of the words in the report.
    """

    name: str
    about: str
    section: str
    start: int
    end: int


def label_by_mentions(mentions: Iterable[Mention]) -> Label:
    """The label that the guideline's section 1 gives a report with these mentions."""
    found = {mention.mechanism for mention in mentions if mention.counts}
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
        Each mention's assertion and, if it counts, its mechanism, cause, section and the site of an unexplained one;
        then, if any counts, systemic disease and laboratory figures.
    """
    features = []
    for m in mentions:
        told = _about(m)
        features += [Feature(name, told, m.section, m.start, m.end) for name in _names(m)]
    if any(m.counts for m in mentions):
        sections = InOrder(doc.spans.get(SECTIONS, ()))
        for span in doc.spans.get(EVIDENCE_KEY, ()):
            section = section_of(span, sections)
            told = f"{_plain(Cause(span.label_))} in the patient"
            features.append(Feature(f"patient: {span.label_}", told, section, span.start_char, span.end_char))
    return features


def found_in(texts: Iterable[str]) -> Iterator[tuple[tuple[Mention, ...], list[Feature]]]:
    """The mentions and the features of each text, in order."""
    for doc in read(texts):
        mentions = mentions_of(doc)
        yield mentions, features_of(doc, mentions)


def _names(mention: Mention) -> Iterator[str]:
    """The names of a mention's features."""
    yield f"mention: {mention.assertion}"
    if mention.counts:
        yield f"mechanism: {mention.mechanism}, {mention.assertion}"
        yield f"cause: {mention.cause or 'none'}"
        yield f"counts in: {mention.section}"
        if mention.mechanism is Mechanism.UNSPECIFIED:
            yield f"unexplained: {mention.site}"


def _about(mention: Mention) -> str:
    """A mention in a clinician's words, without words of the report."""
    what = "calcification"
    if mention.cause:
        what = f"{_plain(mention.cause)} ({mention.mechanism})"
    elif mention.counts:
        what = "unexplained calcification"
    return f"{what} {_SAID[mention.assertion]}"


def _plain(cause: Cause) -> str:
    return str(cause).replace("_", " ")


def damped(n: int) -> float:
    """What a feature that is there n times counts: ``log2(1 + n)``, n at most 4, so that long reports weigh no more."""
    return math.log2(1 + min(n, _MOST_COUNTED))


def counts_of(features: Iterable[Feature]) -> dict[str, float]:
    """How much each feature counts in a report."""
    return {name: damped(n) for name, n in Counter(feature.name for feature in features).items()}
