"""Where a mention is, and on which side: ``span._.site``, ``span._.sites``, ``span._.laterality``."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span

from calcitype import lexicon
from calcitype.components.corrected_sides import corrected_sides
from calcitype.components.extensions import set_extensions
from calcitype.components.mentions import SPAN_KEY
from calcitype.components.page import Page, Term
from calcitype.components.phrases import InOrder, Match, Phrases, Placed, overlaps
from calcitype.components.sides import Sides
from calcitype.components.ties import Ties
from calcitype.lexicon import linking
from calcitype.lexicon.rules import RefineRule, SideRule, SiteRule
from calcitype.schema import Laterality, Site

# Where the names of organs and the sides that a report gives are put in ``doc.spans``, by site and by side.
NAMES: Final = "site_names"
SIDES: Final = "sides"


class Place(NamedTuple):
    """The sites of a mention in the order of the text, and its side."""

    sites: tuple[Site, ...]
    laterality: Laterality | None


class Choice(NamedTuple):
    """The terms that give a site, in the order of the text, and the sentence, heading or title they stand in.

    ``own``: the mention's own sentence or heading, not what stands further away.
    """

    terms: list[Match[Term]]
    scope: Span
    own: bool = False


class Sites:
    """Links each mention to the site that its sentence, heading, the sentences before or the title give it.

    Parameters
    ----------
    nlp
        The pipeline; its tokenizer splits the phrases.
    span_key
        The mentions in ``doc.spans``.
    """

    def __init__(self, nlp: Language, *, span_key: str = SPAN_KEY) -> None:
        self.span_key = span_key
        rules = lexicon.load()
        self._terms = Phrases(nlp, _terms(rules.site))
        self._sides = Phrases.of(nlp, rules.side)
        self._refine = rules.refine
        self._regions = Phrases.of(nlp, rules.refine)
        self._general = {Site(site) for site in linking("general")}
        self._skeleton = {Site(site) for site in linking("skeleton")}
        set_extensions(site=Site.UNSPECIFIED.value, sites=(), laterality=None)

    def match(
        self, doc: Doc, spans: Sequence[Span], terms: list[Match[Term]], named: list[Match[SideRule]]
    ) -> list[Place]:
        """The place of each span, in the order given, by the site terms and the sides that the Doc names."""
        if not spans:
            return []
        page = Page(doc, spans, terms)
        ties = Ties(page)
        beside = Sides(page, ties, named)
        regions = InOrder(self._regions(doc))
        chosen = [self._chosen(page, ties, span) for span in spans]
        sites = [self._sites(page, ties, span, choice) for span, choice in zip(spans, chosen, strict=True)]
        for i, choice in enumerate(chosen):
            if not choice.own and (j := page.repeats(spans, i)) is not None:
                chosen[i], sites[i] = Choice([], page.around(spans[i])), sites[j]
        stated = {site for span, found in zip(spans, sites, strict=True) if not page.denies(span) for site in found}
        exact = [
            tuple(dict.fromkeys(self._exact(page, span, site, regions, stated) for site in found))
            for span, found in zip(spans, sites, strict=True)
        ]
        sides = [
            beside.near(span, found, choice.terms, choice.scope)
            for span, choice, found in zip(spans, chosen, exact, strict=True)
        ]
        for i, (span, choice) in enumerate(zip(spans, chosen, strict=True)):
            if sides[i] is None and beside.is_paired(exact[i][0]) and not beside.is_unpaired_name(choice.terms):
                repeated = _repeated(page, i, spans, exact, sides)
                far = beside.far(span, exact[i], choice.scope)
                sides[i] = repeated or far if page.concludes(span) else far or repeated
                sides[i] = sides[i] or beside.by_nature(span, exact[i][0])
        sides = corrected_sides(spans, exact, sides, beside, page.title)
        return [Place(*place) for place in zip(exact, sides, strict=True)]

    def _sites(self, page: Page, ties: Ties, span: Span, choice: Choice) -> tuple[Site, ...]:
        """The sites of a choice; what lies beside a joint or a bone is in the soft tissue."""
        around = choice.scope == page.around(span)
        found = (
            Site.SOFT_TISSUE
            if around and t.rule.rule.id in self._skeleton and ties.is_beside(span, t)
            else t.rule.rule.id
            for t in choice.terms
        )
        return tuple(found) or (Site.UNSPECIFIED,)

    def _chosen(self, page: Page, ties: Ties, span: Span) -> Choice:
        """The terms that give the site, from the nearest source that has any."""
        sentence = page.around(span)
        heading = page.heading(span)
        here = [t for t in page.terms(sentence) if heading is None or t.start >= heading.end]
        names = [t for t in here if t.rule.kind == "name"]
        weak = [t for t in here if t.rule.kind == "weak"]
        vague = [t for t in here if t.rule.kind == "vague"]
        about = [t for t in page.terms(page.title) if t.rule.kind in ("name", "exam")]
        likely = {t.rule.rule.id for t in (*page.topic, *about)}
        headed = page.named(heading) if heading is not None else []
        near = [*names, *(t for t in weak if ties.touches(span, t) and not (headed and overlaps(t, span)))]
        near += [t for t in vague if t.rule.rule.id in likely and t.start >= span.end and ties.touches(span, t)]
        if (best := ties.nearest(span, near)) is not None:
            return Choice(ties.listed(span, best, names), sentence, own=True)
        if heading is not None and headed:
            return Choice(headed[:1], heading, own=True)
        if not names and (line := page.group(span)) is not None and (over := page.named(line)):
            return Choice(over[:1], line)
        if names and not page.points_back(sentence):
            return Choice([ties.closest(span, names)], sentence)
        if not weak:
            for i, before in enumerate(page.sentences_before(span)):
                named = page.named(before)
                if not named and i == 0 and page.points_back(sentence):
                    named = [t for t in page.terms(before) if t.rule.kind == "weak"]
                if named:
                    if vague and vague[0].rule.rule.id is not named[0].rule.rule.id:
                        break
                    return Choice(named[:1], before)
        if names:
            return Choice([ties.closest(span, names)], sentence)
        exams = [t for t in here if t.rule.kind == "exam"]
        if weak or len({t.rule.rule.id for t in exams}) == 1:
            return Choice([ties.closest(span, weak or exams)], sentence)
        topic = page.topic
        if about and (len({t.rule.rule.id for t in about}) == 1 or any(_same_site(t, topic) for t in about)):
            return Choice([t for t in about if _same_site(t, topic)][:1] or about[:1], page.title)
        if vague and any(
            t.rule.rule.id is vague[0].rule.rule.id for t in page.terms(page.doc) if t.rule.kind != "vague"
        ):
            return Choice(vague[:1], sentence)
        return Choice(topic or vague[:1], sentence)

    def _exact(
        self, page: Page, span: Span, site: Site, regions: InOrder[Match[RefineRule]], stated: set[Site]
    ) -> Site:
        """A general site made exact, in steps if need be: a vessel, the aorta, the abdominal aorta."""
        while (exact := self._refined(page, span, site, regions, stated)) is not site:
            site = exact
        return site

    def _refined(
        self, page: Page, span: Span, site: Site, regions: InOrder[Match[RefineRule]], stated: set[Site]
    ) -> Site:
        """A general site made exact by words in its sentence, heading or title, or by the report's other mentions."""
        rules = [rule for rule in self._refine if rule.id is site]
        places = (
            [place for place in (page.around(span), page.heading(span), page.title) if place is not None]
            if rules
            else []
        )
        for place in places:
            terms = [t for t in page.terms(place) if t.rule.kind in ("name", "exam")]
            found: list[tuple[Placed, RefineRule]]
            found = [(t, rule) for rule in rules for t in terms if t.rule.rule.id in rule.within]
            found += [(r, r.rule) for r in regions.within(place.start, place.end) if r.rule in rules]
            if found:
                return min(found, key=lambda near: _in_reading_order(span, near[0]))[1].becomes
        exact = {rule.becomes for rule in rules} & stated if site in self._general else set()
        return exact.pop() if len(exact) == 1 else site

    def __call__(self, doc: Doc) -> Doc:
        """Set the mentions' site, sites and laterality, ``doc.spans["site_names"]`` and ``doc.spans["sides"]``."""
        spans = list(doc.spans.get(self.span_key, ()))
        terms, sides = (self._terms(doc), self._sides(doc)) if spans else ([], [])
        doc.spans[NAMES] = [Span(doc, t.start, t.end, t.rule.rule.id.value) for t in terms if t.rule.kind == "name"]
        doc.spans[SIDES] = [Span(doc, s.start, s.end, s.rule.id.value) for s in sides]
        for span, place in zip(spans, self.match(doc, spans, terms, sides), strict=True):
            span._.site = place.sites[0].value
            span._.sites = tuple(site.value for site in place.sites)
            span._.laterality = place.laterality.value if place.laterality else None
        return doc


def _repeated(
    page: Page,
    i: int,
    spans: Sequence[Span],
    sites: Sequence[tuple[Site, ...]],
    sides: Sequence[Laterality | None],
) -> Laterality | None:
    """The side that the report gives a mention's site elsewhere.

    In a conclusion it is the side of what the words repeat, or both sides where the findings name both.
    """
    same = [
        j
        for j, found in enumerate(sites)
        if found[0] is sites[i][0] and sides[j] and (page.denies(spans[i]) or not page.denies(spans[j]))
    ]
    if page.concludes(spans[i]):
        same = [j for j in same if j < i] or same
        likeness = [page.likeness(spans[i], spans[j]) for j in same]
        same = [j for j, like in zip(same, likeness, strict=True) if like == max(likeness)]
    found = {sides[j] for j in same}
    if len(found) > 1:
        return Laterality.BILATERAL if page.concludes(spans[i]) else None
    return next(iter(found), None)


def _in_reading_order(span: Span, place: Placed) -> tuple[bool, int]:
    """What follows a mention comes first, the nearest before the others; then what stands before it, in its order."""
    return place.start < span.start, place.start


def _same_site(term: Match[Term], topic: Sequence[Match[Term]]) -> bool:
    return any(term.rule.rule.id is other.rule.rule.id for other in topic)


def _terms(rules: Sequence[SiteRule]) -> Iterator[tuple[Term, str]]:
    for rule in rules:
        for kind, phrases in (("name", rule.phrases), ("weak", rule.weak), ("exam", rule.exam), ("vague", rule.vague)):
            term = Term(rule, kind)
            yield from ((term, phrase) for phrase in phrases)


@Language.factory(
    "calcitype_sites",
    default_config={"span_key": SPAN_KEY},
    requires=["doc.spans"],
    assigns=["doc.spans", "span._.site", "span._.sites", "span._.laterality"],
)
def make_sites(nlp: Language, name: str, span_key: str) -> Sites:
    """Create the site linker."""
    return Sites(nlp, span_key=span_key)
