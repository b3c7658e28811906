"""Diseases that the words just after them deny: "hypercalcaemia was excluded", "PXE ruled out by genetic testing"."""

from typing import Any

from calcitype.components.phrases import Match, words_after
from calcitype.lexicon import linking

# In words: how far after a disease its denial can stand.
_REACH = 4


def is_denied(words: list[str], match: Match[Any]) -> bool:
    """Whether only auxiliary verbs stand between a disease and a word that denies it."""
    for word in words_after(words, match.end, _REACH):
        if word in linking("denial"):
            return True
        if word not in linking("auxiliary"):
            return False
    return False
