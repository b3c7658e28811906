"""What holds for the result of any text."""

from __future__ import annotations

import json
import math
import pickle

import pytest

from calcitype import Label, Result, classify_report
from calcitype.features import label_by_mentions


def check(text: str, result: Result) -> None:
    """What holds for every result."""
    assert list(result.probabilities) == [*Label]
    assert sum(result.probabilities.values()) == pytest.approx(1, abs=1e-9)
    assert all(0 <= p <= 1 for p in result.probability)
    assert result.label == max(result.probabilities, key=result.probabilities.__getitem__)
    assert result.confidence == max(result.probability)
    assert result.label is result.prediction_set[0]
    assert result.by_mentions in result.prediction_set
    assert result.by_mentions is label_by_mentions(result.mentions)
    assert result.review == bool(result.review_reasons)
    assert result.review or len(result.prediction_set) == 1
    assert ("mentions_disagree" in result.review_reasons) == (result.by_mentions is not result.label)
    sums_up(result)
    order = [result.probabilities[label] for label in result.prediction_set]
    assert order == sorted(order, reverse=True)
    assert len({*result.prediction_set}) == len(result.prediction_set)
    assert [text[m.start : m.end] for m in result.mentions] == [m.text for m in result.mentions]
    ends = [0, *(m.end for m in result.mentions)]
    assert all(end <= m.start < m.end <= len(text) for end, m in zip(ends, result.mentions, strict=False))
    for found in (
        *result.evidence,
        *(m.assertion_reason for m in result.mentions),
        *(m.cause_reason for m in result.mentions),
    ):
        if found is not None and found.start is not None:
            assert 0 <= found.start < found.end <= len(text)
            assert text[found.start : found.end].strip()
    assert all(evidence.weight >= 0 and evidence.description for evidence in result.evidence)
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301
    assert hash(result) == hash(classify_report(text))
    json.dumps(result.to_dict(), allow_nan=False)
    for mention in result.mentions:
        assert mention.sites[0] == mention.site
        assert mention.mechanism == (mention.cause.mechanism if mention.cause else "unspecified")
    if not any(mention.counts for mention in result.mentions):
        assert result.label == "no_calcification"


def sums_up(result: Result) -> None:
    """The evidence for the label less that for its rival is the log-odds of the two."""
    others = sorted(set(Label) - {result.label}, key=lambda label: -result.probabilities[label])
    rival = result.rival
    assert rival is (result.by_mentions if result.by_mentions is not result.label else others[0])
    assert {evidence.label for evidence in result.evidence} <= {result.label, rival}
    total = sum(evidence.weight if evidence.label is result.label else -evidence.weight for evidence in result.evidence)
    assert total == pytest.approx(math.log(result.confidence / result.probabilities[rival]), abs=1e-6)
