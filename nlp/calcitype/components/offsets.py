"""The lines of a report, and the way between its characters and the tokens of its Doc."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from spacy.attrs import IDX
from spacy.tokens import Doc

# A line at least this long that stops in mid-sentence was wrapped; a shorter one ended there.
_LONG = 50
# Of line ends in mid-sentence: how many show how a text was written, how few
# are wraps where its lines are notes, how many where they are filled.
_ENOUGH, _FEW, _MOST = 3, 0.2, 0.8
# Nobody wraps lines as short as this.
_NARROW = 36
_LINE = re.compile(r"\S[^\n]*")
LIST_ITEM = re.compile(r"[-*•>+\u2013]|\(?\d{1,2}[.)]\s|[A-Za-z][A-Za-z /&,()-]{0,40}:")


# Line breaks of HL7 version 2, of HTML, and as programs escape them; the fields of an OBX segment before its value.
_BREAK = re.compile(r"\\\.br\\|<(?:br|BR) ?/?>|\\[nr](?=[A-Z0-9\s<\\-]|\Z)")
_HL7_FIELDS = re.compile(r"^OBX\|[^|\n]*\|[^|\n]*\|[^|\n]*\|[^|\n]*\|", re.MULTILINE)


def plain_line_ends(text: str) -> str:
    r"""A text of the same length in which every line ends with a line feed alone, whatever system wrote it.

    Line breaks that are written out (``\.br\``, ``<br>``, ``\n``) are line feeds too, and the fields before the text
    of an HL7 line are blank.
    """
    text = text.replace("\r\n", " \n").replace("\r", "\n")
    text = _BREAK.sub(lambda written: " " * (len(written[0]) - 1) + "\n", text)
    return _HL7_FIELDS.sub(lambda fields: " " * len(fields[0]), text)


# Blanks that a reader sees as one: a run, a tab, a blank that does not break.
_BLANKS = re.compile(r"[ \t\u00a0\u2007\u2009\u202f]{2,}|[\t\u00a0\u2007\u2009\u202f]")


class Plain:
    """A text as a reader sees it: lines end with a line feed, runs of blanks are one, none stand around it.

    Attributes
    ----------
    text
        What rules on lines, titles and sentences are matched against.
    length
        Of the text as given, in characters.
    wrapping
        Which of its line ends are wraps.
    """

    def __init__(self, text: str) -> None:
        lines = plain_line_ends(text)
        bare, removed = lines.strip(), len(lines) - len(lines.lstrip())
        self.length = len(text)
        # From which offset on how many characters are missing.
        self._shifts = [(0, 0), (1, removed)]
        pieces, end, length = list[str](), 0, 0
        for blanks in _BLANKS.finditer(bare):
            pieces += (bare[end : blanks.start()], " ")
            length += blanks.start() - end + 1
            end, removed = blanks.end(), removed + len(blanks[0]) - 1
            self._shifts.append((length, removed))
        self.text = "".join([*pieces, bare[end:]])
        self.wrapping = Wrapping(self.text)

    def offset(self, at: int) -> int:
        """Where an offset in ``text`` stands in the text as given; its start and end are those of the whole."""
        if at >= len(self.text):
            return self.length
        return at + self._shifts[bisect_right(self._shifts, (at, self.length)) - 1][1]


class Wrapping:
    """Which line ends of a text are wraps, after which a sentence goes on.

    A line was wrapped where the next word had no more room in it. In a text whose lines end in mid-sentence though the
    next word had room, each line is a note of its own.
    """

    def __init__(self, text: str) -> None:
        lines = [(line.start(), line[0].rstrip()) for line in _LINE.finditer(text)]
        width = max((len(line) for _, line in lines), default=0)
        broken = [
            (line, following.split(maxsplit=1)[0])
            for (at, line), (start, following) in itertools.pairwise(lines)
            if text.count("\n", at, start) == 1 and line[-1] not in ".:;!?,(-" and not LIST_ITEM.match(following)
        ]
        full = [len(line) + len(word) >= width for line, word in broken]
        roomy = len(full) >= _ENOUGH and sum(full) <= _FEW * len(full)
        self._notes = roomy or (len(full) > 1 and width < _NARROW)
        # In capitals only the room that was left tells that a line was wrapped.
        shouted = text.isupper() and sum(full) >= _MOST * len(full)
        self._full = {line for (line, _), wrapped in zip(broken, full, strict=True) if wrapped} if shouted else set()

    def __call__(self, line: str, following: str) -> bool:
        """Whether a line, given without the white space at its end, goes on with the character that follows it."""
        filled = len(line) >= _LONG or line in self._full
        return not self._notes and line[-1] not in ".:;!?" and (following.islower() or filled)


@lru_cache(maxsize=1)
def plain(text: str) -> Plain:
    """A text as a reader sees it; sections and sentences ask for the same one after the other."""
    return Plain(text)


def tokens_at(doc: Doc, offsets: Sequence[int]) -> list[int]:
    """For each character offset, the first token that starts there or after it."""
    return np.searchsorted(doc.to_array(IDX), offsets).tolist()  # type: ignore[no-any-return]


def tokens_of(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """The half-open token offsets that cover a range of characters, whole tokens where it begins or ends within one."""
    idx = doc.to_array(IDX)
    return int(np.searchsorted(idx, start, side="right")) - 1, int(np.searchsorted(idx, end))
