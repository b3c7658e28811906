"""What a field, a box or the next sentence answers to a mention: "Calcification: N", "[ ] calcification", "No."."""

import itertools
import re
from typing import Final

from spacy.language import Language
from spacy.tokens import Span

from calcitype import lexicon
from calcitype.components.phrases import Match, Phrases
from calcitype.components.sentences import sentence_of
from calcitype.lexicon.rules import CueRule
from calcitype.schema import Assertion

# What stands between a thing and its answer, and what may stand after an answer.
_MARKS: Final = frozenset({":", "=", "|", "-", "(", "[", "?", "\u2013"})
_CLOSING: Final = frozenset({")", "]", ".", ",", ";", "|", "/", ":"})
# How many words may stand between a thing and that mark: "calcification in the tendon: no".
_PLACE = 3
# How many tokens an answer has.
_LONGEST = 8
# Signs that are answers, but for ticks only in brackets, after a colon or doubled.
_YES: Final = frozenset({"+", "\u2713", "\u2714"})
_TICKS: Final = frozenset({"\u2713", "\u2714", "\u2717", "\u2718"})
_SIGNS: Final = _YES | _TICKS | {"-", "\u2013", "\u2212"}
_SIGN_AFTER: Final = frozenset({"(", "[", ":", "="})
_BOX = re.compile("\\[[ \t]*[xX\u2713\u2714]?[ \t]*\\]|[\u2610\u2611\u2612\u25a1]")
_EMPTY: Final = frozenset({"[]", "\u2610", "\u25a1"})
# How one who asks and answers marks his answer.
_HEADED: Final = frozenset({"a", "ans", "answer", "reply", "antwort"})
# Marks between what was asked and what is answered in one sentence, and how many of them are looked behind.
_TOLD: Final = frozenset({",", ";", ":", "-", "\u2013", "\u2014", "?"})
_MOST_TOLD = 3


class Answers:
    """Finds the answer to a mention.

    Parameters
    ----------
    nlp
        The pipeline; its tokenizer splits the answers.
    """

    def __init__(self, nlp: Language) -> None:
        rules = [rule for rule in lexicon.load().cue if rule.answers]
        self._phrases = Phrases.of(nlp, rules)
        self._yes = next(rule for rule in rules if rule.assertion is Assertion.PRESENT)
        self._no = next(rule for rule in rules if rule.assertion is Assertion.ABSENT)

    def __call__(self, span: Span, words: list[str], *, asked: bool) -> Match[CueRule] | None:
        """The answer to a span, if there is one; to one that is ``asked`` about, the next sentence's too."""
        return self._box(span) or self._field(span, words) or (self._reply(span, words) if asked else None)

    def _box(self, span: Span) -> Match[CueRule] | None:
        """The box beside a span, on the side on which the boxes of its line stand."""
        text = span.doc.text
        start = text.rfind("\n", 0, span.start_char) + 1
        end = text.find("\n", span.end_char)
        boxes = list(_BOX.finditer(text, start, end if end >= 0 else len(text)))
        if not boxes:
            return None
        first = not text[start : boxes[0].start()].strip(" \t-*\u2022:;,")
        if first:
            box = next((box for box in reversed(boxes) if box.end() <= span.start_char), None)
        else:
            box = next((box for box in boxes if box.start() >= span.end_char), None)
        found = span.doc.char_span(*box.span(), alignment_mode="expand") if box else None
        if box is None or found is None:
            return None
        return Match(self._no if "".join(box[0].split()) in _EMPTY else self._yes, found.start, found.end)

    def _field(self, span: Span, words: list[str]) -> Match[CueRule] | None:
        """The answer after a span, a mark, and perhaps the place between them, all on one line."""
        ahead = _ahead(words, span.end, line=True)
        at = next((n for n, i in enumerate(ahead[:_PLACE]) if not words[i].isalpha()), _PLACE)
        for n in range(at, len(ahead)):
            i, before = ahead[n], words[ahead[n - 1]] if n else words[span.end - 1]
            minus = words[i] == "-" and i + 1 < len(words) and words[i + 1] == "ve"
            answer = self._sign(i, before, span, words)
            if answer is None and (before in _MARKS or minus):
                answer = self._word(i, span, words)
            if answer is not None or words[i] not in _MARKS:
                return answer
        return None

    def _sign(self, at: int, before: str, span: Span, words: list[str]) -> Match[CueRule] | None:
        """A sign that is an answer, where it stands as one."""
        sign = words[at]
        if sign not in _SIGNS or not _is_closed(span, words, at + 1):
            return None
        if sign not in _TICKS and before not in _SIGN_AFTER and before != sign:
            return None
        return Match(self._yes if sign in _YES else self._no, at, at + 1)

    def _reply(self, span: Span, words: list[str]) -> Match[CueRule] | None:
        """The answer with which the next sentence begins, or what follows a mark in the same one."""
        sentence = sentence_of(span)
        marks = (i + 1 for i in range(span.end, sentence.end) if words[i] in _TOLD)
        for start in (*itertools.islice(marks, _MOST_TOLD), sentence.end):
            ahead = _ahead(words, start)
            if len(ahead) > 2 and words[ahead[0]] in _HEADED and words[ahead[1]] in (":", "."):
                ahead = ahead[2:]
            if ahead and (answer := self._word(ahead[0], span, words)) is not None:
                return answer
        return None

    def _word(self, at: int, span: Span, words: list[str]) -> Match[CueRule] | None:
        """The answer in words that starts at a token, if nothing follows it in its clause."""
        ahead = _ahead(words, at)
        found = self._phrases.at_start([words[i] for i in ahead])
        end = ahead[found[1] - 1] + 1 if found else at
        return Match(found[0], at, end) if found and _is_closed(span, words, end) else None


def _ahead(words: list[str], start: int, *, line: bool = False) -> list[int]:
    """The next tokens that are no white space, on the same ``line`` or at all."""
    found: list[int] = []
    for i in range(start, min(start + 2 * _LONGEST, len(words))):
        if words[i].isspace():
            if line and "\n" in words[i]:
                break
        elif len(found) < _LONGEST:
            found.append(i)
    return found


def _is_closed(span: Span, words: list[str], end: int) -> bool:
    """Whether nothing goes on where an answer ends."""
    ahead = _ahead(words, end, line=True)
    return not ahead or words[ahead[0]] in _CLOSING or bool(span.doc[ahead[0]].is_sent_start)
