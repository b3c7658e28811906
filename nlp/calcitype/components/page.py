"""A Doc as the linking of sites looks at it: mentions, site terms, sentences, headings and the title."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from spacy.tokens import Doc, Span

from calcitype.components.phrases import InOrder, Match, Placed, is_line_end, words_after, words_between
from calcitype.components.sections import HEADINGS, SECTIONS
from calcitype.components.sentences import telling_words
from calcitype.lexicon import linking
from calcitype.lexicon.rules import SiteRule
from calcitype.schema import Site

# How far back a mention may take its site from, in sentences and in tokens.
_SENTENCES_BACK, _FARTHEST = 2, 100

# Sections that repeat the findings.
_CONCLUDING = frozenset({"impression", "recommendation", "addendum"})

# How many fields a title stands over, and a title that numbers a finding.
_FIELDS = 8
_NUMBERED = re.compile(r"^[A-Za-z]+ (?:no\.? ?|#)?\d{1,2}\W*$", re.IGNORECASE)

# How far before a mention "no" may deny it, and before how many words a sentence has begun.
_DENIED, _FIRST = 6, 4


class Term(NamedTuple):
    """A phrase of a site and how strongly it names it: ``name``, ``weak``, ``exam`` or ``vague``."""

    rule: SiteRule
    kind: str


class Page:
    """A Doc with its mentions and site terms, as the linking rules look at it."""

    def __init__(self, doc: Doc, spans: Sequence[Span], terms: list[Match[Term]]) -> None:
        self.doc = doc[:]
        self.words = [token.lower_ for token in doc]
        self.spans = InOrder(spans)
        self._terms = InOrder(t for t in terms if t.rule.rule.id is not Site.UNSPECIFIED)
        sentences = list(doc.sents) if doc.has_annotation("SENT_START") else [doc[:]]
        self.sentences = sentences
        self._sentences = InOrder(sentences)
        sections = list(doc.spans.get(SECTIONS, ()))
        headings = list(doc.spans.get(HEADINGS, ()))
        self._sections = InOrder(sections)
        self._heading_of = {section.start: heading for section, heading in zip(sections, headings, strict=True)}
        titles = [section for section in sections if section.label_ == "exam"] or sentences[:1]
        self.title = titles[0]

    def sentence(self, place: Placed) -> Span:
        """The sentence a mention or a term begins in."""
        sentence = self._sentences.holding(place.start)
        assert sentence is not None  # noqa: S101 (every token is in a sentence)
        return sentence

    def heading(self, span: Span) -> Span | None:
        """The heading of the section a mention stands in, if it has one."""
        section = self._sections.holding(span.start)
        heading = self._heading_of[section.start] if section is not None else None
        return heading if heading is not None and len(heading) > 0 else None

    def group(self, span: Span) -> Span | None:
        """The line over the fields of which a mention's section is one, if it is a title or numbers a finding.

        So "RIGHT" stands over "Mass: no" and "Calcifications: vascular", and "Nodule 2: left lower pole" over
        "Echogenic foci: none".
        """
        section = self._sections.holding(span.start)
        if section is None or self.named(self._heading_of[section.start]):
            return None
        before = self._sections.within(max(0, section.start - _FARTHEST), section.start)
        fields = reversed([*before[-_FIELDS:], section])
        for field in itertools.takewhile(lambda s: s.label_ == "findings", fields):
            heading = self._heading_of[field.start]
            alone = not field[len(heading) :].text.strip() and (":" not in heading.text or self._is_place(heading))
            if len(heading) > 0 and (alone or _NUMBERED.search(heading.text)):
                line = field[: sum(1 for _ in itertools.takewhile(lambda token: not is_line_end(token.text), field))]
                return line if line.end <= span.start else None
        return None

    def _is_place(self, heading: Span) -> bool:
        """Whether a heading names a site or a side."""
        words = self.words[heading.start : heading.end]
        return bool(self.named(heading)) or not linking("side").isdisjoint(words)

    def sentences_before(self, span: Span, most: int = _SENTENCES_BACK) -> Iterator[Span]:
        """The sentences before the span's in its section, the nearest first, without those that say "no ..."."""
        section = self._sections.holding(span.start)
        end = self.sentence(span).start
        before = self._sentences.within(max(section.start if section is not None else 0, end - _FARTHEST), end)
        said = [s for s in before if s.text.strip()]
        denials = (["no"], ["nil"], ["without"])
        yield from (s for s in reversed(said[-most:]) if words_after(self.words, s.start) not in denials)

    def concludes(self, span: Span) -> bool:
        """Whether a mention stands where the findings are summed up."""
        section = self._sections.holding(span.start)
        return section is not None and section.label_ in _CONCLUDING

    def denies(self, span: Span) -> bool:
        """Whether a mention may be of what is not there, so that nothing is to be learned from it."""
        before = [word for word in self.words[self.sentence(span).start : span.start] if not word.isspace()]
        return not linking("absence").isdisjoint([*before[-_DENIED:], *self.words[span.start : span.end]])

    def likeness(self, span: Span, other: Span) -> int:
        """How many words that say something the sentences of two mentions share."""
        return len(telling_words(self.around(span)) & telling_words(self.around(other)))

    def repeats(self, spans: Sequence[Span], i: int) -> int | None:
        """Which earlier mention a concluding one repeats: that with most telling words in common, if any has."""
        if not self.concludes(spans[i]):
            return None
        likeness = [self.likeness(spans[i], spans[j]) for j in range(i) if not self.concludes(spans[j])]
        most = max(likeness, default=0)
        return likeness.index(most) if most else None

    def points_back(self, sentence: Span) -> bool:
        """Whether a sentence begins with a word for what the one before has named: "It is calcified"."""
        return _begins(sentence, "pointing_back")

    def points_back_to_all(self, span: Span) -> bool:
        """Whether a mention's sentence begins with a word for several things: "They are calcified"."""
        return _begins(self.sentence(span), "pointing_back_to_all")

    def terms(self, place: Span) -> list[Match[Term]]:
        """The terms of a sentence, heading or title."""
        return self._terms.within(place.start, place.end)

    def around(self, span: Span) -> Span:
        """The mention's sentence, as far as it is near: a text without full stops is one endless sentence."""
        sentence = self.sentence(span)
        return span.doc[max(sentence.start, span.start - _FARTHEST) : min(sentence.end, span.end + _FARTHEST)]

    @cached_property
    def topic(self) -> list[Match[Term]]:
        """The first term of the site that a report speaks of most, if there is one."""
        denied = {self.sentence(span).start for span in self.spans.within(0, len(self.words)) if self.denies(span)}
        terms = [t for t in self._terms.within(0, len(self.words)) if t.rule.kind != "vague"]
        terms = [t for t in terms if self.sentence(t).start not in denied]
        counts = Counter(t.rule.rule.id for t in terms).most_common(2)
        if not counts or (len(counts) > 1 and counts[0][1] == counts[1][1]):
            return []
        return [next(t for t in terms if t.rule.rule.id is counts[0][0])]

    def named(self, place: Span) -> list[Match[Term]]:
        """The names of sites in a place."""
        return [t for t in self.terms(place) if t.rule.kind == "name"]

    def between(self, one: Placed, other: Placed) -> list[str]:
        """The words between two stretches of text, whichever comes first."""
        return words_between(self.words, one, other)


def _begins(sentence: Span, kind: str) -> bool:
    """Whether the first word of a sentence is of a kind."""
    words = [token.lower_ for token in sentence[: 2 * _FIRST] if not token.is_space]
    words = [word for word in words[:_FIRST] if word.isalpha()]
    return not linking(kind).isdisjoint(words[:1])
