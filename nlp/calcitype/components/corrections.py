"""What an addendum or a final read takes back: the last word wins."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final, NamedTuple

from spacy.tokens import Span

from calcitype.components.phrases import InOrder, Match, past_words
from calcitype.components.sentences import sentence_of, telling_words
from calcitype.lexicon import linking
from calcitype.lexicon.rules import CueRule, Effect
from calcitype.schema import Assertion

ADDENDUM: Final = "addendum"

# Words of so many letters name something: "RCA".
_NAME = 3


class Decision(NamedTuple):
    """An assertion and the cue that decided it; no cue where nothing spoke."""

    assertion: Assertion
    cue: Match[CueRule] | None = None

    @property
    def holds(self) -> bool:
        """Whether the report asserts it of this patient, now or in the past."""
        return self.assertion in (Assertion.PRESENT, Assertion.UNCERTAIN, Assertion.HISTORICAL)


def corrected(
    spans: Sequence[Span],
    decisions: Sequence[Decision],
    cues: InOrder[Match[CueRule]],
    sections: InOrder[Span],
) -> list[Decision]:
    """The decisions on spans in the order of the text, those absent that an addendum takes back.

    It does so by denying the same finding ("no calcified node"), or by words of its own ("the dot was deodorant",
    "disregard"), which are about the finding they share words with, or about the only one.
    """
    found, doc = list(decisions), spans[0].doc
    for section in (s for s in sections.within(0, len(doc)) if s.label_ == ADDENDUM):
        reported = [i for i, span in enumerate(spans) if span.start < section.start and found[i].assertion.counts]
        within = [i for i, span in enumerate(spans) if section.start <= span.start < section.end]
        kept = [spans[i] for i in within if found[i].assertion.counts]
        before = [i for i in reported if not any(alike(spans[i], span) for span in kept)]
        told = telling_words(section)
        for j in within:
            if _denies(spans[j], found[j]):
                same = [i for i in before if alike(spans[i], spans[j])]
                same = [i for i in same if not _names_another(spans[i], spans[j], found[j])]
                same = [i for i in same if _on_one_side(spans[i], spans[j])] or same
                most, meant = most_alike(told, spans, same)
                stands = False
                for n, i in enumerate(same):
                    if not most or i in meant or (n > 0 and not stands):
                        found[i] = found[j]
                    stands = stands or found[i].assertion.counts
        for cue in cues.within(section.start, section.end):
            sentence = sentence_of(doc[cue.start : cue.end])
            # What was taken for calcium and is another thing is no matter of sides, wherever it lies.
            retracts = cue.rule.assertion is Effect.RETRACT and not corrects_side(sentence)
            if cue.rule.retracts or retracts:
                near = (sentence, sentence_of(doc[max(sentence.start - 1, 0) :]))
                own = [i for i in within if found[i].assertion.counts and sentence_of(spans[i]) in near]
                same = [i for i in reported if any(alike(spans[i], spans[j]) for j in own)]
                for i in (*own, *same) if own else _meant(spans, before, section):
                    found[i] = Decision(Assertion.ABSENT, cue)
    return found


def alike(span: Span, other: Span) -> bool:
    """Whether two spans may be one thing: of one place or name, or with a word in common where sites are not known."""
    if Span.has_extension("site") and span._.site and other._.site:
        sides = {span._.laterality, other._.laterality} - {None}
        same = span._.site == other._.site or (len(span) > 1 and span.text.lower() == other.text.lower())
        return bool(same) and len(sides) < 2
    return not {token.lower for token in span}.isdisjoint(token.lower for token in other)


def _on_one_side(span: Span, other: Span) -> bool:
    return not Span.has_extension("laterality") or bool(span._.laterality == other._.laterality)


def corrects_side(sentence: Span) -> bool:
    """Whether what a sentence takes back is a side, not what was "left in"."""
    words = [token.lower_ for token in sentence if not token.is_space]
    return any(
        word in linking("side") and not (word == "left" and following in linking("left_there"))
        for word, following in itertools.pairwise([*words, "."])
    )


def _denies(span: Span, decision: Decision) -> bool:
    """Whether an absent finding is the one that was reported, not another or a new one."""
    cue = decision.cue
    if decision.assertion is not Assertion.ABSENT or cue is None:
        return False
    around = span.doc[cue.start : max(cue.end, past_words(span.doc, span.end, 2))]
    return linking("another").isdisjoint(token.lower_ for token in around)


def _names_another(span: Span, other: Span, denial: Decision) -> bool:
    """Whether what is denied has a name, and none of it is in the reported finding: "no RCA calcification"."""
    start = min(denial.cue.end, other.start) if denial.cue is not None else other.start
    end = min(past_words(other.doc, other.end, 1), sentence_of(other).end)
    named = telling_words(other.doc[start:end], _NAME)
    return bool(named) and named.isdisjoint(token.lower_ for token in sentence_of(span))


def most_alike(words: set[str], spans: Sequence[Span], among: Sequence[int]) -> tuple[int, list[int]]:
    """How many of some telling words the sentence of a span shares at most, and which spans share as many."""
    shared = {i: len(words & telling_words(sentence_of(spans[i]))) for i in among}
    most = max(shared.values(), default=0)
    return most, [i for i in among if shared[i] == most]


def _meant(spans: Sequence[Span], before: Sequence[int], section: Span) -> list[int]:
    """The findings that share most telling words with an addendum; the only one if there is just one."""
    most, meant = most_alike(telling_words(section), spans, before)
    return meant if most or len(before) == 1 else []
