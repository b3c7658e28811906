"""Between the characters of a report and the tokens of its Doc."""

from __future__ import annotations

import numpy as np
from spacy.attrs import IDX
from spacy.tokens import Doc


def token_at(doc: Doc, offset: int) -> int:
    """The first token that starts at a character offset or after it."""
    return int(np.searchsorted(doc.to_array(IDX), offset))
