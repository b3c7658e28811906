"""The assertion of a span, by cues and their scope (ConText; Harkema et al., J Biomed Inform 2009)."""

from collections.abc import Sequence
from typing import Any, Final

from spacy.language import Language
from spacy.tokens import Doc, Span

from calcitype import lexicon
from calcitype.components.corrections import Decision, alike, corrected
from calcitype.components.extensions import set_extensions
from calcitype.components.mentions import SPAN_KEY
from calcitype.components.phrases import InOrder, Match, Phrases, words_between
from calcitype.components.sections import SECTIONS
from calcitype.components.sentences import sentence_of
from calcitype.lexicon.rules import CueRule, Direction, Effect
from calcitype.schema import Assertion

INDICATION: Final = "indication"

# Words that begin a new clause, after which a verb takes the clause out of a cue's scope.
_JOINTS = frozenset({",", ";", "and", "&", "-"})
# A disease in the patient's history still explains; a negated, questioned or relative's one does not.
_HOLDS = (Assertion.PRESENT, Assertion.UNCERTAIN, Assertion.HISTORICAL)
# How far a cue can stand from what it decides, in tokens.
_FARTHEST = 100
# How far a negation can stand before the words it cancels: "no part of the wall is free of".
_CANCELLING = 6
# Effects that only a cue's scope needs.
_NO_ASSERTION = (Effect.PSEUDO, Effect.STOP, Effect.REASON, Effect.VERB, Effect.RETRACT)


class Context:
    """Gives spans an assertion.

    A cue holds for what stands on its side of it in the sentence, up to a word that ends its scope. Of several cues
    that of lowest precedence decides, then the nearest. Nothing said is ``present``.

    Parameters
    ----------
    nlp
        The pipeline; its tokenizer splits the cues.
    span_key
        The spans of ``doc.spans`` to decide; any clinical concept will do.
    """

    def __init__(self, nlp: Language, *, span_key: str = SPAN_KEY) -> None:
        self.span_key = span_key
        self._cues = Phrases.of(nlp, lexicon.load().cue)
        set_extensions(assertion=Assertion.PRESENT.value, assertion_reason=None)

    def match(self, doc: Doc, spans: Sequence[Span]) -> list[Decision]:
        """The decision on each span, in the order given."""
        if not spans:
            return []
        words = [token.lower_ for token in doc]
        cues = InOrder(self._cues(doc))
        sections = InOrder(doc.spans.get(SECTIONS, ()))
        decisions = [self._decide(words, span, cues, section_of(span, sections)) for span in spans]
        shown = [
            span
            for span, decision in zip(spans, decisions, strict=True)
            if decision.assertion.counts and (decision.cue is None or decision.cue.rule.assertion is not Effect.KNOWN)
        ]
        seen = [self._seen(span, decision, shown) for span, decision in zip(spans, decisions, strict=True)]
        return corrected(spans, seen, cues, sections)

    def holds(self, doc: Doc, matches: Sequence[Match[Any]]) -> list[bool]:
        """Of each match, whether the report asserts it of this patient, now or in the past."""
        spans = [doc[m.start : m.end] for m in matches]
        return [decision.assertion in _HOLDS for decision in self.match(doc, spans)]

    def _decide(self, words: list[str], span: Span, cues: InOrder[Match[CueRule]], section: str) -> Decision:
        sentence = sentence_of(span)
        near = cues.within(max(sentence.start, span.start - _FARTHEST), min(sentence.end, span.end + _FARTHEST))
        heard = [
            (cue.rule.precedence, distance, i)
            for i, cue in enumerate(near)
            if _applies(cue.rule, words, span, section)
            and (distance := _distance(cue.rule, cue, span, words)) is not None
            and _in_scope(cue.rule, cue, span, near, words)
        ]
        if not heard:
            return Decision(Assertion.PRESENT)
        cue = near[min(heard)[2]]
        if cue.rule.privative and _is_cancelled(cue, near, words):
            return Decision(Assertion.PRESENT, cue)
        return Decision(_assertion(cue.rule, section), cue)

    @staticmethod
    def _seen(span: Span, decision: Decision, shown: Sequence[Span]) -> Decision:
        """What is known from before is present if this study shows it too, else historical."""
        if decision.cue is None or decision.cue.rule.assertion is not Effect.KNOWN:
            return decision
        seen = any(alike(span, other) for other in shown)
        return Decision(Assertion.PRESENT if seen else Assertion.HISTORICAL, decision.cue)

    def __call__(self, doc: Doc) -> Doc:
        """Set the spans' assertion and the cue that decided it."""
        spans = list(doc.spans.get(self.span_key, ()))
        for span, (assertion, cue) in zip(spans, self.match(doc, spans), strict=True):
            span._.assertion = assertion.value
            if cue is not None:
                found = doc[cue.start : cue.end]
                span._.assertion_reason = (cue.rule.id, found.start_char, found.end_char)
        return doc


def _applies(rule: CueRule, words: list[str], span: Span, section: str) -> bool:
    if rule.assertion in _NO_ASSERTION:
        return False
    if rule.only_in and section not in rule.only_in:
        return False
    return not rule.only or not set(rule.only).isdisjoint(words[span.start : span.end])


def _distance(rule: CueRule, cue: Match[CueRule], span: Span, words: list[str]) -> int | None:
    """Words between cue and span if the span stands on the side the cue looks to; ``None`` if not, or too far."""
    if cue.start < span.end and span.start < cue.end:
        opens = cue.start <= span.start and rule.direction is Direction.FORWARD
        closes = cue.end >= span.end and rule.direction is Direction.BACKWARD
        return 0 if rule.direction is Direction.WITHIN or opens or closes else None
    if rule.direction is Direction.WITHIN:
        return None
    gap = len(words_between(words, cue, span))
    side = Direction.FORWARD if cue.end <= span.start else Direction.BACKWARD
    if rule.direction not in (side, Direction.BOTH) or gap > rule.reach:
        return None
    return gap


def _in_scope(rule: CueRule, cue: Match[CueRule], span: Span, near: list[Match[CueRule]], words: list[str]) -> bool:
    start, end = (cue.end, span.start) if cue.end <= span.start else (span.end, cue.start)
    if start >= end:
        return True
    between = words[start:end]
    if not rule.past_comma and "," in between:
        return False
    for other in near:
        if not start <= other.start < end:
            continue
        if other.rule.assertion is Effect.STOP:
            return False
        if other.rule.assertion is Effect.REASON and rule.assertion is not Assertion.OTHER_PERSON:
            return False
        if (
            other.rule.assertion is Effect.VERB
            and not rule.past_verb
            and not _JOINTS.isdisjoint(words[start : other.start])
        ):
            return False
    return True


def _is_cancelled(cue: Match[CueRule], near: list[Match[CueRule]], words: list[str]) -> bool:
    """Whether a negation just before a privative cue makes it an affirmation: "not free of", "no vessel without"."""
    return any(
        other.rule.assertion is Assertion.ABSENT
        and not other.rule.privative
        and other.end <= cue.start
        and len(between := words_between(words, other, cue)) <= _CANCELLING
        and _JOINTS.isdisjoint(between)
        for other in near
    )


def _assertion(rule: CueRule, section: str) -> Assertion:
    if rule.assertion is Effect.KNOWN:
        return Assertion.HISTORICAL
    if section == INDICATION and rule.in_indication is not None:
        return rule.in_indication
    return Assertion(rule.assertion)


def section_of(span: Span, sections: InOrder[Span]) -> str:
    """The category of the section a span stands in; ``"body"`` where there are none."""
    section = sections.holding(span.start)
    return section.label_ if section is not None else "body"


@Language.factory(
    "calcitype_context",
    default_config={"span_key": SPAN_KEY},
    requires=["doc.spans"],
    assigns=["span._.assertion", "span._.assertion_reason"],
)
def make_context(nlp: Language, name: str, span_key: str) -> Context:
    """Create the assertion detector."""
    return Context(nlp, span_key=span_key)
