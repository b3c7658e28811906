"""What a field, a box or the next sentence answers to a mention: "Calcification: N", "[ ] calcification", "No."."""

import bisect
import itertools
import re
from collections.abc import Sequence
from operator import attrgetter
from typing import Final, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span

from calcitype import lexicon
from calcitype.components.phrases import Match, Phrases, is_line_end, words_after
from calcitype.components.sentences import sentence_of
from calcitype.lexicon.rules import CueRule
from calcitype.schema import Assertion

# What stands between a thing and its answer, and what may stand after an answer.
_MARKS: Final = frozenset({":", "=", "|", "-", "(", "[", "?", "\u2013"})
_CLOSING: Final = frozenset({"(", ")", "]", ".", ",", ";", "|", "/", ":"})
# How many words may stand between a thing and that mark: "calcification in the tendon: no".
_PLACE = 3
# How many tokens an answer has.
_LONGEST = 8
# Signs that are answers, but for ticks only in brackets, after a colon or doubled.
_YES: Final = frozenset({"+", "\u2713", "\u2714"})
_TICKS: Final = frozenset({"\u2713", "\u2714", "\u2717", "\u2718"})
_SIGNS: Final = _YES | _TICKS | {"-", "\u2013", "\u2212"}
_SIGN_AFTER: Final = frozenset({"(", "[", ":", "="})
_BOX = re.compile(
    "\\[[^\\S\n]*[xX\u2713\u2714]?[^\\S\n]*\\]|\\((?:[^\\S\n]+|[^\\S\n]*[xX][^\\S\n]*)\\)|[\u2610\u2611\u2612\u25a1]"
)
_BULLETS: Final = frozenset("-*\u2022:;,")
# How many boxes may follow a thing: "[ ] none [x] mild [ ] severe"; and how many tokens stand between it and a box.
_MOST_BOXES = 8
_FAR = 20
_EMPTY: Final = frozenset({"[]", "()", "\u2610", "\u25a1"})
# How the names of fields end.
_NOUNS = ("ation", "ations", "calc", "calcs", "calcium", "score", "scores", "calcinosis")
# How one who asks and answers marks his answer.
_HEADED: Final = frozenset({"a", "ans", "answer", "reply", "antwort"})
# Marks between what was asked and what is answered in one sentence, and how many of them are looked behind.
_TOLD: Final = frozenset({",", ";", ":", "-", "\u2013", "\u2014", "?"})
_MOST_TOLD = 3


class Box(NamedTuple):
    """A box, by its tokens; one that ``leads`` stands before what it is about."""

    start: int
    end: int
    ticked: bool
    leads: bool


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

    def boxes(self, doc: Doc) -> list[Box]:
        """The boxes of a Doc, in the order of the text."""
        text, boxes, end = doc.text, list[Box](), 0
        for box in _BOX.finditer(text):
            found = doc.char_span(*box.span(), alignment_mode="expand")
            if boxes and text.find("\n", end, box.start()) < 0:
                leads = boxes[-1].leads
            else:
                before = text[text.rfind("\n", 0, box.start()) + 1 : box.start()]
                leads = _BULLETS.issuperset("".join(before.split()))
            if found is not None:
                boxes.append(Box(found.start, found.end, "".join(box[0].split()) not in _EMPTY, leads))
                end = box.end()
        return boxes

    def __call__(
        self, span: Span, words: list[str], boxes: Sequence[Box], *, asked: bool, denied: bool
    ) -> Match[CueRule] | None:
        """The answer to a span, if there is one.

        To one that is ``asked`` about it may be the next sentence's; a tick before one that is ``denied`` changes
        nothing.
        """
        answer = self._box(span, words, boxes, denied=denied) or self._field(span, words)
        if answer is not None and not _is_plain(answer.rule) and (denied or not _is_field(span, words)):
            answer = None
        return answer or (self._reply(span, words) if asked else None)

    def _box(self, span: Span, words: list[str], boxes: Sequence[Box], *, denied: bool) -> Match[CueRule] | None:
        """What the box before a span says, or those after it."""
        i = bisect.bisect_left(boxes, span.start, key=attrgetter("start"))
        if i and boxes[i - 1].leads and _on_one_line(words, boxes[i - 1].end, span.start):
            return None if denied and boxes[i - 1].ticked else self._tick(boxes[i - 1])
        after = [box for box in boxes[i : i + _MOST_BOXES] if box.start >= span.end and not box.leads]
        after = list(itertools.takewhile(lambda box: _on_one_line(words, span.end, box.start), after))
        if not after:
            return None
        between = [word for word in words[span.end : after[0].start] if not word.isspace()]
        if sum(word.isalpha() for word in between) > _PLACE or not all(w.isalpha() or w in _MARKS for w in between):
            return None
        field = ":" in between
        named_before = field and between[-1].isalpha()
        name = _ahead(words, after[0].end, line=True)
        choice = any(self._phrases.at_start([words[i] for i in _ahead(words, box.end)]) for box in after)
        if not between and not choice:
            return self._tick(after[0])
        if field and len(after) == 1 and not named_before and not (name and words[name[0]].isalpha()):
            return self._tick(after[0])
        for n, box in enumerate(after):
            if box.ticked:
                at = box.end
                if named_before:
                    at = after[n - 1].end if n else words.index(":", span.end) + 1
                found = self._phrases.at_start([words[i] for i in _ahead(words, at)])
                rule = found[0] if found else self._yes if field or choice else None
                return None if rule is None else Match(rule, box.start, box.end)
        return None

    def _tick(self, box: Box) -> Match[CueRule]:
        return Match(self._yes if box.ticked else self._no, box.start, box.end)

    def _field(self, span: Span, words: list[str]) -> Match[CueRule] | None:
        """The answer after a span, a mark, and perhaps the place between them, on one line or alone on the next."""
        start = past_menu(words, span.end)
        ahead = _ahead(words, start, line=True)
        if [words[i] for i in ahead] == [":"]:
            ahead += _ahead(words, ahead[0] + 2, line=True)
        at = next((n for n, i in enumerate(ahead[:_PLACE]) if not words[i].isalpha()), _PLACE)
        for n in range(at, len(ahead)):
            i, before = ahead[n], words[ahead[n - 1]] if n else words[span.end - 1]
            minus = words[i] == "-" and words_after(words, i + 1) == ["ve"]
            answer = self._sign(i, before, span, words)
            if answer is None and (_is_mark(before) or minus):
                answer = self._word(i, span, words)
            if answer is not None or not _is_mark(words[i]):
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
            if line and is_line_end(words[i]):
                break
        elif len(found) < _LONGEST:
            found.append(i)
    return found


def _is_plain(rule: CueRule) -> bool:
    """Whether an answer says yes or no."""
    return rule.assertion is Assertion.PRESENT or rule.assertion is Assertion.ABSENT


def _is_field(span: Span, words: list[str]) -> bool:
    """Whether a mention is the name of a field: a noun, and a mark after it or after the answers to choose from."""
    noun = words[span.end - 1].endswith(_NOUNS)
    return noun and words_after(words, past_menu(words, span.end)) in ([":"], ["="])


def _is_mark(word: str) -> bool:
    """Whether a word is a mark that an answer follows, or leader dots."""
    return word in _MARKS or (len(word) > 2 and set(word) <= {".", "_"})


def past_menu(words: list[str], end: int) -> int:
    """The token after the answers to choose from, in brackets before a mark: "(none/mild/severe): mild"."""
    if words_after(words, end) in (["("], ["["]):
        for i in range(end, min(end + 2 * _FAR, len(words))):
            if words[i] in (")", "]"):
                chosen = not {"/", "-"}.isdisjoint(words[end:i]) and words_after(words, i + 1) in ([":"], ["="])
                return i + 1 if chosen else end
    return end


def _is_closed(span: Span, words: list[str], end: int) -> bool:
    """Whether nothing goes on where an answer ends."""
    ahead = _ahead(words, end, line=True)
    if not ahead:
        return True
    if words[ahead[0]] == "/" and ahead[1:] and words[ahead[1]].isalpha():  # "N/A"
        return False
    return words[ahead[0]] in _CLOSING or bool(span.doc[ahead[0]].is_sent_start)


def _on_one_line(words: list[str], start: int, end: int) -> bool:
    """Whether what stands between two tokens is short, white space apart, and holds no line end."""
    if end - start > 2 * _FAR + 1:
        return False
    between = words[start:end]
    return sum(not word.isspace() for word in between) <= _FAR and not any(map(is_line_end, between))
