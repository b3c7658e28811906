"""Annotated mentions: the label they give a report, and which of those found is which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np

from calcitype.features import label_of
from calcitype.results import Mention
from calcitype.schema import Assertion, Mechanism
from corpus import Annotated

Found = TypeVar("Found", Annotated, Mention)


def span(mention: Annotated | Mention) -> tuple[int, int]:
    """Where a mention stands."""
    return (mention["start"], mention["end"]) if isinstance(mention, dict) else (mention.start, mention.end)


def paired(gold: Sequence[Annotated], found: Sequence[Found]) -> list[tuple[Annotated, Found]]:
    """Annotated and found mentions that are the same: the largest overlap, one to one, in the order of the text."""
    pairs, free = [], list(found)
    for g in sorted(gold, key=lambda m: m["start"]):
        overlap = [min(g["end"], end) - max(g["start"], start) for start, end in map(span, free)]
        if overlap and max(overlap) > 0:
            pairs.append((g, free.pop(int(np.argmax(overlap)))))
    return pairs


def label_of_annotated(mentions: Iterable[Annotated]) -> str:
    """The label that the guideline's section 1 gives a report with these annotated mentions."""
    return label_of(Mechanism(m["mechanism"]) for m in mentions if Assertion(m["assertion"]).counts).value
