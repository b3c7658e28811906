"""Which side of the body a mention is on: ``span._.laterality``."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Span

from calcitype.components.page import Page, Term
from calcitype.components.phrases import InOrder, Match, Placed
from calcitype.components.sentences import telling_words
from calcitype.lexicon import linking
from calcitype.lexicon.rules import SideRule
from calcitype.schema import Laterality, Site

Side = Match[SideRule]

# How many words may stand between a side and what it belongs to: "left upper renal", "of the kidney on the left".
_BEFORE, _COORDINATED = 2, 2
# How many words may stand between "largest" and the side it is on.
_BEFORE_MOST = 4
# How far back a mention may take its side from, in sentences.
_SENTENCES_BACK = 3
# A sentence with so few telling words is a heading: "L hand."
_TITLE_WORDS = 1


class Sides:
    """The sides that a Doc names, and whose they are.

    A side directly before or after a site's name belongs to that site ("left renal", "of the kidney on the left"), and
    is no other site's where a comma or an "and" stands between them.

    Parameters
    ----------
    page
        The Doc with its mentions and site terms.
    sides
        The sides in the order of the text.
    """

    def __init__(self, page: Page, sides: Sequence[Side]) -> None:
        self._page = page
        self._sides = InOrder(s for s in sides if _is_side(page.words, s))
        self._near = {Site(site) for site in linking("side_near")}
        self._sideless = {Site(site) for site in linking("sideless")}
        self._unpaired = {Site(site) for site in linking("unpaired")}

    def of(self, span: Span, sites: tuple[Site, ...], chosen: Sequence[Match[Term]], scope: Span) -> Laterality | None:
        """The side of a mention, given its sites, the terms that gave them and the sentence or heading of these."""
        if sites[0] in self._sideless:
            return None
        sentence = self._page.around(span)
        chosen = [t for t in chosen if t.rule.rule.id is chosen[0].rule.rule.id]
        anchors: list[Placed] = [span, *(chosen if scope == sentence else ())]
        if touching := self._touching(sentence, anchors):
            return one_side(touching)
        own = {t.rule.rule.side for t in chosen if t.rule.rule.side}
        if single := own - {Laterality.BILATERAL}:
            return single.pop() if len(own) == 1 else Laterality.BILATERAL
        if not self.is_paired(sites[0]):
            return None
        if near := [s for s in self._within(sentence) if self._is_free(span, s, sites)]:
            decisive = [s for s in near if s.start < span.start or not self._is_most(span, s)]
            return one_side(self._nearest(span, decisive)) if decisive else Laterality.BILATERAL
        if own and scope == sentence:
            return Laterality.BILATERAL
        if scope != sentence and (touching := self._touching(scope, chosen)):
            return one_side(touching)
        heading = self._page.heading(span)
        if heading is not None and (found := self._within(heading)):
            return one_side(found)
        return None if sites[0] in self._near else self._before(span, sites) or self._of_title(scope)

    def is_paired(self, site: Site) -> bool:
        """Whether an organ is on both sides, so that words further away may say on which one."""
        return site not in self._unpaired

    def _within(self, place: Span) -> list[Side]:
        return self._sides.within(place.start, place.end)

    def _touching(self, place: Span, anchors: Sequence[Placed]) -> list[Side]:
        """The sides directly before or after words, and those coordinated with them."""
        sides = self._within(place)
        touching = [s for s in sides if any(self._belongs(s, anchor) for anchor in anchors)]
        return [s for s in sides if s in touching or any(self._coordinated(s, other) for other in touching)]

    def _belongs(self, side: Side, anchor: Placed) -> bool:
        if side.start < anchor.end and anchor.start < side.end:
            return True
        words = self._page.between(side, anchor)
        if side.start < anchor.start:
            return side.end <= anchor.start and len(words) <= _BEFORE and linking("joint").isdisjoint(words)
        return side.start >= anchor.end and linking("leading").issuperset(words)

    def _is_free(self, span: Span, side: Side, sites: tuple[Site, ...]) -> bool:
        """Whether a side may be a mention's: it is not another site's that is cut off from the mention."""
        owners = [t for t in self._page.terms(self._page.around(span)) if self._belongs(side, t)]
        others = [t for t in owners if t.rule.rule.id not in sites]
        if not others or len(others) < len(owners):
            return True
        return linking("cut").isdisjoint(self._page.between(span, side))

    def _is_most(self, span: Span, side: Side) -> bool:
        """Whether only the largest or most of several is said to be on a side: "larger on the right"."""
        return not linking("more").isdisjoint(self._page.between(span, side)[-_BEFORE_MOST:])

    def _nearest(self, span: Span, sides: list[Side]) -> list[Side]:
        """The side nearest the span, those before it preferred, with what is coordinated with it.

        Several calcifications lie on all the sides that are named with them.
        """
        own = [s for s in sides if self._page.is_alone(span, s)]
        if own and self._page.words[span.end - 1].endswith("s"):
            return own
        best = min(sides, key=lambda s: (s.start - span.end + 2) if s.start >= span.end else span.start - s.end)
        return [s for s in sides if s is best or self._coordinated(s, best)]

    def _coordinated(self, side: Side, other: Side) -> bool:
        """ "right and left", "of the right hand and at the left wrist"."""
        words = self._page.between(side, other)
        if linking("and").isdisjoint(words):
            return False
        joint = max(i for i, word in enumerate(words) if word in linking("and"))
        return len(words) <= _COORDINATED or not linking("within").isdisjoint(words[joint + 1 : joint + 2])

    def _before(self, span: Span, sites: tuple[Site, ...]) -> Laterality | None:
        """The side that the sentences before, in the same section, have come to speak of."""
        for sentence in self._page.sentences_before(span, _SENTENCES_BACK):
            sides = [s for s in self._within(sentence) if self._speaks_of(sentence, s, sites)]
            if sides:
                return one_side([s for s in sides if s is sides[-1] or self._coordinated(s, sides[-1])])
            if sided := [t.rule.rule.side for t in self._page.named(sentence) if t.rule.rule.id in sites]:
                return sided[-1]
        return None

    def _speaks_of(self, sentence: Span, side: Side, sites: tuple[Site, ...]) -> bool:
        if len(telling_words(sentence)) <= _TITLE_WORDS:
            return True
        return any(
            self._belongs(side, t)
            for t in self._page.terms(sentence)
            if t.rule.rule.id in sites or t.rule.kind == "vague"
        )

    def _of_title(self, scope: Span) -> Laterality | None:
        for place in (scope, self._page.title):
            if found := self._within(place):
                return one_side(found)
        return None


def _is_side(words: Sequence[str], side: Side) -> bool:
    """Whether a side's word is one: not the "L" of "w/L", not "left behind"."""
    after = words[side.end : side.end + 1]
    return (words[side.start - 1 : side.start] != ["/"] or side.end - side.start > 1) and linking(
        "not_a_side"
    ).isdisjoint(after)


def one_side(sides: Sequence[Side]) -> Laterality:
    """The side that all of some sides name; both where they differ."""
    found = {side.rule.id for side in sides}
    return found.pop() if len(found) == 1 else Laterality.BILATERAL
