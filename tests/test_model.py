"""The model file: names and numbers, whole, of this program, or refused."""

import itertools
import json
import pickle
import subprocess
import sys

import numpy as np
import pytest

from calcitype import Label, load
from calcitype import model_file as model
from calcitype.calibration import softmax
from calcitype.classifier import make_classifier
from calcitype.errors import ModelError
from calcitype.model_file import Content
from invariants import sums_up

LABELS = [label.value for label in Label] * 3
TEXTS = ["Calcified granuloma.", "ESRD. Gastric calcification.", "Hepatic calcification.", "No calcification."] * 3
REPORT = "INDICATION: dialysis.\nFINDINGS: Calcified granuloma of the spleen. Calcification of the gastric wall."
SHARES = {"dystrophic": 0.1, "metastatic_suggestive": 0.01, "indeterminate": 0.04, "no_calcification": 0.85}


@pytest.fixture
def content():
    return json.loads((model.default_folder() / model.FILE).read_text(encoding="utf-8"))


def written(folder, content):
    """A model file of this content, whatever it is, with the SHA-256 that is right."""
    content.pop("sha256", None)
    digest = Content.model_validate_json(json.dumps(content)).digest()
    (folder / model.FILE).write_text(json.dumps({"sha256": digest, **content}))
    return folder


def test_the_shipped_model_is_read(content):
    shipped = model.read(model.default_folder())
    assert {name: weights.tolist() for name, weights in shipped.weights.items()} == content["coefficients"]
    assert set(shipped.conformal_scores) == set(Label)
    assert 0.5 < shipped.review_below < 1
    assert shipped.prior.sum() == pytest.approx(1)


def test_a_changed_file_is_refused(tmp_path, content):
    content["coefficients"]["cause: scar"] = [9.0, 9.0, 9.0, 9.0]
    (tmp_path / model.FILE).write_text(json.dumps(content))
    with pytest.raises(ModelError, match="SHA-256 differs"):
        model.read(tmp_path)


@pytest.mark.parametrize("what", ["calcitype", "lexicon"])
def test_a_model_of_another_version_is_refused_and_says_so(tmp_path, content, what):
    content["made_with"][what] = "0.0.1"
    with pytest.raises(ModelError, match=rf"was made with .*{what} 0\.0\.1.*train it again"):
        model.read(written(tmp_path, content))


@pytest.mark.parametrize(
    "missing", ["coefficients", "intercepts", "prior", "conformal_scores", "review_below", "made_with", "sha256"]
)
def test_a_file_without_what_a_model_needs_is_refused(tmp_path, content, missing):
    del content[missing]
    (tmp_path / model.FILE).write_text(json.dumps(content))
    with pytest.raises(ModelError, match=rf"is not a model \({missing}\)"):
        model.read(tmp_path)


SCORES = {label.value: [0.5] for label in Label}


@pytest.mark.parametrize(
    "change",
    [
        {"coefficients": {"cause: scar": [1.0, 2.0]}},
        {"coefficients": {"cause: scar": [1.0, 2.0, 3.0, float("nan")]}},
        {"coefficients": {"cause: scar": [1.0, 2.0, 3.0, 4.0], "cause: cyst": [1.0]}},
        {"coefficients": {"cause: scar": ["1.0", "2.0", "3.0", "4.0"]}},
        {"coefficients": {"cause: scar": [[1.0, 2.0], [3.0, 4.0]]}},
        {"coefficients": {"cause: scar": [1e308, -1e308, 1e308, -1e308]}},
        {"coefficients": {"cause: scar": [10**400, 0, 0, 0]}},
        {"coefficients": {"cause: scar": [True, False, False, False]}},
        {"coefficients": [1.0]},
        {"intercepts": [0.0, 0.0, 0.0]},
        {"intercepts": [0.0, 0.0, 0.0, float("inf")]},
        {"prior": [0.5, 0.5, 0.0, 0.0]},
        {"prior": [0.1, 0.1, 0.1, 0.1]},
        {"prior": [1.0, 1.0, 1.0, 1.0]},
        {"review_below": float("nan")},
        {"review_below": [0.5]},
        {"conformal_scores": {label.value: [2.0] for label in Label}},
        {"conformal_scores": {label.value: "x" for label in Label}},
        {"conformal_scores": {**SCORES, "benign": [0.5]}},
        {"conformal_scores": {"dystrophic": [0.5]}},
        {"conformal_scores": {**SCORES, "dystrophic": [0.9, 0.1]}},
        {"coefficients": {}},
        {"trained_on": {"here": -1}},
        {"made_with": {"calcitype": "0.1\n\x1b[31m"}},
        {"made_with": "0.1.0"},
        {"more": 1},
    ],
    ids=lambda change: str(change)[:60],
)
def test_numbers_that_make_no_model_are_refused(tmp_path, content, change):
    (tmp_path / model.FILE).write_text(json.dumps({**content, **change}))
    with pytest.raises(ModelError, match=rf"is not a model \(({next(iter(change))}|the whole)\)"):
        model.read(tmp_path)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{}", '{"sha256": 1}', "\x80", "cos\nsystem\n(S'true'\ntR.", "[" * 300_000],
    ids=lambda text: text[:8],
)
def test_what_is_no_model_is_refused(tmp_path, text):
    (tmp_path / model.FILE).write_text(text, encoding="latin-1")
    with pytest.raises(ModelError):
        load(tmp_path)


def test_a_missing_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match="no model in"):
        load(tmp_path)


def test_a_link_to_itself_is_refused(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(ModelError, match="no model in"):
        load(tmp_path / "loop")


def test_a_saved_model_predicts_as_its_estimator(tmp_path):
    classifier = make_classifier().fit(TEXTS, LABELS)
    model.save(tmp_path, model.content_of(classifier, {"here": len(TEXTS)}))
    counts = [{"mechanism: dystrophic, present": 1.0}, {"mention: absent": 1.0}, {"unknown": 1.0}]
    expected = classifier[1:].predict_proba(counts)
    order = [list(classifier.classes_).index(label.value) for label in Label]
    assert softmax(model.read(tmp_path).scores(counts)) == pytest.approx(expected[:, order], abs=1e-7)


def test_a_saved_model_keeps_the_labels_that_its_estimator_keeps_however_sure_it_is(tmp_path):
    """Weights are rounded in the file; a threshold rounded up would leave the surest reports without a label."""
    texts, labels = TEXTS * 200, LABELS * 200
    classifier = make_classifier(C=1e4).fit(texts, labels)
    model.save(tmp_path, model.content_of(classifier, {"here": len(texts)}))
    saved = load(tmp_path)
    for text, label in zip(TEXTS[:4], LABELS[:4], strict=True):
        result = saved.classify_report(text)
        assert (result.prediction_set, result.review) == ((label,), False)


def test_thresholds_are_rounded_down_and_never_to_certainty():
    classifier = make_classifier(C=1e4).fit(TEXTS * 20, LABELS * 20)
    regression, content = classifier[-1], model.content_of(classifier, {})
    assert max(map(max, regression.conformal_scores_.values())) > 1 - 1e-6
    assert content.review_below <= regression.review_below_
    for label, scores in content.conformal_scores.items():
        below = np.array(regression.conformal_scores_[label]) - scores
        assert max(scores) < 1
        assert (below >= 0).all()
        assert below.max() < 2e-6


def test_a_model_that_was_trained_again_is_the_one_that_is_read(tmp_path):
    for labels in (LABELS, LABELS[::-1]):
        model.save(tmp_path, model.content_of(make_classifier().fit(TEXTS, labels), {"here": len(TEXTS)}))
        assert load(tmp_path).classify_report(TEXTS[0]).label == labels[0]


def test_a_pickled_classifier_holds_its_model(tmp_path):
    model.save(tmp_path, model.content_of(make_classifier().fit(TEXTS, LABELS), {"here": len(TEXTS)}))
    classifier = load(tmp_path)
    pickled = pickle.dumps(classifier)
    (tmp_path / model.FILE).unlink()
    assert pickle.loads(pickled).classify_report(REPORT) == classifier.classify_report(REPORT)  # noqa: S301


def test_a_model_is_of_all_four_labels():
    with pytest.raises(ValueError, match="all four labels"):
        model.content_of(make_classifier().fit(TEXTS[:2] * 3, LABELS[:2] * 3), {"here": 6})


def test_a_prior_moves_the_odds_by_the_ratio_of_the_shares():
    shipped = dict(zip(Label, model.read(model.default_folder()).prior, strict=True))
    plain, moved = load().classify_report(REPORT), load(prior=SHARES).classify_report(REPORT)
    for label in Label:
        odds = moved.probabilities[label] / moved.probabilities["no_calcification"]
        before = plain.probabilities[label] / plain.probabilities["no_calcification"]
        ratio = (SHARES[label] / shipped[label]) / (SHARES["no_calcification"] / shipped[Label.NO_CALCIFICATION])
        assert odds == pytest.approx(before * ratio)
    sums_up(moved)


def test_what_cannot_be_ruled_out_does_not_depend_on_the_prior():
    text = "Indication: rule out calcification.\nFindings: No calcified plaque, no calcified node. Calcified granuloma."
    rare = {**dict.fromkeys(Label, 0.333), "no_calcification": 0.001}
    plain, moved = (load(error_rate=0.01, **more).classify_report(text) for more in ({}, {"prior": rare}))
    assert "no_calcification" in plain.prediction_set
    assert moved.label == moved.by_mentions == "dystrophic"
    assert moved.probabilities["no_calcification"] < plain.probabilities["no_calcification"] / 10
    assert set(moved.prediction_set) == set(plain.prediction_set)


@pytest.mark.parametrize(
    "prior",
    [
        {"dystrophic": 1.0},
        {**SHARES, "dystrophic": 0.5},
        {**SHARES, "dystrophic": 0.0, "indeterminate": 0.14},
        {**SHARES, "other": 0.1},
        {**SHARES, "dystrophic": float("nan")},
    ],
)
def test_a_prior_that_is_none_is_refused(prior):
    with pytest.raises(ValueError, match="prior"):
        load(prior=prior)


@pytest.mark.parametrize("error_rate", [0, 1, -0.1, 2, float("nan")])
def test_an_error_rate_that_is_none_is_refused(error_rate):
    with pytest.raises(ValueError, match="error_rate"):
        load(error_rate=error_rate)


def test_a_lower_error_rate_leaves_no_label_out_that_a_higher_one_keeps():
    sets = [set(load(error_rate=rate).classify_report(REPORT).prediction_set) for rate in (0.5, 0.1, 0.02, 0.001)]
    assert all(more <= fewer for more, fewer in itertools.pairwise(sets))
    assert sets[-1] == set(Label)


def test_a_classifier_pickles_with_its_settings():
    classifier = load(error_rate=0.1, prior=SHARES)
    assert pickle.loads(pickle.dumps(classifier)).classify_report(REPORT) == classifier.classify_report(REPORT)  # noqa: S301
    assert classifier.classify_report(REPORT) != load().classify_report(REPORT)


def test_the_shipped_model_is_small_and_holds_no_text_of_a_report(content):
    assert (model.default_folder() / model.FILE).stat().st_size < 100_000
    assert all(name.split(": ")[0] in FEATURES for name in content["coefficients"])


FEATURES = ("mention", "mechanism", "cause", "counts in", "unexplained", "patient")


def test_labelling_needs_no_scikit_learn():
    code = "import sys, calcitype; calcitype.classify_report('x'); sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_scores_of_a_batch_are_those_of_its_reports_alone():
    shipped = model.read(model.default_folder())
    counts = [{"mention: present": 1.0, "cause: granuloma": 1.0}, {"mention: absent": 2.0}, {}]
    alone = np.vstack([shipped.scores([found]) for found in counts])
    assert (shipped.scores(counts) == alone).all()
