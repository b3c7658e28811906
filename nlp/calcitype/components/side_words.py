"""Words for a side that name the side of something, and those that only look like it."""

import itertools
from collections.abc import Sequence

from calcitype.components.phrases import Match, is_line_end, words_after, words_before
from calcitype.lexicon import linking
from calcitype.lexicon.rules import SideRule
from calcitype.schema import Laterality

Side = Match[SideRule]

# How many words stand before the side that one is compared with: "as on the left".
_COMPARED = 3


def is_side(words: Sequence[str], side: Side) -> bool:
    """Whether a word for a side is one: no code, no low figure ("2.1 (L)"), not "left behind", no "as on the left"."""
    before, after = _on_line(words, side)
    if before[-1:] in (["/"], ["^"]) and side.end - side.start == 1:
        return False
    if before[-1:] == ["("] and after[:1] == [")"] and before[:-1] and before[-2][0].isdigit():
        return False
    if after in (["is", "not"], ["are", "not"]):
        return False
    if before[-1:] == ["the"] and "." not in before and not linking("compared").isdisjoint(before):
        return False
    kind = "within_one" if side.rule.id is Laterality.BILATERAL else "not_a_side"
    return linking(kind).isdisjoint(after[:1])


def _on_line(words: Sequence[str], side: Side) -> tuple[list[str], list[str]]:
    """The words just before and just after a side, on its line."""
    before = words[max(side.start - 2 * _COMPARED, 0) : side.start]
    ends = [i for i, word in enumerate(before) if is_line_end(word)]
    line = before[ends[-1] + 1 :] if ends else before
    after = [] if any(map(is_line_end, words[side.end : side.end + 1])) else words_after(words, side.end, 2)
    return words_before(line, len(line), _COMPARED), after


def goes_on_to_others(words: Sequence[str]) -> bool:
    """Whether words lead from one finding to several others: "one active on the left, plus several calcified ones"."""
    return any(one in linking("plus") and other in linking("several") for one, other in itertools.pairwise(words))
