"""How far a cue's words carry: the scope of ConText (Harkema et al., J Biomed Inform 2009)."""

from typing import Final

from spacy.tokens import Span

from calcitype.components.phrases import (
    Match,
    Placed,
    after_last,
    overlaps,
    words_after,
    words_before,
    words_between,
)
from calcitype.components.sentences import sentence_of
from calcitype.lexicon import linking
from calcitype.lexicon.rules import CueRule, Direction, Effect
from calcitype.schema import Assertion

# Words that begin a new clause, after which a verb takes the clause out of a cue's scope.
JOINTS: Final = frozenset({",", ";", "and", "&", "-"})
# Words that may stand between "the" and what it makes definite: "the known dense calcification".
_DEFINITE = 2
# How many words before a span tell what a word after it is about: "the age of the old calcification is uncertain".
_LEADING = 8
# How many words a clause after a semicolon may have.
_CLAUSE = 20


def closes(words: list[str], cue: Match[CueRule], sentence: Span) -> bool:
    """Whether what a cue says ends with it: at a mark, at the end of the sentence, or before a new phrase."""
    following = _following(words, cue, sentence)
    hyphen = words[cue.end : cue.end + 1] == ["-"] and not sentence.doc[cue.end - 1].whitespace_
    return (not following[0].isalnum() and not hyphen) or following in linking("closing")


def _following(words: list[str], cue: Match[CueRule], sentence: Span) -> str:
    """The word after a cue in its sentence; a full stop if there is none."""
    return (words_after(words[cue.end : sentence.end], 0) or ["."])[0]


def in_scope(cue: Match[CueRule], span: Span, near: list[Match[CueRule]], words: list[str]) -> bool:
    """Whether nothing between a cue and a span ends the cue's scope.

    Parameters
    ----------
    cue, span
        The cue, and the span on the side that it looks to.
    near
        The cues of their sentence in the order of the text.
    words
        The tokens of the Doc in lower case.
    """
    rule = cue.rule
    if overlaps(cue, span):
        return True
    forward = cue.end <= span.start
    start, end = (cue.end, span.start) if forward else (span.end, cue.start)
    between = words_between(words, cue, span)
    leading = between if forward else words_before(words, span.start, _LEADING)
    if _is_beside_definite(leading):
        return False
    if not between:
        return True
    if not rule.past_comma and "," in between and not _is_list(between) and (forward or not _is_apposed(rule, between)):
        return False
    if _crosses_bracket(between, forward=forward):
        return False
    if rule.assertion is Assertion.ABSENT and (
        _cut_off(words, cue, between, span) if forward else _has_own_subject(between)
    ):
        return False
    first = cue if forward else span
    # What is all that stands after a semicolon is about the same thing: "calcified in 2018; no longer seen".
    if not forward and between[-1] == ";" and _is_all(words, cue, sentence_of(span)):
        end = max(i for i in range(start, end) if words[i] == ";")
    ends = (other for other in near if start <= other.start < end)
    return not any(_ends_scope(rule, first, other, words) for other in ends)


def _crosses_bracket(between: list[str], *, forward: bool) -> bool:
    """Whether a cue stands in brackets and a span outside, which the brackets do not follow: they are not about it."""
    opened = sum(word in ("(", "[") for word in between)
    closed = sum(word in (")", "]") for word in between)
    return closed > opened if forward else opened > closed and between[0] not in ("(", "[")


def _is_all(words: list[str], cue: Match[CueRule], sentence: Span) -> bool:
    """Whether a cue ends its sentence, but for the time it speaks of."""
    following = _following(words, cue, sentence)
    return following in ("today", "now") or not following[0].isalnum()


def _cut_off(words: list[str], cue: Match[CueRule], between: list[str], span: Span) -> bool:
    """Whether what stands between words for what is wanting and a span after them makes it another thing."""
    return (
        _leads_elsewhere(words, between, span)
        or _is_predicate(words, between, span)
        or _after_dash(cue, span)
        or _is_next_finding(words, cue, between, span)
    )


def _leads_elsewhere(words: list[str], between: list[str], span: Span) -> bool:
    """Whether a colon ends what is wanting: "no abnormality: calcified node", not "none of these: cyst, calcium"."""
    if ":" not in between[1:] or not linking("listing_ahead").isdisjoint(between):
        return False
    listed = [*between[between.index(":") :], *words[span.end : sentence_of(span).end]]
    return "," not in listed and "or" not in listed


def _is_next_finding(words: list[str], cue: Match[CueRule], between: list[str], span: Span) -> bool:
    """Whether a list of what is there goes on: "stones without dilated ducts, calcified spleen and bone changes"."""
    sentence = sentence_of(span)
    if cue.rule.negated is None or cue.start == sentence.start or between.count(",") != 1 or between[-1] != ",":
        return False
    rest = words[span.end : sentence.end]
    return words[span.start] == "calcified" and "and" in rest and {"or", "nor"}.isdisjoint(rest)


def _is_list(between: list[str]) -> bool:
    """Whether what stands before a denial ends a list: "calcification, mass or distortion is not seen"."""
    return "or" in after_last(between, {","})


def _is_apposed(rule: CueRule, between: list[str]) -> bool:
    """Whether commas set off what a thing is before a hedge of it: "calcification of a scar, an infarct, is likely"."""
    return rule.assertion is Assertion.UNCERTAIN and between[-1] == "," and between.count(",") == 2


def _has_own_subject(between: list[str]) -> bool:
    """Whether another thing stands before what says that it is gone: "plaque, oedema has gone"."""
    tail = after_last(between, {",", "where"})
    return bool(tail) and not _is_list(between) and tail[0].isalpha() and tail[0] not in linking("resuming")


def _ends_scope(rule: CueRule, first: Placed, other: Match[CueRule], words: list[str]) -> bool:
    """Whether another cue ends the scope of one with a rule, which goes on from ``first``, the cue or its span."""
    # What is said last is of the last thing: "calcified aorta with dissection ruled out".
    last = rule.closing and rule.direction is Direction.BACKWARD and rule.assertion is not Assertion.UNCERTAIN
    if last and other.rule.holds:
        return True
    forward = rule.direction is Direction.FORWARD
    match _effect(other, words):
        case Effect.STOP if words[other.start] in ("this", "these") and _opens(words, other):
            return False
        case Effect.STOP:
            # What a relative's post-mortem showed is not the patient's: "father died at 49; ... at his post-mortem".
            dead = rule.assertion is Assertion.OTHER_PERSON and words[other.start] == ";"
            return not dead or linking("post_mortem").isdisjoint(words_after(words, other.start, _CLAUSE))
        case Effect.REASON:
            return rule.assertion is not Assertion.OTHER_PERSON and rule.direction is not Direction.BACKWARD
        case Effect.VERB if rule.assertion is Assertion.UNCERTAIN or rule.assertion is Effect.KNOWN:
            if rule.direction is Direction.BACKWARD and words[other.start] in JOINTS:
                return True
            return other.rule.holds and (rule.assertion is Assertion.UNCERTAIN or not rule.past_comma)
        case Effect.VERB if rule.assertion is Assertion.ABSENT:
            before = words_between(words, first, other)
            if (
                rule.negated is not None
                and forward
                and not other.rule.holds
                and before
                and before[-1] not in linking("relative")
            ):
                return True
            return not JOINTS.isdisjoint(before) or words[other.start] in JOINTS
        case _:
            return False


def _opens(words: list[str], cue: Match[CueRule]) -> bool:
    """Whether a word that opens what a cue goes on with stands before the cue."""
    return not linking("opening").isdisjoint(words_before(words, cue.start))


def _effect(cue: Match[CueRule], words: list[str]) -> Assertion | Effect:
    """What a cue does to the scope of another: one that takes back may be just a verb, "was in fact"."""
    verb = cue.rule.assertion is Effect.RETRACT and words[cue.start] in ("is", "are", "was", "were")
    return Effect.VERB if verb else cue.rule.assertion


def _is_beside_definite(between: list[str]) -> bool:
    """Whether words lead to something definite that stands beside what they are about: "fracture of the".

    What is wanting, possible or asked about has no "the"; but a trace *of the* calcification is the thing itself.
    """
    plain = between[-_LEADING:]
    at = next((i for i in reversed(range(len(plain))) if plain[i] in linking("definite")), 0)
    if at < 2 or len(plain) - at - 1 > _DEFINITE or not all(word.isalpha() for word in plain[at:]):
        return False
    if not linking("joining").isdisjoint(plain[at:]) or plain[at - 1] not in linking("tying"):
        return False
    return plain[at - 2] not in linking("itself")


def _is_predicate(words: list[str], between: list[str], span: Span) -> bool:
    """Whether a span has a predicate of its own: "no effusion, aortic arch calcified.".

    So it has in "no effusion, vascular calcification noted" and "the heart is not enlarged and calcification is
    present", but not in a longer list.
    """
    joints = [word for word in between if word in (",", "and")]
    if not joints:
        return False
    subject = [*after_last(between, joints), *(word for word in words[span.start : span.end] if not word.isspace())]
    if not linking("joining").isdisjoint(subject):
        return False
    following = words_after(words, span.end, 2)
    if "," in between and words[span.end - 1] == "calcified":
        return len(subject) > 1 and (following or ["."])[0] in linking("closing") | {".", ",", ";", ")"}
    verb = following[:1] in (["is"], ["are"])
    stated = not linking("stated").isdisjoint(following[verb : verb + 1])
    return stated and (joints == [","] or (verb and joints == ["and"]))


def _after_dash(cue: Match[CueRule], span: Span) -> bool:
    """Whether one dash with room on both sides parts a cue from a span: "no stone - phlebolith on the left"."""
    doc = span.doc
    between = [token for token in doc[cue.end : span.start] if not token.is_space]
    dashes = [token.idx for token in between[1:] if token.text == "-"]
    return len(dashes) == 1 and doc.text[dashes[0] - 1].isspace() and doc.text[dashes[0] + 1].isspace()
