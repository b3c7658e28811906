"""Labelled reports of one's own, from a CSV file or JSON lines."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from calcitype.columns import InputError, find_text_columns, headings, join
from calcitype.schema import Label

if TYPE_CHECKING:
    import pandas as pd

LABEL_COLUMNS = ("label", "gold_label", "true_label", "corrected_label")
_JSON_LINES = (".jsonl", ".ndjson")


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
        A CSV file with a header, or JSON lines (``.jsonl``, ``.ndjson``) with an object a report. Whole tables are held
        in memory.
    text_columns
        The columns, or keys, of the report, joined in this order; default: found by name.
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
    frame = _frame(source, encoding)
    if frame.empty:
        raise InputError(f"{source} holds no reports")
    header = [str(name) for name in frame.columns]
    columns = find_text_columns(source, header, text_columns)
    column = _label_column(source, header, label_column)
    labels = [_label(value, unknown) for value in frame[column]]
    if unknown is UnknownLabel.REFUSE and None in labels:
        raise InputError(
            f"{source} has {labels.count(None)} of {len(labels)} reports whose {column!r} is none of "
            f"{', '.join(Label)}, first in report {labels.index(None) + 1}; see --unknown-labels"
        )
    names = headings(columns)
    texts = [join(columns, names, parts)[0] for parts in frame[columns].itertuples(index=False)]
    kept = [(text, label) for text, label in zip(texts, labels, strict=True) if label is not None]
    if not kept:
        raise InputError(f"{source} holds no report with a known label")
    return Labelled(tuple(text for text, _ in kept), tuple(label for _, label in kept), len(labels) - len(kept))


def _frame(source: Path, encoding: str) -> pd.DataFrame:
    """The table of a file, every value a str."""
    import pandas as pd  # takes its time, and not every command reads labels

    lines = source.suffix.lower() in _JSON_LINES
    try:
        if lines:
            found = source.read_text(encoding=encoding).split("\n")
            frame = pd.DataFrame([dict(json.loads(line)) for line in found if line.strip()])
        else:
            with warnings.catch_warnings():
                # Without index_col a field too many would shift every column; with it there is a warning.
                warnings.simplefilter("error", pd.errors.ParserWarning)
                frame = pd.read_csv(source, dtype=str, keep_default_na=False, encoding=encoding, index_col=False)
    except OSError as error:
        raise InputError(f"cannot read {source}: {error.strerror}") from None
    except (UnicodeError, LookupError):
        raise InputError(f"{source} is not {encoding}; name its --encoding") from None
    except pd.errors.EmptyDataError:
        raise InputError(f"{source} is empty") from None
    except (ValueError, TypeError, pd.errors.ParserWarning) as error:
        reason = f": {' '.join(str(error).split())}" if isinstance(error, pd.errors.ParserError) else ""
        raise InputError(f"{source} is not readable as {'JSON lines' if lines else 'CSV'}{reason}") from None
    return frame.fillna("").astype(str)


def _label(value: str, unknown: UnknownLabel) -> Label | None:
    try:
        return Label(value.strip().lower())
    except ValueError:
        return Label.INDETERMINATE if unknown is UnknownLabel.INDETERMINATE else None


def _label_column(source: Path, header: Sequence[str], asked: str | None) -> str:
    for name in [asked] if asked else LABEL_COLUMNS:
        if name in header:
            return name
    known = asked or ", ".join(LABEL_COLUMNS)
    raise InputError(f"{source} has no column of labels ({known}); name one with --label-column")
