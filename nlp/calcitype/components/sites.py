"""Where a mention is, and on which side: ``span._.site``, ``span._.sites``, ``span._.laterality``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span

from calcitype import lexicon
from calcitype.components.mentions import SPAN_KEY
from calcitype.components.phrases import Match, Phrases
from calcitype.components.sections import HEADINGS, SECTIONS
from calcitype.lexicon import RefineRule, SideRule, SiteRule
from calcitype.schema import Laterality, Site

_WITHIN = frozenset("in of within at along involving on throughout from outlining inside lining affecting through per into".split())
_BESIDE = frozenset(
    "over around near about overlying under beneath below above across adjacent beside behind surrounding encircling between "
    "towards to next".split()
)
_PASSED = frozenset("encasing encases abutting displacing compressing invading behind crossing near beside above below against".split())
_BREAKS = frozenset({";", ".", "but", "however"})
_LISTED = frozenset(
    {
        ",",
        "and",
        "&",
        "or",
        "/",
        "the",
        "both",
        "left",
        "right",
        "bilateral",
        "as",
        "well",
        "also",
        "lt",
        "rt",
        "-",
        "+",
    }
)
_OF = frozenset({"of", "the", "left", "right", "both", "lt", "rt"})
# Sections that a report may begin with where it has no title.
_NO_TITLE = ("indication", "technique", "comparison", "findings", "impression")
_SENTENCES_BACK = 2
_BEFORE, _AFTER = 2, 2

# What each tie between a mention and a site costs: "calcified big X", "calcification in the X", "X is calcified",
# "calcification above the X".
_DIRECT, _PREPOSITIONAL, _WEAK, _SUBJECT, _RELATIVE, _LOOSE = 0.3, 0.6, 0.9, 1.0, 1.2, 3.0

# Organs of which there is one, so that a side elsewhere in the sentence is not theirs.
_UNPAIRED = frozenset(
    {
        Site.PINEAL, Site.SELLAR, Site.THORACIC_AORTA, Site.ABDOMINAL_AORTA, Site.AORTA, Site.CORONARY, Site.HEART_VALVE, Site.PERICARDIUM,
        Site.LIVER, Site.SPLEEN, Site.PANCREAS, Site.GALLBLADDER, Site.STOMACH, Site.BOWEL, Site.PERITONEUM, Site.UTERUS, Site.PROSTATE, Site.DISC,
        Site.FETUS_PLACENTA, Site.MYOCARDIUM, Site.HEART_CHAMBER, Site.LIGAMENT, Site.AIRWAY, Site.MEDIASTINAL_NODE, Site.UNSPECIFIED,
    }
)  # fmt: skip


class Place(NamedTuple):
    """The sites of a mention in the order of the text, and its side."""

    sites: tuple[Site, ...]
    laterality: Laterality | None


class Term(NamedTuple):
    """A phrase of a site and how strongly it names it: ``name``, ``weak``, ``exam`` or ``vague``."""

    rule: SiteRule
    kind: str


class Sites:
    """Links each mention to the site its sentence, its heading, the sentences before or the examination's title give it.

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
        self._sides = Phrases(nlp, [(rule, phrase) for rule in rules.side for phrase in rule.phrases])
        self._refine = rules.refine
        self._regions = Phrases(nlp, [(rule, phrase) for rule in rules.refine for phrase in rule.phrases])
        for name, default in (("site", Site.UNSPECIFIED.value), ("sites", ()), ("laterality", None)):
            if not Span.has_extension(name):
                Span.set_extension(name, default=default)

    def match(self, doc: Doc, spans: Sequence[Span]) -> list[Place]:
        """The place of each span, in the order given."""
        if not spans:
            return []
        page = Page(doc, spans, self._terms(doc), self._sides(doc))
        regions = self._regions(doc)
        chosen = [self._chosen(page, span) for span in spans]
        sites = [tuple(t.rule.rule.id for t in terms) or (Site.UNSPECIFIED,) for terms, _ in chosen]
        stated = {site for found in sites for site in found}
        exact = [
            tuple(dict.fromkeys(self._refined(page, span, site, regions, stated) for site in found))
            for span, found in zip(spans, sites, strict=True)
        ]
        sides = [
            self._side(page, span, terms, scope, found) for span, (terms, scope), found in zip(spans, chosen, exact, strict=True)
        ]
        return [Place(found, side or _inherited(found, exact, sides)) for found, side in zip(exact, sides, strict=True)]

    def _chosen(self, page: Page, span: Span) -> tuple[list[Match[Term]], Span]:
        """The terms that give the site, nearest source first, and the sentence, heading or title they stand in."""
        sentence = page.sentence(span)
        here = page.terms(sentence)
        names = [t for t in here if t.rule.kind == "name"]
        weak = [t for t in here if t.rule.kind == "weak"]
        vague = [t for t in here if t.rule.kind == "vague"]
        near = [*names, *(t for t in weak if page.touches(span, t))]
        if (best := page.nearest(span, near)) is not None:
            return page.listed(best, names), sentence
        heading = page.heading(span)
        if heading is not None and (named := page.named(heading)):
            return named[:1], heading
        if not weak:
            for before in page.sentences_before(span):
                if named := page.named(before):
                    if vague and vague[0].rule.rule.id is not named[0].rule.rule.id:
                        break
                    return named[:1], before
        if weak:
            return [page.closest(span, weak)], sentence
        title = [t for t in page.terms(page.title) if t.rule.kind in ("name", "exam")]
        if len({t.rule.rule.id for t in title}) == 1:
            return title[:1], page.title
        return vague[:1], sentence

    def _refined(self, page: Page, span: Span, site: Site, regions: list[Match[RefineRule]], stated: set[Site]) -> Site:
        """A general site made exact by words in its sentence, heading or title, or by the report's other mentions."""
        rules = [rule for rule in self._refine if rule.id is site]
        places = [place for place in (page.sentence(span), page.heading(span), page.title) if place is not None] if rules else []
        for place in places:
            sites = {t.rule.rule.id for t in page.terms(place) if t.rule.kind in ("name", "exam")}
            phrases = {r.rule for r in regions if place.start <= r.start and r.end <= place.end}
            for rule in rules:
                if rule in phrases or not sites.isdisjoint(rule.within):
                    return rule.becomes
        exact = {rule.becomes for rule in rules} & stated
        return exact.pop() if len(exact) == 1 else site

    def _side(
        self, page: Page, span: Span, chosen: list[Match[Term]], scope: Span, sites: tuple[Site, ...]
    ) -> Laterality | None:
        sentence = page.sentence(span)
        anchors = [(span.start, span.end)]
        own = {t.rule.rule.side for t in chosen if t.rule.rule.side}
        if scope == sentence:
            anchors += [(t.start, t.end) for t in chosen]
        else:
            own.discard(Laterality.BILATERAL)
        if touching := page.sides_touching(sentence, anchors):
            return _one_side(touching)
        if own:
            return own.pop() if len(own) == 1 else Laterality.BILATERAL
        if sites[0] in _UNPAIRED:
            return None
        if found := page.sides(sentence):
            return _one_side(page.nearest_sides(span, found))
        if scope != sentence and (touching := page.sides_touching(scope, [(t.start, t.end) for t in chosen])):
            return _one_side(touching)
        for place in (page.heading(span), scope, page.title):
            if place is not None and (found := page.sides(place)):
                return _one_side(found)
        return None

    def __call__(self, doc: Doc) -> Doc:
        spans = list(doc.spans.get(self.span_key, ()))
        for span, place in zip(spans, self.match(doc, spans), strict=True):
            span._.site = place.sites[0].value
            span._.sites = tuple(site.value for site in place.sites)
            span._.laterality = place.laterality.value if place.laterality else None
        return doc


class Page:
    """A Doc with its mentions, site terms and sides, as the linking rules look at it."""

    def __init__(self, doc: Doc, spans: Sequence[Span], terms: list[Match[Term]], sides: list[Match[SideRule]]) -> None:
        self.doc = doc
        self.words = [token.lower_ for token in doc]
        self._spans = spans
        self._terms = [t for t in terms if t.rule.rule.id is not Site.UNSPECIFIED]
        self._sides = sides
        self._sentences = list(doc.sents) if doc.has_annotation("SENT_START") else [doc[:]]
        sections = list(doc.spans.get(SECTIONS, ()))
        self._sections = list(zip(sections, doc.spans.get(HEADINGS, ()), strict=True))
        first = sections[0] if sections else doc[:]
        self.title = next((s for s in sections if s.label_ == "exam"), doc[:0] if first.label_ in _NO_TITLE else self._sentences[0])

    def sentence(self, span: Span) -> Span:
        return next(s for s in self._sentences if s.start <= span.start < s.end)

    def heading(self, span: Span) -> Span | None:
        """The heading of the section the span stands in, if it stands outside the span's sentence."""
        for section, heading in self._sections:
            if section.start <= span.start < section.end:
                return heading if heading.start < heading.end else None
        return None

    def sentences_before(self, span: Span) -> Iterator[Span]:
        """The sentences before the span's in its section, the nearest first, without those that say "no ..."."""
        sentence = self.sentence(span)
        start = next((s.start for s, _ in self._sections if s.start <= span.start < s.end), 0)
        before = [s for s in self._sentences if start <= s.start and s.end <= sentence.start and s.text.strip()]
        yield from (
            s for s in reversed(before[-_SENTENCES_BACK:]) if self.words[s.start] not in ("no", "nil", "without")
        )

    def terms(self, place: Span) -> list[Match[Term]]:
        return [t for t in self._terms if place.start <= t.start and t.end <= place.end]

    def named(self, place: Span) -> list[Match[Term]]:
        """The names of sites in a place."""
        return [t for t in self.terms(place) if t.rule.kind == "name"]

    def sides(self, place: Span) -> list[Match[SideRule]]:
        return [s for s in self._sides if place.start <= s.start and s.end <= place.end]

    def sides_touching(self, place: Span, anchors: list[tuple[int, int]]) -> list[Match[SideRule]]:
        """The sides that stand directly before or after words ("left renal", "of the kidney on the left")."""
        return [
            s
            for s in self.sides(place)
            if any(0 <= start - s.end <= _BEFORE or 0 <= s.start - end <= _AFTER for start, end in anchors)
        ]

    def nearest(self, span: Span, names: list[Match[Term]]) -> Match[Term] | None:
        """The name that the sentence's structure ties most closely to the span; ``None`` if all are cut off from it."""
        ranked = [
            (cost, abs(t.start - span.start), i)
            for i, t in enumerate(names)
            if (cost := self._cost(span, t)) is not None
        ]
        return names[min(ranked)[2]] if ranked else None

    def closest(self, span: Span, terms: list[Match[Term]]) -> Match[Term]:
        return min(terms, key=lambda t: max(t.start - span.end, span.start - t.end, 0))

    def touches(self, span: Span, term: Match[Term]) -> bool:
        """Whether a term is within a mention or directly before it."""
        return _overlap(term, span) or 0 <= span.start - term.end <= 1

    def nearest_sides(self, span: Span, sides: list[Match[SideRule]]) -> list[Match[SideRule]]:
        """The side nearest the span, those before it preferred, with what is coordinated with it.

        Several calcifications lie on all the sides that are named with them.
        """
        if self.words[span.end - 1].endswith("s"):
            low = max((o.end for o in self._spans if o.end <= span.start), default=0)
            high = min((o.start for o in self._spans if o.start >= span.end), default=len(self.words))
            if own := [s for s in sides if low <= s.start < high]:
                return own
        best = min(sides, key=lambda s: (s.start - span.end + 2) if s.start >= span.end else span.start - s.end)
        return [s for s in sides if s is best or self._coordinated(s, best)]

    def _coordinated(self, side: Match[SideRule], other: Match[SideRule]) -> bool:
        first, last = sorted((side, other), key=lambda s: s.start)
        return last.start - first.end <= 2 and not {"and", "&", "+", ">", "<", "/"}.isdisjoint(
            self.words[first.end : last.start]
        )

    def _cost(self, span: Span, term: Match[Term]) -> float | None:
        """How loosely the sentence ties a term to a mention; ``None`` if something cuts it off."""
        if _overlap(term, span):
            return 0.0 if term.rule.kind == "name" else _WEAK
        after = term.start >= span.end
        between = self.words[span.end : term.start] if after else self.words[term.end : span.start]
        if not _BREAKS.isdisjoint(between):
            return None
        low, high = (span.end, term.start) if after else (term.end, span.start)
        cost = len(between) / 20 + between.count(",") + 2 * sum(low <= o.start and o.end <= high for o in self._spans)
        if term.rule.kind == "weak":
            return cost + _WEAK
        if after and not _BESIDE.isdisjoint(between):
            return cost + _RELATIVE
        if after and not _WITHIN.isdisjoint(between):
            return cost + _PREPOSITIONAL
        if after:
            return cost + (_DIRECT if len(between) <= 3 and "," not in between else _LOOSE)
        if not _PASSED.isdisjoint(self.words[max(term.start - 2, 0) : term.start]):
            cost += _LOOSE
        return cost + (0.0 if len(between) <= 1 else _SUBJECT)

    def listed(self, best: Match[Term], names: list[Match[Term]]) -> list[Match[Term]]:
        """A term and the names listed with it ("of the lungs and gastric mucosa"), in the order of the text.

        Of "the arteries of the chest wall are calcified" it is the arteries.
        """
        if best not in names:
            return [best]
        found, i = [best], names.index(best)
        for step in (-1, 1):
            j, edge = i + step, best
            while 0 <= j < len(names):
                gap = self.words[names[j].end : edge.start] if step < 0 else self.words[edge.end : names[j].start]
                if step < 0 and edge is best and "of" in gap and _OF.issuperset(gap):
                    return [names[j]]
                if not gap or not _LISTED.issuperset(gap) or gap == ["-"]:
                    break
                edge = names[j]
                found.append(edge)
                j += step
        return sorted(found, key=lambda t: t.start)


def _terms(rules: Sequence[SiteRule]) -> Iterator[tuple[Term, str]]:
    for rule in rules:
        for kind, phrases in (("name", rule.phrases), ("weak", rule.weak), ("exam", rule.exam), ("vague", rule.vague)):
            term = Term(rule, kind)
            yield from ((term, phrase) for phrase in phrases)


def _overlap(term: Match[Term], span: Span) -> bool:
    return term.start < span.end and span.start < term.end


def _inherited(sites: tuple[Site, ...], stated: list[tuple[Site, ...]], sides: list[Laterality | None]) -> Laterality | None:
    """The one side that the report gives the same site elsewhere, for a mention without one."""
    if sites[0] in _UNPAIRED:
        return None
    found = {side for other, side in zip(stated, sides, strict=True) if side and other[0] is sites[0]}
    return found.pop() if len(found) == 1 else None


def _one_side(sides: Sequence[Match[SideRule]]) -> Laterality:
    found = {side.rule.id for side in sides}
    return found.pop() if len(found) == 1 else Laterality.BILATERAL


@Language.factory(
    "calcitype_sites",
    default_config={"span_key": SPAN_KEY},
    requires=["doc.spans"],
    assigns=["span._.site", "span._.sites", "span._.laterality"],
)
def make_sites(nlp: Language, name: str, span_key: str) -> Sites:
    """Create the site linker."""
    return Sites(nlp, span_key=span_key)
