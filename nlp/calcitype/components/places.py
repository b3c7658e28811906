"""Where the words for a cause stand in the body: the organs and the sides that their sentence names."""

from spacy.tokens import Doc, Span

from calcitype.components.page import Term
from calcitype.components.phrases import InOrder, Match
from calcitype.components.sites import Sites
from calcitype.lexicon.rules import SideRule
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
    sites
        The site linker, whose phrases are found.
    """

    def __init__(self, sites: Sites) -> None:
        self._sites = sites

    def __call__(self, doc: Doc) -> "NamedPlaces":
        """The places that a Doc names."""
        terms = self._sites.terms(doc)
        return NamedPlaces(InOrder(t for t in terms if t.rule.kind == "name"), InOrder(self._sites.sides(doc)))


class NamedPlaces:
    """The organs and sides that one report names."""

    def __init__(self, sites: InOrder[Match[Term]], sides: InOrder[Match[SideRule]]) -> None:
        self._sites = sites
        self._sides = sides

    def has_other_organ(self, sentence: Span, span: Span) -> bool:
        """Whether a sentence names organs and that of a mention is not among them."""
        named = {match.rule.rule.id for match in self._sites.within(sentence.start, sentence.end)}
        own = {Site(site) for site in span._.sites} - {Site.UNSPECIFIED}
        return bool(named and own) and named.isdisjoint(own)

    def has_other_side(self, sentence: Span, span: Span) -> bool:
        """Whether a sentence names one side, and the mention is on the other."""
        named = {match.rule.id for match in self._sides.within(sentence.start, sentence.end)}
        return len(named) == 1 and named <= _SIDES and span._.laterality in _SIDES - named
