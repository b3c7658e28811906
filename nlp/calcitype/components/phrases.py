"""Lexicon phrases in a Doc: the one matcher that every component uses."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

import numpy as np
from spacy.attrs import IS_SPACE, ORTH
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.strings import hash_string  # type: ignore[attr-defined]
from spacy.tokens import Doc

from calcitype.lexicon import expand

Rule = TypeVar("Rule")

_HYPHEN = hash_string("-")
_SOFT_HYPHEN = "\u00ad"
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
    """The words of a Doc without its white space, and the first and the last token of each."""

    doc: Doc
    first: Sequence[int]
    last: Sequence[int]


def words_of(doc: Doc, known: Container[str]) -> Words:
    """The words that phrases are matched against.

    Reports are wrapped at any word, so a phrase must match across a line break, which spaCy keeps as a token. A word
    hyphenated over a line end is one word if it is then a known one; a soft hyphen within a word or a ligature hides
    none.
    """
    tokens = doc.to_array([ORTH, IS_SPACE])
    kept = np.flatnonzero(tokens[:, 1] == 0)
    plain = doc.text.isascii()
    if len(kept) == len(doc) and plain:
        return Words(doc, range(len(doc)), range(len(doc)))
    words: list[int | str] = tokens[kept, 0].tolist()
    first: list[int] = kept.tolist()
    last = list(first)
    broken = np.flatnonzero((tokens[kept[:-2], 0] == _HYPHEN) & (kept[1:-1] - kept[:-2] > 1)) if len(kept) > 2 else ()
    for i in reversed([int(i) for i in broken if i > 0]):
        whole = (doc[first[i - 1]].text + doc[first[i + 1]].text).lower()
        if whole in known:
            words[i - 1 : i + 2] = [whole]
            last[i - 1 : i + 2] = [last[i + 1]]
            del first[i : i + 2]
    if not plain:
        words = [word if isinstance(word, str) else _plain(doc[at].text) for word, at in zip(words, first, strict=True)]
        for i in reversed(range(1, len(words) - 1)):
            if words[i] == "":
                words[i - 1 : i + 2] = [str(words[i - 1]) + str(words[i + 1])]
                last[i - 1 : i + 2] = [last[i + 1]]
                del first[i : i + 2]
        words = [word or _SOFT_HYPHEN for word in words]
    return Words(Doc(doc.vocab, words=words), first, last)  # type: ignore[arg-type]  # hashes are words too


def _plain(word: str) -> str:
    """A word without ligatures and invisible characters, with the hyphens that phrases have."""
    return unicodedata.normalize("NFKC", word.translate(_TYPOGRAPHY))


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
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._rules: dict[int, tuple[Rule, int, int]] = {}
        self._known: set[str] = set()
        keys: dict[tuple[int, int, int], str] = {}
        for rule, phrase in rules:
            for plain in expand(phrase):
                before, bracket, rest = plain.partition("[")
                core, _, after = rest.partition("]")
                sizes = (0, 0)
                if bracket:
                    sizes = len(nlp.tokenizer(before.strip())), len(nlp.tokenizer(after.strip()))
                    plain = " ".join((before + core + after).split())
                name = (id(rule), *sizes)
                if name not in keys:
                    keys[name] = f"{type(rule).__name__}:{len(keys)}"
                    self._rules[nlp.vocab.strings.add(keys[name])] = (rule, *sizes)
                words = nlp.tokenizer(plain)
                self._known.update(token.lower_ for token in words)
                self._matcher.add(keys[name], [words])

    @classmethod
    def of(cls, nlp: Language, rules: Iterable[Phrased]) -> Phrases[Phrased]:
        """The phrases of rules that have ``phrases``."""
        return Phrases(nlp, [(rule, phrase) for rule in rules for phrase in rule.phrases])

    def __call__(self, doc: Doc) -> list[Match[Rule]]:
        """Matches in the order of the text, no two of them overlapping; of equal phrases every rule's."""
        words, first, last = words_of(doc, self._known)
        found = []
        for key, start, end in self._matcher(words):
            rule, before, after = self._rules[key]
            found.append((start, end, rule, before, after))
        found.sort(key=lambda m: (m[0] - m[1], m[0]))
        kept: list[tuple[int, int, Match[Rule]]] = []
        owner: dict[int, tuple[int, int]] = {}
        for start, end, rule, before, after in found:
            # What is longer was kept before, so an overlap shows at one of the ends.
            if owner.get(start, (start, end)) != (start, end) or owner.get(end - 1, (start, end)) != (start, end):
                continue
            owner.update(dict.fromkeys(range(start, end), (start, end)))
            kept.append((start, end, Match(rule, first[start + before], last[end - after - 1] + 1)))
        return [match for _, _, match in sorted(kept, key=lambda m: m[:2])]
