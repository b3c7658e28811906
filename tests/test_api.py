"""The public functions: one report, many reports, a frame."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from calcitype import Cause, Label, Laterality, Site, classify_frame, classify_report, classify_reports, load
from invariants import check

EXAMPLE = "Bilateral pelvic phleboliths. No ureteric calculus."
REPORTS = [
    EXAMPLE,
    "",
    "INDICATION: ESRD.\nFINDINGS: Fluffy calcification in both upper lobes.",
    "Normal study.",
    "Hepatic calcification.",
    "HISTORY: Evaluate for nephrocalcinosis.\nFINDINGS: Normal kidneys.",
    "Calcified granuloma.\r\nNo mass.",
    " \n",
] * 3
LABELS = [
    "dystrophic",
    "no_calcification",
    "metastatic_suggestive",
    "no_calcification",
    "indeterminate",
    "no_calcification",
    "dystrophic",
    "no_calcification",
] * 3
ODD = {
    "lone surrogate": "Calcified granuloma \ud800 in the spleen",
    "surrogates in the word": "Calci\udfffied node. \udc80\ud800 Calcified aorta",
    "NUL": "Calcified\x00aorta\x00",
    "only NUL": "\x00",
    "controls": "\x01\x1b[0mCalcified\x7f aorta\x0b\x0c",
    "byte order mark": "\ufeffCalcified aorta",
    "emoji": "🫀👩‍⚕️ Calcified aorta 🦴",
    "right to left": "هذا Calcified aorta \u202e",
    "combining": "Ca\u0301lcified aorta\u0301, calcified",
    "no-break spaces": "Calcified\u00a0aorta\u2007calcified\u202fnode",
    "line separators": "Calcified aorta\u2028No mass\u2029Calcified node\x85No",
    "a long word": "calcified" * 5000,
    "brackets": "((((calcified))))[[[",
    "percent and braces": "%s %(x)s {calcified} {0}",
    "digits": "0" * 5000 + " calcified",
}


def test_the_example_of_the_design() -> None:
    result = classify_report(EXAMPLE)
    assert result.label is Label.DYSTROPHIC
    assert result.label == "dystrophic"
    assert result.confidence == result.probabilities["dystrophic"] > 0.8
    (mention,) = result.mentions
    assert (mention.start, mention.end, mention.text) == (17, 28, "phleboliths")
    assert (mention.assertion, mention.site, mention.sites) == ("present", "pelvic_vein", (Site.PELVIC_VEIN,))
    assert (mention.laterality, mention.mechanism, mention.cause) == (
        Laterality.BILATERAL,
        "dystrophic",
        Cause.THROMBUS,
    )
    assert result.evidence
    assert json.loads(json.dumps(result.to_dict()))["mentions"][0]["cause"] == "thrombus"


@pytest.mark.parametrize(("text", "label"), list(zip(REPORTS, LABELS, strict=True))[:8])
def test_label(text: str, label: str) -> None:
    assert classify_report(text).label == label


@pytest.mark.parametrize("text", ["", " ", "\n\t\n", "\u00a0", "Normal study.", "No calcification."])
def test_nothing_there_is_no_calcification(text: str) -> None:
    result = classify_report(text)
    assert result.label == "no_calcification"
    assert not [mention for mention in result.mentions if mention.counts]


@pytest.mark.parametrize("text", [None, 3, float("nan"), b"Calcified aorta", ["Calcified aorta"], pd.NA], ids=repr)
def test_what_is_no_text_is_refused_without_quoting_it(text: object) -> None:
    for call in (classify_report, lambda value: list(classify_reports(["Normal.", value]))):
        with pytest.raises(TypeError, match=type(text).__name__) as caught:
            call(text)
        assert "str" in str(caught.value)
        assert "aorta" not in str(caught.value)


def test_one_text_where_many_are_expected_is_refused() -> None:
    with pytest.raises(TypeError):
        list(classify_reports(EXAMPLE))


@pytest.mark.parametrize("size", [0, -1])
def test_a_batch_of_no_reports_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="batch_size"):
        list(classify_reports(REPORTS, batch_size=size))


@pytest.mark.parametrize("text", REPORTS[:8])
def test_a_result_is_consistent(text: str) -> None:
    check(text, classify_report(text))


@pytest.mark.parametrize("name", ODD)
def test_odd_characters_do_not_stop_it(name: str) -> None:
    check(ODD[name], classify_report(ODD[name]))


def test_a_surrogate_does_not_hide_a_mention() -> None:
    text = ODD["lone surrogate"]
    (mention,) = classify_report(text).mentions
    assert (mention.text, mention.site, text[mention.start : mention.end]) == (
        "Calcified granuloma",
        "spleen",
        mention.text,
    )


@pytest.mark.parametrize("batch_size", [1, 2, 5, 24, 1000])
def test_many_are_as_one_by_one_in_order(batch_size: int) -> None:
    results = list(classify_reports(REPORTS, batch_size=batch_size))
    assert results == [classify_report(text) for text in REPORTS]
    assert [result.label for result in results] == LABELS


def test_two_processes_give_the_same() -> None:
    assert list(classify_reports(REPORTS, batch_size=5, n_jobs=2)) == list(classify_reports(REPORTS))


def test_no_reports_give_no_results() -> None:
    assert list(classify_reports([])) == []


def test_reports_are_streamed() -> None:
    endless: Iterator[str] = itertools.cycle(REPORTS)
    results = classify_reports(endless, batch_size=4)
    assert [result.label for result in itertools.islice(results, 8)] == LABELS[:8]


def test_load_gives_the_classifier_that_is_there_without_it() -> None:
    assert load().classify_report(EXAMPLE) == classify_report(EXAMPLE)
    assert load().version == classify_report("").version


@pytest.mark.parametrize(
    "index", [[7, 3, 5], ["b", "a", "c"], [1, 1, 1], pd.MultiIndex.from_tuples([(1, 2), (1, 3), (2, 1)])], ids=repr
)
def test_a_frame_keeps_index_columns_and_rows(index: list[int] | list[str] | pd.MultiIndex) -> None:
    frame = pd.DataFrame(
        {"id": ["001", "002", "003"], "report": [EXAMPLE, "Normal.", "Hepatic calcification."]}, index=index
    )
    before = frame.copy()
    out = classify_frame(frame)
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(out[["id", "report"]], before)
    assert list(out.columns[:2]) == ["id", "report"]
    assert list(out["calcitype_label"]) == ["dystrophic", "no_calcification", "indeterminate"]


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, ""], ids=repr)
def test_a_missing_report_is_an_empty_one(missing: object) -> None:
    out = classify_frame(pd.DataFrame({"text": [EXAMPLE, missing]}), "text")
    assert list(out["calcitype_label"]) == ["dystrophic", "no_calcification"]
    assert list(out["status"]) == ["ok", "empty"]


def test_an_empty_frame() -> None:
    out = classify_frame(pd.DataFrame({"report": pd.Series([], dtype="str")}))
    assert len(out) == 0
    assert "calcitype_label" in out.columns


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="narrative"):
        classify_frame(pd.DataFrame({"report": [EXAMPLE]}), "narrative")


def test_threads_do_not_mix_up_reports() -> None:
    texts = [f"Calcified node number qq{i} in the right lung." if i % 2 else f"Clear lungs qq{i}." for i in range(60)]
    alone = [classify_report(text) for text in texts]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(classify_report, texts)) == alone


def test_processes_read_no_further_ahead_than_they_must() -> None:
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield "Clear lungs."

    next(iter(classify_reports(endless(), batch_size=2, n_jobs=2)))
    assert read <= 32


@pytest.mark.parametrize("times", [1, 3])
def test_what_is_absent_does_not_outvote_what_is_there(times: int) -> None:
    absent = "No renal calcification. No ureteric calcification. No bladder calcification. " * times
    result = classify_report(absent + "Bilateral pelvic phleboliths.")
    assert result.label != "no_calcification"
    assert "dystrophic" in result.prediction_set


def test_a_frame_keeps_its_rows_whatever_they_hold() -> None:
    frame = classify_frame(pd.DataFrame({"report": ["Calcified aorta", 3.5, None]}))
    assert list(frame["status"]) == ["ok", "error", "empty"]
    with pytest.raises(ValueError, match="already has a column"):
        classify_frame(frame)


def test_what_is_not_known_of_a_row_is_missing_and_columns_keep_their_kind() -> None:
    frame = classify_frame(pd.DataFrame({"report": ["Phleboliths.", 3]}))
    assert frame["status"].tolist() == ["ok", "error"]
    assert frame["calcitype_confidence"].mean() > 0.5
    assert frame["calcitype_mentions"].sum() == 1
    assert len(frame[frame["calcitype_review"]]) == 0


@pytest.mark.parametrize("columns", [["report", "report"], ["report", "other"]])
def test_several_columns_are_no_reports(columns: list[str]) -> None:
    frame = pd.DataFrame([["Phleboliths.", "Clear."], ["Clear.", "Clear."]], columns=columns)
    with pytest.raises(ValueError, match="one column of reports"):
        classify_frame(frame, "report" if columns[1] == "report" else columns)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", " ", "Normal chest."])
def test_a_prior_says_nothing_of_reports_without_calcification(text: str) -> None:
    shares = {"dystrophic": 0.7, "metastatic_suggestive": 0.1, "indeterminate": 0.19, "no_calcification": 0.01}
    assert load(prior=shares).classify_report(text) == load().classify_report(text)
