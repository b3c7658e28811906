"""Where the words for a cause stand in the body: the organs and the sides that their sentence names."""

from spacy.language import Language
from spacy.tokens import Doc, Span

from calcitype import lexicon
from calcitype.components.phrases import InOrder, Match, Phrases
from calcitype.lexicon.rules import SideRule, SiteRule
from calcitype.schema import Laterality, Site

_SIDES = frozenset({Laterality.LEFT, Laterality.RIGHT})
_SOFT = frozenset({Site.MUSCLE, Site.SOFT_TISSUE, Site.SKIN_SUBCUTIS})


def is_soft_tissue(site: str) -> bool:
    """Whether a site is of the soft tissues, whose layers a report need not tell apart."""
    return site in _SOFT


class Places:
    """Finds the organs and sides that a report names.

    Parameters
    ----------
    nlp
        The pipeline; its tokenizer splits the phrases.
    """

    def __init__(self, nlp: Language) -> None:
        rules = lexicon.load()
        self._sites = Phrases.of(nlp, rules.site)
        self._sides = Phrases.of(nlp, rules.side)

    def __call__(self, doc: Doc) -> "NamedPlaces":
        """The places that a Doc names."""
        return NamedPlaces(InOrder(self._sites(doc)), InOrder(self._sides(doc)))


class NamedPlaces:
    """The organs and sides that one report names."""

    def __init__(self, sites: InOrder[Match[SiteRule]], sides: InOrder[Match[SideRule]]) -> None:
        self._sites = sites
        self._sides = sides

    def has_other_organ(self, sentence: Span, span: Span) -> bool:
        """Whether a sentence names organs and that of a mention is not among them."""
        named = {match.rule.id for match in self._sites.within(sentence.start, sentence.end)}
        own = {Site(site) for site in span._.sites} - {Site.UNSPECIFIED}
        return bool(named and own) and named.isdisjoint(own)

    def has_other_side(self, sentence: Span, span: Span) -> bool:
        """Whether a sentence names one side, and the mention is on the other."""
        named = {match.rule.id for match in self._sides.within(sentence.start, sentence.end)}
        return len(named) == 1 and named <= _SIDES and span._.laterality in _SIDES - named
