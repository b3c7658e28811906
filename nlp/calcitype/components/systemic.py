"""Systemic disease that a report documents, in words and in laboratory figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from calcitype import lexicon
from calcitype.components.context import Context
from calcitype.components.laboratory import Figure, Laboratory
from calcitype.components.phrases import Phrases
from calcitype.schema import Cause, Site

# Diseases that explain only with a raised calcium, and drugs that explain it where no disease does.
_WITH_HYPERCALCAEMIA: Final = "with_hypercalcaemia."
_DRUGS: Final = "with_hypercalcaemia.vitamin_d"

# Of several systemic causes the more exact one is named.
_MOST_EXACT_FIRST = (
    Cause.CALCIPHYLAXIS,
    Cause.VITAMIN_D_CALCIUM_EXCESS,
    Cause.HYPERPARATHYROIDISM,
    Cause.SARCOID_HYPERCALCAEMIA,
    Cause.MALIGNANT_HYPERCALCAEMIA,
    Cause.PHOSPHATE_DISORDER,
    Cause.RENAL_FAILURE,
    Cause.HYPERCALCAEMIA,
    Cause.NEPHROCALCINOSIS,
)


_RAISE_CALCIUM = (
    Cause.HYPERCALCAEMIA,
    Cause.HYPERPARATHYROIDISM,
    Cause.VITAMIN_D_CALCIUM_EXCESS,
    Cause.MALIGNANT_HYPERCALCAEMIA,
    Cause.SARCOID_HYPERCALCAEMIA,
)


class Systemic(NamedTuple):
    """A systemic disturbance that the report documents, and the sites it explains (none: anywhere)."""

    cause: Cause
    rule: str
    sites: tuple[Site, ...]
    start: int
    end: int


class SystemicDisease:
    """Finds what disturbs calcium and phosphate in a patient.

    Parameters
    ----------
    nlp
        The pipeline; its tokenizer splits the phrases.
    context
        Tells what the report asserts of the patient from what it denies, asks or says of a relative.
    """

    def __init__(self, nlp: Language, context: Context) -> None:
        rules = lexicon.load().systemic
        self._phrases = Phrases(nlp, [(r, p) for r in rules for p in r.phrases])
        self._anywhere = next(r.sites for r in rules if r.cause is Cause.HYPERCALCAEMIA)
        self._laboratory = Laboratory()
        self._context = context

    def __call__(self, doc: Doc) -> list[Systemic]:
        """The systemic disturbances that a Doc documents in words and in figures, the most exact first."""
        found = list(self._named(doc))
        found += self._measured(found, self._laboratory(doc.text))
        hypercalcaemia = any(s.cause in _RAISE_CALCIUM and not s.rule.startswith(_WITH_HYPERCALCAEMIA) for s in found)
        held = [s for s in found if hypercalcaemia or not s.rule.startswith(_WITH_HYPERCALCAEMIA)]
        return sorted(held, key=_exactness)

    def _named(self, doc: Doc) -> Iterator[Systemic]:
        for match in self._context.holding(doc, self._phrases(doc)):
            words = doc[match.start : match.end]
            yield Systemic(match.rule.cause, match.rule.id, match.rule.sites, words.start_char, words.end_char)

    def _measured(self, named: Sequence[Systemic], figures: Sequence[Figure]) -> Iterator[Systemic]:
        """What raised or lowered figures mean together and with the diseases named."""
        renal = any(s.cause is Cause.RENAL_FAILURE for s in named)
        level = {(f.analyte, f.level): f for f in figures}
        calcium = level.get(("calcium", "high")) or level.get(("ionised_calcium", "high"))
        low_calcium = level.get(("calcium", "low")) or level.get(("ionised_calcium", "low"))
        phosphate, product = level.get(("phosphate", "high")), level.get(("product", "high"))
        pth, vitamin_d = level.get(("pth", "high")), level.get(("vitamin_d", "high"))
        if calcium and vitamin_d:
            yield self._figure(Cause.VITAMIN_D_CALCIUM_EXCESS, "laboratory.vitamin_d", vitamin_d)
        if calcium and pth and not renal:
            yield self._figure(Cause.HYPERPARATHYROIDISM, "laboratory.calcium_and_pth", pth)
        if raised := calcium or (product if not renal else None):
            yield self._figure(Cause.HYPERCALCAEMIA, "laboratory.calcium", raised)
        if renal and (mineral := phosphate or product or pth or calcium):
            yield self._figure(Cause.RENAL_FAILURE, "laboratory.renal", mineral)
        elif phosphate:
            yield self._figure(Cause.PHOSPHATE_DISORDER, "laboratory.phosphate", phosphate)
        if low_calcium and not renal and (phosphate or ("pth", "low") in level):
            yield self._figure(Cause.PHOSPHATE_DISORDER, "laboratory.hypoparathyroidism", low_calcium)

    def _figure(self, cause: Cause, rule: str, figure: Figure) -> Systemic:
        return Systemic(cause, rule, self._anywhere, figure.start, figure.end)


def _exactness(found: Systemic) -> float:
    """Sorts the more exact cause first; drugs stand behind the diseases that raise calcium."""
    behind = Cause.MALIGNANT_HYPERCALCAEMIA if found.rule == _DRUGS else found.cause
    return _MOST_EXACT_FIRST.index(behind) + (0.5 if found.rule == _DRUGS else 0.0)


def more_exact(cause: Cause, other: Cause) -> bool:
    """Whether both are systemic and the first says more ("nephrocalcinosis" of hyperparathyroidism)."""
    return other in _MOST_EXACT_FIRST and _MOST_EXACT_FIRST.index(cause) < _MOST_EXACT_FIRST.index(other)
