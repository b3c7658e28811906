"""Why calcium is there: ``span._.mechanism`` and ``span._.cause``, by section 5 of the annotation guideline."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span

from calcitype import lexicon
from calcitype.components.context import Context
from calcitype.components.extensions import set_extensions
from calcitype.components.mentions import SPAN_KEY
from calcitype.components.offsets import tokens_of
from calcitype.components.phrases import InOrder, Match, Phrases, words_between
from calcitype.components.sections import SECTIONS
from calcitype.components.sentences import sentence_of
from calcitype.components.systemic import Systemic, SystemicDisease
from calcitype.lexicon import linking
from calcitype.lexicon.rules import CauseRule, DefaultRule, MechanismRule, Reach
from calcitype.schema import Assertion, Cause, Mechanism, Site

EVIDENCE_KEY: Final = "calcification_evidence"

_PUNCTUATION = frozenset({",", ".", ";", ":", "(", ")"})
# In words: what stands directly beside, in the clause after, and as an alternative.
_JOINED, _AFTERWARDS, _WIDEST_CHOICE = 2, 15, 6
# In tokens: how near the name of a mention's organ stands.
_BESIDE = 8

# Beyond this many tokens words are not near a mention.
_FAR = 120
# Tiers of closeness: joined to the mention (0), in its sentence, in the next one, elsewhere in the report.
_SENTENCE, _NEXT, _REPORT = 1.0, 2.0, 3.0
# What words lose that belong to another mention, that another mention stands before, or a semicolon.
_OWNED, _BEYOND, _APART = 0.5, 0.3, 0.2
# What each word between a cause and a mention that it is joined to costs.
_JOINT = 0.1


class Reading(NamedTuple):
    """A cause, the rule that gave it, and its words as half-open character offsets (``None`` for a default)."""

    cause: Cause | None
    rule: str | None = None
    start: int | None = None
    end: int | None = None


class Named(NamedTuple):
    """A local cause named in the report, and the section it stands in.

    ``owned``: its words belong to a mention. ``holds``: the report asserts it.
    """

    match: Match[CauseRule]
    section: Span
    owned: bool
    holds: bool

    @property
    def start(self) -> int:
        """The first token."""
        return self.match.start

    @property
    def end(self) -> int:
        """The token after the last."""
        return self.match.end


class Clues(NamedTuple):
    """What a report holds that may explain its mentions; the local causes of ``anywhere`` carry over all of it."""

    doc: Doc
    words: list[str]
    mentions: InOrder[Span]
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
        # The pipeline's own, if it has one: to compile all cues again would slow the start.
        context = dict(nlp.components).get("calcitype_context")
        self._context = context if isinstance(context, Context) else Context(nlp)
        self._systemic = SystemicDisease(nlp, self._context)
        set_extensions(mechanism=Mechanism.UNSPECIFIED.value, cause=None, cause_reason=None)

    def match(self, doc: Doc, spans: Sequence[Span], systemic: list[Systemic]) -> list[Reading]:
        """The reading of each span, in the order given, in the light of systemic disease."""
        if not spans:
            return []
        clues = self._clues(doc, spans, systemic)
        hints = InOrder(self._hints(doc))
        readings = [self._read(clues, span) for span in spans]
        elsewhere = _by_place(spans, readings)
        readings = [
            r or (None if _is_distinct(clues.words, span) else elsewhere.get(_place(span)))
            for span, r in zip(spans, readings, strict=True)
        ]
        return [r or self._default(span, hints) for span, r in zip(spans, readings, strict=True)]

    def _clues(self, doc: Doc, spans: Sequence[Span], systemic: list[Systemic]) -> Clues:
        words = [token.lower_ for token in doc]
        local = self._local(doc)
        mentions, sections = InOrder(spans), InOrder(doc.spans.get(SECTIONS, ()))
        named = [
            Named(match, sections.holding(match.start) or doc[:], _owned(words, match, mentions), holds)
            for match, holds in zip(local, self._context.holds(doc, local), strict=True)
        ]
        report = {n.match.rule.id: n for n in reversed(named) if n.holds and n.match.rule.reach is Reach.REPORT}
        return Clues(doc, words, mentions, InOrder(self._own(doc)), InOrder(named), list(report.values()), systemic)

    def _read(self, clues: Clues, span: Span) -> Reading | None:
        """What the report says of a mention's cause; ``None`` if nothing."""
        counts = Assertion(span._.assertion).counts
        low, high = span.start - _FAR, span.end + _FAR
        doc, systemic = clues.doc, clues.systemic
        word = next((m for m in clues.own.within(low, high) if _own_word(clues, m, span)), None)
        named = [*clues.near.within(low, high), *clues.anywhere]
        ranked = sorted(
            (rank, i)
            for i, n in enumerate(named)
            if (rank := _rank(clues, n, span)) is not None
            and (counts or rank < _SENTENCE)
            and (word is None or _agrees(n.match.rule.cause, word.rule))
        )
        causes = [(rank, named[i].match) for rank, i in ranked]
        near = _in_precedence(causes)
        explaining = [s for s in systemic if not s.sites or span._.site in s.sites] if counts else []
        if _is_ordinary(clues.words, span):
            explaining = []
        if explaining and ranked and ranked[0][0] >= _SENTENCE and _is_secreting(near, explaining[0]):
            return _systemic(explaining[0])
        if near and near[0].rule.general:
            exact = (match for rank, match in causes if not match.rule.general)
            return _reading(doc, next(exact, near[0]))
        if near and not (explaining and self._systemic.more_exact(explaining[0].cause, near[0].rule.cause)):
            return _reading(doc, near[0])
        above = [m for _, m in causes if explaining and explaining[0].cause in m.rule.over]
        if above:
            return _reading(doc, above[0])
        if explaining and (word is None or word.rule.mechanism is Mechanism.METASTATIC):
            return _systemic(explaining[0])
        if causes:
            return _reading(doc, causes[0][1])
        if word is not None:
            metastatic = counts and systemic and word.rule.mechanism is Mechanism.METASTATIC
            return _systemic(systemic[0]) if metastatic else _reading(doc, word)
        return None

    def _default(self, span: Span, hints: InOrder[Match[DefaultRule]]) -> Reading:
        if not Assertion(span._.assertion).counts:
            return Reading(None)
        sentence = sentence_of(span)
        near = {m.rule.id for m in hints.within(sentence.start, sentence.end)}
        for rule in self._defaults:
            if span._.site in rule.sites and (not rule.phrases or rule.id in near):
                return Reading(rule.cause, rule.id)
        return Reading(None)

    def __call__(self, doc: Doc) -> Doc:
        """Set the mentions' mechanism and cause, and ``doc.spans["calcification_evidence"]``."""
        spans = list(doc.spans.get(self.span_key, ()))
        systemic = self._systemic(doc) if spans else []
        for span, reading in zip(spans, self.match(doc, spans, systemic), strict=True):
            if reading.cause is not None:
                span._.mechanism = reading.cause.mechanism.value
                span._.cause = reading.cause.value
                span._.cause_reason = (reading.rule, reading.start, reading.end)
        doc.spans[EVIDENCE_KEY] = [
            Span(doc, *tokens_of(doc, s.start, s.end), label=s.cause.value, span_id=s.rule) for s in systemic
        ]
        return doc


def _place(span: Span) -> tuple[str, str | None]:
    return span._.site, span._.laterality


def _is_distinct(words: list[str], span: Span) -> bool:
    """Whether a mention's sentence sets it apart from the others of its place."""
    return _holds_any(words, sentence_of(span), linking("distinct"))


def _by_place(spans: Sequence[Span], readings: Sequence[Reading | None]) -> dict[tuple[str, str | None], Reading]:
    """The cause of each site and side that the report gives one cause only."""
    found: dict[tuple[str, str | None], dict[Cause | None, Reading]] = {}
    for span, reading in zip(spans, readings, strict=True):
        if reading and span._.site != Site.UNSPECIFIED and Assertion(span._.assertion).counts:
            found.setdefault(_place(span), {})[reading.cause] = reading
    return {place: next(iter(causes.values())) for place, causes in found.items() if len(causes) == 1}


def _own_word(clues: Clues, match: Match[MechanismRule], span: Span) -> bool:
    """Whether a word for the mechanism is about a mention: beside it, or in the clause that follows.

    So does "calcification of the buttock, most likely dystrophic" say it; what a further mention stands before is that
    mention's ("calcification of the liver and dystrophic calcification").
    """
    if _joined(clues.words, match, span):
        return True
    if match.start < span.end or match.end > sentence_of(span).end:
        return False
    after = words_between(clues.words, span, match)
    if len(after) > _AFTERWARDS or not (linking("clause_end") | linking("instead")).isdisjoint(after):
        return False
    if "," in after and len(after) <= _JOINED + 1:
        return True
    return not any(_joined(clues.words, match, other) for other in clues.mentions.within(span.end, match.end + _FAR))


def _joined(words: list[str], match: Match[Any], span: Span) -> bool:
    """Whether a phrase overlaps a mention or stands directly beside it."""
    if match.start < span.end and span.start < match.end:
        return True
    sentence = sentence_of(span)
    if not (sentence.start <= match.start and match.end <= max(sentence.end, span.end)):
        return False
    between = words_between(words, match, span)
    return len(between) <= _JOINED and _PUNCTUATION.isdisjoint(between) and linking("instead").isdisjoint(between)


def _owned(words: list[str], match: Match[CauseRule], mentions: InOrder[Span]) -> bool:
    """Whether a cause's words belong to a mention ("atherosclerotic calcification")."""
    return any(_joined(words, match, span) for span in mentions.within(match.start - _FAR, match.end + _FAR))


def _agrees(cause: Cause, word: MechanismRule) -> bool:
    """Whether a named cause can be what the report's own word for the mechanism means; "physiologic" says it all."""
    return cause is word.cause if word.mechanism is Mechanism.OTHER else cause.mechanism is word.mechanism


def _is_ordinary(words: list[str], span: Span) -> bool:
    """Whether a mention is of what calcifies in anyone: the iliac arteries, the falx if not called excessive."""
    sentence = sentence_of(span)
    beside = words[max(sentence.start, span.start - _BESIDE) : min(sentence.end, span.end + _BESIDE)]
    if not linking("iliac").isdisjoint(beside):
        return span._.site in (Site.PERIPHERAL_ARTERY, Site.VESSEL)
    falx = span._.site == Site.DURA and not linking("falx").isdisjoint(beside)
    return falx and linking("excessive").isdisjoint(words[sentence.start : sentence.end])


def _is_secreting(near: list[Match[CauseRule]], found: Systemic) -> bool:
    """Whether a tumour named beside a mention is the one that raises the calcium, not the one that calcified."""
    return bool(near) and near[0].rule.cause is Cause.NEOPLASTIC and found.cause is Cause.MALIGNANT_HYPERCALCAEMIA


def _in_precedence(causes: list[tuple[float, Match[CauseRule]]]) -> list[Match[CauseRule]]:
    """The causes named in a mention's sentence from the nearest on, but first what stands over the nearest."""
    near = [match for rank, match in causes if rank < _NEXT]
    if not near:
        return []
    above = [match for rank, match in causes if rank < _REPORT and near[0].rule.cause in match.rule.over]
    return above + near if causes[0][0] >= _SENTENCE else sorted(near, key=lambda match: match not in above)


def _rank(clues: Clues, named: Named, span: Span) -> float | None:
    """How far a named cause is from a mention; ``None`` if it cannot be its reason."""
    match, rule = named.match, named.match.rule
    if rule.sites and set(rule.sites).isdisjoint(span._.sites):
        return None
    if _joined(clues.words, match, span):
        denied = match.end <= span.start or match.start >= span.end
        if denied and not named.holds and Assertion(span._.assertion).counts:
            return None
        return _JOINT * len(words_between(clues.words, match, span))
    whole = rule.reach is Reach.REPORT
    if rule.reach is Reach.MENTION or not named.holds or (named.owned and not whole):
        return None
    sentence = sentence_of(span)
    gap = max(match.start - span.end, span.start - match.end)
    if sentence.start <= match.start and match.end <= sentence.end:
        between = words_between(clues.words, match, span)
        if len(between) <= _WIDEST_CHOICE and not linking("instead").isdisjoint(between):
            return None
        beyond = _others_between(clues, match, span)
        if any(rule.sites and other._.site in rule.sites and other._.site != span._.site for other in beyond):
            return None if not whole else _REPORT
        return _SENTENCE + gap / 1000 + _OWNED * named.owned + _BEYOND * bool(beyond) + _APART * (";" in between)
    if rule.unless and _holds_any(clues.words, sentence, rule.unless):
        return None
    if not rule.general and _near(clues.doc, sentence, named):
        return _NEXT + gap / 1000
    return _REPORT + gap / 100000 if whole else None


def _others_between(clues: Clues, match: Match[CauseRule], span: Span) -> list[Span]:
    """The mentions between a cause and a mention."""
    start, end = (match.end, span.start) if match.end <= span.start else (span.end, match.start)
    return clues.mentions.within(start, end)


def _holds_any(words: list[str], sentence: Span, phrases: Iterable[str]) -> bool:
    return not set(phrases).isdisjoint(words[sentence.start : sentence.end])


def _near(doc: Doc, sentence: Span, named: Named) -> bool:
    """Whether a cause stands in the sentence before or after, in the same section."""
    if not named.section.start <= sentence.start < named.section.end:
        return False
    between = doc[named.end : sentence.start] if named.end <= sentence.start else doc[sentence.end : named.start]
    return sum(bool(token.is_sent_start) for token in between) <= 1


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
