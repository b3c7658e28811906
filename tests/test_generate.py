"""The generated corpus: ids, offsets and labels hold, and the files are what the recipes give."""

from __future__ import annotations

import json
import re
from collections import Counter
from random import Random
from typing import Any

import pytest

import generate
from calcitype.schema import Assertion, Cause, Label, Laterality, Mechanism, Site
from report_style import wrapped
from report_words import MARK, RECIPES, Piece, Recipes, Words

# A calcium word as the styles may write it: misspelt, scanned badly, or cut at a line's end.
CALCIUM = re.compile(r"ca[l1i]c|cal[il]c|lith|porcelain|putty|milk of calcium|mineraliz|mineralis|agatston|ranke", re.I)
MENTION_WORD = re.compile(r"calcif|calcinos|calciph|\bcalcs?\b|phlebolith|tonsillolith|porcelain|putty|agatston", re.I)


@pytest.fixture(scope="module")
def recipes() -> Recipes:
    return Recipes()


@pytest.fixture(scope="module")
def files(recipes: Recipes) -> dict[str, list[dict[str, Any]]]:
    return dict(generate.files_of(recipes))


@pytest.fixture(scope="module")
def reports(files: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [report for found in files.values() for report in found]


@pytest.fixture(scope="module")
def mentions(reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [mention for report in reports for mention in report["mentions"]]


def test_vocabulary_is_that_of_the_schema(recipes: Recipes):
    assert recipes["sites"] == [*Site]
    assert recipes["assertions"] == [*Assertion]
    assert recipes["lateralities"] == [*Laterality]
    assert recipes.mechanisms == {str(cause): cause.mechanism for cause in Cause}


def test_ids_are_those_of_the_schema(mentions: list[dict[str, Any]]):
    for mention in mentions:
        Assertion(mention["assertion"])
        Site(mention["site"])
        assert mention["laterality"] is None or Laterality(mention["laterality"])
        cause = mention["cause"]
        assert mention["mechanism"] == (Cause(cause).mechanism if cause else Mechanism.UNSPECIFIED)


def test_every_cause_assertion_and_laterality_occurs(mentions: list[dict[str, Any]]):
    assert {m["cause"] for m in mentions if Assertion(m["assertion"]).counts} == {*Cause, None}
    assert {m["assertion"] for m in mentions} == {*Assertion}
    assert {m["laterality"] for m in mentions} == {*Laterality, None}


def test_mentions_hold_a_calcium_word_and_do_not_overlap(reports: list[dict[str, Any]]):
    for report in reports:
        end = 0
        for mention in report["mentions"]:
            assert end <= mention["start"] < mention["end"] <= len(report["text"])
            end = mention["end"]
            words = report["text"][mention["start"] : end]
            assert CALCIUM.search(words.replace("-\n", "")), (report["id"], words)
            assert words == words.strip()


def test_no_mention_word_is_left_unmarked(reports: list[dict[str, Any]]):
    for report in reports:
        rest = list(report["text"])
        for mention in report["mentions"]:
            rest[mention["start"] : mention["end"]] = " " * (mention["end"] - mention["start"])
        assert not MENTION_WORD.search("".join(rest)), report["id"]


def test_label_follows_from_the_mentions(reports: list[dict[str, Any]]):
    for report in reports:
        found = {m["mechanism"] for m in report["mentions"] if m["assertion"] in ("present", "uncertain")}
        if "metastatic" in found:
            expected = Label.METASTATIC_SUGGESTIVE
        elif "dystrophic" in found:
            expected = Label.DYSTROPHIC
        else:
            expected = Label.INDETERMINATE if found else Label.NO_CALCIFICATION
        assert report["label"] == expected, report["id"]


def test_numbers_and_mix(files: dict[str, list[dict[str, Any]]]):
    assert list(files) == [f"s{n}.jsonl" for n in range(1, 7)]
    for found in files.values():
        assert len(found) == 220
        assert Counter(report["label"] for report in found) == generate.LABELS


def test_no_report_repeats_another(reports: list[dict[str, Any]]):
    assert len({report["text"] for report in reports}) == len({report["id"] for report in reports}) == 1320


@pytest.mark.parametrize("number", [1, 7, 30])
def test_a_report_is_drawn_the_same_again(recipes: Recipes, number: int):
    style = recipes["style"][number % 6]
    plan = generate.plans_of(recipes, style["name"])[number]
    first, second = (generate.report_of(fresh, style, plan, number) for fresh in (recipes, Recipes()))
    assert first == second
    assert generate.report_of(recipes, style, plan, number, attempt=1)["text"] != first["text"]


def test_committed_files_are_what_the_program_gives(files: dict[str, list[dict[str, Any]]]):
    for name, found in files.items():
        assert [json.loads(line) for line in (RECIPES / name).read_text(encoding="utf-8").splitlines()] == found


def test_every_wording_can_be_said(recipes: Recipes):
    """Also those that no report happens to draw."""
    for process in recipes["process"]:
        for key in ("is", "are", "findings", "impression", "short"):
            for template in process.get(key, ()):
                words = Words(Random(1), recipes, prior="[DATE]")  # noqa: S311
                said = words.say(template, process)
                assert [p.mention for p in said if p.mention], template
                assert not MENTION_WORD.search(" | ".join(p.text for p in said if not p.mention)), template
                assert all(p.mention.cause in (process["cause"], "") for p in said if p.mention and key != "findings")


def test_history_lines_hold_no_mention(recipes: Recipes):
    for process in recipes["process"]:
        for line in process.get("history", ()):
            assert not MARK.search(line)
            assert not MENTION_WORD.search(line)


def test_wrapping_keeps_the_letters_and_the_width():
    pieces = [Piece("There is a "), Piece("densely calcified granuloma"), Piece(" in the right upper lobe.")]
    cut = wrapped(pieces, 16, hyphenate=True)
    text = "".join(piece.text for piece in cut)
    assert max(map(len, text.splitlines())) <= 17
    assert re.sub(r"[-\s]", "", text) == re.sub(r"\s", "", "".join(piece.text for piece in pieces))
    assert re.sub(r"[-\s]", "", cut[1].text) == "denselycalcifiedgranuloma"
