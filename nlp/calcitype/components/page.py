"""A Doc as the linking of sites looks at it: mentions, site terms, sentences, headings and the title."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from spacy.tokens import Doc, Span

from calcitype.components.phrases import InOrder, Match, Placed, words_between
from calcitype.components.sections import HEADINGS, SECTIONS
from calcitype.components.sentences import telling_words
from calcitype.lexicon import linking
from calcitype.lexicon.rules import SiteRule
from calcitype.schema import Site

# How far back a mention may take its site from, in sentences and in tokens.
_SENTENCES_BACK, _FARTHEST = 2, 100

# Sections that repeat the findings.
_CONCLUDING = frozenset({"impression", "recommendation", "addendum"})

# How many words may stand between a mention and what it lies beside or describes, and before a sentence's first word.
_BESIDE, _NEAR, _FIRST = 6, 3, 4
# How long an abbreviation is that a full stop ends.
_ABBREVIATED = 3
# How many words a preposition may stand from a weak term it leads to, and from a name that it makes a place.
_GOVERNED, _LOCATING = 5, 4
# How often a report must name a site to be about it.
_OFTEN = 2
_ADJECTIVE = ("calcified", "calcific", "calcifying", "calcareous", "calcic", "calcificated", "ised", "ized")

# What each tie between a mention and a site costs: "calcified big X", "calcification in the X", "X is calcified",
# "calcification above the X".
_DIRECT, _PREPOSITIONAL, _WEAK, _SUBJECT, _RELATIVE, _LOOSE, _LOCATIVE = 0.3, 0.6, 0.9, 1.0, 1.2, 3.0, 0.6


class Term(NamedTuple):
    """A phrase of a site and how strongly it names it: ``name``, ``weak``, ``exam`` or ``vague``."""

    rule: SiteRule
    kind: str


class Page:
    """A Doc with its mentions and site terms, as the linking rules look at it."""

    def __init__(self, doc: Doc, spans: Sequence[Span], terms: list[Match[Term]]) -> None:
        self.doc = doc[:]
        self.words = [token.lower_ for token in doc]
        self._spans = InOrder(spans)
        self._terms = InOrder(t for t in terms if t.rule.rule.id is not Site.UNSPECIFIED)
        sentences = list(doc.sents) if doc.has_annotation("SENT_START") else [doc[:]]
        self.sentences = sentences
        self._sentences = InOrder(sentences)
        sections = list(doc.spans.get(SECTIONS, ()))
        headings = list(doc.spans.get(HEADINGS, ()))
        self._sections = InOrder(sections)
        self._heading_of = {section.start: heading for section, heading in zip(sections, headings, strict=True)}
        titles = [section for section in sections if section.label_ == "exam"] or sentences[:1]
        headed = bool(headings) and len(headings[0]) > 0 and sections[0].label_ != "exam"
        self.title = headings[0] if headed else titles[0]

    def sentence(self, span: Span) -> Span:
        """The sentence a mention begins in."""
        sentence = self._sentences.holding(span.start)
        assert sentence is not None  # noqa: S101 (every token is in a sentence)
        return sentence

    def heading(self, span: Span) -> Span | None:
        """The heading of the section a mention stands in, if it has one."""
        section = self._sections.holding(span.start)
        heading = self._heading_of[section.start] if section is not None else None
        return heading if heading is not None and len(heading) > 0 else None

    def sentences_before(self, span: Span, most: int = _SENTENCES_BACK) -> Iterator[Span]:
        """The sentences before the span's in its section, the nearest first, without those that say "no ..."."""
        section = self._sections.holding(span.start)
        end = self.sentence(span).start
        before = self._sentences.within(max(section.start if section is not None else 0, end - _FARTHEST), end)
        said = [s for s in before if s.text.strip()]
        yield from (s for s in reversed(said[-most:]) if self.words[s.start] not in ("no", "nil", "without"))

    def concludes(self, span: Span) -> bool:
        """Whether a mention stands where the findings are summed up."""
        section = self._sections.holding(span.start)
        return section is not None and section.label_ in _CONCLUDING

    def denies(self, span: Span) -> bool:
        """Whether a mention may be of what is not there, so that nothing is to be learned from it."""
        start = max(self.sentence(span).start, span.start - _BESIDE)
        return not linking("denial").isdisjoint(self.words[start : span.end])

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
        words = [token.lower_ for token in sentence[:_FIRST] if token.is_alpha]
        return not linking("pointing_back").isdisjoint(words[:1])

    def is_beside(self, span: Span, term: Match[Term]) -> bool:
        """Whether a mention lies beside a site, not in it: "about the shoulder", "lateral to the trochanter"."""
        between = self.between(span, term)
        return term.start >= span.end and len(between) <= _BESIDE and governs("beside", between)

    def terms(self, place: Span) -> list[Match[Term]]:
        """The terms of a sentence, heading or title."""
        return self._terms.within(place.start, place.end)

    def around(self, span: Span) -> Span:
        """The mention's sentence, as far as it is near: a text without full stops is one endless sentence."""
        sentence = self.sentence(span)
        return span.doc[max(sentence.start, span.start - _FARTHEST) : min(sentence.end, span.end + _FARTHEST)]

    def topic(self) -> list[Match[Term]]:
        """The first term of the site that a report speaks of most, if there is one."""
        terms = [t for t in self._terms.within(0, len(self.words)) if t.rule.kind != "vague"]
        counts = Counter(t.rule.rule.id for t in terms).most_common(2)
        if not counts or counts[0][1] < _OFTEN or (len(counts) > 1 and counts[0][1] == counts[1][1]):
            return []
        return [next(t for t in terms if t.rule.rule.id is counts[0][0])]

    def named(self, place: Span) -> list[Match[Term]]:
        """The names of sites in a place."""
        return [t for t in self.terms(place) if t.rule.kind == "name"]

    def between(self, one: Placed, other: Placed) -> list[str]:
        """The words between two stretches of text, whichever comes first."""
        return words_between(self.words, one, other)

    def _mentions_between(self, one: Placed, other: Placed) -> int:
        first, last = sorted((one, other), key=lambda s: s.start)
        return len(self._spans.within(first.end, last.start))

    def nearest(self, span: Span, terms: list[Match[Term]]) -> Match[Term] | None:
        """The term that the sentence's structure ties most closely to the span; ``None`` if none is tied to it."""
        ranked = [
            (cost, abs(t.start - span.start), i)
            for i, t in enumerate(terms)
            if (cost := self._cost(span, t)) is not None
        ]
        return terms[min(ranked)[2]] if ranked else None

    def closest(self, span: Span, terms: list[Match[Term]]) -> Match[Term]:
        """The term the fewest words away."""
        return min(terms, key=lambda t: max(t.start - span.end, span.start - t.end, 0))

    def touches(self, span: Span, term: Match[Term]) -> bool:
        """Whether a term is within a mention, directly before it, or follows it after a preposition."""
        if term.start >= span.end:
            between = self.between(span, term)
            return len(between) <= _GOVERNED and (governs("within", between) or governs("beside", between))
        return overlaps(term, span) or (term.end <= span.start and len(self.between(term, span)) <= 1)

    def is_alone(self, span: Span, place: Placed) -> bool:
        """Whether no other mention stands between a mention and words, or holds them."""
        return self._spans.holding(place.start) in (None, span) and not self._mentions_between(span, place)

    def is_first(self, span: Span, term: Match[Term]) -> bool:
        """Whether no mention stands before a term in the sentence of a mention that follows it."""
        return not self._spans.within(self.sentence(span).start, term.start) and self.is_alone(span, term)

    def _cost(self, span: Span, term: Match[Term]) -> float | None:
        """How loosely the sentence ties a term to a mention; ``None`` if something cuts it off."""
        if overlaps(term, span):
            return 0.0 if term.rule.kind == "name" else _WEAK
        after = term.start >= span.end
        between = self.between(span, term)
        if any(word in linking("clause") and not _abbreviates(between, i) for i, word in enumerate(between)):
            return None
        adjacent = len(between) <= 1 and linking("joint").isdisjoint(between)
        cost = len(between) / 20 + between.count(",") + 2 * self._mentions_between(span, term)
        if self._begins_anew(span, term):
            return None
        if self._is_of_another(span, term):
            cost += _LOOSE
        weak = 0.0 if term.rule.kind == "name" else _LOCATIVE
        if after and governs("beside", between):
            return cost + _RELATIVE + weak
        if after and governs("within", between):
            return cost + _PREPOSITIONAL + weak
        if weak:
            return cost + _WEAK + (0.0 if not between else _SUBJECT)
        if after:
            return cost + _DIRECT if self._describes(span, between) else None
        before = self.words[max(term.start - _LOCATING, 0) : term.start]
        if not linking("passed").isdisjoint(before[-2:]):
            cost += _LOOSE
        if "," in between and not linking("within").isdisjoint(before):
            cost += _LOCATIVE
        return cost + (0.0 if adjacent else _SUBJECT)

    def _describes(self, span: Span, between: list[str]) -> bool:
        """Whether a mention is an adjective of what follows it ("calcified right hilar nodes") or stands beside it."""
        adjective = any(token.lower_.endswith(_ADJECTIVE) for token in span)
        plain = all(word.isalnum() or word == "-" for word in between)
        return plain and len(between) <= (_NEAR if adjective else 1) and linking("joint").isdisjoint(between)

    def _begins_anew(self, span: Span, term: Match[Term]) -> bool:
        """Whether a mention is of another finding than a term before it, which has a mention of its own.

        So it is of "calcified hilar nodes and a calcified granuloma".
        """
        other = self._spans.before(term.start)
        if other is None or other == span or term.end > span.start:
            return False
        kinds = ("within", "beside", "clause", "new_finding")
        tied = self.between(other, term)
        if len(tied) > _BESIDE or any(not linking(kind).isdisjoint(tied) for kind in kinds):
            return False
        return anew(self.between(term, span))

    def _is_of_another(self, span: Span, term: Match[Term]) -> bool:
        """Whether a term stands in another mention or directly before it: "..., and coronary calcification"."""
        holding, following = self._spans.holding(term.start), self._spans.after(term.start)
        if holding is not None:
            return holding != span
        return following not in (None, span) and not self.between(term, following)

    def listed(self, span: Span, best: Match[Term], names: list[Match[Term]]) -> list[Match[Term]]:
        """A term and the names listed with it ("of the lungs and gastric mucosa"), in the order of the text.

        Of "the arteries of the chest wall" and of "the chest wall arteries" it is the arteries. What another mention
        before it has is not listed with it ("calcification in the apices, and the gastric wall is calcified").
        """
        if best not in names:
            return [best]
        i = names.index(best)
        while i + 1 < len(names) and not self.between(best, names[i + 1]):
            i, best = i + 1, names[i + 1]
        found = [best]
        for step in (-1, 1):
            j, edge = i + step, best
            while 0 <= j < len(names):
                gap = self.between(names[j], edge)
                if step < 0 and edge is best and "of" in gap and linking("of").issuperset(gap):
                    return [names[j]]
                joined = linking("listed").issuperset(gap) and not linking("listing").isdisjoint(gap)
                if not joined or (step < 0 and self._is_taken(span, names[j])):
                    break
                edge = names[j]
                found.append(edge)
                j += step
        return sorted(found, key=lambda t: t.start)

    def _is_taken(self, span: Span, term: Match[Term]) -> bool:
        """Whether a term follows another mention that it is the place of."""
        other = self._spans.before(term.start)
        if other is None or other == span:
            return False
        between = self.between(other, term)
        return len(between) <= _BESIDE and not linking("within").isdisjoint(between) and "," not in between


def _abbreviates(words: Sequence[str], i: int) -> bool:
    """Whether a word is the full stop of an abbreviation within a sentence: "M. latissimus"."""
    return i > 0 and words[i] == "." and words[i - 1].isalpha() and len(words[i - 1]) <= _ABBREVIATED


def anew(words: Sequence[str]) -> bool:
    """Whether words begin another finding: "... and a ...", "..., one ..."."""
    return any(one in linking("joint") and other in linking("new_finding") for one, other in itertools.pairwise(words))


def governs(kind: str, between: Sequence[str]) -> bool:
    """Whether a preposition between a mention and a term leads to the term, nothing new having begun after it."""
    at = [
        i
        for i, word in enumerate(between)
        if word in linking(kind) and (word != "to" or not linking("position").isdisjoint(between[:i]))
    ]
    tail = between[at[-1] + 1 :] if at else []
    return bool(at) and (linking("joint").isdisjoint(tail) or (linking("listed") | linking("part")).issuperset(tail))


def overlaps(term: Match[Term], span: Span) -> bool:
    """Whether a term shares a word with a mention."""
    return term.start < span.end and span.start < term.end
