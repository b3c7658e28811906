"""What scripts/evaluate.py counts, on mentions made by hand."""

from __future__ import annotations

from typing import Any

import pytest

from calcitype.results import Mention, Reason
from calcitype.schema import Assertion, Cause, Laterality, Site
from corpus import Report
from mention_scores import all_pairs, mention_metrics, value_scores

TEXT = "No change. Calcified granuloma, right lung. Phleboliths. No stones."


def annotated(start: int, end: int, cause: str | None, assertion: str = "present", **other: Any) -> dict[str, Any]:
    mechanism = Cause(cause).mechanism.value if cause else "unspecified"
    values = {"assertion": assertion, "site": "lung", "laterality": None, "mechanism": mechanism, "cause": cause}
    return {"start": start, "end": end, **values, **other}


def found(start: int, end: int, cause: Cause, assertion: Assertion = Assertion.PRESENT) -> Mention:
    return Mention(
        start, end, TEXT[start:end], assertion, Site.LUNG, (Site.LUNG,), Laterality.RIGHT, cause.mechanism, cause,
        cause_reason=Reason("default.granuloma"),
    )  # fmt: skip


def report(gold: list[dict[str, Any]], mentions: tuple[Mention, ...]) -> Report:
    sentences = [(0, 11), (11, 44), (44, 57), (57, 67)]
    return Report("gold/a1", "r1", TEXT, "dystrophic", gold, mentions, [], sentences)


@pytest.mark.parametrize(
    ("gold", "got", "pairs"),
    [
        ([(0, 9)], [(3, 9)], [(0, 0)]),
        ([(0, 9)], [(9, 12)], [(0, None), (None, 0)]),
        ([(0, 9), (10, 20)], [(5, 20)], [(0, 0), (1, None)]),
        ([(0, 20)], [(0, 5), (6, 20)], [(0, 1), (None, 0)]),
        ([], [], []),
    ],
)
def test_mentions_are_paired_one_to_one_by_overlap(
    gold: list[tuple[int, int]], got: list[tuple[int, int]], pairs: list[tuple[int | None, int | None]]
) -> None:
    first = [annotated(*span, "thrombus") for span in gold]
    second = [found(*span, Cause.THROMBUS) for span in got]
    expected = [(None if g is None else first[g], None if m is None else second[m]) for g, m in pairs]
    assert all_pairs(first, second) == expected


def test_precision_and_recall_of_a_value() -> None:
    gold = [
        annotated(0, 5, "granuloma"),
        annotated(10, 15, "granuloma"),
        annotated(20, 25, "thrombus"),
        annotated(30, 35, "scar", "absent"),
        annotated(40, 45, None),
    ]
    got = [
        found(0, 5, Cause.GRANULOMA),
        found(20, 25, Cause.GRANULOMA),
        found(30, 35, Cause.SCAR),
        found(50, 55, Cause.GRANULOMA),
    ]
    scores = value_scores(all_pairs(gold, got), "cause")
    assert scores["granuloma"] == {
        "precision": 1 / 3, "recall": 1 / 2, "right": 1, "found": 3, "recalled": 1, "annotated": 2,
    }  # fmt: skip
    assert (scores["thrombus"]["precision"], scores["thrombus"]["recall"]) == (None, 0)
    assert (scores["scar"]["precision"], scores["scar"]["recall"]) == (1, None)
    assert (scores["none"]["precision"], scores["none"]["recall"]) == (None, 0)
    assert next(iter(scores)) == "granuloma"


def test_an_error_shows_its_sentence_and_the_rule() -> None:
    gold = [annotated(11, 30, "caseous_tuberculosis", laterality="right"), annotated(44, 55, "thrombus")]
    metrics, errors = mention_metrics([report(gold, (found(11, 30, Cause.GRANULOMA), found(60, 66, Cause.CONCRETION)))])
    assert [str(error) for error in errors] == [
        "gold/a1 r1 cause: gold caseous_tuberculosis, got granuloma by default.granuloma: "
        "[Calcified granuloma], right lung.",
        "gold/a1 r1 mention: gold mention, got no mention: [Phleboliths].",
        "gold/a1 r1 mention: gold no mention, got mention: No [stones].",
    ]
    assert (metrics["precision"], metrics["recall"], metrics["laterality"], metrics["cause"]) == (0.5, 0.5, 1, 0)
