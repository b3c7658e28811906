"""Labelled reports of one's own, from a CSV file or JSON lines."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from calcitype.columns import find_label_column, find_text_columns, headings_of, join
from calcitype.csv_file import check_encoding, open_csv
from calcitype.errors import InputError, refused
from calcitype.schema import Label

_JSON_LINES = (".jsonl", ".ndjson")

# The columns of a file, and its records: values by column.
Table = tuple[list[str], list[dict[str, Any]]]


class UnknownLabel(StrEnum):
    """What becomes of a report whose label is none of the four, or is empty."""

    REFUSE = "refuse"
    DROP = "drop"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True)
class Labelled:
    """Reports, one text and one label each, and how many were left out because their label is unknown."""

    texts: tuple[str, ...]
    labels: tuple[Label, ...]
    dropped: int


def read_labelled(
    source: Path,
    *,
    text_columns: Sequence[str] = (),
    label_column: str | None = None,
    unknown: UnknownLabel = UnknownLabel.REFUSE,
    encoding: str = "utf-8-sig",
) -> Labelled:
    """Read labelled reports.

    Parameters
    ----------
    source
        A CSV file with a header, or JSON lines (``.jsonl``, ``.ndjson``) with an object a report. It is held in memory
        whole.
    text_columns
        The columns, or keys, of the report, joined in this order; default: found by name. A key that is missing or
        ``null`` is an empty part.
    label_column
        That of the label; default: ``label``, ``gold_label``, ``true_label`` or ``corrected_label``.
    unknown
        What becomes of a report whose label is none of the four: the file is refused, the report is left out, or it is
        ``indeterminate``.
    encoding
        Of ``source``.

    Raises
    ------
    InputError
        If the file cannot be read, has no text or label column, holds an unknown label that is to be refused, or no
        report at all. Messages quote no report.
    """
    read = _json_lines if source.suffix.lower() in _JSON_LINES else _csv
    header, records = read(source, encoding)
    if not records:
        raise InputError(f"{source} holds no reports")
    columns = find_text_columns(source, header, text_columns)
    column = find_label_column(source, header, label_column)
    labels = [_label(record.get(column), unknown) for record in records]
    if unknown is UnknownLabel.REFUSE and None in labels:
        raise InputError(
            f"{source} has {labels.count(None)} of {len(labels)} reports whose {column!r} is none of "
            f"{', '.join(Label)}, first in report {labels.index(None) + 1}; see --unknown-labels"
        )
    headings = headings_of(columns)
    texts = [
        join(headings, {name: _part(source, number, record.get(name)) for name in columns})[0]
        for number, record in enumerate(records, 1)
    ]
    kept = [(text, label) for text, label in zip(texts, labels, strict=True) if label is not None]
    if not kept:
        raise InputError(f"{source} holds no report with a known label")
    return Labelled(tuple(text for text, _ in kept), tuple(label for _, label in kept), len(labels) - len(kept))


def _csv(source: Path, encoding: str) -> Table:
    with open_csv(source, encoding) as table:
        records = []
        for number, record in enumerate(table.records, 1):
            if len(record) != len(table.header):
                raise InputError(
                    f"report {number} of {source} has {len(record)} fields, and the header {len(table.header)}"
                )
            records.append(dict(zip(table.header, record, strict=True)))
        return table.header, records


def _json_lines(source: Path, encoding: str) -> Table:
    check_encoding(encoding)
    try:
        with refused(f"read {source}"):
            lines = source.read_text(encoding=encoding).split("\n")
    except UnicodeError:
        raise InputError(f"{source} is not {encoding}; name its --encoding") from None
    records = [_json_object(source, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    return list(dict.fromkeys(itertools.chain.from_iterable(records))), records


def _json_object(source: Path, number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputError(f"line {number} of {source} is not a JSON object")
    return found


def _part(source: Path, number: int, value: object) -> str:
    """A column's part of a report; missing is empty."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(f"report {number} of {source} is not text")
    return value


def _label(value: object, unknown: UnknownLabel) -> Label | None:
    known = value.strip().lower() if isinstance(value, str) else None
    if known in set(Label):
        return Label(known)
    return Label.INDETERMINATE if unknown is UnknownLabel.INDETERMINATE else None
