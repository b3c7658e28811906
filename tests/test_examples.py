"""That a file left out is left out: nothing of it moves what is said of it."""

from dataclasses import replace

import numpy as np
import pytest

from calcitype.features import Feature
from calcitype.held_out import predict_held_out
from calcitype.results import Mention
from calcitype.schema import Assertion, Cause, Mechanism, Site
from corpus import Report
from examples import Examples, cut_down, leave_one_file_out

FINDINGS = {
    "dystrophic": Cause.GRANULOMA,
    "metastatic_suggestive": Cause.CALCIPHYLAXIS,
    "indeterminate": Cause.CONCRETION,
    "no_calcification": None,
}
FILES = ("gold/a1", "gold/a3", "fresh/f1", "fresh/f2", "unseen/f29", "unseen/f30", "generated/s1")


def report(file, label, i):
    cause = FINDINGS[label]
    assertion = Assertion.PRESENT if cause else Assertion.ABSENT
    mechanism = cause.mechanism if cause else Mechanism.UNSPECIFIED
    found = Mention(0, 5, "xxxxx", assertion, Site.LUNG, (Site.LUNG,), None, mechanism, cause)
    denied = Mention(10, 15, "xxxxx", Assertion.ABSENT, Site.LUNG, (Site.LUNG,), None, Mechanism.UNSPECIFIED, None)
    features = [
        Feature(f"cause: {cause}, {assertion}", "found", "body", 0, 5),
        Feature("mention: absent", "denied", "body", 10, 15),
    ]
    mentions = found, denied
    return Report(file, f"{file} {label} {i}", "x" * 15, label, [*mentions], mentions, features, [(0, 15)])


@pytest.fixture(scope="module")
def reports():
    return [report(file, label, i) for file in FILES for label in FINDINGS for i in range(8)]


def test_labels_of_a_file_left_out_change_nothing_that_is_said_of_it(reports):
    other = {"dystrophic": "no_calcification", "no_calcification": "dystrophic"}
    for file in ("gold/a1", "fresh/f1"):
        wrong = [replace(r, label=other.get(r.label, r.label)) if r.file == file else r for r in reports]
        right_said, wrong_said = (leave_one_file_out(known, Examples(known)).said for known in (reports, wrong))
        rows = [i for i, r in enumerate(reports) if r.file == file]
        assert (right_said.probability[rows] == wrong_said.probability[rows]).all()
        assert [right_said.sets[i] for i in rows] == [wrong_said.sets[i] for i in rows]
        assert (right_said.review[rows] == wrong_said.review[rows]).all()
        others = [i for i, r in enumerate(reports) if r.hand_written and r.file != file]
        assert (right_said.probability[others] != wrong_said.probability[others]).any()


def test_a_report_is_cut_down_to_each_finding_and_what_is_denied_beside_it():
    first = report("gold/a1", "dystrophic", 0)
    other = replace(first.mentions[0], start=20, end=25, cause=Cause.CONCRETION, mechanism=Mechanism.OTHER)
    both = replace(
        first,
        annotated=[*first.annotated, other],
        mentions=(*first.mentions, other),
        features=[*first.features, Feature("cause: concretion, present", "found", "body", 20, 25)],
    )
    one, two = cut_down(both)
    assert one == ({"cause: granuloma, present": 1.0, "mention: absent": 1.0}, "dystrophic", "dystrophic", False)
    assert two == ({"cause: concretion, present": 1.0, "mention: absent": 1.0}, "indeterminate", "indeterminate", False)
    assert cut_down(report("gold/a1", "no_calcification", 0)) == []


def test_only_whole_reports_of_gold_and_unseen_calibrate(reports):
    scores = Examples(reports).fit()[-1].conformal_scores_
    assert {label: len(found) for label, found in scores.items()} == dict.fromkeys(FINDINGS, 4 * 8)
    without = Examples(reports).fit(without="gold/a1")[-1].conformal_scores_
    assert {label: len(found) for label, found in without.items()} == dict.fromkeys(FINDINGS, 3 * 8)


def test_reports_made_by_a_program_are_not_measured(reports):
    written, said_of, *_ = leave_one_file_out(reports, Examples(reports))
    assert {report.file for report in written} == {*FILES} - {"generated/s1"}
    assert len(said_of.sets) == len(written)


def test_sets_and_review_are_those_of_the_classifier_that_did_not_see_the_report(reports):
    file = [r for r in reports if r.file == "gold/a1"]
    counts, by_mentions, labels = [r.counts for r in file], [r.by_mentions for r in file], [r.label for r in file]
    classifier, rows = Examples(reports).fit(without="gold/a1"), np.arange(len(file))
    kept = classifier[-1].predict_set(classifier[:-1].transform(counts))
    expected = [{name for name, left in zip(classifier.classes_, row, strict=True) if left} for row in kept]
    for below, all_for_review in ((0, False), (np.inf, True)):
        classifier[-1].review_below_ = below
        said_of = predict_held_out([(classifier, rows)], counts, by_mentions, labels)
        assert [set(labels) for labels in said_of.conformal] == expected
        assert said_of.review.tolist() == [all_for_review or len(labels) > 1 for labels in said_of.sets]
