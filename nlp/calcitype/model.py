"""The trained model as a file of names and numbers: nothing in it can run, and a change to it shows in a diff."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from calcitype import lexicon
from calcitype.features import Floats, consistent
from calcitype.schema import Label

if TYPE_CHECKING:  # scikit-learn trains a model; using one does without, and starts twice as fast
    from sklearn.pipeline import Pipeline

FILE = "classifier.json"
# Digits that are kept of a coefficient; what lies beyond differs between machines.
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
        Shape (4, n_features), rows in the order of ``Label``.
    intercepts
        Shape (4,).
    thresholds
        Conformal: the least probability at which each label stays in the prediction set.
    version
        The start of the file's SHA-256.
    """

    column: dict[str, int]
    coefficients: Floats
    intercepts: Floats
    thresholds: dict[Label, float]
    version: str

    def probabilities(self, counts: Sequence[dict[str, float]]) -> Floats:
        """Shape (n_reports, 4), columns in the order of ``Label``."""
        features = np.zeros((len(counts), len(self.column)))
        for row, found in enumerate(counts):
            for name, value in found.items():
                if name in self.column:
                    features[row, self.column[name]] = value
        # Row by row: a product of whole matrices may round otherwise for another size of batch.
        scores = np.array([self.coefficients @ row for row in features]) + self.intercepts
        exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
        return consistent(exponentials / exponentials.sum(axis=1, keepdims=True), counts, list(Label))

    def contributions(self, counts: dict[str, float], label: Label) -> dict[str, float]:
        """What each feature adds to the log-odds of ``label`` against the mean of the others. Exact and additive."""
        row = list(Label).index(label)
        weight = self.coefficients[row] - np.delete(self.coefficients, row, axis=0).mean(axis=0)
        return {name: float(weight[self.column[name]] * n) for name, n in counts.items() if name in self.column}


def prediction_set(
    probabilities: Mapping[Label, float], by_rule: Label, thresholds: Mapping[Label, float]
) -> tuple[Label, ...]:
    """The labels that cannot be ruled out, most probable first.

    Parameters
    ----------
    probabilities
        Of every label.
    by_rule
        The label that the guideline's rule gives the mentions. It is in the set, as is the most probable one.
    thresholds
        The least probability at which each other label is.
    """
    likely = sorted(probabilities, key=lambda label: -probabilities[label])
    kept = {likely[0], by_rule, *(label for label in likely if probabilities[label] >= thresholds[label])}
    return tuple(label for label in likely if label in kept)


def default_folder() -> Path:
    """Where the model that ships is: in the installed package, or in ``models/`` of a source checkout."""
    package = Path(str(files("calcitype")))
    installed = package / "models"
    return installed if installed.is_dir() else package.parents[1] / "models"


def learnt(estimator: Pipeline) -> dict[str, Any]:
    """What an estimator has learnt: intercepts, and the coefficients of each feature, in the order of ``Label``."""
    vectorizer, regression = estimator[0], estimator[-1]
    order = [list(regression.classes_).index(label.value) for label in Label]
    coefficients = regression.coef_[order].T.round(_DIGITS).tolist()
    return {
        "labels": [label.value for label in Label],
        "intercepts": regression.intercept_[order].round(_DIGITS).tolist(),
        "coefficients": dict(zip(vectorizer.get_feature_names_out().tolist(), coefficients, strict=True)),
    }


def save(folder: Path, estimator: Pipeline, metadata: dict[str, Any]) -> None:
    """Write what an estimator has learnt, its metadata, and the SHA-256 of both."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {"lexicon": lexicon.load().digest, **metadata, **learnt(estimator)}
    (folder / FILE).write_text(json.dumps({"sha256": _digest(content), **content}, indent=1) + "\n", encoding="utf-8")


def read(folder: Path) -> Model:
    """Read a model.

    Raises
    ------
    ModelError
        If the file is missing, is not what training wrote, or is of another form.
    """
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        digest = content.pop("sha256")
        if digest != _digest(content):
            raise ModelError(f"{folder / FILE} is not what training wrote (SHA-256 differs)")
        if content["labels"] != [label.value for label in Label]:
            raise ModelError(f"{folder / FILE} is of other labels")
        return Model(
            column={name: i for i, name in enumerate(content["coefficients"])},
            coefficients=np.array(list(content["coefficients"].values()), dtype=np.float64).T,
            intercepts=np.array(content["intercepts"], dtype=np.float64),
            thresholds={label: float(content["thresholds"][label.value]) for label in Label},
            version=digest[:12],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"no usable model in {folder}: {type(error).__name__}") from error


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("utf-8")).hexdigest()
