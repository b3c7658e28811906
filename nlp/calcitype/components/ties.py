"""How a sentence ties a site's name to a mention: by prepositions, as its subject, as what the mention describes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from spacy.tokens import Span

from calcitype.components.page import Page, Term
from calcitype.components.phrases import Match, Placed, after_last, overlaps, words_before
from calcitype.lexicon import linking

# What it costs a mention to be called something: "the density above the bladder is a fibroid".
_IDENTITY = 0.15
# How many words may stand between a mention and what it lies beside or describes.
_BESIDE, _NEAR = 6, 3
# And before the last of several that it lies beside: "about the right 2nd and 3rd MCP joints".
_BESIDE_LIST = 10
# How long an abbreviation is that a full stop ends.
_ABBREVIATED = 3
# How many words a preposition may stand from a weak term it leads to, and from a name that it makes a place.
_GOVERNED, _LOCATING = 5, 4
_ADJECTIVE = ("calcified", "calcific", "calcifying", "calcareous", "calcic", "calcificated", "ised", "ized")

# What each tie between a mention and a site costs: "calcified big X", "calcification in the X", "X is calcified",
# "calcification above the X".
_DIRECT, _PREPOSITIONAL, _WEAK, _SUBJECT, _RELATIVE, _LOOSE, _LOCATIVE = 0.3, 0.6, 0.9, 1.0, 1.2, 3.0, 0.6


class Ties:
    """The ties between the mentions and the site terms of a Doc.

    Parameters
    ----------
    page
        The Doc.
    """

    def __init__(self, page: Page) -> None:
        self._page = page

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
        return min(terms, key=lambda t: len(self._page.between(t, span)))

    def touches(self, span: Span, term: Match[Term]) -> bool:
        """Whether a term is within a mention, directly before it, or follows it after a preposition."""
        if term.start >= span.end:
            between = self._page.between(span, term)
            return len(between) <= _GOVERNED and (governs("within", between) or governs("beside", between))
        return overlaps(term, span) or (term.end <= span.start and len(self._page.between(term, span)) <= 1)

    def is_alone(self, span: Span, place: Placed) -> bool:
        """Whether no other mention stands between a mention and words, or holds them."""
        return self._page.spans.holding(place.start) in (None, span) and not self._mentions_between(span, place)

    def is_first(self, span: Span, term: Match[Term]) -> bool:
        """Whether no mention stands before a term in the sentence of a mention that follows it."""
        return not self._page.spans.within(self._page.sentence(span).start, term.start) and self.is_alone(span, term)

    def _cost(self, span: Span, term: Match[Term]) -> float | None:
        """How loosely the sentence ties a term to a mention; ``None`` if something cuts it off."""
        if overlaps(term, span):
            return 0.0 if term.rule.kind == "name" else _WEAK
        after = term.start >= span.end
        between = self._page.between(span, term)
        if any(word in linking("clause") and not _abbreviates(between, i) for i, word in enumerate(between)):
            return None
        adjacent = not between or (len(between) == 1 and between[0].isalnum() and between[0] not in linking("joint"))
        cost = len(between) / 20 + between.count(",") + 2 * self._mentions_between(span, term)
        if self._begins_anew(span, term):
            return None
        if self._is_of_another(span, term):
            cost += _LOOSE
        weak = 0.0 if term.rule.kind == "name" else _LOCATIVE
        if after and not weak and _is_identity(between):
            return _IDENTITY
        if after and governs("beside", between):
            return cost + _RELATIVE + weak
        if after and governs("within", between):
            return cost + _PREPOSITIONAL + weak
        if weak:
            return cost + _WEAK + (0.0 if not between else _SUBJECT)
        if after:
            return cost + _DIRECT if self._describes(span, between) else None
        before = words_before(self._page.words, term.start, _LOCATING)
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
        other = self._page.spans.before(term.start)
        if other is None or other == span or term.end > span.start:
            return False
        kinds = ("within", "beside", "clause", "new_finding")
        tied = self._page.between(other, term)
        if len(tied) > _BESIDE or any(not linking(kind).isdisjoint(tied) for kind in kinds):
            return False
        return anew(self._page.between(term, span))

    def _is_of_another(self, span: Span, term: Match[Term]) -> bool:
        """Whether a term stands in another mention or directly before it: "..., and coronary calcification"."""
        holding, following = self._page.spans.holding(term.start), self._page.spans.after(term.start)
        if holding is not None:
            return holding != span
        return following not in (None, span) and not self._page.between(term, following)

    def listed(self, span: Span, best: Match[Term], names: list[Match[Term]]) -> list[Match[Term]]:
        """A term and the names listed with it ("of the lungs and gastric mucosa"), in the order of the text.

        Of "the arteries of the chest wall" and of "the chest wall arteries" it is the arteries. Not listed with it is
        what another mention before it has ("calcification in the apices, and the gastric wall is calcified"), nor what
        a comma parts from an adjective of the mention ("slipped epiphysis, vascular calcification").
        """
        if best not in names:
            return [best]
        i = names.index(best)
        while i + 1 < len(names) and not self._page.between(best, names[i + 1]):
            i, best = i + 1, names[i + 1]
        found = [best]
        for step in (-1, 1):
            j, edge = i + step, best
            while 0 <= j < len(names):
                gap = self._page.between(names[j], edge)
                if step < 0 and edge is best and "of" in gap and linking("of").issuperset(gap):
                    return [names[j]]
                joined = linking("listed").issuperset(gap) and not linking("listing").isdisjoint(gap)
                if step < 0 and edge is best and gap == [","] and not self._page.between(best, span):
                    break
                if not joined or (step < 0 and self._is_taken(span, names[j])):
                    break
                edge = names[j]
                found.append(edge)
                j += step
        return sorted(found, key=lambda t: t.start)

    def _is_taken(self, span: Span, term: Match[Term]) -> bool:
        """Whether a term follows another mention that it is the place of."""
        other = self._page.spans.before(term.start)
        if other is None or other == span:
            return False
        between = self._page.between(other, term)
        return len(between) <= _BESIDE and not linking("within").isdisjoint(between) and "," not in between

    def is_beside(self, span: Span, term: Match[Term]) -> bool:
        """Whether a mention lies beside a site, not in it: "about the shoulder", "lateral to the trochanter"."""
        between = self._page.between(span, term)
        return term.start >= span.end and len(between) <= _BESIDE_LIST and governs("beside", between)

    def _mentions_between(self, one: Placed, other: Placed) -> int:
        first, last = sorted((one, other), key=lambda s: s.start)
        return len(self._page.spans.within(first.end, last.start))


def _abbreviates(words: Sequence[str], i: int) -> bool:
    """Whether a word is the full stop of an abbreviation within a sentence: "M. latissimus"."""
    return i > 0 and words[i] == "." and words[i - 1].isalpha() and len(words[i - 1]) <= _ABBREVIATED


def _is_identity(between: Sequence[str]) -> bool:
    """Whether words between a mention and a term say that the one is the other: "... above the bladder is an old X"."""
    tail = after_last(between, ("is", "are", "represents", "represent"))
    return bool(tail) and len(tail) <= _NEAR and tail[0] in ("a", "an", "the") and all(w.isalnum() for w in tail)


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
