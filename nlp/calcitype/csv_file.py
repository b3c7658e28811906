"""A CSV file of reports, read record by record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from calcitype.errors import InputError, refused

_LARGEST_FIELD = 2**31 - 1


@dataclass(frozen=True)
class CsvFile:
    """An open file; its header is read.

    Attributes
    ----------
    header
        The names of the columns.
    records
        The records after it, fields as they are; one may have more or fewer than the header.
    raw
        Where they are read from.
    """

    header: list[str]
    records: Iterator[list[str]]
    raw: BinaryIO


@contextmanager
def open_csv(source: Path, encoding: str) -> Iterator[CsvFile]:
    """Open a CSV file with a header.

    Raises
    ------
    InputError
        If it cannot be read, now or when its records are; messages quote no report.
    """
    check_encoding(encoding)
    with refused(f"read {source}"):
        raw = source.open("rb")
    with raw:
        reader = csv.reader(io.TextIOWrapper(raw, encoding=encoding, newline=""), strict=True)
        records = _records(source, reader, encoding)
        header = next(records, None)
        if header is None:
            raise InputError(f"{source} is empty")
        yield CsvFile(header, records, raw)


def check_encoding(name: str) -> None:
    """Refuse what is no text encoding.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        "".encode(name)
    except (LookupError, UnicodeError):
        raise InputError(f"{name!r} is no text encoding") from None


def _records(source: Path, reader: Any, encoding: str) -> Iterator[list[str]]:
    """The header and the records of a CSV file."""
    csv.field_size_limit(_LARGEST_FIELD)
    try:
        with refused(f"read {source}"):
            header = next(reader, None)
            if header is not None:
                yield header
                # A blank line is an empty report where there is one column, and nothing where there are more.
                yield from (record or [""] for record in reader if record or len(header) == 1)
    except csv.Error as error:
        raise InputError(f"{source} is not readable as CSV at line {reader.line_num}: {error}") from None
    except UnicodeError:
        raise InputError(f"{source} is not {encoding} after line {reader.line_num}; name its --encoding") from None
