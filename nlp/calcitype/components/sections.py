"""Sections of a report: ``doc.spans["sections"]``, and their headings in ``doc.spans["headings"]``."""

import itertools
import re
from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc, Span

from calcitype import lexicon
from calcitype.components.offsets import Wrapping, plain, tokens_at

SECTIONS, HEADINGS = "sections", "headings"

_LINE = re.compile(
    r"^[ \t]*(?:[-*•>]+[ \t]*|\(?\d{1,2}[.)][ \t]*)?"
    r"(?P<title>[A-Za-z](?:[A-Za-z0-9,/&()'+.#-]| ++){0,60}?)"
    r"[ \t]*+(?P<mark>:(?!\d)|\.{3,}|(?<=[ \t])-{1,2}(?=\s)|-(?=\s)|(?=\n|\Z))",
    re.MULTILINE,
)
_INLINE = re.compile(r"(?<=[.;!?\])])[ \t]+(?P<title>[A-Z](?:[A-Za-z/&-]| ++){1,40}?)[ \t]*(?P<mark>:)")
# Such a heading names the reader, the time or the status too: "ADDENDUM (Dr X, 14:20):", "*** FINAL ***".
_OPEN = r"^[*\-=#\[( \t]*+(?P<title>{})\b(?P<mark>[^\n:]{{0,40}}(?::\d[^\n:]{{0,30}})?(?::(?!\d)|[ \t]*(?=\n|\Z))|)"
# A listed heading in a report whose line breaks are lost; those of fewer letters may be no heading there.
_RUN_IN = r"(?<=\S )(?P<title>(?=[A-Z])(?i:{}))(?P<mark>:)(?!\d)"
_SHORTEST_RUN_IN = 7
# When a report was written, in its heading: "Old report (2011):".
_DATED = re.compile(r"[ (]+(?:\w+ ){0,2}(?:19|20)\d\d\)?$")
# Sections that a blank line ends: what follows is a finding though no heading says so.
_SHORT = ("indication", "technique", "comparison", "exam")
_LONGEST_TITLE, _LONGEST_ALONE = 7, 4
# Sections before which a paragraph without a heading is the history.
_BEFORE_FINDINGS = ("findings", "technique", "comparison")
# How the line that names an examination begins.
_EXAM = re.compile(
    r"\W*(?:(?:non-?contrast|unenhanced|plain|nc|bilateral|left|right|l|r|lt|rt)\s+)?"
    r"(?:xr|x-?rays?|ct|cect|ncct|hrct|cta|mri?|mra|us|usg|ultrasound|sonogra|mammo|cxr|axr|kub|pet|nm|echo|duplex|doppler)",
    re.IGNORECASE,
)
_MODALITY = re.compile(
    r"\b(?:xr|x-?rays?|ct|cta|mri?|ultrasound|pet|echo|mammogra\w+|radiographs?|scan|films?)\b", re.I
)
_LONGEST_EXAM, _LONGEST_HISTORY, _LONGEST_PREAMBLE = 70, 200, 350
# Where a paragraph that began with the question goes on with findings, in a report that has no heading for them.
_RUNS_ON = re.compile(
    r"(?<=[.?!])[ \t]+(?=There (?:is|are) |No evidence of |"
    r"(?:The |Both )?[A-Za-z]+(?: [a-z]+)? (?:is|are) (?:normal|clear|unremarkable|intact|not enlarged)\b)"
)
# Sections that a heading which is not listed goes on with.
_KEPT = ("findings", "impression", "recommendation", "addendum")
_NONBLANK = re.compile(r"\S[^\n]*")
_BLANK_LINE = re.compile(r"\n\s*\n")
_OPENING_LINES = 4
_OPENING_SENTENCES = 8
# Who the patient is, for sure: age and sex, pregnancy, history.
_AGED = re.compile(
    r"\b\d{1,3}[- ]?(?:y|yo|y/o|yrs?|years?|mths?|months?|weeks?)\b|\b\d{1,3} ?/? ?[mf]\b|"
    r"\b\d{1,2} ?\+ ?\d\b|\bg\d ?p\d|"
    r"\b(?:k/c/o|h/o|c/o|p?hx|pmhx?|s/p|st\. ?p|referred|presents|antecedents?)\b",
    re.IGNORECASE,
)
# The same, or how old in days, history, complaint.
_PATIENT = re.compile(
    rf"{_AGED.pattern}|\b\d{{1,3}}[- ]?days?\b|"
    r"\b(?:known|history|presented|referrer|recalled?|complains?|follow[- ]?up|dialysis|pain|painful|trauma|fall|cough|"
    r"fever|lump|sob|dyspn(?:o|oe)a|weight loss|smoker|query|wonders?|pre-?op|post-?op)\b",
    re.IGNORECASE,
)
# The same, or a question.
_CLINICAL = re.compile(
    rf"{_PATIENT.pattern}|(?<!\S)\?{{1,2}} ?[a-z]|[a-z]\?(?!\S)|^\W*(?:concern for|rule out|r/o|to exclude)\b|"
    r"\b(?:evaluation|assessment|investigation) of (?:suspected|possible)\b",
    re.IGNORECASE,
)
# How a line begins that tells the history or asks, whatever follows: "Hx pancreatitis", "?stone".
_ASKS = re.compile(
    r"\W*\?|\W*(?:hx|h/o|k/c/o|c/o|pmhx?|s/p|\d{1,3} ?(?:yo?|y/o|[mf])\b|(?:is|are|does|has)\b[^?]*\?)", re.I
)
# What a line that only names an examination does not hold.
_FINDING = re.compile(
    r"^[ \t]*(?:[-*•]|\(?\d{1,2}[.)])[ \t]|"
    r"\b(?:possibl[ey]|probabl[ey]|likely|suspected|calcifi\w+|calcifications?|phleboliths?|no|normal|unchanged)\b",
    re.IGNORECASE,
)
# A sentence that asks, or tells the past, in a report all on one line; and one that tells what is found.
_ASKED = re.compile(
    r"\?|[^.?]+\?$|(?:query|concern for|evaluation of|rule out|r/o|exclude|previous|prior|hx|h/o)\b", re.I
)
_FOUND = re.compile(r"\b(?:no|nl|normal|clear|patent|intact|unremarkable|preserved|stable|without|free)\b", re.I)
_SENTENCE = re.compile(r"\S.*?(?:(?<=[\w)])[.?](?=\s)|$)")
# What only a reader of images writes.
_READING = re.compile(r"\b(?:there (?:is|are)|seen|noted|unchanged|enlarged|shows?|demonstrate[sd]|measur\w+)\b", re.I)


class Sections:
    """Splits a Doc into sections by their headings.

    A heading is a listed one (``INDICATION:``, ``Imp -``, or alone on its line), or any short title with a colon at the
    start of a line, which opens a part of the findings. Text before the first heading is ``exam`` (a title line),
    ``indication`` (who the patient is, and why) or ``body``.
    """

    def __init__(self) -> None:
        self._category = {
            title: rule.id
            for rule in lexicon.load().section
            for phrase in rule.phrases
            for title in lexicon.expand(phrase)
        }
        goes_on = {
            p for rule in lexicon.load().section if rule.open for phrase in rule.phrases for p in lexicon.expand(phrase)
        }
        longest_first = "|".join(sorted(goes_on, key=len, reverse=True))
        self._open = re.compile(_OPEN.format(longest_first), re.IGNORECASE | re.MULTILINE)
        listed = [re.escape(title) for title in self._category if len(title) >= _SHORTEST_RUN_IN]
        self._run_in = re.compile(_RUN_IN.format("|".join(sorted(listed, key=len, reverse=True))))

    def match(self, text: str) -> list[tuple[str, int, int, int]]:
        """Category and character offsets (heading, body, end) of each section, in the order of the text."""
        given = plain(text)
        text, wrapped = given.text, given.wrapping
        if not text:
            return [("body", 0, 0, given.length)]
        marks, shouting = [(0, 0, "body")], text.isupper()
        opened = [m for m in self._open.finditer(text) if m["mark"] or m["title"].isupper()]
        taken = {m.start("title") for m in opened}
        titles = [m for m in (*_LINE.finditer(text), *_INLINE.finditer(text)) if m.start("title") not in taken]
        for match in self._with_run_in(text, [*titles, *opened]):
            category = self._listed(match)
            if category is None:
                if not _is_heading(match, shouting):
                    continue
                category = self._category.get(match["title"].split()[0].lower(), "exam")
                if category == "exam":
                    category = marks[-1][2] if marks[-1][2] in _KEPT else "findings"
            marks.append((match.start("title"), match.end(), category))
        last_findings = max((i for i, (_, _, category) in enumerate(marks) if category == "findings"), default=0)
        sections: list[tuple[str, int, int, int]] = []
        for i, (start, body, category) in enumerate(marks):
            end = marks[i + 1][0] if i + 1 < len(marks) else len(text)
            asks = i > last_findings and category == "indication"
            if asks and (runs_on := _RUNS_ON.search(text, body, _last_line(text, body, end, wrapped))):
                sections.append((category, start, body, runs_on.end()))
                start, body, category = runs_on.end(), runs_on.end(), "body"
            if i == 0:
                sections += _opening(text, end, marks[1][2] if len(marks) > 1 else "", wrapped)
            else:
                sections += _closed(text, start, body, end, category, wrapped)
        return [
            (category, given.offset(start), given.offset(body), given.offset(end))
            for category, start, body, end in sections
            if start < end
        ]

    def _listed(self, match: re.Match[str]) -> str | None:
        """The category of a title that is listed."""
        return self._category.get(" ".join(_DATED.sub("", match["title"].lower()).split()))

    def _with_run_in(self, text: str, titles: Sequence[re.Match[str]]) -> list[re.Match[str]]:
        """Titles in order, and the headings that run on from what stands before them, which is no title then."""
        run_in = {m.end(): m for m in self._run_in.finditer(text)} if ":" in text else {}
        kept = [title for title in titles if title.end() not in run_in or self._listed(title) is not None]
        for title in kept:
            run_in.pop(title.end(), None)
        return sorted([*kept, *run_in.values()], key=lambda m: m.start("title"))

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc.spans["sections"]`` and ``doc.spans["headings"]``, one to one."""
        sections, headings = [], []
        found = self.match(doc.text)
        starts = tokens_at(doc, [start for _, start, _, _ in found])
        bodies = tokens_at(doc, [body for _, _, body, _ in found])
        ends = tokens_at(doc, [end for _, _, _, end in found])
        for (category, *_), first, middle, last in zip(found, starts, bodies, ends, strict=True):
            if last > first:
                sections.append(Span(doc, first, last, label=category))
                headings.append(Span(doc, first, middle, label=category))
        doc.spans[SECTIONS] = sections
        doc.spans[HEADINGS] = headings
        return doc


def _is_heading(match: re.Match[str], shouting: bool) -> bool:
    """Whether a short title that is not listed is a heading: with a colon, or in capitals alone on its line."""
    title = match["title"]
    broken = ". " in title or title.count("(") > title.count(")")
    if match.re is _INLINE or len(title.split()) > _LONGEST_TITLE or broken:
        return False
    alone = not match["mark"] and match.start("title") > 0 and len(title.split()) <= _LONGEST_ALONE
    return match["mark"] == ":" or (alone and title.isupper() and len(title) > 2 and not shouting)


def _opening(text: str, end: int, following: str, wrapped: Wrapping) -> Iterator[tuple[str, int, int, int]]:
    """What stands before the first heading: a title line, lines with the patient's history, then findings.

    A paragraph between the title and the heading of the findings is history too, and so is a first one on the patient.
    """
    if following == "" and "\n" not in text.strip() and (found := _told(text)):
        yield "exam", 0, 0, found[0]
        yield "indication", found[0], found[0], found[1]
        yield "body", found[1], found[1], end
        return
    start, category = 0, "exam"
    for line in itertools.islice(_NONBLANK.finditer(text, 0, end), _OPENING_LINES):
        words = " ".join(line[0].split())
        asks = _is_clinical(words) and _EXAM.match(words) is None and _ASKS.match(words) is not None
        beyond = text[line.end() + 1 : line.end() + 2]
        if category == "exam" and not asks and line.end() < end and _is_title(words, beyond, wrapped):
            yield "exam", start, start, line.end()
        elif line.end() < end and _is_clinical(words):
            yield "indication", start, start, line.end()
        else:
            break
        start, category = line.end(), "body"
    blank = _BLANK_LINE.search(text, end - len(text[start:end].lstrip()), end)
    stop = blank.start() if blank else end
    rest = text[start:stop].strip()
    first = 0 if _BLANK_LINE.search(text, 0, stop) is None else start
    told = stop < end and stop <= _LONGEST_PREAMBLE and _AGED.search(text, first, stop)
    short = start and following in _BEFORE_FINDINGS and stop == end and len(rest) <= _LONGEST_HISTORY
    if rest and (told or short) and not _READING.search(rest):
        yield "indication", start, start, stop
        start = stop
    yield "body", start, start, end


def _told(text: str) -> tuple[int, int] | None:
    """In a report all on one line, where the title ends and where what is asked and told before the findings does."""
    sentences = itertools.islice(_SENTENCE.finditer(text), _OPENING_SENTENCES)
    title, stop = next(sentences, None), None
    if title is None or len(title[0]) > _LONGEST_EXAM or not (_EXAM.match(title[0]) or _MODALITY.search(title[0])):
        return None
    for sentence in sentences:
        if _READING.search(sentence[0]) or _FOUND.search(sentence[0]):
            break
        if _ASKED.match(sentence[0]):
            stop = sentence.end()
    return (title.end(), stop) if stop else None


def _is_title(line: str, following: str, wrapped: Wrapping) -> bool:
    """Whether a line, before a character that follows it, names the examination and is no finding that stands first."""
    alone = not following.strip() and len(line) <= _LONGEST_EXAM and not _READING.search(line)
    sentence = line.endswith(".") and not _MODALITY.search(line) and not alone
    if _EXAM.match(line) is None and (sentence or _FINDING.search(line)):
        return False
    if "." in line.rstrip(" .") and not alone:
        return not following.strip() and _EXAM.match(line) is not None and len(line) <= _LONGEST_EXAM
    return not following.islower() or (_EXAM.match(line) is not None and not wrapped(line, following.upper()))


def _closed(
    text: str, start: int, body: int, end: int, category: str, wrapped: Wrapping
) -> Iterator[tuple[str, int, int, int]]:
    """A section, or a short one and the findings that follow it without a heading."""
    if category in _SHORT and (stop := _last_line(text, body, end, wrapped)) < end:
        yield category, start, body, stop
        start = body = stop
        category = "body"
    yield category, start, body, end


def _last_line(text: str, body: int, end: int, wrapped: Wrapping) -> int:
    """Where a short section ends: at a blank line, or before a line that does not go on with it."""
    last = None
    for line in _NONBLANK.finditer(text, body, end):
        if last is not None:
            goes_on = wrapped(last[0].rstrip(), line[0][0]) or _is_clinical(line[0])
            if text.count("\n", last.end(), line.start()) > 1 or not goes_on:
                return last.end()
        last = line
    return end


def _is_clinical(line: str) -> bool:
    """Whether a line tells of the patient, or asks; what is long and only asks is a finding in doubt."""
    told = _PATIENT if len(line) > _LONGEST_HISTORY else _CLINICAL
    return told.search(line) is not None and _READING.search(line) is None


@Language.factory("calcitype_sections", assigns=["doc.spans"])
def make_sections(nlp: Language, name: str) -> Sections:
    """Create the section splitter."""
    return Sections()
