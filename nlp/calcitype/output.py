"""A file that appears when it is complete."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from calcitype.columns import InputError


class Output:
    """A text file written under another name beside its own, which only its owner can read, and renamed when finished.

    Parameters
    ----------
    path
        The file; an older one stays until the new one is complete.

    Raises
    ------
    InputError
        If the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        if path.exists() and not path.is_file():
            raise InputError(f"cannot write {path}: not a regular file")
        try:
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
        except OSError as error:
            raise InputError(f"cannot write {path}: {error.strerror}") from None
        self._partial = Path(name)
        self._file = os.fdopen(handle, "w", encoding="utf-8", newline="")

    def writer(self, header: Sequence[str]) -> Any:
        """A CSV writer that has written the header."""
        writer = csv.writer(self._file, lineterminator="\n")
        writer.writerow(header)
        return writer

    def finish(self) -> None:
        """Put the file in its place, with the permissions of the one it replaces or those of a new file."""
        self._file.close()
        mode = self._path.stat().st_mode & 0o777 if self._path.exists() else 0o666 & ~_umask()
        self._partial.chmod(mode)
        self._partial.replace(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._partial.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
