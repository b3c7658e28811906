"""Why calcium is there: ``span._.mechanism`` and ``span._.cause``, by section 5 of the annotation guideline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span

from calcitype import lexicon
from calcitype.components.context import Context, section_of
from calcitype.components.laboratory import Figure, Laboratory
from calcitype.components.mentions import SPAN_KEY
from calcitype.components.phrases import Match, Phrases
from calcitype.components.sections import SECTIONS
from calcitype.lexicon import CauseRule, DefaultRule, MechanismRule, SystemicRule
from calcitype.schema import Assertion, Cause, Mechanism, Site

EVIDENCE_KEY: Final = "calcification_evidence"

# A disease in the patient's history still explains; a negated, questioned or relative's one does not.
_HOLDS = (Assertion.PRESENT, Assertion.UNCERTAIN, Assertion.HISTORICAL)
_WITH_HYPERCALCAEMIA: Final = "with_hypercalcaemia."
_PUNCTUATION = frozenset({",", ".", ";", ":", "(", ")"})

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


class Reading(NamedTuple):
    """A cause, the rule that gave it, and its words as half-open character offsets (``None`` for a default)."""

    cause: Cause | None
    rule: str | None = None
    start: int | None = None
    end: int | None = None


class Systemic(NamedTuple):
    """A systemic disturbance that the report documents, and the sites it explains (none: anywhere)."""

    cause: Cause
    rule: str
    sites: tuple[Site, ...]
    start: int
    end: int


class Causes:
    """Decides mechanism and cause: the report's own word, a local cause, systemic disease, and the defaults, in that order.

    Parameters
    ----------
    nlp
        The pipeline; its tokenizer splits the phrases.
    span_key
        The mentions in ``doc.spans``; their assertion and sites must have been set.
    """

    def __init__(self, nlp: Language, *, span_key: str = SPAN_KEY) -> None:
        self.span_key = span_key
        rules = lexicon.load()
        self._own = Phrases(nlp, [(r, p) for r in rules.mechanism for p in r.phrases])
        self._local = Phrases(nlp, [(r, p) for r in rules.cause for p in r.phrases])
        self._systemic = Phrases(nlp, [(r, p) for r in rules.systemic for p in r.phrases])
        self._hints = Phrases(nlp, [(r, p) for r in rules.default for p in r.phrases])
        self._defaults = rules.default
        self._anywhere = next(r.sites for r in rules.systemic if r.cause is Cause.HYPERCALCAEMIA)
        self._laboratory = Laboratory()
        self._context = Context(nlp)
        for name, default in (("mechanism", Mechanism.UNSPECIFIED.value), ("cause", None), ("cause_reason", None)):
            if not Span.has_extension(name):
                Span.set_extension(name, default=default)

    def systemic(self, doc: Doc) -> list[Systemic]:
        """The systemic disturbances that a Doc documents in words and in figures, the most exact first."""
        found = list(self._named(doc))
        found += self._measured(found, self._laboratory(doc.text))
        hypercalcaemia = any(s.cause in _RAISE_CALCIUM and not s.rule.startswith(_WITH_HYPERCALCAEMIA) for s in found)
        held = [s for s in found if hypercalcaemia or not s.rule.startswith(_WITH_HYPERCALCAEMIA)]
        return sorted(held, key=lambda s: _MOST_EXACT_FIRST.index(s.cause))

    def _named(self, doc: Doc) -> Iterator[Systemic]:
        for match in self._holding(doc, self._systemic(doc)):
            words = doc[match.start : match.end]
            yield Systemic(match.rule.cause, match.rule.id, match.rule.sites, words.start_char, words.end_char)

    def _measured(self, named: Sequence[Systemic], figures: Sequence[Figure]) -> Iterator[Systemic]:
        """What raised or lowered figures mean together and with the diseases named."""
        renal = any(s.cause is Cause.RENAL_FAILURE for s in named)
        level = {(f.analyte, f.level): f for f in figures}
        calcium = level.get(("calcium", "high")) or level.get(("ionised_calcium", "high"))
        low_calcium = level.get(("calcium", "low")) or level.get(("ionised_calcium", "low"))
        phosphate = level.get(("phosphate", "high")) or level.get(("product", "high"))
        pth, vitamin_d = level.get(("pth", "high")), level.get(("vitamin_d", "high"))
        if calcium and vitamin_d:
            yield self._figure(Cause.VITAMIN_D_CALCIUM_EXCESS, "laboratory.vitamin_d", vitamin_d)
        if calcium and pth and not renal:
            yield self._figure(Cause.HYPERPARATHYROIDISM, "laboratory.calcium_and_pth", pth)
        if calcium:
            yield self._figure(Cause.HYPERCALCAEMIA, "laboratory.calcium", calcium)
        if renal and (phosphate or pth or calcium):
            yield self._figure(Cause.RENAL_FAILURE, "laboratory.renal", phosphate or pth or calcium)
        elif phosphate:
            yield self._figure(Cause.PHOSPHATE_DISORDER, "laboratory.phosphate", phosphate)
        if low_calcium and not renal and (phosphate or ("pth", "low") in level):
            yield self._figure(Cause.PHOSPHATE_DISORDER, "laboratory.hypoparathyroidism", low_calcium)

    def _figure(self, cause: Cause, rule: str, figure: Figure | None) -> Systemic:
        assert figure is not None  # noqa: S101
        return Systemic(cause, rule, self._anywhere, figure.start, figure.end)

    def match(self, doc: Doc, spans: Sequence[Span], systemic: list[Systemic]) -> list[Reading]:
        """The reading of each span, in the order given, in the light of systemic disease."""
        local, own, hints = self._local(doc), self._own(doc), self._hints(doc)
        held = {(m.start, m.end, m.rule.id) for m in self._holding(doc, local)}
        return [self._read(doc, span, spans, own, local, held, systemic, hints) for span in spans]

    def _read(
        self,
        doc: Doc,
        span: Span,
        spans: Sequence[Span],
        own: list[Match[MechanismRule]],
        local: list[Match[CauseRule]],
        held: set[tuple[int, int, str]],
        systemic: list[Systemic],
        hints: list[Match[DefaultRule]],
    ) -> Reading:
        counts = Assertion(span._.assertion).counts
        word = next((m for m in own if _joined(doc, m, span)), None)
        ranked = sorted(
            (rank, i)
            for i, m in enumerate(local)
            if (rank := _rank(doc, m, span, spans, (m.start, m.end, m.rule.id) in held)) is not None
            and (counts or rank < 1)
            and (word is None or m.rule.cause.mechanism is word.rule.mechanism)
        )
        if ranked:
            return _reading(doc, local[ranked[0][1]])
        explaining = [s for s in systemic if not s.sites or not set(s.sites).isdisjoint(span._.sites)] if counts else []
        if word is not None:
            if word.rule.mechanism is Mechanism.METASTATIC and counts and systemic:
                return _systemic((explaining or systemic)[0])
            return _reading(doc, word)
        if explaining:
            return _systemic(explaining[0])
        return self._default(doc, span, hints) if counts else Reading(None)

    def _default(self, doc: Doc, span: Span, hints: list[Match[DefaultRule]]) -> Reading:
        sentence = _sentence(doc, span)
        near = {m.rule.id for m in hints if sentence.start <= m.start and m.end <= sentence.end}
        for rule in self._defaults:
            if span._.site in rule.sites and (not rule.phrases or rule.id in near):
                return Reading(rule.cause, rule.id)
        return Reading(None)

    def _holding(self, doc: Doc, matches: Sequence[Match[CauseRule]] | Sequence[Match[SystemicRule]]) -> list[Match]:  # type: ignore[type-arg]
        """The matches that the report asserts of this patient."""
        spans = [doc[m.start : m.end] for m in matches]
        return [m for m, d in zip(matches, self._context.match(doc, spans), strict=True) if d.assertion in _HOLDS]

    def __call__(self, doc: Doc) -> Doc:
        spans = list(doc.spans.get(self.span_key, ()))
        systemic = self.systemic(doc) if spans else []
        for span, reading in zip(spans, self.match(doc, spans, systemic), strict=True):
            if reading.cause is not None:
                span._.mechanism = reading.cause.mechanism.value
                span._.cause = reading.cause.value
                span._.cause_reason = (reading.rule, reading.start, reading.end)
        doc.spans[EVIDENCE_KEY] = [
            doc.char_span(s.start, s.end, label=s.cause.value, span_id=s.rule, alignment_mode="expand")
            for s in systemic
        ]
        return doc


_RAISE_CALCIUM = (
    Cause.HYPERCALCAEMIA,
    Cause.HYPERPARATHYROIDISM,
    Cause.VITAMIN_D_CALCIUM_EXCESS,
    Cause.MALIGNANT_HYPERCALCAEMIA,
    Cause.SARCOID_HYPERCALCAEMIA,
)


def _sentence(doc: Doc, span: Span) -> Span:
    return doc[span.start : span.end].sent if doc.has_annotation("SENT_START") else doc[:]


def _joined(doc: Doc, match: Match, span: Span) -> bool:  # type: ignore[type-arg]
    """Whether a phrase overlaps a mention or stands directly beside it."""
    if match.start < span.end and span.start < match.end:
        return True
    start, end = (match.end, span.start) if match.end <= span.start else (span.end, match.start)
    return end - start <= 2 and _PUNCTUATION.isdisjoint(token.lower_ for token in doc[start:end])


def _rank(doc: Doc, match: Match[CauseRule], span: Span, spans: Sequence[Span], holds: bool) -> float | None:
    """How far a named cause is from a mention, the nearest 0; ``None`` if it cannot be its reason."""
    rule = match.rule
    if rule.sites and set(rule.sites).isdisjoint(span._.sites):
        return None
    if _joined(doc, match, span):
        return 0.0
    if rule.reach == "mention" or not holds:
        return None
    sentence = _sentence(doc, span)
    gap = max(match.start - span.end, span.start - match.end)
    if sentence.start <= match.start and match.end <= sentence.end:
        low, high = sorted((match.start, span.start))
        return 1 + gap / 1000 + 0.2 * sum(low < other.start < high for other in spans)
    section = doc.spans.get(SECTIONS, ())
    if section_of(span, section) == section_of(doc[match.start : match.end], section) and gap <= 40:
        return 2 + gap / 1000
    return 3 + gap / 100000 if rule.reach == "report" else None


def _reading(doc: Doc, match: Match) -> Reading:  # type: ignore[type-arg]
    words = doc[match.start : match.end]
    return Reading(match.rule.cause, match.rule.id, words.start_char, words.end_char)


def _systemic(found: Systemic) -> Reading:
    return Reading(found.cause, found.rule, found.start, found.end)


@Language.factory(
    "calcitype_causes",
    default_config={"span_key": SPAN_KEY},
    requires=["doc.spans", "span._.assertion", "span._.site", "span._.sites"],
    assigns=["doc.spans", "span._.mechanism", "span._.cause", "span._.cause_reason"],
)
def make_causes(nlp: Language, name: str, span_key: str) -> Causes:
    """Create the cause finder."""
    return Causes(nlp, span_key=span_key)
