"""Systemic disease that a report documents, in words and in laboratory figures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from calcitype import lexicon
from calcitype.components.context import Context, Heard
from calcitype.components.denial import is_denied
from calcitype.components.laboratory import Figure, Laboratory
from calcitype.components.phrases import Match, Phrases
from calcitype.lexicon.rules import SystemicRule
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
        self._renal_sites = next(r.sites for r in rules if r.cause is Cause.RENAL_FAILURE)
        self._laboratory = Laboratory()
        self._context = context

    def match(self, heard: Heard, *, metastatic: bool) -> list[Systemic]:
        """The systemic disturbances that a Doc documents, the most exact first, of equals those in words, not figures.

        Where the report calls a calcification ``metastatic``, a disease that raises calcium needs no figure.
        """
        doc = heard.doc
        phrases = [match for match in self._phrases(doc) if not match.rule.harmless]
        decisions = self._context.decide(heard, phrases)
        named = [m for m, d in zip(phrases, decisions, strict=True) if d.holds and not is_denied(heard.words, m)]
        causes = {m.rule.cause for m in named if m.rule.needs is None}
        measured = list(self._measured(causes, self._laboratory(doc.text)))
        documented = causes | {s.cause for s in measured}
        if metastatic or not documented.isdisjoint(_RAISE_CALCIUM):
            documented.add(Cause.HYPERCALCAEMIA)
        found = [*(_in_words(doc, m) for m in named if m.rule.needs is None or m.rule.needs in documented), *measured]
        return sorted(found, key=lambda s: self._rank[s.rule if s.rule in self._rank else s.cause.value])

    def more_exact(self, cause: Cause, other: Cause) -> bool:
        """Whether both are systemic and the first says more ("nephrocalcinosis" of hyperparathyroidism)."""
        rank = self._rank_of_cause
        return other.mechanism is Mechanism.METASTATIC and rank[cause] < rank.get(other, math.inf)

    def _measured(self, named: AbstractSet[Cause], figures: Sequence[Figure]) -> Iterator[Systemic]:
        """What raised or lowered figures mean together and with the diseases named."""
        level = {(f.analyte, f.level): f for f in figures}
        calcium = level.get(("calcium", "high")) or level.get(("ionised_calcium", "high"))
        low_calcium = level.get(("calcium", "low")) or level.get(("ionised_calcium", "low"))
        phosphate, product = level.get(("phosphate", "high")), level.get(("product", "high"))
        pth, low_pth = level.get(("pth", "high")), level.get(("pth", "low"))
        vitamin_d = level.get(("vitamin_d", "high"))
        kidney = level.get(("creatinine", "high")) or level.get(("egfr", "low"))
        renal = Cause.RENAL_FAILURE in named or kidney is not None
        if vitamin_d and (calcium or named & {Cause.HYPERCALCAEMIA}):
            yield self._figure(Cause.VITAMIN_D_CALCIUM_EXCESS, "laboratory.vitamin_d", vitamin_d)
        if low_calcium and not renal and (phosphate or low_pth):
            yield self._figure(Cause.PHOSPHATE_DISORDER, "laboratory.hypoparathyroidism", low_calcium)
        elif pth and not renal and not phosphate and not low_calcium:
            yield self._figure(Cause.HYPERPARATHYROIDISM, "laboratory.pth", pth)
        if raised := calcium or (product if not renal else None):
            yield self._figure(Cause.HYPERCALCAEMIA, "laboratory.calcium", raised)
        if renal and (mineral := phosphate or product or pth or calcium):
            yield self._figure(Cause.RENAL_FAILURE, "laboratory.renal", mineral)
        elif phosphate and not calcium:
            yield self._figure(Cause.PHOSPHATE_DISORDER, "laboratory.phosphate", phosphate)
        if kidney:
            yield Systemic(Cause.RENAL_FAILURE, "laboratory.kidney", self._renal_sites, kidney.start, kidney.end)

    def _figure(self, cause: Cause, rule: str, figure: Figure) -> Systemic:
        return Systemic(cause, rule, self._measured_sites, figure.start, figure.end)


def _in_words(doc: Doc, match: Match[SystemicRule]) -> Systemic:
    words = doc[match.start : match.end]
    return Systemic(match.rule.cause, match.rule.id, match.rule.sites, words.start_char, words.end_char)
