"""The public functions: a text in, a result out; many texts in, results out in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from calcitype.core import BATCH_SIZE, default
from calcitype.results import Result
from calcitype.rows import COLUMNS, error_row, row_of

if TYPE_CHECKING:
    import pandas as pd


def classify_report(text: str) -> Result:
    """Label a radiology report and find every mention of calcification in it.

    Parameters
    ----------
    text
        The report, in English. Empty or white space gives ``no_calcification``.

    Returns
    -------
    Result
        Offsets refer to ``text`` as given.

    Raises
    ------
    TypeError
        If ``text`` is not a ``str``.

    Examples
    --------
    >>> result = classify_report("Bilateral pelvic phleboliths. No ureteric calculus.")
    >>> str(result.label), str(result.mentions[0].cause)
    ('dystrophic', 'thrombus')
    """
    return default().classify_report(text)


def classify_reports(texts: Iterable[str], *, batch_size: int = BATCH_SIZE, n_jobs: int = 1) -> Iterator[Result]:
    """Label reports one after the other, in order, without holding them all in memory.

    Parameters
    ----------
    texts
        Any iterable of reports.
    batch_size
        Reports a batch.
    n_jobs
        Processes; as for joblib, -1 is one a core.

    Yields
    ------
    Result
        One a report.

    Raises
    ------
    TypeError
        If a report is not a ``str``.
    ValueError
        If ``batch_size`` is less than 1, or ``n_jobs`` is 0.
    """
    return default().classify_reports(texts, batch_size=batch_size, n_jobs=n_jobs)


def classify_frame(frame: pd.DataFrame, text: str = "report", *, n_jobs: int = 1) -> pd.DataFrame:
    """A copy of a frame with columns added: label, probabilities, mentions; index and rows as they were.

    What is said of a report that cannot be read is missing (``NA``), but for its status, error and version.

    Parameters
    ----------
    frame
        One report a row.
    text
        The column of the reports; a missing value is an empty report, and a value that is not a ``str`` gets status
        ``error``.
    n_jobs
        Processes.

    Raises
    ------
    KeyError
        If there is no such column.
    ValueError
        If the frame has one of the columns that are added, or several of that name.
    """
    if taken := set(frame.columns) & set(COLUMNS):
        raise ValueError(f"the frame already has a column {min(taken)!r}")
    if frame[text].ndim != 1:
        raise ValueError(f"one column of reports is expected, and {text!r} is several")
    reports = ["" if missing else value for value, missing in zip(frame[text], frame[text].isna(), strict=True)]
    readable = [isinstance(report, str) for report in reports]
    results = classify_reports((r for r, ok in zip(reports, readable, strict=True) if ok), n_jobs=n_jobs)
    version = default().version
    rows = [
        row_of(report, next(results)) if ok else error_row(TypeError.__name__, version)
        for report, ok in zip(reports, readable, strict=True)
    ]
    added = {name: [row[name] for row in rows] for name in COLUMNS}
    return frame.assign(**added).astype({"calcitype_review": "boolean", "calcitype_mentions": "Int64"})
