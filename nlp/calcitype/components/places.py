"""Where the words for a cause stand in the body: the organs and the sides that their sentence names."""

from spacy.tokens import Doc, Span

from calcitype.components.phrases import InOrder
from calcitype.components.sites import NAMES, SIDES
from calcitype.schema import Laterality, Site

_ONE_SIDE = frozenset({Laterality.LEFT, Laterality.RIGHT})


class Places:
    """The organs and sides that a Doc names."""

    def __init__(self, doc: Doc) -> None:
        self._sites = InOrder(doc.spans.get(NAMES, ()))
        self._sides = InOrder(doc.spans.get(SIDES, ()))

    def has_other_organ(self, sentence: Span, span: Span) -> bool:
        """Whether a sentence names organs and that of a mention is not among them."""
        named = {name.label_ for name in self._sites.within(sentence.start, sentence.end)}
        own = {*span._.sites} - {Site.UNSPECIFIED}
        return bool(named and own) and named.isdisjoint(own)

    def has_other_side(self, sentence: Span, span: Span) -> bool:
        """Whether a sentence names one side, and the mention is on the other."""
        named = {side.label_ for side in self._sides.within(sentence.start, sentence.end)}
        return len(named) == 1 and named <= _ONE_SIDE and span._.laterality in _ONE_SIDE - named
