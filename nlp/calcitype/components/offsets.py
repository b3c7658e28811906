"""The lines of a report, and the way between its characters and the tokens of its Doc."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from spacy.attrs import IDX
from spacy.tokens import Doc

# A line at least this long that stops in mid-sentence was wrapped; a shorter one ended there.
_WRAPPED = 50


def plain_line_ends(text: str) -> str:
    """A text of the same length in which every line ends with a line feed alone, whatever system wrote it."""
    return text.replace("\r\n", " \n").replace("\r", "\n")


def was_wrapped(line: str, following: str) -> bool:
    """Whether a line, given without the white space at its end, goes on with the character that follows it."""
    return line[-1] not in ".:;!?" and (following.islower() or len(line) >= _WRAPPED)


def tokens_at(doc: Doc, offsets: Sequence[int]) -> list[int]:
    """For each character offset, the first token that starts there or after it."""
    return np.searchsorted(doc.to_array(IDX), offsets).tolist()  # type: ignore[no-any-return]


def tokens_of(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """The half-open token offsets that cover a range of characters, whole tokens where it begins or ends within one."""
    idx = doc.to_array(IDX)
    return int(np.searchsorted(idx, start, side="right")) - 1, int(np.searchsorted(idx, end))
