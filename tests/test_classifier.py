"""The estimators as scikit-learn's own tools use them, and what calibration learns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from calcitype import Label
from calcitype.calibration import (
    conformal_scores,
    decide,
    least_probability,
    review_threshold,
    softmax,
    temperature,
)
from calcitype.classifier import CalibratedLogisticRegression, ReportFeatures, make_classifier

TEXTS = ["No calcification.", "Clear lungs.", "Bilateral pelvic phleboliths.", "Calcified granuloma of the lung."] * 3
LABELS = ["no_calcification", "no_calcification", "dystrophic", "dystrophic"] * 3


# A row that weighs two is in one fold, and two rows may be in two.
EXPECTED_FAILURES = dict.fromkeys(
    ("check_sample_weight_equivalence_on_dense_data", "check_sample_weight_equivalence_on_sparse_data"),
    "folds are of rows, not of weights",
)


@parametrize_with_checks([CalibratedLogisticRegression()], expected_failed_checks=lambda _: EXPECTED_FAILURES)
def test_the_estimator_follows_scikit_learn(estimator, check):
    check(estimator)


def test_the_classifier_works_with_scikit_learn():
    classifier = make_classifier(C=0.5)
    assert clone(classifier).get_params()["calibratedlogisticregression__C"] == 0.5
    assert cross_val_score(classifier, TEXTS, LABELS, cv=2).mean() == 1.0
    search = GridSearchCV(classifier, {"calibratedlogisticregression__C": [0.1, 1.0]}, cv=2).fit(TEXTS, LABELS)
    assert list(search.classes_) == ["dystrophic", "no_calcification"]
    assert search.predict_proba(TEXTS).sum(axis=1) == pytest.approx(1)
    assert list(search.predict(["Calcified fibroid."])) == ["dystrophic"]


def test_one_text_where_many_are_expected_is_refused():
    with pytest.raises(TypeError, match="not one str"):
        ReportFeatures().transform("Calcified node.")


def sample(n, scale=1.0, seed=0):
    """Rows of three classes whose true log-odds are linear in two features, times a scale."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n, 2))
    probabilities = softmax(scale * features @ np.array([[2.0, -1.0, 0.0], [0.0, 1.0, -2.0]]))
    return features, np.array([rng.choice(3, p=p) for p in probabilities])


def test_temperature_undoes_a_scale():
    features, truth = sample(4000)
    scores = features @ np.array([[2.0, -1.0, 0.0], [0.0, 1.0, -2.0]])
    assert temperature(scores * 3, truth) == pytest.approx(3, rel=0.1)
    assert temperature(scores / 2, truth) == pytest.approx(0.5, rel=0.1)


def test_probabilities_are_calibrated_with_rows_that_the_model_was_not_trained_on():
    features, y = sample(120)
    noise = np.random.default_rng(1).normal(size=(120, 60))
    overfitted = CalibratedLogisticRegression(C=100.0).fit(np.hstack([features, noise]), y)
    assert overfitted.temperature_ > 1.5


@pytest.mark.parametrize("error_rate", [0.05, 0.1, 0.3])
def test_sets_cover_each_class_as_often_as_stated(error_rate):
    features, y = sample(3000)
    classifier = CalibratedLogisticRegression().fit(features, y)
    new, truth = sample(3000, seed=1)
    kept = classifier.predict_set(new, error_rate)
    for label in range(3):
        assert kept[truth == label, label].mean() == pytest.approx(1 - error_rate, abs=0.05)


def test_folds_need_not_hold_every_row():
    features, y = sample(300)
    half = np.arange(150)
    classifier = CalibratedLogisticRegression(folds=[(np.arange(50, 300), half[:50]), (np.arange(300), half[50:])])
    assert sum(map(len, classifier.fit(features, y).conformal_scores_.values())) == 150


def test_rows_that_weigh_nothing_calibrate_nothing():
    features, y = sample(60)
    classifier = CalibratedLogisticRegression().fit(features, y, np.r_[np.ones(50), np.zeros(10)])
    assert sum(map(len, classifier.conformal_scores_.values())) == 50


def test_a_number_of_folds_may_be_numpys():
    features, y = sample(60)
    fitted = [CalibratedLogisticRegression(folds=folds).fit(features, y) for folds in (3, np.int64(3))]
    assert fitted[0].conformal_scores_ == fitted[1].conformal_scores_


def test_less_than_two_folds_are_refused():
    with pytest.raises(ValueError, match="folds must be at least 2"):
        CalibratedLogisticRegression(folds=1).fit([[0.0], [1.0], [2.0]], ["a", "b", "b"])


def test_too_few_rows_to_calibrate_rule_nothing_out():
    classifier = CalibratedLogisticRegression().fit([[0.0], [1.0], [2.0]], ["a", "b", "b"])
    assert classifier.temperature_ == 1.0
    assert classifier.predict_set([[0.5]]).all()
    assert classifier.review_below_ == np.inf


def test_a_row_that_weighs_more_counts_as_more_rows():
    features, y = sample(60)
    folds = [(np.arange(60), np.arange(60))]
    weighed = CalibratedLogisticRegression(folds=folds).fit(features, y, np.r_[np.full(20, 3.0), np.ones(40)])
    repeated = CalibratedLogisticRegression(folds=[(np.arange(100), np.arange(60))])
    repeated.fit(np.vstack([features, features[:20], features[:20]]), np.r_[y, y[:20], y[:20]])
    assert weighed.coef_ == pytest.approx(repeated.coef_, rel=1e-2, abs=1e-2)
    assert weighed.prior_ == pytest.approx(repeated.prior_)


scores_of = st.lists(st.floats(0, 1), min_size=1, max_size=60).map(sorted)


@given(scores_of, st.floats(0.001, 0.999))
def test_at_most_the_stated_share_of_calibration_reports_is_left_out(scores, error_rate):
    least = least_probability(scores, error_rate)
    assert sum(score < least for score in scores) <= error_rate * (len(scores) + 1)


@pytest.mark.parametrize(
    ("n", "error_rate", "least"),
    [(19, 0.05, 0.01), (18, 0.05, 0.0), (39, 0.05, 0.02), (38, 0.05, 0.01), (9, 0.1, 0.01), (3, 0.5, 0.02)],
)
def test_the_least_probability_is_that_of_the_rank_that_the_error_rate_allows(n, error_rate, least):
    assert least_probability([0.01 * i for i in range(1, n + 1)], error_rate) == pytest.approx(least)


@pytest.mark.parametrize("error_rate", [0, 1, 2.0, float("nan")])
def test_sets_at_no_error_rate_are_refused(error_rate):
    classifier = CalibratedLogisticRegression().fit([[0.0], [1.0], [2.0]], ["a", "b", "b"])
    with pytest.raises(ValueError, match="error_rate"):
        classifier.predict_set([[0.5]], error_rate)


LIKELY = dict(zip(Label, (0.7, 0.05, 0.05, 0.2), strict=True))


@pytest.mark.parametrize(
    ("conformal", "by_mentions", "review_below", "prediction_set", "reasons"),
    [
        (["dystrophic"], "dystrophic", 0.7, ["dystrophic"], []),
        ([], "dystrophic", 0.7, ["dystrophic"], []),
        (["dystrophic"], "dystrophic", 0.71, ["dystrophic"], ["low_confidence"]),
        (["dystrophic"], "dystrophic", np.inf, ["dystrophic"], ["low_confidence"]),
        (["no_calcification"], "dystrophic", 0.5, ["dystrophic", "no_calcification"], ["several_labels"]),
        (["dystrophic"], "no_calcification", 0.5, ["dystrophic", "no_calcification"], ["mentions_disagree"]),
        (
            ["no_calcification"],
            "indeterminate",
            0.9,
            ["dystrophic", "no_calcification", "indeterminate"],
            ["mentions_disagree", "several_labels", "low_confidence"],
        ),
    ],
)
def test_a_set_holds_the_label_and_that_of_the_mentions_and_says_why_it_is_for_review(
    conformal, by_mentions, review_below, prediction_set, reasons
):
    decided = decide(LIKELY, map(Label, conformal), Label(by_mentions), review_below)
    assert [list(part) for part in decided] == [prediction_set, reasons]


def test_conformal_scores_are_those_of_each_labels_own_reports():
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]])
    assert conformal_scores(probabilities, np.array(["a", "b", "a"]), ["a", "b"]) == {"a": [0.7, 0.9], "b": [0.8]}


@pytest.mark.parametrize(
    ("confidence", "right", "threshold"),
    [
        ([0.9, 0.8, 0.7, 0.6], [1, 1, 0, 1], 0.8),
        ([0.6, 0.9, 0.7, 0.8], [1, 1, 1, 1], 0.6),
        ([0.9, 0.8], [0, 1], np.inf),
        ([0.9, 0.9, 0.9], [1, 1, 0], np.inf),
        ([0.9, 0.8, 0.8], [1, 1, 0], 0.9),
    ],
)
def test_review_begins_below_the_least_confidence_that_is_right_often_enough(confidence, right, threshold):
    assert review_threshold(np.array(confidence), np.array(right, dtype=bool)) == threshold
