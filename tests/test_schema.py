"""The vocabulary is the annotation guideline's, and results are plain values."""

from __future__ import annotations

import copy
import json
import pickle
import re
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from calcitype import Assertion, Cause, Evidence, Label, Laterality, Mechanism, Mention, Reason, Result, Site
from calcitype.schema import ReviewReason

GUIDELINE = (Path(__file__).parents[1] / "corpora" / "annotation-guideline.md").read_text(encoding="utf-8")

TEXT = "Calcified granuloma in the right upper lobe."
MENTION = Mention(
    start=0,
    end=19,
    text=TEXT[:19],
    assertion=Assertion.PRESENT,
    site=Site.LUNG,
    sites=(Site.LUNG,),
    laterality=Laterality.RIGHT,
    mechanism=Mechanism.DYSTROPHIC,
    cause=Cause.GRANULOMA,
    morphology=("coarse",),
    codes=("ICD-10-CM:J98.4",),
    cause_reason=Reason("granuloma", 10, 19),
)
EVIDENCE = Evidence("cause=granuloma", Label.DYSTROPHIC, 1.5, 0, 19)
RESULT = Result(
    label=Label.DYSTROPHIC,
    probability=(0.7, 0.1, 0.15, 0.05),
    prediction_set=(Label.DYSTROPHIC, Label.INDETERMINATE),
    by_mentions=Label.DYSTROPHIC,
    rival=Label.INDETERMINATE,
    review_reasons=(ReviewReason.SEVERAL_LABELS,),
    mentions=(MENTION,),
    evidence=(EVIDENCE,),
    version="1",
)


def part(start: str, end: str) -> str:
    """The guideline's text between two marks."""
    assert GUIDELINE.count(start) == 1
    return GUIDELINE.partition(start)[2].partition(end)[0]


def rows(text: str) -> list[str]:
    """The ids in the first column of a table."""
    return re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)


def listed(text: str) -> list[str]:
    return re.findall(r"`(\w+)`", text)


def test_labels() -> None:
    assert [*Label] == rows(part("## 1.", "## 2."))


def test_assertions() -> None:
    assert [*Assertion] == rows(part("## 3.", "## 4."))


def test_which_assertions_count() -> None:
    counting = re.findall(r"^\| `(\w+)` \|.*\| yes \|$", part("## 3.", "## 4."), re.MULTILINE)
    assert [assertion for assertion in Assertion if assertion.counts] == counting


def test_sites() -> None:
    assert [*Site] == listed(part("One of: ", "."))


def test_lateralities() -> None:
    assert [*Laterality] == listed(part("Laterality: ", "or empty"))


def test_mechanisms() -> None:
    assert [*Mechanism] == listed(part("Mechanism is one of ", "."))


@pytest.mark.parametrize(
    ("mechanism", "start", "end"),
    [
        ("dystrophic", "### Dystrophic, in dead tissue", "### Metastatic"),
        ("metastatic", "### Metastatic", "### Other"),
        ("other", "### Other", "### How to choose"),
    ],
)
def test_causes_under_their_mechanism(mechanism: str, start: str, end: str) -> None:
    assert [cause for cause in Cause if cause.mechanism == mechanism] == rows(part(start, end))


def test_no_cause_is_of_unspecified_mechanism() -> None:
    assert {cause.mechanism for cause in Cause} == {*Mechanism} - {Mechanism.UNSPECIFIED}


@pytest.mark.parametrize("kind", [Label, Assertion, Site, Laterality, Mechanism, Cause])
def test_ids_are_strings(kind: type[Site]) -> None:
    for member in kind:
        assert str(member) == f"{member}" == member.value == member
        assert kind(str(member)) is member
        assert json.loads(json.dumps(member)) == member.value


@pytest.mark.parametrize("value", [*Cause, MENTION.cause_reason, MENTION, EVIDENCE, RESULT], ids=str)
def test_copies_are_equal(value: object) -> None:
    for copied in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value)):  # noqa: S301
        assert copied == value
        assert hash(copied) == hash(value)


def test_a_copied_cause_keeps_its_mechanism() -> None:
    assert pickle.loads(pickle.dumps(Cause.CALCIPHYLAXIS)).mechanism is Mechanism.METASTATIC  # noqa: S301


@pytest.mark.parametrize(
    ("value", "name"),
    [(RESULT, "label"), (RESULT, "new"), (MENTION, "assertion"), (MENTION, "new"), (EVIDENCE, "weight")],
)
def test_results_cannot_be_changed(value: object, name: str) -> None:
    with pytest.raises((FrozenInstanceError, TypeError)):  # Python 3.11: TypeError for a new name on slots
        setattr(value, name, "changed")


def test_to_dict_is_json_safe() -> None:
    plain = RESULT.to_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain["label"] == "dystrophic"
    assert plain["prediction_set"] == ["dystrophic", "indeterminate"]
    assert plain["confidence"] == 0.7
    assert plain["probabilities"] == {
        "dystrophic": 0.7,
        "metastatic_suggestive": 0.1,
        "indeterminate": 0.15,
        "no_calcification": 0.05,
    }
    mention = plain["mentions"][0]
    assert mention == MENTION.to_dict()
    assert (mention["start"], mention["end"], mention["text"]) == (0, 19, "Calcified granuloma")
    assert (mention["site"], mention["sites"], mention["cause"]) == ("lung", ["lung"], "granuloma")
    assert mention["cause_reason"] == {"rule": "granuloma", "start": 10, "end": 19}
    assert mention["assertion_reason"] is None


def test_to_dict_holds_no_enums() -> None:
    def check(value: object) -> None:
        assert type(value) in (dict, list, str, int, float, bool, type(None))
        for item in [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ():
            check(item)

    check(RESULT.to_dict())


@pytest.mark.parametrize("assertion", Assertion)
def test_a_mention_counts_as_its_assertion_does(assertion: Assertion) -> None:
    assert replace(MENTION, assertion=assertion).counts is assertion.counts
