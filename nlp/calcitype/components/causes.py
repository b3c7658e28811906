"""Why calcium is there: ``span._.mechanism`` and ``span._.cause``, by section 5 of the annotation guideline."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span

from calcitype import lexicon
from calcitype.components.context import Context, Heard
from calcitype.components.denial import is_denied
from calcitype.components.extensions import set_extensions
from calcitype.components.mentions import SPAN_KEY
from calcitype.components.offsets import tokens_of
from calcitype.components.phrases import InOrder, Match, Phrases, words_between
from calcitype.components.places import Places
from calcitype.components.ranking import (
    FAR,
    NEXT,
    REPORT,
    SENTENCE,
    Ground,
    Named,
    holds_any,
    is_joined,
    is_ordinary,
    is_owned,
    is_unexplained,
    rank,
)
from calcitype.components.sections import HEADINGS
from calcitype.components.sentences import sentence_of
from calcitype.components.systemic import Systemic, SystemicDisease
from calcitype.lexicon import linking
from calcitype.lexicon.rules import CauseRule, DefaultRule, MechanismRule, Reach
from calcitype.schema import Assertion, Cause, Mechanism, Site

EVIDENCE_KEY: Final = "calcification_evidence"

# In words: how far after its mention a word for the mechanism can stand.
_AFTERWARDS = 15
# Layers that a report need not tell apart.
_SOFT_TISSUE = frozenset({Site.MUSCLE, Site.SOFT_TISSUE, Site.SKIN_SUBCUTIS})


class Reading(NamedTuple):
    """A cause, the rule that gave it, and its words as half-open character offsets (``None`` for a default)."""

    cause: Cause | None
    rule: str | None = None
    start: int | None = None
    end: int | None = None


class Clues(NamedTuple):
    """What a report holds that may explain its mentions; the local causes of ``anywhere`` carry over all of it."""

    ground: Ground
    own: InOrder[Match[MechanismRule]]
    near: InOrder[Named]
    anywhere: list[Named]
    systemic: list[Systemic]


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
        self._own = Phrases.of(nlp, rules.mechanism)
        self._local = Phrases.of(nlp, rules.cause)
        self._hints = Phrases.of(nlp, rules.default)
        self._defaults = rules.default
        self._unexplained = Phrases.of(nlp, [words for words in rules.link if words.id == "unexplained"])
        # The pipeline's own, if it has one: to compile all cues again would slow the start.
        context = dict(nlp.components).get("calcitype_context")
        self._context = context if isinstance(context, Context) else Context(nlp)
        self._systemic = SystemicDisease(nlp, self._context)
        set_extensions(mechanism=Mechanism.UNSPECIFIED.value, cause=None, cause_reason=None)

    def match(self, doc: Doc, spans: Sequence[Span]) -> tuple[list[Reading], list[Systemic]]:
        """The reading of each span, in the order given, and the systemic disease that it was made in the light of."""
        if not spans:
            return [], []
        clues = self._clues(doc, spans)
        hints = InOrder(self._hints(doc))
        owned = {m.start for m in hints.within(0, len(doc)) if is_owned(clues.ground.words, m, clues.ground.mentions)}
        readings = [self._read(clues, span) for span in spans]
        inherited = Inherited(spans, readings)
        readings = [r or inherited.of(clues.ground, span) for span, r in zip(spans, readings, strict=True)]
        whole = [r or self._default(clues.ground, span, hints, owned) for span, r in zip(spans, readings, strict=True)]
        return whole, clues.systemic

    def _clues(self, doc: Doc, spans: Sequence[Span]) -> Clues:
        heard, mentions = self._context.hear(doc), InOrder(spans)
        own, local = self._own(doc), self._local(doc)
        named = [
            Named(match, heard.sections.holding(match.start) or doc[:], is_owned(heard.words, match, mentions), holds)
            for match, holds in zip(local, self._hold(heard, local), strict=True)
        ]
        called = [match for match in own if match.rule.mechanism is Mechanism.METASTATIC]
        metastatic = any(decision.holds for decision in self._context.decide(heard, called))
        systemic = self._systemic.match(heard, metastatic=metastatic)
        headings = InOrder(doc.spans.get(HEADINGS, ()))
        ground = Ground(doc, heard.words, mentions, Places(doc), headings, InOrder(self._unexplained(doc)))
        return Clues(ground, InOrder(own), InOrder(named), _anywhere(named), systemic)

    def _hold(self, heard: Heard, local: Sequence[Match[CauseRule]]) -> Iterator[bool]:
        """Of each local cause named, whether the report asserts it; what the child has, its mother may have had."""
        for match, decision in zip(local, self._context.decide(heard, local), strict=True):
            mothers = match.rule.maternal and decision.assertion is Assertion.OTHER_PERSON
            yield (decision.holds or mothers) and not is_denied(heard.words, match)

    def _read(self, clues: Clues, span: Span) -> Reading | None:
        """What the report says of a mention's cause; ``None`` if nothing."""
        counts = Assertion(span._.assertion).counts
        ground, doc = clues.ground, clues.ground.doc
        word = next((m for m in clues.own.within(span.start - FAR, span.end + FAR) if _own_word(clues, m, span)), None)
        causes = _ranked(clues, span, word)
        near = _in_precedence(causes)
        explaining = [s for s in clues.systemic if not s.sites or span._.site in s.sites] if counts else []
        if is_ordinary(ground.words, span) or is_unexplained(ground, span):
            explaining = []
        if explaining and _is_secreting(near, explaining[0]):
            return _systemic(explaining[0])
        if near and not (explaining and self._systemic.more_exact(explaining[0].cause, near[0].rule.cause)):
            return _reading(doc, _more_exact(near[0], causes) if near[0].rule.general else near[0])
        above = [m for _, m in causes if explaining and explaining[0].cause in m.rule.over]
        if above:
            return _reading(doc, above[0])
        if explaining and (word is None or word.rule.mechanism is Mechanism.METASTATIC):
            return _systemic(explaining[0])
        if causes:
            return _reading(doc, causes[0][1])
        return _reading(doc, word) if word is not None else None

    def _default(
        self, ground: Ground, span: Span, hints: InOrder[Match[DefaultRule]], owned: AbstractSet[int]
    ) -> Reading:
        if not Assertion(span._.assertion).counts:
            return Reading(None)
        sentence = sentence_of(span)
        near = {
            m.rule.id
            for m in hints.within(sentence.start, sentence.end)
            if m.start not in owned or is_joined(ground.words, m, span)
        }
        for rule in self._defaults:
            if span._.site in rule.sites and (not rule.phrases or rule.id in near):
                return Reading(rule.cause, rule.id)
        return Reading(None)

    def __call__(self, doc: Doc) -> Doc:
        """Set the mentions' mechanism and cause, and ``doc.spans["calcification_evidence"]``."""
        spans = list(doc.spans.get(self.span_key, ()))
        readings, systemic = self.match(doc, spans)
        for span, reading in zip(spans, readings, strict=True):
            if reading.cause is not None:
                span._.mechanism = reading.cause.mechanism.value
                span._.cause = reading.cause.value
                span._.cause_reason = (reading.rule, reading.start, reading.end)
        doc.spans[EVIDENCE_KEY] = [
            Span(doc, *tokens_of(doc, s.start, s.end), label=s.cause.value, span_id=s.rule) for s in systemic
        ]
        return doc


class Inherited:
    """The causes of the sites that the report gives one cause only, for its other mentions of the same place."""

    def __init__(self, spans: Sequence[Span], readings: Sequence[Reading | None]) -> None:
        found: dict[tuple[str, str | None], dict[Cause | None, Reading]] = {}
        for span, reading in zip(spans, readings, strict=True):
            if reading and span._.site != Site.UNSPECIFIED and Assertion(span._.assertion).counts:
                found.setdefault(_place(span), {})[reading.cause] = reading
        self._causes = {place: next(iter(causes.values())) for place, causes in found.items() if len(causes) == 1}

    def of(self, ground: Ground, span: Span) -> Reading | None:
        """The cause of a mention's place, unless its sentence sets it apart from the others there."""
        distinct = holds_any(ground.words, sentence_of(span), linking("distinct"))
        return None if distinct else self._causes.get(_place(span))


def _place(span: Span) -> tuple[str, str | None]:
    """The site and side of a mention; the soft tissues are one site."""
    return Site.SOFT_TISSUE if span._.site in _SOFT_TISSUE else span._.site, span._.laterality


def _anywhere(named: Sequence[Named]) -> list[Named]:
    """The causes that carry over the report: of each rule the first, but all that stand for one place."""
    carrying = [n for n in named if n.holds and n.match.rule.reach is Reach.REPORT]
    first = {n.match.rule.id: n for n in reversed(carrying)}
    placed = (n for n in carrying if n.match.rule.one_side or n.match.rule.one_place)
    return [*first.values(), *(n for n in placed if n is not first[n.match.rule.id])]


def _ranked(clues: Clues, span: Span, word: Match[MechanismRule] | None) -> list[tuple[float, Match[CauseRule]]]:
    """The local causes that can be a mention's reason, the nearest first.

    Its own word for the mechanism binds them, and is nearer than what the next sentence names.
    """
    counts = Assertion(span._.assertion).counts
    named = [*clues.near.within(span.start - FAR, span.end + FAR), *clues.anywhere]
    ranks = ((rank(clues.ground, n, span), i) for i, n in enumerate(named))
    found = sorted((r, i) for r, i in ranks if r is not None and (counts or r < SENTENCE))
    causes = [(r, named[i].match) for r, i in found]
    return [(r, m) for r, m in causes if word is None or (_agrees(m.rule.cause, word.rule) and not NEXT <= r < REPORT)]


def _more_exact(general: Match[CauseRule], causes: Sequence[tuple[float, Match[CauseRule]]]) -> Match[CauseRule]:
    """A general cause, or the exact one that the report names for the same place."""
    return next((match for _, match in causes if not match.rule.general), general)


def _own_word(clues: Clues, match: Match[MechanismRule], span: Span) -> bool:
    """Whether a word for the mechanism is about a mention: beside it, or in the clause that follows.

    So does "calcification of the buttock, most likely dystrophic" say it; what a further mention stands before is that
    mention's ("calcification of the liver and dystrophic calcification").
    """
    if is_joined(clues.ground.words, match, span):
        return True
    if match.start < span.end or match.end > sentence_of(span).end:
        return False
    after = words_between(clues.ground.words, span, match)
    if len(after) > _AFTERWARDS or not (linking("clause_end") | linking("instead")).isdisjoint(after):
        return False
    return not any(
        is_joined(clues.ground.words, match, other) for other in clues.ground.mentions.within(span.end, match.end + FAR)
    )


def _agrees(cause: Cause, word: MechanismRule) -> bool:
    """Whether a named cause can be what the report's own word for the mechanism means; "physiologic" says it all."""
    return cause is word.cause if word.mechanism is Mechanism.OTHER else cause.mechanism is word.mechanism


def _is_secreting(near: list[Match[CauseRule]], found: Systemic) -> bool:
    """Whether a tumour named beside a mention is the one that raises the calcium, not the one that calcified."""
    return bool(near) and near[0].rule.cause is Cause.NEOPLASTIC and found.cause is Cause.MALIGNANT_HYPERCALCAEMIA


def _in_precedence(causes: list[tuple[float, Match[CauseRule]]]) -> list[Match[CauseRule]]:
    """The causes named in a mention's sentence from the nearest on, but first what stands over the nearest."""
    near = [match for rank, match in causes if rank < NEXT]
    if not near:
        return []
    above = [match for rank, match in causes if rank < REPORT and near[0].rule.cause in match.rule.over]
    return above + near if causes[0][0] >= SENTENCE else sorted(near, key=lambda match: match not in above)


def _reading(doc: Doc, match: Match[Any]) -> Reading:
    words = doc[match.start : match.end]
    return Reading(match.rule.cause, match.rule.id, words.start_char, words.end_char)


def _systemic(found: Systemic) -> Reading:
    return Reading(found.cause, found.rule, found.start, found.end)


@Language.factory(
    "calcitype_causes",
    default_config={"span_key": SPAN_KEY},
    requires=["doc.spans", "span._.assertion", "span._.site", "span._.sites", "span._.laterality"],
    assigns=["doc.spans", "span._.mechanism", "span._.cause", "span._.cause_reason"],
)
def make_causes(nlp: Language, name: str, span_key: str) -> Causes:
    """Create the cause finder."""
    return Causes(nlp, span_key=span_key)
