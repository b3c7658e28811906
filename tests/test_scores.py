"""What scripts/evaluate.py counts, on mentions made by hand."""

from __future__ import annotations

import pytest

from calcitype.results import Mention, Reason
from calcitype.schema import Assertion, Cause, Laterality, Mechanism, Site
from corpus import Report
from mention_scores import all_pairs, mention_metrics, value_scores

TEXT = "No change. Calcified granuloma, right lung. Phleboliths. No stones."


def mention(start: int, end: int, cause: Cause | None, assertion: Assertion = Assertion.PRESENT) -> Mention:
    mechanism = cause.mechanism if cause else Mechanism.UNSPECIFIED
    return Mention(
        start, end, TEXT[start:end], assertion, Site.LUNG, (Site.LUNG,), Laterality.RIGHT, mechanism, cause,
        cause_reason=Reason("default.granuloma"),
    )  # fmt: skip


def report(gold: list[Mention], mentions: tuple[Mention, ...]) -> Report:
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
    first = [mention(*span, Cause.THROMBUS) for span in gold]
    second = [mention(*span, Cause.THROMBUS) for span in got]
    expected = [(None if g is None else first[g], None if m is None else second[m]) for g, m in pairs]
    assert all_pairs(first, second) == expected


def test_precision_and_recall_of_a_value() -> None:
    gold = [
        mention(0, 5, Cause.GRANULOMA),
        mention(10, 15, Cause.GRANULOMA),
        mention(20, 25, Cause.THROMBUS),
        mention(30, 35, Cause.SCAR, Assertion.ABSENT),
        mention(40, 45, None),
    ]
    got = [
        mention(0, 5, Cause.GRANULOMA),
        mention(20, 25, Cause.GRANULOMA),
        mention(30, 35, Cause.SCAR),
        mention(50, 55, Cause.GRANULOMA),
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
    gold = [mention(11, 30, Cause.CASEOUS_TUBERCULOSIS), mention(44, 55, Cause.THROMBUS)]
    got = mention(11, 30, Cause.GRANULOMA), mention(60, 66, Cause.CONCRETION)
    metrics, errors = mention_metrics([report(gold, got)])
    assert [str(error) for error in errors] == [
        "gold/a1 r1 cause: gold caseous_tuberculosis, got granuloma by default.granuloma: "
        "[Calcified granuloma], right lung.",
        "gold/a1 r1 mention: gold mention, got no mention: [Phleboliths].",
        "gold/a1 r1 mention: gold no mention, got mention: No [stones].",
    ]
    assert (metrics["precision"], metrics["recall"], metrics["laterality"], metrics["cause"]) == (0.5, 0.5, 1, 0)
