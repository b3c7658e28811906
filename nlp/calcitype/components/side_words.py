"""Words for a side that name the side of something, and those that only look like it."""

import itertools
from collections.abc import Sequence

from calcitype.components.phrases import Match
from calcitype.lexicon import linking
from calcitype.lexicon.rules import SideRule
from calcitype.schema import Laterality

Side = Match[SideRule]

# How many words stand before the side that one is compared with: "as on the left".
_COMPARED = 3


def is_side(words: Sequence[str], side: Side) -> bool:
    """Whether a word for a side is one: no code, no low figure ("2.1 (L)"), not "left behind", no "as on the left"."""
    after = words[side.end : side.end + 1]
    if words[side.start - 1 : side.start] in (["/"], ["^"]) and side.end - side.start == 1:
        return False
    if words[side.start - 1 : side.start] == ["("] and after == [")"] and words[side.start - 2][:1].isdigit():
        return False
    if after in (["is"], ["are"]) and words[side.end + 1 : side.end + 2] == ["not"]:
        return False
    before = words[max(side.start - _COMPARED, 0) : side.start]
    if before[-1:] == ["the"] and "." not in before and not linking("compared").isdisjoint(before):
        return False
    kind = "within_one" if side.rule.id is Laterality.BILATERAL else "not_a_side"
    return linking(kind).isdisjoint(after)


def goes_on_to_others(words: Sequence[str]) -> bool:
    """Whether words lead from one finding to several others: "one active on the left, plus several calcified ones"."""
    return any(one in linking("plus") and other in linking("several") for one, other in itertools.pairwise(words))
