"""The tables of ``tests/challenge``: what a radiologist expects of one mention in a short text, row by row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from calcitype import lexicon
from calcitype.lexicon.rules import Side
from calcitype.results import Mention
from calcitype.schema import Assertion, Cause, Laterality, Mechanism, Site
from near_duplicates import overlaps

TABLES = sorted((Path(__file__).parent / "challenge").glob("*.txt"))
KNOWN_FAILURE = "! "
NO_MENTION = "none"
VALUES: dict[str, set[str]] = {
    "assertion": {*Assertion},
    "site": {*Site},
    "laterality": {*Laterality, ""},
    "mechanism": {*Mechanism},
    "cause": {*Cause, ""},
    "morphology": {rule.id for rule in lexicon.load().descriptor if rule.joins is Side.BEFORE} | {""},
}
# Rows that share more than this of their words and pairs of neighbouring words are one row twice.
TOO_ALIKE = 0.75


class Expectation(NamedTuple):
    """An attribute of the mention, and the values of which any is right."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A line of a table."""

    where: str
    group: str
    fails: bool
    expected: tuple[Expectation, ...]
    text: str
    start: int
    end: int


def parse(line: str, where: str = "", group: str = "") -> Row:
    """Read a row; its notation is in ``tests/challenge/README.md``."""
    fails = line.startswith(KNOWN_FAILURE)
    expectation, bar, marked = line.removeprefix(KNOWN_FAILURE).partition(" | ")
    if not bar or expectation != " ".join(expectation.split()) or not expectation:
        raise ValueError(f"{where}: not 'EXPECTATION | TEXT': {line!r}")
    braces = re.fullmatch(r"([^{}]*)\{([^{}]*\S[^{}]*)\}([^{}]*)", marked.replace(r"\n", "\n"))
    if not braces:
        raise ValueError(f"{where}: not one pair of braces: {line!r}")
    before, words, after = braces.groups()
    pairs = [] if expectation == NO_MENTION else [pair.partition("=") for pair in expectation.split(" ")]
    expected = tuple(Expectation(key, tuple(values.split("/"))) for key, _, values in pairs)
    bad = [key for key, values in expected if not VALUES.get(key, set()).issuperset(values)]
    if bad or len({key for key, _ in expected}) < len(expected):
        raise ValueError(f"{where}: a key twice, or not a key and its values: {expectation!r}")
    return Row(where, group, fails, expected, before + words + after, len(before), len(before) + len(words))


def rows_of(path: Path) -> Iterator[Row]:
    """The rows of a table."""
    group = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("## "):
            group = line.removeprefix("## ")
        elif line and not line.startswith("#"):
            yield parse(line, f"{path.stem}:{number}", group)


ROWS = [row for path in TABLES for row in rows_of(path)]


def wrong(row: Row, mentions: tuple[Mention, ...]) -> list[str]:
    """What the program says otherwise than a row expects."""
    found = next((m for m in mentions if m.start < row.end and row.start < m.end), None)
    if not row.expected:
        return [f"not a mention, but found {found.text!r}"] if found else []
    if not found:
        return ["a mention, but missed"]
    lines = []
    for key, values in row.expected:
        got = getattr(found, key)
        said = set(got or [""]) if isinstance(got, tuple) else {str(got or "")}
        if said.isdisjoint(values):
            lines.append(f"{key} should be {'/'.join(values) or 'empty'}, not {', '.join(sorted(said)) or 'empty'}")
    return lines


def as_tests() -> Iterator[object]:
    """Every row as a test; a row that is known to fail must fail."""
    for row in ROWS:
        marks = [pytest.mark.xfail(reason="not met yet", strict=True)] if row.fails else []
        yield pytest.param(row, id=row.where, marks=marks)


@pytest.mark.parametrize("row", list(as_tests()))
def test_row(row: Row, read: Callable[[str], tuple[Mention, ...]]) -> None:
    assert wrong(row, read(row.text)) == [], f"{row.where}: {row.text}"


@pytest.mark.parametrize(
    "line",
    [
        "assertion=present {Calcified} node.",
        " | {Calcified} node.",
        "assertion=present | Calcified node.",
        "assertion=present | {Calcified} node, {calcified} nodule.",
        "assertion=present | {Calcified node.",
        "assertion=present | { } node.",
        "assertion=maybe | {Calcified} node.",
        "assertion=present/maybe | {Calcified} node.",
        "assertion= | {Calcified} node.",
        "assertion | {Calcified} node.",
        "colour=red | {Calcified} node.",
        "site=lung site=liver | {Calcified} node.",
        "site=lung  laterality=left | {Calcified} node.",
        "none site=lung | {Calcified} node.",
    ],
)
def test_a_bad_row_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"^mine:7: "):
        parse(line, "mine:7")


def test_a_good_row() -> None:
    row = parse(r"! assertion=absent/hypothetical laterality= | No\n{calcium} here.")
    assert row.fails
    assert row.expected == (("assertion", ("absent", "hypothetical")), ("laterality", ("",)))
    assert row.text == "No\ncalcium here."
    assert row.text[row.start : row.end] == "calcium"


def test_a_row_without_expectation_is_about_no_mention() -> None:
    assert parse("none | The {calcaneus} is intact.").expected == ()


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_enough_rows(cause: Cause) -> None:
    assert sum(("cause", (cause.value,)) in row.expected for row in ROWS) >= 8


@pytest.mark.parametrize("assertion", Assertion)
def test_every_assertion_has_enough_rows(assertion: Assertion) -> None:
    assert sum(("assertion", (assertion.value,)) in row.expected for row in ROWS) >= 12


def test_every_group_of_assertion_cues_has_enough_rows() -> None:
    groups = Counter(row.group for row in ROWS if row.where.startswith("assertions:"))
    assert len(groups) > 1
    assert {group: n for group, n in groups.items() if n < 12} == {}


@pytest.mark.parametrize("site", Site)
def test_every_site_has_a_row(site: Site) -> None:
    assert any(("site", (site.value,)) in row.expected for row in ROWS)


def test_every_row_has_a_group() -> None:
    assert [row.where for row in ROWS if not row.group] == []


def test_no_two_rows_are_nearly_the_same() -> None:
    """By the words and pairs of words that two rows share; one text may ask about each of its mentions."""
    texts = [row.text for row in ROWS]
    found = overlaps(texts, TOO_ALIKE, ngram_range=(1, 2), token_pattern=r"\w+")  # noqa: S106 (no password)
    alike = [(ROWS[i], ROWS[j]) for i, j, share in found if share > TOO_ALIKE]
    assert [(a, b) for a, b in alike if a.text != b.text or a.start == b.start] == []
