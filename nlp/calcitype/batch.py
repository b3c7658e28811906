"""Files in, files out: a CSV of reports to a labelled CSV, in chunks, so that memory does not grow with the file."""

from __future__ import annotations

import csv
import functools
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from calcitype.columns import Part, find_id_columns, find_text_columns, headings_of, join
from calcitype.core import BATCH_SIZE, Calcitype, default
from calcitype.csv_file import open_csv
from calcitype.errors import InputError
from calcitype.output import output
from calcitype.parallel import batches, in_parallel
from calcitype.results import Result
from calcitype.rows import COLUMNS, MENTION_COLUMNS, error_row, mention_row, row_of


@dataclass
class Summary:
    """What a run did: rows by status, reports by label, and how many of them a person should read."""

    columns: tuple[str, ...]
    status: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    mentions: int = 0
    review: int = 0

    @property
    def rows(self) -> int:
        """Rows read, and written."""
        return self.status.total()


def classify_csv(
    source: Path,
    target: Path,
    *,
    text_columns: Sequence[str] = (),
    id_columns: Sequence[str] = (),
    mentions: Path | None = None,
    encoding: str = "utf-8-sig",
    classifier: Calcitype | None = None,
    n_jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """Label every report of a CSV file.

    Parameters
    ----------
    source
        The CSV file, with a header.
    target
        The CSV file to write: the columns of ``source`` untouched, then those of :data:`calcitype.rows.COLUMNS`. It
        appears when it is complete, in place of an older one.
    text_columns
        The columns that hold the report, joined in this order; default: found by name.
    id_columns
        The columns that the mention file repeats; default: found by name.
    mentions
        A CSV file to write with a row for each mention: its row number in ``source`` (from 1), the id columns, the text
        column it stands in, and its offsets in that column's text.
    encoding
        Of ``source``; the default is UTF-8 with or without a byte order mark. Output is UTF-8.
    classifier
        From :func:`calcitype.load`; default: as loaded without settings.
    n_jobs
        Processes; -1 is one a core.
    progress
        Called now and then with the bytes read and the file's size.

    Returns
    -------
    Summary

    Raises
    ------
    InputError
        If the source cannot be read or has no text column, or a target cannot be written.
    """
    target, mentions = target.resolve(), mentions.resolve() if mentions else None
    files = [source.resolve(), target, *([mentions] if mentions else [])]
    if len(set(files)) < len(files):
        raise InputError("input, output and mention file must be three different files")
    with ExitStack() as stack:
        table = stack.enter_context(open_csv(source, encoding))
        header = table.header
        columns = find_text_columns(source, header, text_columns)
        ids = find_id_columns(source, header, id_columns)
        if mentions and (doubled := set(ids) & {"row", "column", *MENTION_COLUMNS}):
            raise InputError(f"the mention file already has a column {min(doubled)!r}; name another --id-column")
        if taken := set(header) & set(COLUMNS):
            raise InputError(f"{source} already has a column {min(taken)!r}, which the output needs")
        summary = Summary(tuple(columns))
        out = _writer(stack, target, [*header, *COLUMNS])
        out_mentions = _writer(stack, mentions, ["row", *ids, "column", *MENTION_COLUMNS]) if mentions else None
        size = source.stat().st_size
        id_places = [header.index(name) for name in ids]
        work = functools.partial(_answered, classifier or default(), headings_of(columns), header)
        for chunk in in_parallel(work, batches(table.records, BATCH_SIZE), n_jobs):
            for record, (row, found) in chunk:
                known = [*record, *[""] * len(header)][: len(header)]
                out.writerow([*known, *(row[name] for name in COLUMNS)])
                summary.status[row["status"]] += 1
                summary.labels[row["calcitype_label"]] += 1
                summary.mentions += len(found)
                summary.review += row["calcitype_review"] is True
                if out_mentions:
                    place = [summary.rows, *(known[i] for i in id_places)]
                    out_mentions.writerows(
                        [*place, column, *(mention[name] for name in MENTION_COLUMNS)] for column, mention in found
                    )
            if progress:
                progress(table.raw.tell() if table.raw.seekable() else 0, size)
    return summary


def _writer(stack: ExitStack, path: Path, header: Sequence[str]) -> Any:
    """A CSV writer that has written the header, to a file that appears when the stack is left."""
    writer = csv.writer(stack.enter_context(output(path)))
    writer.writerow(header)
    return writer


Answer = tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]


def _answered(
    classifier: Calcitype, headings: dict[str, str], header: list[str], chunk: list[list[str]]
) -> list[tuple[list[str], Answer]]:
    """Each record of a chunk with its answer: the row of the output and the rows of its mentions, as plain values.

    A report that cannot be read gets a row with status ``error``; it does not stop the others.
    """
    ragged = [len(record) != len(header) for record in chunk]
    joined = [
        ("", []) if odd else join(headings, dict(zip(header, record, strict=True)))
        for record, odd in zip(chunk, ragged, strict=True)
    ]
    results: Sequence[Result | None]
    try:
        results = classifier.classify_batch([text for text, _ in joined])
    except Exception:  # noqa: BLE001 (whatever it was, the reports without it must be answered)
        results = [None] * len(joined)
    return [
        (record, _answer(classifier, text, parts, odd, result))
        for record, (text, parts), odd, result in zip(chunk, joined, ragged, results, strict=True)
    ]


def _answer(classifier: Calcitype, text: str, parts: list[Part], ragged: bool, result: Result | None) -> Answer:
    if ragged:
        return error_row("FieldCount", classifier.version), []
    try:
        result = result or classifier.classify_report(text)
    except Exception as error:  # noqa: BLE001 (a row's failure is its own)
        return error_row(type(error).__name__, classifier.version), []
    found = []
    for mention in result.mentions:
        part = max((p for p in parts if p.start <= mention.start), key=lambda p: p.start)
        row = mention_row(mention)
        found.append((part.column, row | {"start": mention.start - part.start, "end": mention.end - part.start}))
    return row_of(text, result), found
