"""The attributes that a mention's span carries: ``span._.site`` and the like."""

from typing import Any

from spacy.tokens import Span


def set_extensions(**defaults: Any) -> None:
    """Register attributes of spans with their defaults, unless they are there."""
    for name, default in defaults.items():
        if not Span.has_extension(name):
            Span.set_extension(name, default=default)
