"""Lexicon phrases in a Doc: the one matcher that every component uses."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache
from typing import Generic, NamedTuple, Protocol, TypeVar

import numpy as np
from spacy.attrs import IS_SPACE, LOWER
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

from calcitype.lexicon import expand

Rule = TypeVar("Rule")

_HYPHEN, _DASHES = "-", ("\u2012", "\u2013", "\u2212")
# Hyphens that do not break; soft hyphens, zero-width spaces and joiners, which nobody sees.
_TYPOGRAPHY = {
    0x2010: "-",
    0x2011: "-",
    0x00AD: None,
    0x200B: None,
    0x200C: None,
    0x200D: None,
    0x2060: None,
    0xFEFF: None,
}


class Match(NamedTuple, Generic[Rule]):
    """A phrase found: the rule it belongs to and its half-open token offsets."""

    rule: Rule
    start: int
    end: int


class Words(NamedTuple):
    """The words of a Doc in lower case without its white space, and the first and the last token of each."""

    lower: list[str]
    first: Sequence[int]
    last: Sequence[int]


def words_of(doc: Doc, known: Container[str]) -> Words:
    """The words that phrases are matched against.

    Reports are wrapped at any word, so a phrase must match across a line break, which spaCy keeps as a token. A word
    hyphenated over a line end is one word if it is then a known one; a soft hyphen within a word or a ligature hides
    none.
    """
    tokens = doc.to_array([LOWER, IS_SPACE])
    first: list[int] = np.flatnonzero(tokens[:, 1] == 0).tolist()
    words = [doc.vocab.strings[word] for word in tokens[first, 0].tolist()]
    last = list(first)
    for i in reversed(range(1, len(words) - 1)):
        broken = words[i] == _HYPHEN and first[i + 1] - first[i] > 1 and is_line_end(doc[first[i] + 1].text)
        if broken and words[i - 1] + words[i + 1] in known:
            _join(words, first, last, i)
    if not all(map(str.isascii, words)):
        words = [_HYPHEN if _is_hyphen(doc, word, i) else _plain(word) for word, i in zip(words, first, strict=True)]
        for i in reversed(range(1, len(words) - 1)):
            if words[i] == "":
                _join(words, first, last, i)
    return Words(words, first, last)


def _is_hyphen(doc: Doc, word: str, i: int) -> bool:
    r"""Whether a token is a dash within a word: ``"non\u2013calcified"``."""
    if word not in _DASHES or i == 0 or doc[i - 1].is_space or doc[i + 1 : i + 2].text.isspace():
        return False
    return not doc[i - 1].whitespace_ and not doc[i].whitespace_


def _join(words: list[str], first: list[int], last: list[int], i: int) -> None:
    """Make one word of the words on both sides of what parts them."""
    words[i - 1 : i + 2] = [words[i - 1] + words[i + 1]]
    last[i - 1 : i + 2] = [last[i + 1]]
    del first[i : i + 2]


def _plain(word: str) -> str:
    """A word without ligatures and invisible characters, with the hyphens that phrases have."""
    return unicodedata.normalize("NFKC", word.translate(_TYPOGRAPHY)).lower()


class Placed(Protocol):
    """What has half-open token offsets: a match or a span."""

    @property
    def start(self) -> int:
        """The first token."""

    @property
    def end(self) -> int:
        """The token after the last."""


def overlaps(one: Placed, other: Placed) -> bool:
    """Whether two stretches of a Doc share a token."""
    return one.start < other.end and other.start < one.end


def tokens_between(one: Placed, other: Placed) -> int:
    """How many tokens lie between two stretches of a Doc, white space among them."""
    return max(one.start - other.end, other.start - one.end, 0)


def words_between(words: Sequence[str], one: Placed, other: Placed) -> list[str]:
    """The words of a Doc between two stretches of it, whichever comes first, without white space."""
    first, last = (one, other) if one.start <= other.start else (other, one)
    return [word for word in words[first.end : last.start] if not word.isspace()]


def words_before(words: Sequence[str], token: int, most: int = 1) -> list[str]:
    """The last words before a token of a Doc, without white space, of which there is at most one between two words."""
    return [word for word in words[max(token - 2 * most, 0) : token] if not word.isspace()][-most:]


def words_after(words: Sequence[str], token: int, most: int = 1) -> list[str]:
    """The first words from a token of a Doc on, without white space."""
    return [word for word in words[token : token + 2 * most] if not word.isspace()][:most]


def is_line_end(word: str) -> bool:
    """Whether white space holds the end of a line, whatever system wrote it."""
    return "\n" in word or "\r" in word


def past_words(doc: Doc, token: int, most: int) -> int:
    """The token after the first words from a token on, white space between them and all."""
    words = [i for i in range(token, min(token + 2 * most, len(doc))) if not doc[i].is_space][:most]
    return words[-1] + 1 if words else token


def after_last(words: Sequence[str], marks: Container[str]) -> Sequence[str]:
    """The words after the last that is one of some marks; none where no mark stands."""
    i = max((i for i, word in enumerate(words) if word in marks), default=len(words))
    return words[i + 1 :]


class HasPhrases(Protocol):
    """A rule with phrases."""

    @property
    def phrases(self) -> tuple[str, ...]:
        """The phrases."""


Item = TypeVar("Item", bound=Placed)
Phrased = TypeVar("Phrased", bound=HasPhrases)


class InOrder(Generic[Item]):
    """Matches or spans of a Doc, to be asked which lie within a stretch of it without looking at all of them."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = sorted(items, key=lambda item: item.start)
        self._starts = [item.start for item in self._items]

    def within(self, start: int, end: int) -> list[Item]:
        """Those that lie wholly between two token offsets, in order."""
        found = self._items[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return [item for item in found if item.end <= end]

    def before(self, token: int) -> Item | None:
        """The last that starts before a token."""
        i = bisect_left(self._starts, token) - 1
        return self._items[i] if i >= 0 else None

    def after(self, token: int) -> Item | None:
        """The first that starts at a token or after it."""
        i = bisect_left(self._starts, token)
        return self._items[i] if i < len(self._items) else None

    def holding(self, token: int) -> Item | None:
        """The last that starts at a token or before it, if it reaches beyond it."""
        i = bisect_right(self._starts, token) - 1
        return self._items[i] if i >= 0 and self._items[i].end > token else None


class _Node(Generic[Rule]):
    """The words that can follow the words so far in a phrase, and the rules of which a phrase ends here.

    With a rule stand the numbers of words at the start and at the end of its phrase that are no part of a match.
    """

    __slots__ = ("ends", "following")

    def __init__(self) -> None:
        self.following: dict[str, _Node[Rule]] = {}
        self.ends: list[tuple[Rule, int, int]] = []


class Phrases(Generic[Rule]):
    """Finds the phrases of rules, in any case and over any white space; where two overlap, the longer one.

    Parameters
    ----------
    nlp
        The pipeline whose tokenizer splits the phrases.
    rules
        Pairs of a rule and a lexicon phrase of it (see :mod:`calcitype.lexicon`), brackets included.
    """

    def __init__(self, nlp: Language, rules: Iterable[tuple[Rule, str]]) -> None:
        special = nlp.tokenizer.rules if isinstance(nlp.tokenizer, Tokenizer) else None

        @cache
        def split(chunk: str) -> list[str]:
            # spaCy keeps letters together unless it has a rule for the word; to ask it would take most of the start.
            whole = special is not None and chunk.isalpha() and chunk not in special
            return [chunk] if whole else [token.lower_ for token in nlp.tokenizer(chunk)]

        def words_in(text: str) -> list[str]:
            return [word for chunk in text.split() for word in split(chunk)]

        self._phrases: _Node[Rule] = _Node()
        self._known: set[str] = set()
        for rule, phrase in rules:
            for plain in expand(phrase):
                before, bracket, rest = plain.partition("[")
                core, _, after = rest.partition("]")
                node = self._phrases
                for word in words_in(before + core + after):
                    following = node.following.get(word)
                    if following is None:
                        self._known.add(word)
                        following = node.following[word] = _Node()
                    node = following
                end = (rule, len(words_in(before)), len(words_in(after))) if bracket else (rule, 0, 0)
                if end not in node.ends:
                    node.ends.append(end)

    @classmethod
    def of(cls, nlp: Language, rules: Iterable[Phrased]) -> Phrases[Phrased]:
        """The phrases of rules that have ``phrases``."""
        return Phrases(nlp, [(rule, phrase) for rule in rules for phrase in rule.phrases])

    def __call__(self, doc: Doc) -> list[Match[Rule]]:
        """Matches in the order of the text, no two of them overlapping; of equal phrases every rule's."""
        words, first, last = words_of(doc, self._known)
        found = sorted(self._find(words), key=lambda m: (m[0] - m[1], m[0]))
        kept: list[tuple[int, int, Match[Rule]]] = []
        owner: dict[int, tuple[int, int]] = {}
        for start, end, (rule, before, after) in found:
            # What is longer was kept before, so an overlap shows at one of the ends.
            if owner.get(start, (start, end)) != (start, end) or owner.get(end - 1, (start, end)) != (start, end):
                continue
            owner.update(dict.fromkeys(range(start, end), (start, end)))
            kept.append((start, end, Match(rule, first[start + before], last[end - after - 1] + 1)))
        return [match for _, _, match in sorted(kept, key=lambda m: m[:2])]

    def at_start(self, words: Sequence[str]) -> tuple[Rule, int] | None:
        """The rule of the longest phrase that words in lower case begin with, and how many words it has."""
        node, found = self._phrases, None
        for n, word in enumerate(words, 1):
            if (following := node.following.get(word)) is None:
                break
            node = following
            found = (node.ends[0][0], n) if node.ends else found
        return found

    def _find(self, words: list[str]) -> Iterator[tuple[int, int, tuple[Rule, int, int]]]:
        """Every phrase in the words: start, end, and the rule with the words that the match leaves out at both ends."""
        for start, word in enumerate(words):
            node = self._phrases.following.get(word)
            end = start + 1
            while node is not None:
                for rule in node.ends:
                    yield start, end, rule
                node = node.following.get(words[end]) if end < len(words) else None
                end += 1
