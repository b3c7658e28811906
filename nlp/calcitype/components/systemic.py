"""Systemic disease that a report documents, in words and in laboratory figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from calcitype import lexicon
from calcitype.components.context import Context
from calcitype.components.laboratory import Figure, Laboratory
from calcitype.components.phrases import Phrases
from calcitype.schema import Cause, Mechanism, Site

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
        self._phrases = Phrases.of(nlp, rules)
        self._rank = {rule.id: i for i, rule in enumerate(rules)}
        self._rank_of_cause = {rule.cause: i for i, rule in reversed(list(enumerate(rules)))}
        # A measured disturbance explains wherever a raised calcium does.
        self._measured_sites = next(r.sites for r in rules if r.cause is Cause.HYPERCALCAEMIA)
        self._laboratory = Laboratory()
        self._context = context

    def __call__(self, doc: Doc) -> list[Systemic]:
        """The systemic disturbances that a Doc documents in words and in figures, the most exact first."""
        phrases = self._phrases(doc)
        named = list(compress(phrases, self._context.holds(doc, phrases)))
        found = list(self._measured([m.rule.cause for m in named], self._laboratory(doc.text)))
        hypercalcaemia = any(s.cause in _RAISE_CALCIUM for s in found) or any(
            m.rule.cause in _RAISE_CALCIUM and not m.rule.needs_hypercalcaemia for m in named
        )
        for match in named:
            if hypercalcaemia or not match.rule.needs_hypercalcaemia:
                words = doc[match.start : match.end]
                found.append(
                    Systemic(match.rule.cause, match.rule.id, match.rule.sites, words.start_char, words.end_char)
                )
        return sorted(found, key=lambda s: self._rank.get(s.rule, self._rank_of_cause[s.cause]))

    def more_exact(self, cause: Cause, other: Cause) -> bool:
        """Whether both are systemic and the first says more ("nephrocalcinosis" of hyperparathyroidism)."""
        rank = self._rank_of_cause
        return other.mechanism is Mechanism.METASTATIC and rank[cause] < rank.get(other, len(rank))

    def _measured(self, named: Sequence[Cause], figures: Sequence[Figure]) -> Iterator[Systemic]:
        """What raised or lowered figures mean together and with the diseases named."""
        renal = Cause.RENAL_FAILURE in named
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
        return Systemic(cause, rule, self._measured_sites, figure.start, figure.end)
