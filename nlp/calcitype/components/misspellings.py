"""Misspelled words: one letter missing, added, changed or swapped with the next, or letters that a scanner confused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

# Digits are what a scanner makes of letters.
_WORD = re.compile(r"[A-Za-z0-9]+")
_SHORTEST = 7
# What scanners make of the letters that the known words begin with.
_SCANNED = {"e": "c", "o": "c", "g": "c", "rn": "m", "nn": "m"}
_REMEMBERED = 1 << 16


class Misspellings:
    """Finds words that are one edit from a known one, by what is left of both when a letter is deleted (SymSpell).

    Parameters
    ----------
    words
        The known words, in lower case; those shorter than seven letters are left out.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._known = frozenset(word for word in words if len(word) >= _SHORTEST)
        self._left: dict[str, set[str]] = {}
        for word in self._known:
            for rest in _with_one_less(word):
                self._left.setdefault(rest, set()).add(word)
        self._is_one = lru_cache(maxsize=_REMEMBERED)(self._find)

    def __call__(self, text: str) -> list[tuple[int, int]]:
        """Half-open character offsets of the misspelled words of a text."""
        return [m.span() for m in _WORD.finditer(text) if len(m[0]) >= _SHORTEST - 1 and self._is_one(m[0].lower())]

    def _find(self, word: str) -> bool:
        if word in self._known:
            return False
        if not _SCANNED.keys().isdisjoint((word[0], word[:2])) and _as_typed(word) in self._known:
            return True
        candidates = {known for rest in _with_one_less(word) for known in self._left.get(rest, ())}
        return any(_one_edit(word, known) for known in candidates)

    def __reduce__(self) -> tuple[type[Misspellings], tuple[frozenset[str]]]:
        return Misspellings, (self._known,)


def _as_typed(word: str) -> str:
    """A word whose first letter a scanner mistook."""
    at = 2 if word[:2] in _SCANNED else 1
    return _SCANNED[word[:at]] + word[at:]


def _with_one_less(word: str) -> Iterator[str]:
    """A word, and what is left of it without its second, third ... letter; the first is seldom mistyped."""
    yield word
    yield from (word[:i] + word[i + 1 :] for i in range(1, len(word)))


def _one_edit(word: str, known: str) -> bool:
    """Whether two different words are one insertion, deletion, change or swap of neighbours apart."""
    start = next((i for i, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), min(len(word), len(known)))
    rest, known_rest = word[start:], known[start:]
    if len(rest) != len(known_rest):
        longer, shorter = sorted((rest, known_rest), key=len, reverse=True)
        return longer[1:] == shorter
    return rest[1:] == known_rest[1:] or (rest[1:2] + rest[:1] + rest[2:]) == known_rest
