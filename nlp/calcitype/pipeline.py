"""The pipeline: a spaCy Language with calcitype's tokenizer and components, in order."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, Span
from spacy.util import registry

from calcitype import lexicon
from calcitype.components.context import section_of
from calcitype.components.mentions import SPAN_KEY
from calcitype.components.phrases import InOrder
from calcitype.components.sections import SECTIONS
from calcitype.results import Mention, Reason
from calcitype.schema import Assertion, Cause, Laterality, Mechanism, Site

COMPONENTS = (
    "calcitype_sections",
    "calcitype_sentences",
    "calcitype_mentions",
    "calcitype_sites",
    "calcitype_context",
    "calcitype_causes",
)

# A run of one mark is one token: split one by one it would cost the square of its length.
_PUNCTUATION = r"(?:([^\w\s])\1{2,}|[^\w\s])"
# A line feed that a program wrote as two characters: "\nNo calcification".
_ESCAPED = r"\\[nr](?=[A-Z\d])"
# spaCy's vocabulary and its memory zone are one a process, so one thread reads at a time.
_READING = threading.RLock()
_SURROGATE = re.compile("[\ud800-\udfff]")
_INFIX = re.compile(_ESCAPED + r"|([^\w\s])\1{2,}|(?<!\d)[.,]|[.,](?!\d)|[^\w\s.,]")


@registry.tokenizers("calcitype.tokenizer.v1")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Language], Tokenizer]:
    """A tokenizer that splits at every punctuation mark but the decimal point.

    Reports are full of ``B/L``, ``?calcification`` and ``node.Left``, in which a word must not be hidden; and without
    the exceptions of general English it is many times faster.
    """

    def make(nlp: Language) -> Tokenizer:
        return Tokenizer(
            nlp.vocab,
            prefix_search=re.compile(f"^(?:{_ESCAPED}|{_PUNCTUATION})").search,
            suffix_search=re.compile(f"{_PUNCTUATION}$").search,
            infix_finditer=_INFIX.finditer,
        )

    return make


def build_pipeline() -> Language:
    """A new spaCy pipeline that finds mentions of calcification and their context.

    Returns
    -------
    spacy.language.Language
        With the components of ``COMPONENTS``; mentions are in ``doc.spans["calcifications"]``.
    """
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "calcitype.tokenizer.v1"}}})
    nlp.max_length = sys.maxsize
    for name in COMPONENTS:
        nlp.add_pipe(name)
    return nlp


@cache
def pipeline() -> Language:
    """The pipeline of this process, built at the first call."""
    return build_pipeline()


def read(texts: Iterable[str]) -> Iterator[Doc]:
    """Docs of texts, in order, read by the pipeline of this process; a Doc must not outlive the iteration.

    A text that UTF-8 cannot hold (lone surrogates) is read with replacement characters in their place, so that offsets
    stay.
    """
    nlp = pipeline()
    with _READING, nlp.memory_zone():
        yield from nlp.pipe(_SURROGATE.sub("\ufffd", text) for text in texts)


def mentions_of(doc: Doc) -> tuple[Mention, ...]:
    """The mentions of a Doc that the pipeline has read, in the order of the text.

    Parameters
    ----------
    doc
        A Doc from a pipeline with the components of ``COMPONENTS``.

    Returns
    -------
    tuple of Mention
        Plain values: they outlive the Doc.
    """
    sections = InOrder(doc.spans.get(SECTIONS, ()))
    return tuple(_mention(span, section_of(span, sections)) for span in doc.spans.get(SPAN_KEY, ()))


def _mention(span: Span, section: str) -> Mention:
    values = span._
    cause = Cause(values.cause) if values.cause else None
    return Mention(
        start=span.start_char,
        end=span.end_char,
        text=span.text,
        assertion=Assertion(values.assertion),
        site=Site(values.site),
        sites=tuple(Site(site) for site in values.sites),
        laterality=Laterality(values.laterality) if values.laterality else None,
        mechanism=Mechanism(values.mechanism),
        cause=cause,
        morphology=tuple(values.morphology),
        section=section,
        codes=_codes(values.site, values.cause),
        assertion_reason=Reason(*values.assertion_reason) if values.assertion_reason else None,
        cause_reason=Reason(*values.cause_reason) if values.cause_reason else None,
    )


@cache
def _codes(site: str, cause: str | None) -> tuple[str, ...]:
    codes = {rule.id: rule.codes for rule in lexicon.load().code}
    return tuple(dict.fromkeys((*codes.get(site, ()), *codes.get(cause or "", ()))))
