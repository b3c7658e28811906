"""The assertion of a span, by cues and their scope (ConText; Harkema et al., J Biomed Inform 2009)."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span

from calcitype import lexicon
from calcitype.components.answers import Answers, Box, past_menu
from calcitype.components.corrections import Decision, alike, corrected
from calcitype.components.extensions import set_extensions
from calcitype.components.mentions import SPAN_KEY
from calcitype.components.phrases import InOrder, Match, Phrases, overlaps, words_after, words_before, words_between
from calcitype.components.scope import JOINTS, closes, in_scope
from calcitype.components.sections import SECTIONS
from calcitype.components.sentences import sentence_of
from calcitype.lexicon import linking
from calcitype.lexicon.rules import CueRule, Direction, Effect
from calcitype.schema import Assertion

INDICATION: Final = "indication"
# Where the clinical question stands; the line that names the examination may hold it too.
_ASKING = (INDICATION, "exam")

# What a section says of a mention without a cue; all others that it is there.
_UNSAID = {"comparison": Assertion.HISTORICAL, "technique": Assertion.HYPOTHETICAL}
# How far a cue can stand from what it decides, in tokens.
_FARTHEST = 100
# How far a negation can stand before the words it cancels: "no part of the wall is free of".
_CANCELLING = 6
# How the value of a field begins that denies, and what ends it.
_DENYING = ([":", "no"], [":", "nil"], [":", "without"], [":", "there", "is", "no"], [":", "there", "are", "no"])
_STOPS: Final = frozenset({".", ";", "|"})
# Effects that only a cue's scope needs.
_NO_ASSERTION = (Effect.PSEUDO, Effect.STOP, Effect.REASON, Effect.VERB, Effect.RETRACT)


class Heard(NamedTuple):
    """What a Doc says that assertions are decided by."""

    doc: Doc
    words: list[str]
    cues: InOrder[Match[CueRule]]
    sections: InOrder[Span]
    boxes: list[Box]


class Context:
    """Gives spans an assertion.

    A cue holds for what stands on its side of it in the sentence, up to a word that ends its scope. Of several cues
    that of lowest precedence decides, then the nearest. Nothing said is ``present``, but ``historical`` where the
    report tells what it is compared with, ``hypothetical`` where it tells how it was made.

    Parameters
    ----------
    nlp
        The pipeline; its tokenizer splits the cues.
    span_key
        The spans of ``doc.spans`` to decide; any clinical concept will do.
    """

    def __init__(self, nlp: Language, *, span_key: str = SPAN_KEY) -> None:
        self.span_key = span_key
        self._cues = Phrases.of(nlp, [rule for rule in lexicon.load().cue if not rule.answers])
        self._answers = Answers(nlp)
        set_extensions(assertion=Assertion.PRESENT.value, assertion_reason=None)

    def match(self, doc: Doc, spans: Sequence[Span]) -> list[Decision]:
        """The decision on each span, in the order given."""
        return self._decisions(self.hear(doc), spans) if spans else []

    def hear(self, doc: Doc) -> Heard:
        """What a Doc says, to decide several times by."""
        words = [token.lower_ for token in doc]
        return Heard(
            doc, words, InOrder(self._cues(doc)), InOrder(doc.spans.get(SECTIONS, ())), self._answers.boxes(doc)
        )

    def decide(self, heard: Heard, matches: Sequence[Match[Any]]) -> list[Decision]:
        """The decision on each match, in the order given."""
        return self._decisions(heard, [heard.doc[m.start : m.end] for m in matches])

    def _decisions(self, heard: Heard, spans: Sequence[Span]) -> list[Decision]:
        if not spans:
            return []
        decisions = _of_fields(heard, spans, [self._answered(heard, span) for span in spans])
        shown = [
            span
            for span, decision in zip(spans, decisions, strict=True)
            if decision.assertion.counts and (decision.cue is None or decision.cue.rule.assertion is not Effect.KNOWN)
        ]
        seen = [self._seen(span, decision, shown) for span, decision in zip(spans, decisions, strict=True)]
        return corrected(spans, seen, heard.cues, heard.sections)

    def _answered(self, heard: Heard, span: Span) -> Decision:
        """The decision on a span, by the answer to it if there is one."""
        decision = self._decide(heard.words, span, heard.cues, _speaking(span, heard.sections))
        asked = decision.assertion in (Assertion.UNCERTAIN, Assertion.HYPOTHETICAL)
        asked = asked or _is_question(span)
        denied = decision.assertion is Assertion.ABSENT
        answer = self._answers(span, heard.words, heard.boxes, asked=asked, denied=denied)
        return decision if answer is None else Decision(Assertion(answer.rule.assertion), answer)

    def _decide(self, words: list[str], span: Span, cues: InOrder[Match[CueRule]], section: str) -> Decision:
        sentence = sentence_of(span)
        end = max(sentence.end, span.end)
        near = cues.within(max(sentence.start, span.start - _FARTHEST), min(end, span.end + _FARTHEST))
        if (menu := past_menu(words, span.end)) > span.end:
            near = [cue for cue in near if not span.end <= cue.start < menu]
        heard = [
            (cue.rule.precedence, distance, i)
            for i, cue in enumerate(near)
            if _applies(cue, words, span, section)
            and (not cue.rule.closing or closes(words, cue, sentence))
            and not _asks_of_other(cue, span)
            and (distance := _distance(cue.rule, cue, span, words)) is not None
            and in_scope(cue, span, near, words)
            and not _takes_for_granted(cue, words, span)
        ]
        if not heard:
            return Decision(_UNSAID.get(section, Assertion.PRESENT))
        cue = near[min(heard)[2]]
        if cue.rule.negated is not None and _is_negated(cue, near, words):
            return Decision(cue.rule.negated, cue)
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


def _of_fields(heard: Heard, spans: Sequence[Span], decisions: list[Decision]) -> list[Decision]:
    """The decisions, a field's name denied if its value begins so: "Calcifications: No suspicious calcifications"."""
    named = [i for i, d in enumerate(decisions) if d.cue is None and words_after(heard.words, spans[i].end) == [":"]]
    found, places = list(decisions), InOrder(spans if named else ())
    decided = {span.start: decision for span, decision in zip(spans, decisions, strict=True)} if named else {}
    for i in named:
        value = places.after(spans[i].end)
        if value is None or value.start - spans[i].end > _FARTHEST:
            continue
        between = words_between(heard.words, spans[i], value)
        denies = between[:2] in _DENYING or between[:4] in _DENYING
        if denies and decided[value.start].assertion is Assertion.ABSENT and _STOPS.isdisjoint(between):
            found[i] = decided[value.start]
    return found


def _is_question(span: Span) -> bool:
    """Whether the sentence of a span ends with a question mark."""
    last = next((token for token in reversed(sentence_of(span)) if not token.is_space), None)
    return last is not None and last.text.endswith("?")


def _applies(cue: Match[CueRule], words: list[str], span: Span, section: str) -> bool:
    """Whether a cue can speak of a span in a section; a score with its figure is decided by that alone."""
    rule = cue.rule
    if rule.assertion in _NO_ASSERTION:
        return False
    if rule.only_in and section not in rule.only_in:
        return False
    if rule.only and words[span.end - 1][0].isdigit() and not overlaps(cue, span):
        return False
    return not rule.only or not set(rule.only).isdisjoint(words[span.start : span.end])


def _distance(rule: CueRule, cue: Match[CueRule], span: Span, words: list[str]) -> int | None:
    """Words between cue and span if the span stands on the side the cue looks to; ``None`` if not, or too far."""
    if overlaps(cue, span):
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


def _asks_of_other(cue: Match[CueRule], span: Span) -> bool:
    """Whether a question mark is joined to the word after it, of which it asks, not of the span before it: "?TB"."""
    doc = span.doc
    if doc[cue.start].text[0] != "?" or cue.start < span.end or cue.end >= len(doc):
        return False
    joined = not doc[cue.end - 1].whitespace_ and doc[cue.end].is_alpha
    return joined and (bool(doc[cue.start - 1].whitespace_) or doc[cue.start - 1].is_space)


def _takes_for_granted(cue: Match[CueRule], words: list[str], span: Span) -> bool:
    """Whether a question or condition is about what becomes of a span: "if the calcifications increase"."""
    if cue.rule.assertion is not Assertion.HYPOTHETICAL:
        return False
    before = words_before(words, span.start)
    if cue.start >= span.end:
        # "calcification would be unusual", but "the calcification would be unusual in a lymphoma"
        told = words_after(words, cue.start, 2) in (["would", "be"], ["would", "make"])
        return before in (["these"], ["this"]) or (before == ["the"] and told)
    between = [word for word in words_between(words, cue, span) if word != ":"]
    return len(between) == 1 and between[0] in linking("definite")


def _is_negated(cue: Match[CueRule], near: list[Match[CueRule]], words: list[str]) -> bool:
    """Whether a negation stands just before a cue: "not free of", "no vessel without", "nothing that suggests"."""
    return any(
        other.rule.assertion is Assertion.ABSENT
        and other.rule.negated is None
        and other.rule.direction is Direction.FORWARD
        and other.end <= cue.start
        and len(between := words_between(words, other, cue)) <= _CANCELLING
        and JOINTS.isdisjoint(between)
        for other in near
    )


def _assertion(rule: CueRule, section: str) -> Assertion:
    if rule.assertion is Effect.KNOWN:
        return Assertion.HISTORICAL
    if section in _ASKING and rule.in_indication is not None:
        return rule.in_indication
    return Assertion(rule.assertion)


def _speaking(span: Span, sections: InOrder[Span]) -> str:
    """The category of what a span is said in: after the first sentence of a comparison or technique, the findings."""
    section = sections.holding(span.start)
    if section is None or section.label_ not in _UNSAID or sentence_of(span).start <= section.start:
        return section_of(span, sections)
    first = next((t.i for t in section if t.text == ":"), section.start)
    return section.label_ if sentence_of(span).start <= first + 2 else "body"


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
