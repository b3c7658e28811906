"""The trained model as a file of names and numbers: nothing in it can run, and a change to it shows in a diff."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from calcitype import lexicon
from calcitype.features import Floats
from calcitype.schema import Label

if TYPE_CHECKING:  # scikit-learn trains a model; using one does without, and starts twice as fast
    from sklearn.pipeline import Pipeline

FILE = "classifier.json"
# Digits that are kept of a number; what lies beyond differs between machines.
_DIGITS = 9


class ModelError(RuntimeError):
    """A model that cannot be used; the message says why."""


@dataclass(frozen=True)
class Model:
    """A trained multinomial logistic regression.

    Attributes
    ----------
    column
        The column of each feature.
    coefficients
        Shape (4, n_features), rows in the order of ``Label``: log-odds up to a constant.
    intercepts
        Shape (4,).
    prior
        Shape (4,): the share of each label in the training corpus, for which the probabilities hold.
    conformal_scores
        See :func:`calcitype.calibration.conformal_scores`.
    review_below
        The confidence below which a label needs review.
    version
        The start of the file's SHA-256.
    """

    column: dict[str, int]
    coefficients: Floats
    intercepts: Floats
    prior: Floats
    conformal_scores: dict[Label, list[float]]
    review_below: float
    version: str

    def scores(self, counts: Sequence[dict[str, float]]) -> Floats:
        """Shape (n_reports, 4), columns in the order of ``Label``; their softmax are the probabilities."""
        features = np.zeros((len(counts), len(self.column)))
        for row, found in enumerate(counts):
            for name, value in found.items():
                if name in self.column:
                    features[row, self.column[name]] = value
        # Row by row: a product of whole matrices may round otherwise for another size of batch.
        return np.array([self.coefficients @ row for row in features]) + self.intercepts

    def shift(self, prior: Mapping[Label, float]) -> Floats:
        """What to add to the scores of a collection in which labels have other shares, shape (4,).

        By Bayes' rule, where the reports of a label are alike in both (Saerens, Latinne and Decaestecker, Neural Comput
        2002).
        """
        return np.asarray(np.log([prior[label] for label in Label]) - np.log(self.prior))

    def weight(self, name: str, label: Label, rival: Label) -> float:
        """What a feature that counts 1 adds to the log-odds of a label against another."""
        if name not in self.column:
            return 0.0
        order = list(Label)
        weights = self.coefficients[:, self.column[name]]
        return float(weights[order.index(label)] - weights[order.index(rival)])


def default_folder() -> Path:
    """Where the model that ships is: in the installed package, or in ``models/`` of a source checkout."""
    package = Path(str(files("calcitype")))
    installed = package / "models"
    return installed if installed.is_dir() else package.parents[1] / "models"


def learnt(classifier: Pipeline) -> dict[str, Any]:
    """What a trained classifier predicts with, as a model file holds it.

    Parameters
    ----------
    classifier
        Ends with a ``DictVectorizer`` and a ``CalibratedLogisticRegression``, trained on all four labels.

    Raises
    ------
    ValueError
        If a label is missing or unknown.
    """
    from calcitype.classifier import label_columns  # scikit-learn, which only who trains needs

    vectorizer, regression = classifier[-2], classifier[-1]
    order = label_columns(regression.classes_)
    coefficients = regression.coef_[order].T.round(_DIGITS).tolist()
    return {
        "prior": regression.prior_[order].round(_DIGITS).tolist(),
        "temperature": round(regression.temperature_, _DIGITS),
        "review_below": round(regression.review_below_, _DIGITS),
        "conformal_scores": {
            label.value: [round(score, _DIGITS) for score in regression.conformal_scores_[label]] for label in Label
        },
        "intercepts": regression.intercept_[order].round(_DIGITS).tolist(),
        "coefficients": dict(zip(vectorizer.get_feature_names_out().tolist(), coefficients, strict=True)),
    }


def save(folder: Path, classifier: Pipeline, metadata: dict[str, Any]) -> None:
    """Write what a classifier has learnt, with what it was made, metadata, and the SHA-256 of all.

    Raises
    ------
    ValueError
        See :func:`learnt`.
    OSError
        If the file cannot be written.
    """
    content = {"made_with": _made_with(), **metadata, **learnt(classifier)}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(json.dumps({"sha256": _digest(content), **content}, indent=1) + "\n", encoding="utf-8")


def read(folder: Path) -> Model:
    """Read a model. Nothing in the file is run.

    Raises
    ------
    ModelError
        If the file is missing, is not what training wrote, or was made with another version or lexicon.
    """
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        digest = content.pop("sha256")
        if digest != _digest(content):
            raise ModelError(f"{folder / FILE} is not what training wrote (SHA-256 differs)")
        if (made := content["made_with"]) != _made_with():
            raise ModelError(
                f"{folder / FILE} was made with {_said(made)}; this is {_said(_made_with())}: train it again"
            )
        return _model(content, digest[:12])
    except OSError as error:
        raise ModelError(f"no model in {folder}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder / FILE} is not a model: {type(error).__name__}") from error


def _model(content: dict[str, Any], version: str) -> Model:
    """The model of a file's content; ``ValueError`` if its numbers are none or do not fit together."""
    names = list(content["coefficients"])
    coefficients = np.array(list(content["coefficients"].values()), dtype=np.float64).reshape(len(names), -1)
    intercepts, prior = (np.array(content[name], dtype=np.float64) for name in ("intercepts", "prior"))
    scores = {label: sorted(map(float, content["conformal_scores"][label.value])) for label in Label}
    review_below = float(content["review_below"])
    shares = np.array([*prior, review_below, *(score for found in scores.values() for score in found)])
    if not (coefficients.shape[1:] == intercepts.shape == prior.shape == (len(Label),)):
        raise ValueError("numbers of another shape")
    if not (np.isfinite(coefficients).all() and np.isfinite(intercepts).all() and (prior > 0).all()):
        raise ValueError("numbers that are none")
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError("shares that are none")
    return Model(
        {name: i for i, name in enumerate(names)}, coefficients.T, intercepts, prior, scores, review_below, version
    )


def _made_with() -> dict[str, str]:
    """What decides the features, without which the numbers of a model mean nothing."""
    return {"calcitype": version("calcitype"), "lexicon": lexicon.load().digest}


def _said(made_with: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in made_with.items())


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("utf-8")).hexdigest()
