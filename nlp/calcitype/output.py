"""A file that appears when it is complete."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from calcitype.errors import InputError, refused


class Output:
    """A file of CSV rows that is being written; an error says which.

    The rows come as csv writes them with its own line end, CR and LF, so that it quotes fields that hold either; here
    they end with LF.
    """

    def __init__(self, path: Path, file: TextIO) -> None:
        self._path = path
        self._file = file

    def write(self, row: str) -> int:
        """Write a row.

        Raises
        ------
        InputError
            If it cannot be written.
        """
        with refused(f"write {self._path}"):
            return self._file.write(row.removesuffix("\r\n") + "\n")


@contextmanager
def output(path: Path) -> Iterator[Output]:
    """A text file written under another name beside its own, which only its owner can read, and renamed when complete.

    An older file stays until then, and if anything goes wrong; its permissions are kept.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    if path.exists() and not path.is_file():
        raise InputError(f"cannot write {path}: not a regular file")
    with refused(f"write {path}"):
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    partial = Path(name)
    try:
        file = os.fdopen(handle, "w", encoding="utf-8", newline="")
        try:
            yield Output(path, file)
        finally:
            with refused(f"write {path}"):
                file.close()
        with refused(f"write {path}"):
            partial.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
            partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
