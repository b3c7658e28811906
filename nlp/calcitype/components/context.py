"""The assertion of a span, by cues and their scope (ConText; Harkema et al., J Biomed Inform 2009)."""

from collections.abc import Sequence
from typing import Any, Final

from spacy.language import Language
from spacy.tokens import Doc, Span

from calcitype import lexicon
from calcitype.components.corrections import Decision, alike, corrected
from calcitype.components.extensions import set_extensions
from calcitype.components.mentions import SPAN_KEY
from calcitype.components.phrases import InOrder, Match, Phrases, overlaps, words_between
from calcitype.components.sections import SECTIONS
from calcitype.components.sentences import sentence_of
from calcitype.lexicon import linking
from calcitype.lexicon.rules import CueRule, Direction, Effect
from calcitype.schema import Assertion

INDICATION: Final = "indication"
# Where the clinical question stands; the line that names the examination may hold it too.
_ASKING = (INDICATION, "exam")

# Words that begin a new clause, after which a verb takes the clause out of a cue's scope.
_JOINTS = frozenset({",", ";", "and", "&", "-"})
# How far a cue can stand from what it decides, in tokens.
_FARTHEST = 100
# How far a negation can stand before the words it cancels: "no part of the wall is free of".
_CANCELLING = 6
# Words that may stand between "the" and what it makes definite: "the known dense calcification".
_DEFINITE = 2
# How many words before a span tell what a word after it is about: "the age of the old calcification is uncertain".
_LEADING = 8
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

    def decide(self, doc: Doc, matches: Sequence[Match[Any]]) -> list[Decision]:
        """The decision on each match, in the order given."""
        return self.match(doc, [doc[m.start : m.end] for m in matches])

    def _decide(self, words: list[str], span: Span, cues: InOrder[Match[CueRule]], section: str) -> Decision:
        sentence = sentence_of(span)
        near = cues.within(max(sentence.start, span.start - _FARTHEST), min(sentence.end, span.end + _FARTHEST))
        heard = [
            (cue.rule.precedence, distance, i)
            for i, cue in enumerate(near)
            if _applies(cue.rule, words, span, section)
            and (not cue.rule.closing or _closes(words, cue, sentence))
            and not _asks_of_other(cue, span)
            and (distance := _distance(cue.rule, cue, span, words)) is not None
            and _in_scope(cue.rule, cue, span, near, words)
            and not _takes_for_granted(cue, words, span)
        ]
        if not heard:
            return Decision(Assertion.PRESENT)
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


def _applies(rule: CueRule, words: list[str], span: Span, section: str) -> bool:
    if rule.assertion in _NO_ASSERTION:
        return False
    if rule.only_in and section not in rule.only_in:
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


def _closes(words: list[str], cue: Match[CueRule], sentence: Span) -> bool:
    """Whether what a cue says ends with it: at a mark, at the end of the sentence, or before a new phrase."""
    following = _following(words[cue.end : sentence.end])
    hyphen = following == "-" and not sentence.doc[cue.end - 1].whitespace_
    return (not following[0].isalnum() and not hyphen) or following in linking("closing")


def _following(words: list[str]) -> str:
    """The first word; a full stop if there is none."""
    return next((word for word in words if not word.isspace()), ".")


def _asks_of_other(cue: Match[CueRule], span: Span) -> bool:
    """Whether a question mark is joined to the word after it, of which it asks, not of the span before it: "?TB"."""
    doc = span.doc
    if doc[cue.start].text[0] != "?" or cue.start < span.end or cue.end >= len(doc):
        return False
    joined = not doc[cue.end - 1].whitespace_ and doc[cue.end].is_alpha
    return joined and (bool(doc[cue.start - 1].whitespace_) or doc[cue.start - 1].is_space)


def _in_scope(rule: CueRule, cue: Match[CueRule], span: Span, near: list[Match[CueRule]], words: list[str]) -> bool:
    if overlaps(cue, span):
        return True
    forward = cue.end <= span.start
    start, end = (cue.end, span.start) if forward else (span.end, cue.start)
    between = words_between(words, cue, span)
    leading = between if forward else words[max(0, span.start - 2 * _LEADING) : span.start]
    if _is_beside_definite(leading):
        return False
    if not between:
        return True
    if not rule.past_comma and "," in between:
        return False
    if _crosses_bracket(between, forward=forward):
        return False
    wanting = rule.assertion is Assertion.ABSENT
    if wanting and not forward and _has_own_subject(between):
        return False
    if wanting and forward and (_is_predicate(words, between, span) or _after_dash(cue, span)):
        return False
    first = cue if forward else span
    ends = (other for other in near if start <= other.start < end)
    return not any(_ends_scope(rule, other, words_between(words, first, other), words) for other in ends)


def _crosses_bracket(between: list[str], *, forward: bool) -> bool:
    """Whether a cue stands in brackets and a span outside, which the brackets do not follow: they are not about it."""
    if forward:
        return between.count(")") > between.count("(")
    return between.count("(") > between.count(")") and between[0] != "("


def _has_own_subject(between: list[str]) -> bool:
    """Whether a comma and a new subject stand before what says that something is gone: "plaque, oedema has gone"."""
    tail = between[len(between) - between[::-1].index(",") :] if "," in between else []
    return bool(tail) and tail[0].isalpha() and tail[0] not in linking("resuming")


def _ends_scope(rule: CueRule, other: Match[CueRule], before: list[str], words: list[str]) -> bool:
    """Whether another cue, with the words ``before`` it since the one of ``rule``, ends that one's scope."""
    match other.rule.assertion:
        case Effect.STOP:
            return True
        case Effect.REASON:
            return rule.assertion is not Assertion.OTHER_PERSON
        case Effect.VERB if rule.assertion is Assertion.UNCERTAIN or rule.assertion is Effect.KNOWN:
            return other.rule.holds and (rule.assertion is Assertion.UNCERTAIN or not rule.past_comma)
        case Effect.VERB if rule.assertion is Assertion.ABSENT:
            if rule.negated is not None and not other.rule.holds and before and before[-1] not in linking("relative"):
                return True
            return not _JOINTS.isdisjoint(before) or words[other.start] in _JOINTS
        case _:
            return False


def _is_beside_definite(between: list[str]) -> bool:
    """Whether words lead to something definite that stands beside what they are about: "fracture of the".

    What is wanting, possible or asked about has no "the"; but a trace *of the* calcification is the thing itself.
    """
    plain = [word for word in between if not word.isspace()][-_LEADING:]
    at = next((i for i in reversed(range(len(plain))) if plain[i] in linking("definite")), 0)
    if at < 2 or len(plain) - at - 1 > _DEFINITE or not all(word.isalpha() for word in plain[at:]):
        return False
    if not linking("joining").isdisjoint(plain[at:]) or plain[at - 1] not in linking("tying"):
        return False
    return plain[at - 2] not in linking("itself")


def _takes_for_granted(cue: Match[CueRule], words: list[str], span: Span) -> bool:
    """Whether a question or condition is about what becomes of a span: "if the calcifications increase"."""
    if cue.rule.assertion is not Assertion.HYPOTHETICAL:
        return False
    if cue.start >= span.end:
        return words[span.start - 1 : span.start] in (["these"], ["this"])
    between = words_between(words, cue, span)
    return len(between) == 1 and between[0] in linking("definite")


def _is_predicate(words: list[str], between: list[str], span: Span) -> bool:
    """Whether a span has a predicate of its own: "no effusion, aortic arch calcified.".

    So it has in "no effusion, vascular calcification noted" and "the heart is not enlarged and calcification is
    present", but not in a longer list.
    """
    joints = [i for i, word in enumerate(between) if word in (",", "and")]
    if not joints:
        return False
    subject = [word for word in [*between[joints[-1] + 1 :], *words[span.start : span.end]] if not word.isspace()]
    if not linking("joining").isdisjoint(subject):
        return False
    following = [word for word in words[span.end : span.end + 4] if not word.isspace()]
    if "," in between and words[span.end - 1] == "calcified":
        return len(subject) > 1 and (following or ["."])[0] in linking("closing") | {".", ",", ";", ")"}
    verb = following[:1] in (["is"], ["are"])
    stated = not linking("stated").isdisjoint(following[verb : verb + 1])
    return stated and len(joints) == 1 and (verb or between[joints[0]] == ",")


def _after_dash(cue: Match[CueRule], span: Span) -> bool:
    """Whether one dash with room on both sides parts a cue from a span: "no stone - phlebolith on the left"."""
    doc = span.doc
    between = [token for token in doc[cue.end : span.start] if not token.is_space]
    dashes = [token.idx for token in between[1:] if token.text == "-"]
    return len(dashes) == 1 and doc.text[dashes[0] - 1].isspace() and doc.text[dashes[0] + 1].isspace()


def _is_negated(cue: Match[CueRule], near: list[Match[CueRule]], words: list[str]) -> bool:
    """Whether a negation stands just before a cue: "not free of", "no vessel without", "nothing that suggests"."""
    return any(
        other.rule.assertion is Assertion.ABSENT
        and other.rule.negated is None
        and other.rule.direction is Direction.FORWARD
        and other.end <= cue.start
        and len(between := words_between(words, other, cue)) <= _CANCELLING
        and _JOINTS.isdisjoint(between)
        for other in near
    )


def _assertion(rule: CueRule, section: str) -> Assertion:
    if rule.assertion is Effect.KNOWN:
        return Assertion.HISTORICAL
    if section in _ASKING and rule.in_indication is not None:
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
