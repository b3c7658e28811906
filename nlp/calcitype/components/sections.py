"""Sections of a report: ``doc.spans["sections"]``, and their headings in ``doc.spans["headings"]``."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc, Span

from calcitype import lexicon
from calcitype.components.offsets import token_at

SECTIONS, HEADINGS = "sections", "headings"

_LINE = re.compile(
    r"^[ \t]*(?:[-*•>]+[ \t]*|\(?\d{1,2}[.)][ \t]*)?"
    r"(?P<title>[A-Za-z][A-Za-z0-9 ,/&()'+.-]{0,60}?)"
    r"[ \t]*(?P<mark>:|\.{3,}|[ \t]-{1,2}(?=\s)|-(?=\s)|(?=[ \t]*(?:\n|\Z)))",
    re.MULTILINE,
)
_INLINE = re.compile(r"(?<=[.;!?\])])[ \t]+(?P<title>[A-Z][A-Za-z /&-]{1,40}?)[ \t]*(?P<mark>:)")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
# Sections that a blank line ends: what follows is a finding though no heading says so.
_SHORT = ("indication", "technique", "comparison", "exam")
_LONGEST_TITLE = 7


class Sections:
    """Splits a Doc into sections by their headings.

    A heading is a listed one (``INDICATION:``, ``Imp -``, or alone on its line), or any short title with a colon at the
    start of a line, which opens a part of the findings. Text before the first heading is ``exam`` (a title line) or
    ``body``.
    """

    def __init__(self) -> None:
        self._category = {
            plain: rule.id
            for rule in lexicon.load().section
            for phrase in rule.phrases
            for plain in lexicon.expand(phrase)
        }

    def match(self, text: str) -> list[tuple[str, int, int, int]]:
        """Category and character offsets (heading, body, end) of each section, in the order of the text."""
        marks = [(0, 0, "body", False)]
        for match in sorted([*_LINE.finditer(text), *_INLINE.finditer(text)], key=lambda m: m.start("title")):
            title = " ".join(match["title"].lower().split())
            category = self._category.get(title)
            if category is None and not (match.re is _LINE and match["mark"] == ":" and self._is_title(title)):
                continue
            known = category is not None
            if category is None:
                before = marks[-1][2]
                category = before if before in ("impression", "recommendation", "addendum", "findings") else "findings"
            marks.append((match.start("title"), match.end(), category, known))
        return self._close(text, marks)

    @staticmethod
    def _is_title(title: str) -> bool:
        return len(title.split()) <= _LONGEST_TITLE

    @staticmethod
    def _close(text: str, marks: list[tuple[int, int, str, bool]]) -> list[tuple[str, int, int, int]]:
        """Sections from where headings start; title line and blank lines turned into sections of their own."""
        sections = []
        for i, (start, body, category, _) in enumerate(marks):
            end = marks[i + 1][0] if i + 1 < len(marks) else len(text)
            if category == "body":
                line = text.find("\n", 0, end)
                if line > 0 and "." not in text[:line].rstrip(" ."):
                    sections.append(("exam", 0, 0, line))
                    start = body = line
            elif category in _SHORT:
                for blank in _PARAGRAPH.finditer(text, body, end):
                    if text[body : blank.start()].strip():
                        sections.append((category, start, body, blank.start()))
                        start = body = blank.start()
                        category = "body"
                        break
            if end > start:
                sections.append((category, start, body, end))
        return sections

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc.spans["sections"]`` and ``doc.spans["headings"]``, one to one."""
        sections, headings = [], []
        for category, start, body, end in self.match(doc.text):
            first, middle, last = (token_at(doc, offset) for offset in (start, body, end))
            if last > first:
                sections.append(Span(doc, first, last, label=category))
                headings.append(Span(doc, first, middle, label=category))
        doc.spans[SECTIONS] = sections
        doc.spans[HEADINGS] = headings
        return doc


@Language.factory("calcitype_sections", assigns=["doc.spans"])
def make_sections(nlp: Language, name: str) -> Sections:
    """Create the section splitter."""
    return Sections()
