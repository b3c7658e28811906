"""Sentences of a report: ``token.is_sent_start`` for prose, lists, hard-wrapped lines and headings."""

import re

import numpy as np
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc, Span

from calcitype import lexicon
from calcitype.components.offsets import LIST_ITEM, Wrapping, plain, tokens_at
from calcitype.components.sections import HEADINGS
from calcitype.lexicon import linking

_STOP = re.compile(r"(?P<mark>[.!?]++[\"')\]]*+)\s+|(?<=[a-z)]{2})\.(?=[A-Z][a-z])|(?<![ \t])[ \t]*\n\s*")
# A field with its answer before another field on the same line: "Masses: No Calcifications: Yes".
_FIELD = r"(?<![^\s.;,|])[A-Z][A-Za-z /-]{{1,40}}:[ \t]*(?i:{})[.;,]?[ \t]+(?=[A-Z][A-Za-z /-]{{1,40}}:\s)"
_WORD = re.compile(r"(?:^|[\s(\[,;/])([A-Za-z]+(?:\.[A-Za-z]+)*|\d{1,2})$")
_CAPITALISED = re.compile(r"[A-Z][a-z]")

# Shorter words tie no two findings together.
_TELLING = 4


class Sentences:
    """Sets sentence starts. A line break ends a sentence unless the line was wrapped; abbreviations end none."""

    def __init__(self) -> None:
        self._abbreviations = {words.id: frozenset(words.phrases) for words in lexicon.load().abbreviation}
        answers = {
            p for rule in lexicon.load().cue if rule.answers for phrase in rule.phrases for p in lexicon.expand(phrase)
        }
        longest_first = "|".join(map(re.escape, sorted(answers, key=len, reverse=True)))
        self._field = re.compile(_FIELD.format(longest_first.replace(r"\ ", r"[ \t]+")))

    def match(self, text: str) -> list[int]:
        """Character offsets at which a sentence starts after the first."""
        given = plain(text)
        text = given.text
        ends = [found.end() for found in _STOP.finditer(text) if self._ends(text, found, given.wrapping)]
        return [*map(given.offset, sorted({*ends, *(field.end() for field in self._field.finditer(text))}))]

    def _ends(self, text: str, found: re.Match[str], wrapping: Wrapping) -> bool:
        if found[0][0] == "?" and not text[: found.start()][-1:].strip() and "\n" not in found[0]:
            return False  # a query before its word: "? calcification"
        if found["mark"] is None:
            blank = found[0].count("\n") > 1
            return "\n" not in found[0] or blank or not _goes_on(text, found.start(), found.end(), wrapping)
        word = _WORD.search(text, max(0, found.start() - 24), found.start()) if found[0][0] == "." else None
        if word is None:
            return True
        before = text[: word.start(1)].rstrip(" \t-*(")
        if word[1].isdigit():
            return "\n" in found[0] or not (not before or before[-1] in ".:;-\n")
        in_line = before[-1:] not in ("", "\n") or text[found.end() : found.end() + 1].islower()
        unit = text[word.start(1) - 1 : word.start(1)] == "/"
        initial = len(word[1]) == 1 and word[1].isupper() and in_line and not unit
        kinds = {kind for kind, words in self._abbreviations.items() if word[1].lower() in words}
        if "before_capital" in kinds and in_line and _CAPITALISED.match(text, found.end()):
            return True
        return not (initial or kinds)

    def __call__(self, doc: Doc) -> Doc:
        """Set ``token.is_sent_start`` of every token."""
        if len(doc) == 0:
            return doc
        starts = np.full((len(doc), 1), -1, dtype="int64")
        starts[0] = 1
        starts[[token for token in tokens_at(doc, self.match(doc.text)) if token < len(doc)]] = 1
        # A heading that runs on from what stands before it.
        starts[[heading.start for heading in doc.spans.get(HEADINGS, ()) if len(heading) > 0]] = 1
        doc.from_array([SENT_START], starts.view("uint64"))  # type: ignore[arg-type]
        return doc


def _goes_on(text: str, stop: int, start: int, wrapping: Wrapping) -> bool:
    """Whether a sentence goes on from the line that ends at ``stop`` to the one that starts at ``start``."""
    line = text[text.rfind("\n", 0, stop) + 1 : stop]
    if not line.strip() or start >= len(text) or LIST_ITEM.match(text, start):
        return False
    unfinished = line.rsplit(maxsplit=1)[-1].lower() in linking("unfinished")
    return line[-1] in ",(-" or unfinished or wrapping(line, text[start])


def sentence_of(span: Span) -> Span:
    """The sentence a span begins in; the whole Doc where sentences are not known."""
    doc = span.doc
    return doc[span.start : span.start + 1].sent if doc.has_annotation("SENT_START") else doc[:]


def telling_words(span: Span, shortest: int = _TELLING) -> set[str]:
    """The words of a span, of so many letters at least, that tell one finding from another, in lower case."""
    return {
        token.lower_
        for token in span
        if token.is_alpha and len(token) >= shortest and not token.is_stop and "calci" not in token.lower_
    } - linking("generic")


@Language.factory("calcitype_sentences", assigns=["token.is_sent_start"])
def make_sentences(nlp: Language, name: str) -> Sentences:
    """Create the sentence splitter."""
    return Sentences()
