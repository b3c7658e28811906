"""The model file: names and numbers, whole or refused; and the estimator as scikit-learn's own tools use it."""

import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score

from calcitype import Label, load, model
from calcitype.classifier import ReportClassifier, conformal_thresholds
from calcitype.features import consistent

TEXTS = ["No calcification.", "Clear lungs.", "Bilateral pelvic phleboliths.", "Calcified granuloma of the lung."] * 3
LABELS = ["no_calcification", "no_calcification", "dystrophic", "dystrophic"] * 3


@pytest.fixture
def content():
    return json.loads((model.default_folder() / model.FILE).read_text(encoding="utf-8"))


def test_the_shipped_model_is_read(content):
    shipped = model.read(model.default_folder())
    assert shipped.coefficients.shape == (len(Label), len(content["coefficients"]))
    assert set(shipped.thresholds) == set(Label)


def test_contributions_add_up_to_the_log_odds():
    shipped = model.read(model.default_folder())
    counts = {"guideline: dystrophic": 1.0, "cause: thrombus": 1.0}
    scores = shipped.coefficients @ [counts.get(name, 0.0) for name in shipped.column]
    row = list(Label).index(Label.DYSTROPHIC)
    against = scores[row] - np.delete(scores, row).mean()
    assert sum(shipped.contributions(counts, Label.DYSTROPHIC).values()) == pytest.approx(against)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c["coefficients"].update({"cause: scar": [9.0, 9.0, 9.0, 9.0]}),
        lambda c: c["thresholds"].update({"dystrophic": 0.0}),
        lambda c: c.pop("sha256"),
        lambda c: c.update(labels=["a", "b", "c", "d"]),
    ],
)
def test_a_changed_file_is_refused(tmp_path, content, change):
    change(content)
    (tmp_path / model.FILE).write_text(json.dumps(content))
    with pytest.raises(model.ModelError):
        model.read(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"sha256": 1}', "\x80"])
def test_what_is_no_model_is_refused(tmp_path, text):
    (tmp_path / model.FILE).write_text(text, encoding="latin-1")
    with pytest.raises(model.ModelError):
        load(tmp_path)


def test_a_missing_model_is_refused(tmp_path):
    with pytest.raises(model.ModelError, match="no usable model"):
        load(tmp_path)


def test_a_saved_model_predicts_as_its_estimator(tmp_path):
    labels = [label.value for label in Label] * 3
    classifier = ReportClassifier().fit(TEXTS, labels)
    model.save(tmp_path, classifier.model_, {"thresholds": dict.fromkeys(Label, 0.1)})
    counts = [{"guideline: dystrophic": 1.0}, {"mention: absent": 1.0}, {"unknown": 1.0}]
    expected = consistent(classifier.model_.predict_proba(counts), counts, classifier.classes_)
    order = [list(classifier.classes_).index(label.value) for label in Label]
    assert model.read(tmp_path).probabilities(counts) == pytest.approx(expected[:, order], abs=1e-7)


def test_the_estimator_works_with_scikit_learn():
    classifier = ReportClassifier(C=0.5)
    assert clone(classifier).get_params() == {"C": 0.5}
    assert cross_val_score(classifier, TEXTS, LABELS, cv=2).mean() == 1.0
    fitted = classifier.fit(TEXTS, LABELS)
    assert list(fitted.classes_) == ["dystrophic", "no_calcification"]
    assert fitted.predict_proba(TEXTS).sum(axis=1) == pytest.approx(1)


def test_thresholds_cover_each_label_as_often_as_stated():
    rng = np.random.default_rng(0)
    y = np.array(["a", "b"] * 500)
    p = np.where(y == "a", rng.beta(4, 2, 1000), rng.beta(2, 4, 1000))
    thresholds = conformal_thresholds(np.column_stack([p, 1 - p]), y, ["a", "b"], 0.1)
    kept = np.where(y == "a", p >= thresholds["a"], 1 - p >= thresholds["b"])
    for label in ("a", "b"):
        assert kept[y == label].mean() == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize(
    ("by_rule", "threshold", "labels"),
    [
        ("dystrophic", 0.5, "dystrophic"),
        ("dystrophic", 0.2, "dystrophic indeterminate"),
        ("dystrophic", 0.99, "dystrophic"),
        ("no_calcification", 0.5, "dystrophic no_calcification"),
        ("no_calcification", 0.0, "dystrophic indeterminate no_calcification metastatic_suggestive"),
    ],
)
def test_a_prediction_set_is_what_cannot_be_ruled_out_most_probable_first(by_rule, threshold, labels):
    probabilities = dict(zip(Label, (0.6, 0.05, 0.25, 0.1), strict=True))
    found = model.prediction_set(probabilities, Label(by_rule), dict.fromkeys(Label, threshold))
    assert [*found] == labels.split()


def test_a_label_of_few_reports_is_never_left_out():
    assert conformal_thresholds(np.array([[0.9], [0.8]]), ["a", "a"], ["a"], 0.05) == {"a": 0.0}


def test_labelling_needs_no_scikit_learn():
    code = "import sys, calcitype; calcitype.classify_report('x'); sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
