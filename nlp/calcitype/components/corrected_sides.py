"""The side that an addendum or a final read puts right."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from spacy.tokens import Span

from calcitype.components.corrections import ADDENDUM, most_alike
from calcitype.components.phrases import words_after, words_before
from calcitype.components.sections import SECTIONS
from calcitype.components.sentences import telling_words
from calcitype.components.side_words import Side
from calcitype.components.sides import Sides
from calcitype.lexicon import linking
from calcitype.schema import Laterality, Site

_OTHER = {Laterality.LEFT: Laterality.RIGHT, Laterality.RIGHT: Laterality.LEFT}
# How many words before a side can say that it is the wrong one: "not the left", "was entered as right".
_BEFORE, _AFTER = 4, 2
# How many telling words a sentence must share with a finding to be about it without saying so.
_SEVERAL = 2


def corrected_sides(
    spans: Sequence[Span],
    sites: Sequence[tuple[Site, ...]],
    sides: Sequence[Laterality | None],
    named: Sides,
    title: Span,
) -> list[Laterality | None]:
    """The sides of spans in the order of the text, with those that an addendum corrects.

    It corrects the findings on the other side that its sentence shares words with, or that the title does; where it
    names the finding anew, those of the same site.
    """
    found, doc = list(sides), spans[0].doc
    for section in (s for s in doc.spans.get(SECTIONS, ()) if s.label_ == ADDENDUM):
        corrects = _corrects([token.lower_ for token in section if not token.is_space])
        for sentence in section.sents:
            side = _right_side(sentence, named)
            wrong = [
                i for i, span in enumerate(spans) if span.start < section.start and side and found[i] is _OTHER[side]
            ]
            anew = {
                sites[i][0] for i, span in enumerate(spans) if sentence.start <= span.start < sentence.end and sites[i]
            }
            if anew:
                meant = [i for i in wrong if corrects and sites[i][0] in anew]
            else:
                meant = _meant(spans, wrong, sentence, title, corrects=corrects)
            for i in meant:
                found[i] = side
    return found


def _corrects(words: Sequence[str]) -> bool:
    """Whether an addendum puts something right; what is "not left" is on the other side, what is "not seen" is not."""
    sides = linking("side") | {"the", "in", "on"}
    return any(
        word in linking("correcting") or (word == "not" and following in sides)
        for word, following in itertools.pairwise([*words, "."])
    )


def _right_side(sentence: Span, named: Sides) -> Laterality | None:
    """The one side that a sentence does not call wrong."""
    right = {side.rule.id for side in named.within(sentence) if not _is_wrong(sentence, side)} & _OTHER.keys()
    return right.pop() if len(right) == 1 else None


def _is_wrong(sentence: Span, side: Side) -> bool:
    words = [token.lower_ for token in sentence]
    before = words_before(words, side.start - sentence.start, _BEFORE)
    after = words_after(words, side.end - sentence.start, _AFTER)
    return not linking("wrong_before").isdisjoint(before) or not linking("wrong_after").isdisjoint(after)


def _meant(spans: Sequence[Span], wrong: Sequence[int], sentence: Span, title: Span, *, corrects: bool) -> list[int]:
    """The findings that share telling words with a sentence; all of a report whose title does.

    A sentence that does not say that it corrects must share several.
    """
    words = telling_words(sentence)
    most, meant = most_alike(words, spans, wrong)
    if most:
        return meant if corrects or most >= _SEVERAL else []
    return list(wrong) if corrects and (words & telling_words(title) or len(wrong) == 1) else []
