"""The same work on many items, in order, in one process or several."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import joblib

from calcitype.errors import InputError

# Items a process that wait at once.
_WINDOW = 4

Item = TypeVar("Item")
Done = TypeVar("Done")


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

    Raises
    ------
    InputError
        If there are to be no processes.
    """
    if n_jobs == 0:
        raise InputError("the number of jobs must not be 0")
    return map(work, items) if n_jobs == 1 else _in_processes(work, items, n_jobs)


def _in_processes(work: Callable[[Item], Done], items: Iterable[Item], n_jobs: int) -> Iterator[Done]:
    with joblib.Parallel(n_jobs=n_jobs) as parallel:
        for some in batches(items, _WINDOW * joblib.effective_n_jobs(n_jobs)):
            yield from parallel(joblib.delayed(work)(item) for item in some)


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Items in lists of a size, the last one shorter."""
    rest = iter(items)
    while batch := list(itertools.islice(rest, size)):
        yield batch
