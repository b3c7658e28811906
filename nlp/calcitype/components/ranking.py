"""How near the causes that a report names are to its mentions, and which of them can be a mention's reason."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from spacy.tokens import Doc, Span

from calcitype.components.phrases import InOrder, Match, overlaps, tokens_between, words_between
from calcitype.components.places import Places
from calcitype.components.sentences import sentence_of
from calcitype.lexicon import linking
from calcitype.lexicon.rules import CauseRule, Reach, WordList
from calcitype.schema import Assertion, Site

_PUNCTUATION = frozenset({",", ".", ";", ":", "(", ")"})
# In words: what stands directly beside, and as an alternative.
_JOINED, _WIDEST_CHOICE = 2, 6
# In words: how far what a doubtful mention may be instead.
_ALTERNATIVE = 4
# In words: how near the name of a mention's organ stands, and what is said of its cause.
_BESIDE, _SAID = 8, 12

# Beyond this many tokens words are not near a mention.
FAR: Final = 120
# Tiers of closeness: joined to the mention (0), in its sentence, in the next one, elsewhere in the report.
SENTENCE: Final = 1.0
NEXT: Final = 2.0
REPORT: Final = 3.0
# What words lose each time that something sets them apart: they belong to another mention, one stands before them, a
# semicolon does.
_APART = 0.3
# What each word between a cause and a mention that it is joined to costs.
_JOINT = 0.1


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


class Ground(NamedTuple):
    """What the closeness of causes to mentions is judged by."""

    doc: Doc
    words: list[str]
    mentions: InOrder[Span]
    places: Places
    headings: InOrder[Span]
    unexplained: InOrder[Match[WordList]]


def rank(ground: Ground, named: Named, span: Span) -> float | None:
    """How far a named cause is from a mention; ``None`` if it cannot be its reason.

    Of several organs that it is in, only a cause that carries over the report may be for one listed later.
    """
    match, rule = named.match, named.match.rule
    if _is_alternative(ground.words, match, span):
        return None
    listed = span._.sites if rule.reach is Reach.REPORT else span._.sites[:1]
    if rule.sites and set(rule.sites).isdisjoint(listed):
        return None
    if is_joined(ground.words, match, span):
        denied = match.end <= span.start or match.start >= span.end
        if denied and not named.holds and Assertion(span._.assertion).counts:
            return None
        return _JOINT * len(words_between(ground.words, match, span))
    if rule.reach is Reach.MENTION or not named.holds or (named.owned and rule.reach is not Reach.REPORT):
        return None
    sentence = sentence_of(span)
    if sentence.start <= match.start and match.end <= sentence.end:
        return _within(ground, named, span)
    if is_ordinary(ground.words, span) or is_unexplained(ground, span):
        return None
    if rule.unless and holds_any(ground.words, sentence, rule.unless):
        return None
    return _beyond(ground, named, span, sentence)


def _is_alternative(words: list[str], match: Match[CauseRule], span: Span) -> bool:
    """Whether a cause is what a doubtful mention may be instead of calcium: "colloid or microcalcs"."""
    if span._.assertion != Assertion.UNCERTAIN or overlaps(match, span):
        return False
    between = words_between(words, match, span)
    kind = "alternative_after" if match.start >= span.end else "alternative"
    if len(between) > _ALTERNATIVE or linking(kind).isdisjoint(between):
        return False
    return (linking("within") | linking("tying")).isdisjoint(between[:-1])


def _within(ground: Ground, named: Named, span: Span) -> float | None:
    """The rank of a cause in a mention's sentence."""
    match, rule = named.match, named.match.rule
    between = words_between(ground.words, match, span)
    if len(between) <= _WIDEST_CHOICE and not linking("instead").isdisjoint(between):
        return None
    others = _others_between(ground, match, span)
    if any(rule.sites and other._.site in rule.sites and other._.site != span._.site for other in others):
        return REPORT if rule.reach is Reach.REPORT else None
    return SENTENCE + len(between) / 1000 + _APART * (named.owned + bool(others) + (";" in between))


def _beyond(ground: Ground, named: Named, span: Span, sentence: Span) -> float | None:
    """The rank of a cause in another sentence; what is said of another place is not carried over."""
    rule, gap = named.match.rule, tokens_between(named.match, span)
    said = sentence_of(ground.doc[named.start : named.end])
    other_side = ground.places.has_other_side(said, span)
    heading = ground.headings.holding(named.section.start)
    elsewhere = other_side or any(ground.places.has_other_organ(p, span) for p in (said, heading) if p is not None)
    if (other_side and rule.one_side) or (elsewhere and rule.one_place):
        return None
    if not rule.general and not elsewhere and _is_next(ground.doc, sentence, named):
        return NEXT + gap / 1000
    return REPORT + gap / 100000 if rule.reach is Reach.REPORT else None


def is_joined(words: list[str], match: Match[Any], span: Span) -> bool:
    """Whether a phrase overlaps a mention or stands directly beside it."""
    if overlaps(match, span):
        return True
    sentence = sentence_of(span)
    if not (sentence.start <= match.start and match.end <= max(sentence.end, span.end)):
        return False
    between = words_between(words, match, span)
    if match.start >= span.end and between[:1] == [":"]:  # a field and its value
        between = between[1:]
    if between[:1] == ["and"] and not linking("new_finding").isdisjoint(between):
        return False
    return len(between) <= _JOINED and _PUNCTUATION.isdisjoint(between) and linking("instead").isdisjoint(between)


def is_owned(words: list[str], match: Match[Any], mentions: InOrder[Span]) -> bool:
    """Whether a phrase's words belong to a mention ("atherosclerotic calcification")."""
    return any(is_joined(words, match, span) for span in mentions.within(match.start - FAR, match.end + FAR))


def is_ordinary(words: list[str], span: Span) -> bool:
    """Whether a mention is of what calcifies in anyone: iliac arteries, pineal; the falx if not called excessive."""
    beside = _beside(words, span)
    if not linking("iliac").isdisjoint(beside):
        return span._.site in (Site.PERIPHERAL_ARTERY, Site.VESSEL)
    falx = span._.site == Site.DURA and not linking("falx").isdisjoint(beside)
    ordinary = falx or span._.site in (Site.PINEAL, Site.CHOROID_PLEXUS)
    return ordinary and not holds_any(words, sentence_of(span), linking("excessive"))


def _beside(words: list[str], span: Span) -> list[str]:
    """The words of a mention's sentence that stand near it."""
    sentence = sentence_of(span)
    before = [word for word in words[sentence.start : span.start] if not word.isspace()]
    after = [word for word in words[span.end : sentence.end] if not word.isspace()]
    return [*before[-_BESIDE:], *words[span.start : span.end], *after[:_BESIDE]]


def is_unexplained(ground: Ground, span: Span) -> bool:
    """Whether the report says of a mention that it has no known cause ("of unclear origin", "non-specific")."""
    sentence = sentence_of(span)
    low, high = max(sentence.start, span.start - 2 * _SAID), min(sentence.end, span.end + 2 * _SAID)
    return any(
        len(between := words_between(ground.words, said, span)) <= _SAID
        and ";" not in between
        and not _others_between(ground, said, span)
        for said in ground.unexplained.within(low, high)
    )


def _others_between(ground: Ground, match: Match[Any], span: Span) -> list[Span]:
    """The mentions between a phrase and a mention."""
    start, end = (match.end, span.start) if match.end <= span.start else (span.end, match.start)
    return ground.mentions.within(start, end)


def holds_any(words: list[str], sentence: Span, phrases: Iterable[str]) -> bool:
    """Whether a sentence holds one of some words."""
    return not set(phrases).isdisjoint(words[sentence.start : sentence.end])


def _is_next(doc: Doc, sentence: Span, named: Named) -> bool:
    """Whether a cause stands in the sentence before or after, in the same section."""
    if not named.section.start <= sentence.start < named.section.end:
        return False
    between = doc[named.end : sentence.start] if named.end <= sentence.start else doc[sentence.end : named.start]
    return sum(bool(token.is_sent_start) for token in between) <= 1
