"""What can be wrong with a request or a model."""

from collections.abc import Iterator
from contextlib import contextmanager


class InputError(ValueError):
    """A request that cannot be carried out; the message is one line for the user and quotes no report."""


class ModelError(RuntimeError):
    """A model that cannot be used; the message says why."""


@contextmanager
def refused(what: str) -> Iterator[None]:
    """Refuse what the system refuses: "cannot read in.csv: Permission denied".

    Raises
    ------
    InputError
        If the system does.
    """
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot {what}: {error.strerror}") from None
