"""Why calcium is there: ``span._.mechanism`` and ``span._.cause``, by section 5 of the annotation guideline."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from spacy.language import Language
from spacy.tokens import Doc, Span

from calcitype import lexicon
from calcitype.components.context import Context
from calcitype.components.laboratory import Figure, Laboratory
from calcitype.components.mentions import SPAN_KEY
from calcitype.components.offsets import tokens_of
from calcitype.components.phrases import Match, Phrases, spoken
from calcitype.components.sections import SECTIONS
from calcitype.lexicon.rules import CauseRule, DefaultRule, MechanismRule
from calcitype.schema import Assertion, Cause, Mechanism, Site

Rule = TypeVar("Rule")

EVIDENCE_KEY: Final = "calcification_evidence"

# A disease in the patient's history still explains; a negated, questioned or relative's one does not.
_HOLDS = (Assertion.PRESENT, Assertion.UNCERTAIN, Assertion.HISTORICAL)
_WITH_HYPERCALCAEMIA: Final = "with_hypercalcaemia."
_PUNCTUATION = frozenset({",", ".", ";", ":", "(", ")"})
_CLAUSE_ENDS = frozenset({".", ";", "and", "but", "with", "not", "or"})
# Between a cause and a mention that is its alternative, not its effect.
_INSTEAD = frozenset({"versus", "vs", "rather"})
# In words: what stands directly beside, shortly after, and as an alternative.
_JOINED, _SHORTLY, _WIDEST_CHOICE = 2, 4, 6

# Tiers of closeness: joined to the mention (0), in its sentence, in the next one, elsewhere in the report.
_SENTENCE, _NEXT, _REPORT = 1.0, 2.0, 3.0
# What words that belong to another mention lose.
_OWNED = 0.5

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


class Named(NamedTuple):
    """A local cause named in the report, the mention its words belong to, and whether the report asserts it."""

    match: Match[CauseRule]
    owner: Span | None
    holds: bool


class Systemic(NamedTuple):
    """A systemic disturbance that the report documents, and the sites it explains (none: anywhere)."""

    cause: Cause
    rule: str
    sites: tuple[Site, ...]
    start: int
    end: int


class Causes:
    """Decides mechanism and cause: the report's own word, a local cause, systemic disease, the defaults, in that order.

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
        phosphate, product = level.get(("phosphate", "high")), level.get(("product", "high"))
        pth, vitamin_d = level.get(("pth", "high")), level.get(("vitamin_d", "high"))
        if calcium and vitamin_d:
            yield self._figure(Cause.VITAMIN_D_CALCIUM_EXCESS, "laboratory.vitamin_d", vitamin_d)
        if calcium and pth and not renal:
            yield self._figure(Cause.HYPERPARATHYROIDISM, "laboratory.calcium_and_pth", pth)
        if calcium or (product and not renal):
            yield self._figure(Cause.HYPERCALCAEMIA, "laboratory.calcium", calcium or product)
        if renal and (phosphate or product or pth or calcium):
            yield self._figure(Cause.RENAL_FAILURE, "laboratory.renal", phosphate or product or pth or calcium)
        elif phosphate:
            yield self._figure(Cause.PHOSPHATE_DISORDER, "laboratory.phosphate", phosphate)
        if low_calcium and not renal and (phosphate or ("pth", "low") in level):
            yield self._figure(Cause.PHOSPHATE_DISORDER, "laboratory.hypoparathyroidism", low_calcium)

    def _figure(self, cause: Cause, rule: str, figure: Figure | None) -> Systemic:
        assert figure is not None  # noqa: S101
        return Systemic(cause, rule, self._anywhere, figure.start, figure.end)

    def match(self, doc: Doc, spans: Sequence[Span], systemic: list[Systemic]) -> list[Reading]:
        """The reading of each span, in the order given, in the light of systemic disease."""
        if not spans:
            return []
        local = self._local(doc)
        held = self._holding(doc, local)
        named = [Named(m, _owner(doc, m, spans), m in held) for m in local]
        own, hints = self._own(doc), self._hints(doc)
        readings = [self._read(doc, span, own, named, systemic) for span in spans]
        readings = [r or self._same_elsewhere(span, spans, readings) for span, r in zip(spans, readings, strict=True)]
        return [r or self._default(doc, span, hints) for span, r in zip(spans, readings, strict=True)]

    def _read(
        self, doc: Doc, span: Span, own: list[Match[MechanismRule]], named: list[Named], systemic: list[Systemic]
    ) -> Reading | None:
        """What the report says of a mention's cause; ``None`` if nothing."""
        counts = Assertion(span._.assertion).counts
        word = next((m for m in own if _own_word(doc, m, span)), None)
        ranked = sorted(
            (rank, i)
            for i, n in enumerate(named)
            if (rank := _rank(doc, n, span)) is not None
            and (counts or rank < _SENTENCE)
            and (word is None or n.match.rule.cause.mechanism is word.rule.mechanism)
        )
        causes = [(rank, named[i].match) for rank, i in ranked]
        near = [match for rank, match in causes if rank < _NEXT]
        explaining = [s for s in systemic if not s.sites or not set(s.sites).isdisjoint(span._.sites)] if counts else []
        if near and near[0].rule.general:
            exact = (
                match
                for rank, match in causes
                if not match.rule.general and (rank < _NEXT or match.rule.reach == "report")
            )
            return _reading(doc, next(exact, near[0]))
        if near and not (explaining and _more_exact(explaining[0].cause, near[0].rule.cause)):
            return _reading(doc, near[0])
        if explaining and (word is None or word.rule.mechanism is Mechanism.METASTATIC):
            return _systemic(explaining[0])
        if causes:
            return _reading(doc, causes[0][1])
        if word is not None:
            metastatic = counts and systemic and word.rule.mechanism is Mechanism.METASTATIC
            return _systemic(systemic[0]) if metastatic else _reading(doc, word)
        return None

    @staticmethod
    def _same_elsewhere(span: Span, spans: Sequence[Span], readings: list[Reading | None]) -> Reading | None:
        """The one cause that the report gives the same site on the same side elsewhere."""
        place = (span._.site, span._.laterality)
        if span._.site == Site.UNSPECIFIED or not Assertion(span._.assertion).counts:
            return None
        found = {
            r.cause: r
            for other, r in zip(spans, readings, strict=True)
            if r and (other._.site, other._.laterality) == place and Assertion(other._.assertion).counts
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def _default(self, doc: Doc, span: Span, hints: list[Match[DefaultRule]]) -> Reading:
        if not Assertion(span._.assertion).counts:
            return Reading(None)
        sentence = _sentence(doc, span)
        near = {m.rule.id for m in hints if sentence.start <= m.start and m.end <= sentence.end}
        for rule in self._defaults:
            if span._.site in rule.sites and (not rule.phrases or rule.id in near):
                return Reading(rule.cause, rule.id)
        return Reading(None)

    def _holding(self, doc: Doc, matches: Sequence[Match[Rule]]) -> list[Match[Rule]]:
        """The matches that the report asserts of this patient."""
        spans = [doc[m.start : m.end] for m in matches]
        return [m for m, d in zip(matches, self._context.match(doc, spans), strict=True) if d.assertion in _HOLDS]

    def __call__(self, doc: Doc) -> Doc:
        """Set the mentions' mechanism and cause, and ``doc.spans["calcification_evidence"]``."""
        spans = list(doc.spans.get(self.span_key, ()))
        systemic = self.systemic(doc) if spans else []
        for span, reading in zip(spans, self.match(doc, spans, systemic), strict=True):
            if reading.cause is not None:
                span._.mechanism = reading.cause.mechanism.value
                span._.cause = reading.cause.value
                span._.cause_reason = (reading.rule, reading.start, reading.end)
        doc.spans[EVIDENCE_KEY] = [
            Span(doc, *tokens_of(doc, s.start, s.end), label=s.cause.value, span_id=s.rule) for s in systemic
        ]
        return doc


_RAISE_CALCIUM = (
    Cause.HYPERCALCAEMIA,
    Cause.HYPERPARATHYROIDISM,
    Cause.VITAMIN_D_CALCIUM_EXCESS,
    Cause.MALIGNANT_HYPERCALCAEMIA,
    Cause.SARCOID_HYPERCALCAEMIA,
)


def _more_exact(cause: Cause, other: Cause) -> bool:
    """Whether both are systemic and the first says more ("nephrocalcinosis" of hyperparathyroidism)."""
    return other in _MOST_EXACT_FIRST and _MOST_EXACT_FIRST.index(cause) < _MOST_EXACT_FIRST.index(other)


def _own_word(doc: Doc, match: Match[MechanismRule], span: Span) -> bool:
    """Whether a word for the mechanism is about a mention: beside it, or shortly after (", likely dystrophic")."""
    if _joined(doc, match, span):
        return True
    after = _between(doc, match, span)
    return span.end <= match.start and len(after) <= _SHORTLY and _CLAUSE_ENDS.isdisjoint(after)


def _sentence(doc: Doc, span: Span) -> Span:
    return doc[span.start : span.end].sent if doc.has_annotation("SENT_START") else doc[:]


def _joined(doc: Doc, match: Match[Any], span: Span) -> bool:
    """Whether a phrase overlaps a mention or stands directly beside it."""
    if match.start < span.end and span.start < match.end:
        return True
    words = _between(doc, match, span)
    return len(words) <= _JOINED and _PUNCTUATION.isdisjoint(words) and _INSTEAD.isdisjoint(words)


def _between(doc: Doc, match: Match[Any], span: Span) -> list[str]:
    """The words between a phrase and a mention that do not overlap, in lower case."""
    between = doc[match.end : span.start] if match.end <= span.start else doc[span.end : match.start]
    return spoken([token.lower_ for token in between])


def _owner(doc: Doc, match: Match[CauseRule], spans: Sequence[Span]) -> Span | None:
    """The mention that a cause's words belong to ("atherosclerotic calcification"), if there is one."""
    return next((span for span in spans if _joined(doc, match, span)), None)


def _rank(doc: Doc, named: Named, span: Span) -> float | None:
    """How far a named cause is from a mention; ``None`` if it cannot be its reason."""
    match, rule = named.match, named.match.rule
    if rule.sites and set(rule.sites).isdisjoint(span._.sites):
        return None
    if _joined(doc, match, span):
        return 0.0
    whole = rule.reach == "report"
    if rule.reach == "mention" or not named.holds or (named.owner is not None and not whole):
        return None
    sentence = _sentence(doc, span)
    gap = max(match.start - span.end, span.start - match.end)
    if sentence.start <= match.start and match.end <= sentence.end:
        between = _between(doc, match, span)
        if len(between) <= _WIDEST_CHOICE and not _INSTEAD.isdisjoint(between):
            return None
        return _SENTENCE + gap / 1000 + (_OWNED if named.owner is not None else 0)
    if not rule.general and _near(doc, sentence, match):
        return _NEXT + gap / 1000
    return _REPORT + gap / 100000 if whole else None


def _near(doc: Doc, sentence: Span, match: Match[CauseRule]) -> bool:
    """Whether a cause stands in the sentence before or after, in the same section."""
    section = next((s for s in doc.spans.get(SECTIONS, ()) if s.start <= sentence.start < s.end), doc[:])
    if not section.start <= match.start < section.end:
        return False
    between = doc[match.end : sentence.start] if match.end <= sentence.start else doc[sentence.end : match.start]
    return sum(bool(token.is_sent_start) for token in between) <= 1


def _reading(doc: Doc, match: Match[Any]) -> Reading:
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
