"""What the tests share: one pipeline for the session, and a text's mentions in one call."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import settings
from spacy.language import Language

from calcitype.pipeline import build_pipeline, mentions_of
from calcitype.results import Mention

pytest.register_assert_rewrite("invariants")

# The same examples each time; to search for others: pytest tests/test_properties.py --hypothesis-profile=deep
settings.register_profile("same", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("deep", max_examples=4000, deadline=None)
settings.load_profile("same")


@pytest.fixture(scope="session")
def nlp() -> Language:
    return build_pipeline()


@pytest.fixture(scope="session")
def read(nlp: Language) -> Callable[[str], tuple[Mention, ...]]:
    """The mentions of a text, in order."""
    return lambda text: mentions_of(nlp(text))


@pytest.fixture(scope="session")
def only(read: Callable[[str], tuple[Mention, ...]]) -> Callable[[str], Mention]:
    """The mention of a text that has exactly one."""

    def one(text: str) -> Mention:
        mentions = read(text)
        assert len(mentions) == 1, f"one mention expected, not {[m.text for m in mentions]}"
        return mentions[0]

    return one
