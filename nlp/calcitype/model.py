"""The trained model as files: written by training, read without running code."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import skops.io
from sklearn.pipeline import Pipeline

from calcitype import lexicon
from calcitype.schema import Label

ESTIMATOR, METADATA = "classifier.skops", "classifier.json"


class ModelError(RuntimeError):
    """A model that cannot be used; the message says why."""


@dataclass(frozen=True)
class Model:
    """A trained classifier with what is known of it.

    Attributes
    ----------
    estimator
        ``DictVectorizer`` and ``LogisticRegression``.
    thresholds
        Conformal: the least probability at which each label stays in the prediction set.
    version
        Of the model: the start of its file's SHA-256.
    """

    estimator: Pipeline
    thresholds: dict[Label, float]
    version: str

    def probabilities(self, features: list[dict[str, float]]) -> npt.NDArray[np.float64]:
        """Shape (n_reports, 4), columns in the order of ``Label``."""
        order = [list(self.estimator.classes_).index(label.value) for label in Label]
        return np.asarray(self.estimator.predict_proba(features))[:, order]

    def contributions(self, features: dict[str, float], label: Label) -> dict[str, float]:
        """What each feature adds to the log-odds of ``label`` against the mean of the others. Exact and additive."""
        vectorizer, regression = self.estimator[0], self.estimator[-1]
        row = list(regression.classes_).index(label.value)
        others = np.delete(regression.coef_, row, axis=0).mean(axis=0)
        weight = regression.coef_[row] - others
        columns = vectorizer.vocabulary_
        return {name: float(weight[columns[name]] * value) for name, value in features.items() if name in columns}


def default_folder() -> Path:
    """Where the model that ships is: in the installed package, or in ``models/`` of a source checkout."""
    package = Path(str(files("calcitype")))
    installed = package / "models"
    return installed if installed.is_dir() else package.parents[1] / "models"


def save(folder: Path, estimator: Pipeline, metadata: dict[str, Any]) -> None:
    """Write a model: the estimator (skops) and its metadata with the estimator's SHA-256 (JSON)."""
    folder.mkdir(parents=True, exist_ok=True)
    content = skops.io.dumps(estimator)
    (folder / ESTIMATOR).write_bytes(content)
    known = {"sha256": hashlib.sha256(content).hexdigest(), "lexicon": lexicon.load().digest, **metadata}
    (folder / METADATA).write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def read(folder: Path) -> Model:
    """Read a model without running code from it.

    Raises
    ------
    ModelError
        If a file is missing, is not the one that training wrote, or holds anything but scikit-learn's own types.
    """
    try:
        metadata = json.loads((folder / METADATA).read_text(encoding="utf-8"))
        content = (folder / ESTIMATOR).read_bytes()
    except (OSError, ValueError) as error:
        raise ModelError(f"no readable model in {folder}: {error}") from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != metadata.get("sha256"):
        raise ModelError(f"{folder / ESTIMATOR} is not the file that {METADATA} describes (SHA-256 differs)")
    if unknown := skops.io.get_untrusted_types(data=content):
        raise ModelError(f"{folder / ESTIMATOR} holds types that are not trusted: {', '.join(unknown)}")
    estimator = skops.io.loads(content)
    if set(estimator.classes_) != {label.value for label in Label}:
        raise ModelError(f"{folder / ESTIMATOR} does not know the four labels")
    return Model(estimator, {label: metadata["thresholds"][label.value] for label in Label}, digest[:12])
