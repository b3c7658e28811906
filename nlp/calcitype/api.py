"""The public functions: a text in, a result out; many texts in, results out in order."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import joblib
import numpy as np

from calcitype import lexicon
from calcitype.features import Feature, counts_of, features_of, label_by_rule
from calcitype.model import default_folder, prediction_set
from calcitype.model import read as read_model
from calcitype.pipeline import mentions_of, read
from calcitype.rows import COLUMNS, error_row, row_of
from calcitype.schema import Evidence, Label, Mention, Result

if TYPE_CHECKING:
    import pandas as pd

BATCH_SIZE = 256
# Batches a process that wait at once.
_WINDOW = 4

Item = TypeVar("Item")
Done = TypeVar("Done")
_MOST_EVIDENCE = 5
_LEAST_WEIGHT = 0.05


class Calcitype:
    """A pipeline with a trained model.

    Parameters
    ----------
    folder
        Of the model's files; default: the model that ships.

    Raises
    ------
    calcitype.model.ModelError
        If the model cannot be used.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self._folder = Path(folder) if folder is not None else default_folder()
        self._model = read_model(self._folder)
        self.version = f"{version('calcitype')}+lexicon.{lexicon.load().digest}.model.{self._model.version}"

    def classify_report(self, text: str) -> Result:
        """See :func:`classify_report`."""
        return self.classify_batch([text])[0]

    def classify_batch(self, texts: Sequence[str]) -> list[Result]:
        """The results of a batch held in memory, in order: the one core that every other way of calling uses.

        Raises
        ------
        TypeError
            If a text is not a ``str``.
        """
        for text in texts:
            if not isinstance(text, str):
                raise TypeError(f"a report must be a str, not {type(text).__name__}")
        if not texts:
            return []
        read_reports = []
        for doc in read(texts):
            mentions = mentions_of(doc)
            read_reports.append((mentions, features_of(doc, mentions)))
        counts = [counts_of(features) for _, features in read_reports]
        probabilities = self._model.probabilities(counts)
        return [
            self._result(mentions, features, count, p)
            for (mentions, features), count, p in zip(read_reports, counts, probabilities, strict=True)
        ]

    def classify_reports(
        self, texts: Iterable[str], *, batch_size: int = BATCH_SIZE, n_jobs: int = 1
    ) -> Iterator[Result]:
        """See :func:`classify_reports`."""
        if isinstance(texts, str):
            raise TypeError("many reports are expected, not one str; see classify_report")
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, not {batch_size}")
        work = self.classify_batch if n_jobs == 1 else functools.partial(_classify_batch, str(self._folder))
        return itertools.chain.from_iterable(in_parallel(work, batches(texts, batch_size), n_jobs))

    def _result(
        self, mentions: tuple[Mention, ...], features: list[Feature], counts: dict[str, float], p: np.ndarray
    ) -> Result:
        probabilities = dict(zip(Label, p.tolist(), strict=True))
        labels = prediction_set(probabilities, label_by_rule(mentions), self._model.thresholds)
        return Result(
            label=labels[0],
            probability=tuple(probabilities.values()),
            prediction_set=labels,
            mentions=mentions,
            evidence=self._evidence(labels[0], features, counts),
            version=self.version,
        )

    def _evidence(self, label: Label, features: list[Feature], counts: dict[str, float]) -> tuple[Evidence, ...]:
        weights = self._model.contributions(counts, label)
        first: dict[str, Feature] = {}
        for feature in features:
            first.setdefault(feature.name, feature)
        strongest = sorted((name for name, w in weights.items() if w >= _LEAST_WEIGHT), key=lambda n: -weights[n])
        return tuple(
            Evidence(name, label, weights[name], first[name].start, first[name].end)
            for name in strongest[:_MOST_EVIDENCE]
        )


def in_parallel(work: Callable[[Item], Done], items: Iterable[Item], n_jobs: int) -> Iterator[Done]:
    """What a function makes of each item, in order: in this process, or in several that take a few items at a time.

    Parameters
    ----------
    work
        A function that can be pickled.
    items
        Any iterable; it is read in the calling thread, and only as far as the results are asked for.
    n_jobs
        Processes; as for joblib, -1 is one a core.
    """
    if n_jobs == 1:
        yield from map(work, items)
        return
    with joblib.Parallel(n_jobs=n_jobs) as parallel:
        for some in batches(items, _WINDOW * joblib.effective_n_jobs(n_jobs)):
            yield from parallel(joblib.delayed(work)(item) for item in some)


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Items in lists of a size, the last one shorter."""
    rest = iter(items)
    while batch := list(itertools.islice(rest, size)):
        yield batch


def load(model: str | Path | None = None) -> Calcitype:
    """The classifier of this process, loaded at the first call.

    Parameters
    ----------
    model
        Folder of a trained model; default: the model that ships with the package.

    Raises
    ------
    calcitype.model.ModelError
        If the model cannot be used.
    """
    return _loaded((Path(model) if model is not None else default_folder()).resolve())


@cache
def _loaded(folder: Path) -> Calcitype:
    return Calcitype(folder)


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
    return load().classify_report(text)


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
        If ``batch_size`` is less than 1.
    """
    return load().classify_reports(texts, batch_size=batch_size, n_jobs=n_jobs)


def classify_frame(frame: pd.DataFrame, text: str = "report", *, n_jobs: int = 1) -> pd.DataFrame:
    """A copy of a frame with columns added: label, probabilities, mentions; index and rows as they were.

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
        If the frame has one of the columns that are added.
    """
    import pandas as pd  # only who has a frame needs it, and it takes its time

    def is_missing(value: object) -> bool:
        return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))

    if taken := set(frame.columns) & set(COLUMNS):
        raise ValueError(f"the frame already has a column {min(taken)!r}")
    reports = ["" if is_missing(value) else value for value in frame[text]]
    readable = [isinstance(report, str) for report in reports]
    results = classify_reports((r for r, ok in zip(reports, readable, strict=True) if ok), n_jobs=n_jobs)
    version = load().version
    rows = [
        row_of(report, next(results)) if ok else error_row(TypeError.__name__, version)
        for report, ok in zip(reports, readable, strict=True)
    ]
    return frame.assign(**{name: pd.Series([row[name] for row in rows], index=frame.index) for name in COLUMNS})


def _classify_batch(folder: str, texts: list[str]) -> list[Result]:
    """A batch in a worker process, which loads the model once."""
    return load(folder).classify_batch(texts)
