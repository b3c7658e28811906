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
from calcitype.lexicon import SideRule, SiteRule
from calcitype.schema import Laterality, Site

_PREPOSITIONS = frozenset(
    "in of within at along involving over around near on throughout from about overlying outlining under beneath into below "
    "above across inside adjacent lining beside behind affecting surrounding encircling through between towards to per".split()
)
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
_SENTENCES_BACK = 2

# Organs of which there is one, so that a side elsewhere in the sentence is not theirs.
_UNPAIRED = frozenset(
    {
        Site.PINEAL, Site.SELLAR, Site.THORACIC_AORTA, Site.ABDOMINAL_AORTA, Site.AORTA, Site.CORONARY, Site.HEART_VALVE, Site.PERICARDIUM,
        Site.LIVER, Site.SPLEEN, Site.PANCREAS, Site.GALLBLADDER, Site.STOMACH, Site.BOWEL, Site.PERITONEUM, Site.UTERUS, Site.PROSTATE, Site.DISC,
        Site.FETUS_PLACENTA, Site.MYOCARDIUM, Site.HEART_CHAMBER, Site.LIGAMENT, Site.AIRWAY,
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
        self._refine = {(rule.id, rule.within): rule.becomes for rule in rules.refine}
        for name, default in (("site", Site.UNSPECIFIED.value), ("sites", ()), ("laterality", None)):
            if not Span.has_extension(name):
                Span.set_extension(name, default=default)

    def match(self, doc: Doc, spans: Sequence[Span]) -> list[Place]:
        """The place of each span, in the order given."""
        if not spans:
            return []
        page = _Page(doc, spans, self._terms(doc), self._sides(doc))
        return [self._place(page, span) for span in spans]

    def _place(self, page: _Page, span: Span) -> Place:
        chosen, scope = self._chosen(page, span)
        sites = tuple(dict.fromkeys(self._refined(page, span, term.rule.rule.id) for term in chosen))
        if not sites:
            sites = (Site.UNSPECIFIED,)
        return Place(sites, self._side(page, span, chosen, sites, scope))

    def _chosen(self, page: _Page, span: Span) -> tuple[list[Match[Term]], Span]:
        """The terms that give the site, nearest source first, and the sentence or heading they stand in."""
        sentence = page.sentence(span)
        here = page.terms(sentence)
        own = (
            [t for t in here if t.rule.kind == "weak" and _overlap(t, span)]
            if span.id_ in ("named", "mineralisation")
            else []
        )
        names = [t for t in here if t.rule.kind == "name"]
        if own:
            return own[:1], sentence
        if names and (best := page.nearest(span, names)) is not None:
            return _list_of(page.words, best, names), sentence
        heading = page.heading(span)
        if heading is not None and (named := [t for t in page.terms(heading) if t.rule.kind == "name"]):
            return named[:1], heading
        implied = [t for kind in ("weak", "vague") for t in here if t.rule.kind == kind]
        if not any(t.rule.kind == "weak" for t in implied):
            for before in page.sentences_before(span):
                if named := [t for t in page.terms(before) if t.rule.kind == "name"]:
                    return named[-1:] if not implied or implied[0].rule.rule.id == named[-1].rule.rule.id else implied[
                        :1
                    ], before
        if implied and implied[0].rule.kind == "weak":
            return [page.closest(span, [t for t in implied if t.rule.kind == "weak"])], sentence
        title = [t for t in page.terms(page.title) if t.rule.kind in ("name", "exam")]
        if len({t.rule.rule.id for t in title}) == 1:
            return title[:1], page.title
        return implied[:1], sentence

    def _refined(self, page: _Page, span: Span, site: Site) -> Site:
        """A general site made exact by another one in its sentence, heading or title."""
        places = [page.sentence(span), page.heading(span), page.title]
        for place in places:
            for term in page.terms(place) if place is not None else ():
                if term.rule.kind in ("name", "exam") and (exact := self._refine.get((site, term.rule.rule.id))):
                    return exact
        return site

    def _side(
        self, page: _Page, span: Span, chosen: list[Match[Term]], sites: tuple[Site, ...], scope: Span
    ) -> Laterality | None:
        own = {t.rule.rule.side for t in chosen if t.rule.rule.side}
        if own:
            return own.pop() if len(own) == 1 else Laterality.BILATERAL
        anchors = [(t.start, t.end) for t in chosen] or [(span.start, span.end)]
        if scope == page.sentence(span):
            anchors.append((span.start, span.end))
        sides = page.sides(scope)
        touching = [
            s for s in sides if any(0 <= start - s.end <= 2 or 0 <= s.start - end <= 1 for start, end in anchors)
        ]
        if touching:
            return _one_side(touching)
        if sites[0] in _UNPAIRED:
            return None
        for place in (page.sentence(span), scope, page.heading(span)):
            if place is not None and (found := page.sides(place)):
                return _one_side(page.nearest_sides(span, found)) if place == page.sentence(span) else _one_side(found)
        for before in page.sentences_before(span):
            if scope == before and (found := page.sides(before)):
                return _one_side(found[-1:])
        return _one_side(found) if (found := page.sides(page.title)) else None

    def __call__(self, doc: Doc) -> Doc:
        spans = list(doc.spans.get(self.span_key, ()))
        for span, place in zip(spans, self.match(doc, spans), strict=True):
            span._.site = place.sites[0].value
            span._.sites = tuple(site.value for site in place.sites)
            span._.laterality = place.laterality.value if place.laterality else None
        return doc


class _Page:
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
        exam = next((section for section in sections if section.label_ == "exam"), None)
        self.title = exam if exam is not None else self._sentences[0]

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

    def sides(self, place: Span) -> list[Match[SideRule]]:
        return [s for s in self._sides if place.start <= s.start and s.end <= place.end]

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

    def nearest_sides(self, span: Span, sides: list[Match[SideRule]]) -> list[Match[SideRule]]:
        """The side nearest the span, those before it preferred, and what is coordinated with it."""
        best = min(sides, key=lambda s: (s.start - span.end + 2) if s.start >= span.end else span.start - s.end)
        return [s for s in sides if s is best or self._coordinated(s, best)]

    def _coordinated(self, side: Match[SideRule], other: Match[SideRule]) -> bool:
        first, last = sorted((side, other), key=lambda s: s.start)
        return last.start - first.end <= 2 and not {"and", "&", "+", ">", "<", "/"}.isdisjoint(
            self.words[first.end : last.start]
        )

    def _cost(self, span: Span, term: Match[Term]) -> float | None:
        if _overlap(term, span):
            return 0.0
        after = term.start >= span.end
        between = self.words[span.end : term.start] if after else self.words[term.end : span.start]
        if not _BREAKS.isdisjoint(between):
            return None
        others = sum(
            1
            for other in self._spans
            if (span.end <= other.start < term.start if after else term.end <= other.start and other.end <= span.start)
        )
        cost = len(between) / 20 + between.count(",") + 2 * others
        if after:
            if not _PREPOSITIONS.isdisjoint(between):
                return cost + 0.6
            return cost + (0.3 if len(between) <= 3 and "," not in between else 3)
        return cost + (0.0 if len(between) <= 1 else 1.0)


def _terms(rules: Sequence[SiteRule]) -> Iterator[tuple[Term, str]]:
    for rule in rules:
        for kind, phrases in (("name", rule.phrases), ("weak", rule.weak), ("exam", rule.exam), ("vague", rule.vague)):
            term = Term(rule, kind)
            yield from ((term, phrase) for phrase in phrases)


def _overlap(term: Match[Term], span: Span) -> bool:
    return term.start < span.end and span.start < term.end


def _list_of(words: list[str], best: Match[Term], names: list[Match[Term]]) -> list[Match[Term]]:
    """The name and those listed with it ("of the lungs and gastric mucosa"), in the order of the text."""
    found, i = [best], names.index(best)
    for step in (-1, 1):
        j, edge = i + step, best
        while 0 <= j < len(names):
            gap = words[names[j].end : edge.start] if step < 0 else words[edge.end : names[j].start]
            if not gap or not _LISTED.issuperset(gap) or gap == ["-"]:
                break
            edge = names[j]
            found.append(edge)
            j += step
    return sorted(found, key=lambda t: t.start)


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
