"""Which side of the body a mention is on: ``span._.laterality``."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import cached_property

from spacy.tokens import Span

from calcitype.components.page import Page, Term
from calcitype.components.phrases import InOrder, Match, Placed, after_last, overlaps
from calcitype.components.side_words import Side, goes_on_to_others, is_side
from calcitype.components.ties import Ties, anew, governs
from calcitype.lexicon import linking
from calcitype.schema import Laterality, Site

# How many words may stand between a side and what it belongs to: "left upper renal", "of the kidney on the left".
_BEFORE, _COORDINATED = 2, 2
# How many words further away a side after a mention counts than one before it.
_AFTER = 2
# How many words the parts of one side take that are named before the other: "right 2nd and 3rd MCP and left thumb".
_PARTS = 5
# How many words may stand between "largest" and the side it is on.
_BEFORE_MOST = 7
_ONE_SIDE = (Laterality.LEFT, Laterality.RIGHT)
# How far back a mention may take its side from, in sentences.
_SENTENCES_BACK = 3
# A sentence of so few words is a heading: "L hand."
_TITLE_WORDS = 3


class Sides:
    """The sides that a Doc names, and whose they are.

    A side directly before or after a site's name belongs to that site ("left renal", "of the kidney on the left"), and
    is no other site's where a comma or an "and" stands between them.

    Parameters
    ----------
    page, ties
        The Doc with its mentions and site terms, and the ties between these.
    sides
        The sides in the order of the text.
    """

    def __init__(self, page: Page, ties: Ties, sides: Sequence[Side]) -> None:
        self._page = page
        self._ties = ties
        self._sides = InOrder(s for s in sides if is_side(page.words, s))
        self._both = {Site(site) for site in linking("both_by_nature")}
        self._sideless = {Site(site) for site in linking("sideless")}
        self._unpaired = {Site(site) for site in linking("unpaired")}

    def near(
        self, span: Span, sites: tuple[Site, ...], chosen: Sequence[Match[Term]], scope: Span
    ) -> Laterality | None:
        """The side that a mention's own sentence or heading gives it.

        Parameters
        ----------
        span
            The mention.
        sites
            Its sites.
        chosen, scope
            The terms that gave them, and the sentence or heading these stand in.
        """
        if sites[0] in self._sideless:
            return None
        sentence = self._page.around(span)
        chosen = [t for t in chosen if t.rule.rule.id is chosen[0].rule.rule.id]
        anchors: list[Placed] = [span, *(chosen if scope == sentence else ())]
        anchors += [t for t in self._page.named(sentence) if t.rule.rule.id is sites[0] and self._is_place(span, t)]
        free = self._free(span, sentence, sites)
        if touching := self._touching(free, [span]) or self._touching(free, anchors):
            own_sides = [s for s in touching if self.is_paired(sites[0]) or not self._is_of_other(sentence, s, sites)]
            return one_side(own_sides) if own_sides else None
        own = {t.rule.rule.side for t in chosen if t.rule.rule.side}
        if single := own - {Laterality.BILATERAL}:
            return single.pop() if len(own) == 1 else Laterality.BILATERAL
        if not self.is_paired(sites[0]) or self.is_unpaired_name(chosen):
            return None
        if (same := self._same(span, sentence)) is not None:
            return same
        if free:
            decisive = [s for s in free if s.start < span.start or not self._is_most(span, s)]
            return one_side(self._nearest(span, decisive)) if decisive else Laterality.BILATERAL
        heading = self._page.heading(span)
        headed = self.within(heading) if heading is not None else []
        if own and scope == sentence:
            return one_side(headed) if headed else Laterality.BILATERAL
        if scope != sentence:
            if (grouped := self._of_group(span, sites)) is not None:
                return grouped
            if touching := self._touching(self.within(scope), chosen):
                spoken_of = [s for s in self.within(scope) if self._speaks_of(scope, s, sites)]
                return one_side(spoken_of if self._page.points_back_to_all(span) else touching)
        return one_side(headed) if headed else None

    def _is_of_other(self, sentence: Span, side: Side, sites: tuple[Site, ...]) -> bool:
        """Whether a side belongs to another of a mention's sites: "gastric and bilateral renal calcification"."""
        owners = {t.rule.rule.id for t in self._page.named(sentence) if self._belongs(side, t)}
        return sites[0] not in owners and not owners.isdisjoint(sites[1:])

    def _is_place(self, span: Span, term: Match[Term]) -> bool:
        """Whether a term is where a mention is: the first thing said before it, or what a preposition leads to."""
        between = self._page.between(span, term)
        if term.end <= span.start:
            return self._ties.is_first(span, term) and not anew(between)
        nearer = any(span.end <= t.start < term.start for t in self._page.named(self._page.around(span)))
        return term.start >= span.end and not nearer and governs("within", between)

    def _same(self, span: Span, sentence: Span) -> Laterality | None:
        """The side named last before a mention that is said to be on the same side."""
        words = [word for word in self._page.words[sentence.start : sentence.end] if not word.isspace()]
        if "ipsilateral" not in words and ("same", "side") not in itertools.pairwise(words):
            return None
        before = [s for s in self.within(self._page.doc[: span.start]) if s.rule.id in _ONE_SIDE]
        return before[-1].rule.id if before else None

    def far(self, span: Span, sites: tuple[Site, ...], scope: Span) -> Laterality | None:
        """The side that the sentences before, the title or the rest of the report give a mention of a paired organ."""
        near = self._before(span, sites) or self._of_group(span, sites)
        return near or self._of_title(scope) or self._elsewhere(sites)

    def by_nature(self, span: Span, site: Site) -> Laterality | None:
        """Both sides for several or diffuse calcifications of a site that is on both, where nothing else is said."""
        said = " ".join(self._page.words[self._page.around(span).start : span.end])
        near = {*re.split(r"[,;]", said)[-1].split()}
        diffuse = not linking("diffuse").isdisjoint(near) or not linking("diffuse_lung").isdisjoint(said.split())
        return Laterality.BILATERAL if site in self._both and (diffuse or self._is_plural(span)) else None

    def _is_plural(self, span: Span) -> bool:
        return self._page.words[span.end - 1].endswith("s")

    def is_paired(self, site: Site) -> bool:
        """Whether an organ is on both sides, so that words further away may say on which one."""
        return site not in self._unpaired

    def is_unpaired_name(self, chosen: Sequence[Match[Term]]) -> bool:
        """Whether the words that gave a site name a single one of it: the cava among the veins."""
        names = [word for term in chosen for word in self._page.words[term.start : term.end]]
        return not linking("unpaired_names").isdisjoint(names)

    def within(self, place: Span) -> list[Side]:
        """The sides named in a sentence, heading or title."""
        return self._sides.within(place.start, place.end)

    def _touching(self, sides: Sequence[Side], anchors: Sequence[Placed]) -> list[Side]:
        """Of some sides those directly before or after words, and those coordinated with them."""
        touching = [s for s in sides if any(self._belongs(s, anchor) for anchor in anchors)]
        return self._with_coordinated(touching, sides)

    def _belongs(self, side: Side, anchor: Placed) -> bool:
        if overlaps(side, anchor):
            return True
        words = self._page.between(side, anchor)
        if side.start < anchor.start:
            return side.end <= anchor.start and len(words) <= _BEFORE and linking("joint").isdisjoint(words)
        return side.start >= anchor.end and linking("leading").issuperset(words)

    def _free(self, span: Span, sentence: Span, sites: tuple[Site, ...]) -> list[Side]:
        """The sides of a sentence that may be a mention's, and those of the same parts coordinated with them."""
        sides = self.within(sentence)
        free = [s for s in sides if self._is_free(span, s, sites)]
        free = [s for s in free if ";" not in self._page.between(span, s)] or free
        linked = self._with_coordinated(free, sides)
        return [s for s in sides if s in free or (s in linked and any(self._share(sentence, s, f) for f in free))]

    def _share(self, sentence: Span, side: Side, other: Side) -> bool:
        """Whether two sides belong to parts of the same site: "the left thumb and the right index"."""
        terms = self._page.terms(sentence)
        one, two = ({t.rule.rule.id for t in terms if self._belongs(s, t)} for s in (side, other))
        return not one or not two or not one.isdisjoint(two)

    def _is_free(self, span: Span, side: Side, sites: tuple[Site, ...]) -> bool:
        """Whether a side may be a mention's: not of another finding, nor another site's that is cut off from it."""
        between = self._page.between(span, side)
        if side.start >= span.end and anew(between):
            return False
        if side.end <= span.start and self._is_of_one(span, side) and goes_on_to_others(between):
            return False
        terms = [t for t in self._page.terms(self._page.around(span)) if t.rule.kind != "vague"]
        owners = [t for t in terms if self._belongs(side, t)]
        others = [t for t in owners if t.rule.rule.id not in sites]
        if not others or len(others) < len(owners) or linking("cut").isdisjoint(between):
            return True
        own = [t for t in terms if t.rule.rule.id in sites and t.end <= side.start]
        return any(governs("within", self._page.between(t, side)) for t in own[-1:])

    def _is_of_one(self, span: Span, side: Side) -> bool:
        """Whether one finding is said to be on a side: "one active cyst on the left"."""
        before = self._page.words[self._page.around(span).start : side.start]
        return not linking("alone").isdisjoint(before)

    def _is_most(self, span: Span, side: Side) -> bool:
        """Whether only the largest or most of several is said to be on a side: "larger on the right"."""
        return not linking("more").isdisjoint(self._page.between(span, side)[-_BEFORE_MOST:])

    def _nearest(self, span: Span, sides: list[Side]) -> list[Side]:
        """The side nearest the span, those before it preferred, with what is coordinated with it.

        Several calcifications lie on all the sides that are named with them.
        """
        own = [s for s in sides if self._ties.is_alone(span, s)]
        if own and (self._is_plural(span) or "each" in self._page.between(own[-1], span)):
            return own
        best = min(sides, key=lambda s: len(self._page.between(span, s)) + _AFTER * (s.start >= span.end))
        return self._with_coordinated([best], sides)

    def _with_coordinated(self, chosen: Sequence[Side], sides: Sequence[Side]) -> list[Side]:
        """Some sides and those that are named with them, one after the other: "R thumb, R index and L thumb"."""
        found = list(chosen)
        for step in (1, -1):
            for one, other in itertools.pairwise(sides[::step]):
                if one in found and other not in found and self._coordinated(one, other):
                    found.append(other)
        return found

    def _coordinated(self, side: Side, other: Side) -> bool:
        """Whether two sides are named together: "right and left", "of the right hand and at the left wrist"."""
        if not {side.rule.id, other.rule.id}.issubset(_ONE_SIDE):
            return False
        words = self._page.between(side, other)
        joints = linking("and") | {","}
        if joints.isdisjoint(words):
            return False
        following = after_last(words, joints)
        listed = not following and len(words) <= _PARTS and all(word.isalnum() for word in words)
        return len(words) <= _COORDINATED or listed or not (linking("within") | {"the", "to"}).isdisjoint(following[:1])

    def _before(self, span: Span, sites: tuple[Site, ...]) -> Laterality | None:
        """The side that the sentences before, in the same section, have come to speak of."""
        for sentence in self._page.sentences_before(span, _SENTENCES_BACK):
            sides = [s for s in self.within(sentence) if self._speaks_of(sentence, s, sites)]
            sides = [s for s in sides if linking("more").isdisjoint(self._page.words[sentence.start : s.start])]
            if sides and self._page.points_back_to_all(span):
                return one_side(sides)
            if sides:
                return one_side(self._with_coordinated(sides[-1:], sides))
            if sided := [t.rule.rule.side for t in self._page.named(sentence) if t.rule.rule.id in sites]:
                return sided[-1]
        return None

    def _speaks_of(self, sentence: Span, side: Side, sites: tuple[Site, ...]) -> bool:
        if sum(token.is_alpha for token in sentence) <= _TITLE_WORDS:
            return True
        return any(
            self._belongs(side, t)
            for t in self._page.terms(sentence)
            if t.rule.rule.id in sites or t.rule.kind == "vague"
        )

    def _elsewhere(self, sites: tuple[Site, ...]) -> Laterality | None:
        """The one side that the report names with the same site anywhere, not where it finds it normal."""
        found = {side for site, side in self._stated if site in sites}
        return found.pop() if len(found) == 1 else None

    @cached_property
    def _stated(self) -> set[tuple[Site, Laterality]]:
        """The sites of the report, each with a side named with it."""
        return {
            (t.rule.rule.id, s.rule.id)
            for sentence in self._page.sentences
            if (linking("absence") | linking("healthy")).isdisjoint(self._page.words[sentence.start : sentence.end])
            for s in self.within(sentence)
            for t in self._page.named(sentence)
            if self._belongs(s, t)
        }

    def _of_group(self, span: Span, sites: tuple[Site, ...]) -> Laterality | None:
        """The side in the line over the fields of which a mention's section is one, unless that names other sites."""
        line = self._page.group(span)
        if line is None or any(t.rule.rule.id not in sites for t in self._page.named(line)):
            return None
        sides = self.within(line)
        return one_side(sides) if sides else None

    def _of_title(self, scope: Span) -> Laterality | None:
        for place in (scope, self._page.title):
            if found := self.within(place):
                return one_side(found)
        return None


def one_side(sides: Sequence[Side]) -> Laterality:
    """The side that all of some sides name; both where they differ."""
    found = {side.rule.id for side in sides}
    return found.pop() if len(found) == 1 else Laterality.BILATERAL
