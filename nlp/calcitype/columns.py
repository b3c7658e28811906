"""The columns of a table that hold reports and their ids, and a report's columns as one text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from calcitype.errors import InputError
from calcitype.pipeline import mentions_of, read

# Names that a column of whole reports has in practice, the most telling first.
TEXT_COLUMNS = (
    "report_text",
    "reporttext",
    "report",
    "full_report",
    "radiology_report",
    "report_body",
    "note_text",
    "anonymized_report",
    "text",
    "body",
    "result_text",
)
# Where the report stands in parts: the clinical question if there is one, then findings and impression.
QUESTION_COLUMNS = ("indication", "clinical_indication", "clinical_history", "history", "clinical_information")
PART_COLUMNS = (
    ("findings", "finding", "report_findings", "narrative"),
    ("impression", "impressions", "conclusion", "report_impression"),
)
ID_COLUMNS = (
    "accession_number",
    "accession",
    "accessionno",
    "report_id",
    "study_id",
    "exam_id",
    "note_id",
    "uid",
    "id",
)
LABEL_COLUMNS = ("label", "gold_label", "true_label", "corrected_label")


class Part(NamedTuple):
    """A text column of a report and where its text begins in the joined report."""

    column: str
    start: int


def join(headings: Mapping[str, str], record: Mapping[str, str]) -> tuple[str, list[Part]]:
    """One text of a report's columns, each under its heading, and where each begins.

    The heading keeps a phrase from running over from one column into the next; a column alone needs none.
    """
    if len(headings) == 1:
        column = next(iter(headings))
        return record[column], [Part(column, 0)]
    text, starts = "", []
    for column, heading in headings.items():
        if (part := record[column]).strip():
            separator = "\n\n" if text else ""
            text += f"{separator}{heading}:\n"
            starts.append(Part(column, len(text)))
            text += part
    return text, starts


def headings_of(columns: Sequence[str]) -> dict[str, str]:
    """The heading under which each column is read: its name, unless that is read as a finding ("Calcifications")."""
    names = [column.upper().replace("_", " ") for column in columns]
    headings = ("FINDINGS" if mentions_of(doc) else name for name, doc in zip(names, read(names), strict=True))
    return dict(zip(columns, headings, strict=True))


def _plain_name(column: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")


def _named(header: Sequence[str], names: Sequence[str]) -> list[str]:
    """The columns of a header with one of these names, the first name first."""
    by_name = {_plain_name(column): column for column in reversed(header)}
    return [by_name[name] for name in names if name in by_name]


def _known(source: Path, header: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The columns asked for, if the header has each once. Messages do not quote the header: it may be a report."""
    if doubled := next((column for column in columns if list(columns).count(column) > 1), None):
        raise InputError(f"column {doubled!r} is named twice")
    for column in columns:
        if (times := list(header).count(column)) != 1:
            raise InputError(f"{source} has {times or 'no'} column{'s' if times > 1 else ''} {column!r}")
    return list(columns)


def find_text_columns(source: Path, header: Sequence[str], asked: Sequence[str]) -> list[str]:
    """The columns that hold the report: those asked for, or those known by name."""
    if asked:
        return _known(source, header, asked)
    if whole := _named(header, TEXT_COLUMNS):
        return _known(source, header, whole[:1])
    parts = [column for names in PART_COLUMNS for column in _named(header, names)[:1]]
    if parts:
        return _known(source, header, [*_named(header, QUESTION_COLUMNS)[:1], *parts])
    raise InputError(
        f"none of the {len(header)} columns of {source} is known to hold reports; name one with --text-column"
    )


def find_id_columns(source: Path, header: Sequence[str], asked: Sequence[str]) -> list[str]:
    """The columns that identify a report: those asked for, or the first known by name."""
    return _known(source, header, asked) if asked else _named(header, ID_COLUMNS)[:1]


def find_label_column(source: Path, header: Sequence[str], asked: str | None) -> str:
    """The column of the true label: the one asked for, or the first known by name."""
    found = [asked] if asked else _named(header, LABEL_COLUMNS)[:1]
    if not found:
        raise InputError(f"{source} has no column of labels ({', '.join(LABEL_COLUMNS)}); name one with --label-column")
    return _known(source, header, found)[0]
