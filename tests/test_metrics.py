"""What is measured of labels, probabilities and prediction sets, on reports few enough to count by hand."""

import numpy as np
import pytest
from sklearn.metrics import log_loss, precision_recall_fscore_support

from calcitype import Label
from calcitype.metrics import accuracy_at, calibration_error, report_metrics, result_metrics, set_metrics

LABELS = [*Label]
DYSTROPHIC, METASTATIC, INDETERMINATE, NONE = LABELS
GOLD = [DYSTROPHIC, DYSTROPHIC, METASTATIC, METASTATIC, INDETERMINATE, NONE]
GIVEN = [DYSTROPHIC, DYSTROPHIC, METASTATIC, NONE, DYSTROPHIC, NONE]
# The label given, then others that are not ruled out.
SETS = [[DYSTROPHIC], [DYSTROPHIC, NONE], [METASTATIC], [NONE, METASTATIC], [DYSTROPHIC, INDETERMINATE], [NONE]]
SURE = [0.97, 0.85, 0.7, 0.55, 0.4, 1.0]


def probabilities(labels, confidence):
    """What is left of each label's confidence, spread over the others."""
    given = np.array([[label is other for other in Label] for label in labels])
    sure = np.array(confidence)[:, None]
    return np.where(given, sure, (1 - sure) / 3)


def test_rates_are_those_of_the_counts():
    measured = report_metrics(GOLD, GIVEN, probabilities(GIVEN, SURE))
    assert measured["reports"] == 6
    assert measured["accuracy"] == pytest.approx(4 / 6)
    assert measured["confusion"] == [[2, 0, 0, 0], [0, 1, 0, 1], [1, 0, 0, 0], [0, 0, 0, 1]]
    assert measured["labels"]["dystrophic"]["precision"] == pytest.approx(2 / 3)
    assert measured["labels"]["metastatic_suggestive"]["recall"] == pytest.approx(1 / 2)
    assert measured["macro_f1"] == pytest.approx((4 / 5 + 2 / 3 + 0 + 2 / 3) / 4)


def test_brier_score_and_log_loss():
    measured = report_metrics([DYSTROPHIC, NONE], [DYSTROPHIC, DYSTROPHIC], np.array([[0.7, 0.1, 0.1, 0.1]] * 2))
    assert measured["brier"] == pytest.approx((0.12 + 0.49 + 0.01 + 0.01 + 0.81) / 2)
    assert measured["log_loss"] == pytest.approx(-(np.log(0.7) + np.log(0.1)) / 2)


def test_figures_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    probability = rng.dirichlet(np.ones(4), size=200)
    gold = [LABELS[i] for i in rng.integers(4, size=200)]
    given = [LABELS[i] for i in probability.argmax(axis=1)]
    measured = report_metrics(gold, given, probability)
    precision, recall, f1, n = precision_recall_fscore_support(gold, given, labels=LABELS)
    for i, label in enumerate(Label):
        own = measured["labels"][label]
        figures = own["precision"], own["recall"], own["f1"], own["reports"]
        assert figures == pytest.approx((precision[i], recall[i], f1[i], n[i]))
    alphabetical = np.argsort(LABELS)
    assert measured["log_loss"] == pytest.approx(log_loss(gold, probability[:, alphabetical]))


def test_macro_f1_is_of_the_labels_that_are_there():
    gold, given = [DYSTROPHIC, DYSTROPHIC, NONE], [DYSTROPHIC, NONE, NONE]
    measured = report_metrics(gold, given, probabilities(given, [0.9, 0.9, 0.9]))
    assert measured["macro_f1"] == pytest.approx(2 / 3)
    perfect = report_metrics([NONE] * 4, [NONE] * 4, probabilities([NONE] * 4, [0.9] * 4))
    assert perfect["macro_f1"] == 1
    assert perfect["intervals"]["macro_f1"] == [1, 1]


def test_intervals_are_of_19_in_20_resamples():
    n, wrong = 400, 40
    gold, given = [DYSTROPHIC] * n, [DYSTROPHIC] * (n - wrong) + [NONE] * wrong
    measured = report_metrics(gold, given, probabilities(given, [0.9] * n))
    spread = 1.96 * np.sqrt(0.9 * 0.1 / n)
    assert measured["intervals"]["accuracy"] == pytest.approx([0.9 - spread, 0.9 + spread], abs=0.004)


def test_calibration_error_is_the_gap_in_each_bin_weighed_by_its_reports():
    confidence, right = np.array([0.95, 0.93, 0.61, 0.69]), np.array([True, False, True, True])
    assert calibration_error(confidence, right) == pytest.approx((abs(1.88 - 1) + abs(1.30 - 2)) / 4)
    assert calibration_error(np.array([1.0, 1.0]), np.array([True, True])) == 0


def test_accuracy_of_the_surest():
    confidence, right = np.array([0.6, 0.9, 0.8, 0.7, 0.5]), np.array([False, True, True, False, True])
    assert [accuracy_at(share, confidence, right) for share in (0.4, 0.6, 1.0, 0.01)] == [
        1,
        pytest.approx(2 / 3),
        0.6,
        1,
    ]


def test_coverage_is_of_each_labels_own_reports():
    sets = [[DYSTROPHIC], [NONE], [METASTATIC, NONE], [], [INDETERMINATE], [NONE, DYSTROPHIC]]
    assert set_metrics(GOLD, sets) == {
        "coverage": {"dystrophic": 0.5, "metastatic_suggestive": 0.5, "indeterminate": 1, "no_calcification": 1},
        "mean_size": pytest.approx(7 / 6),
    }


def test_reports_that_are_not_for_review_have_an_accuracy_of_their_own():
    review = np.array([False, True, False, True, True, False])
    measured = result_metrics(GOLD, probabilities(GIVEN, SURE), SETS, review, GIVEN)
    assert measured["review"] == {"share": 0.5, "accuracy_of_others": 1}
    everything = result_metrics(GOLD, probabilities(GIVEN, SURE), SETS, np.ones(6, dtype=bool), GIVEN)
    assert everything["review"] == {"share": 1, "accuracy_of_others": None}


def test_the_label_given_is_the_first_of_its_set():
    measured = result_metrics(GOLD, probabilities(GIVEN, SURE), SETS, np.zeros(6, dtype=bool), GOLD)
    assert measured["accuracy"] == pytest.approx(4 / 6)
    assert measured["differs_from_mentions"] == pytest.approx(2 / 6)


def test_no_reports_cannot_be_measured():
    with pytest.raises(ValueError, match="no reports"):
        report_metrics([], [], np.empty((0, 4)))


def test_intervals_of_shares_are_wilsons_and_not_empty_where_all_is_right():
    labels = [Label.DYSTROPHIC] * 10
    measured = report_metrics(labels, labels, np.tile([0.97, 0.01, 0.01, 0.01], (10, 1)))
    assert measured["intervals"]["accuracy"] == pytest.approx([0.7225, 1.0], abs=1e-4)


def test_nothing_is_said_of_a_label_that_no_report_has_or_is_given():
    labels = [Label.DYSTROPHIC, Label.INDETERMINATE] * 3
    found = report_metrics(labels, labels, np.full((6, 4), 0.25))["labels"]["metastatic_suggestive"]
    none = dict.fromkeys(["precision", "recall", "f1"])
    assert found == {**none, "intervals": none, "reports": 0}
