"""Between the characters of a report and the tokens of its Doc."""

from __future__ import annotations

import numpy as np
from spacy.attrs import IDX
from spacy.tokens import Doc


def plain_line_ends(text: str) -> str:
    """A text of the same length in which every line ends with a line feed alone, whatever system wrote it."""
    return text.replace("\r\n", " \n").replace("\r", "\n")


def token_at(doc: Doc, offset: int) -> int:
    """The first token that starts at a character offset or after it."""
    return int(np.searchsorted(doc.to_array(IDX), offset))


def tokens_of(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """The half-open token offsets that cover a range of characters, whole tokens where it begins or ends within one."""
    idx = doc.to_array(IDX)
    return int(np.searchsorted(idx, start, side="right")) - 1, int(np.searchsorted(idx, end))
