"""The trained model as files: written by training, read without running code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import skops.io
from sklearn.pipeline import Pipeline

from calcitype import lexicon
from calcitype.classifier import consistent
from calcitype.schema import Label

COEFFICIENTS, METADATA = "classifier.skops", "classifier.json"

Floats = npt.NDArray[np.float64]


class ModelError(RuntimeError):
    """A model that cannot be used; the message says why."""


@dataclass(frozen=True)
class Model:
    """A trained multinomial logistic regression: plain numbers, so that no version of scikit-learn can misread them.

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


def default_folder() -> Path:
    """Where the model that ships is: in the installed package, or in ``models/`` of a source checkout."""
    package = Path(str(files("calcitype")))
    installed = package / "models"
    return installed if installed.is_dir() else package.parents[1] / "models"


def save(folder: Path, estimator: Pipeline, metadata: dict[str, Any]) -> None:
    """Write what an estimator has learnt (numbers, by skops) and the metadata with the file's SHA-256 (JSON)."""
    vectorizer, regression = estimator[0], estimator[-1]
    order = [list(regression.classes_).index(label.value) for label in Label]
    content = skops.io.dumps(
        {
            "features": list(vectorizer.get_feature_names_out()),
            "coefficients": regression.coef_[order],
            "intercepts": regression.intercept_[order],
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / COEFFICIENTS).write_bytes(content)
    known = {"sha256": hashlib.sha256(content).hexdigest(), "lexicon": lexicon.load().digest, **metadata}
    (folder / METADATA).write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def read(folder: Path) -> Model:
    """Read a model without running code from it.

    Raises
    ------
    ModelError
        If a file is missing, is not the one that training wrote, or holds anything but numbers and names.
    """
    try:
        metadata = json.loads((folder / METADATA).read_text(encoding="utf-8"))
        content = (folder / COEFFICIENTS).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest != metadata["sha256"]:
            raise ModelError(f"{folder / COEFFICIENTS} is not the file that {METADATA} describes (SHA-256 differs)")
        if unknown := skops.io.get_untrusted_types(data=content):
            raise ModelError(f"{folder / COEFFICIENTS} holds types that are not trusted: {', '.join(unknown)}")
        learnt = skops.io.loads(content)
        return Model(
            column={str(name): i for i, name in enumerate(learnt["features"])},
            coefficients=np.asarray(learnt["coefficients"], dtype=np.float64),
            intercepts=np.asarray(learnt["intercepts"], dtype=np.float64),
            thresholds={label: float(metadata["thresholds"][label.value]) for label in Label},
            version=digest[:12],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"no usable model in {folder}: {type(error).__name__}") from error
