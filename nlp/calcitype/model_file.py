"""A trained model as a file of names and numbers: nothing in it can run, and a change to it shows in a diff."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from calcitype import lexicon
from calcitype.errors import ModelError
from calcitype.model import Model
from calcitype.schema import Label, label_columns

if TYPE_CHECKING:  # scikit-learn trains a model; using one does without, and starts twice as fast
    from sklearn.pipeline import Pipeline

FILE = "classifier.json"
# Digits that are kept of a weight; what lies beyond differs between machines.
_DIGITS = 9
# Digits that are kept of a probability from which on something holds, rounded down: what the rounding of weights moves
# must not undo it.
_THRESHOLD_DIGITS = 6

Weight = Annotated[float, Field(ge=-1e6, le=1e6)]
Share = Annotated[float, Field(ge=0, le=1)]
Version = Annotated[str, Field(pattern=r"^[\w.+-]{1,40}$")]
# One number for each label, in the order of ``Label``.
Weights = tuple[Weight, Weight, Weight, Weight]
Shares = tuple[Share, Share, Share, Share]


class Content(BaseModel):
    """What a model file holds beside the SHA-256 of it.

    Attributes
    ----------
    made_with
        What decides the features, without which the numbers mean nothing.
    trained_with
        Versions of the libraries.
    trained_on
        Reports by file.
    prior, temperature, conformal_scores, review_below
        See :class:`calcitype.classifier.CalibratedLogisticRegression`; the last is ``None`` where it is infinite.
    intercepts, coefficients
        Of each label, and of each feature for each label: log-odds up to a constant.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    made_with: dict[str, Version]
    trained_with: dict[str, Version]
    trained_on: dict[str, Annotated[int, Field(gt=0)]]
    prior: Shares
    temperature: Annotated[float, Field(gt=0)]
    review_below: Share | None
    conformal_scores: dict[Label, list[Share]]
    intercepts: Weights
    coefficients: Annotated[dict[str, Weights], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if set(self.conformal_scores) != set(Label):
            raise ValueError("conformal scores of other labels")
        if any(scores != sorted(scores) for scores in self.conformal_scores.values()):
            raise ValueError("conformal scores out of order")
        if not (min(self.prior) > 0 and math.isclose(sum(self.prior), 1, abs_tol=1e-6)):
            raise ValueError("a prior that is none")
        return self

    def digest(self) -> str:
        """The SHA-256 of the content."""
        held = self.model_dump(mode="json", exclude={"sha256"})
        return hashlib.sha256(json.dumps(held, sort_keys=True).encode("utf-8")).hexdigest()


class _File(Content):
    sha256: str


def default_folder() -> Path:
    """Where the model that ships is: in the installed package, or in ``models/`` of a source checkout."""
    package = Path(str(files("calcitype")))
    installed = package / "models"
    return installed if installed.is_dir() else package.parents[1] / "models"


def content_of(classifier: Pipeline, trained_on: Mapping[str, int]) -> Content:
    """What a model file holds of a trained classifier.

    Parameters
    ----------
    classifier
        Ends with a ``DictVectorizer`` and a ``CalibratedLogisticRegression``, trained on all four labels.
    trained_on
        Reports by file.

    Raises
    ------
    ValueError
        If a label is missing or unknown.
    """
    vectorizer, regression = classifier[-2], classifier[-1]
    order = label_columns(regression.classes_)
    rows = [tuple(row) for row in regression.coef_[order].T.round(_DIGITS).tolist()]
    return Content(
        made_with=_made_with(),
        trained_with={name: version(name) for name in ("scikit-learn", "numpy", "scipy", "spacy")},
        trained_on=dict(trained_on),
        prior=tuple(regression.prior_[order].round(_DIGITS).tolist()),
        temperature=round(regression.temperature_, _DIGITS),
        review_below=None if math.isinf(regression.review_below_) else _rounded_down(regression.review_below_),
        conformal_scores={label: [*map(_rounded_down, regression.conformal_scores_[label])] for label in Label},
        intercepts=tuple(regression.intercept_[order].round(_DIGITS).tolist()),
        coefficients=dict(zip(vectorizer.get_feature_names_out().tolist(), rows, strict=True)),
    )


def save(folder: Path, content: Content) -> None:
    """Write a model file.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    held = {"sha256": content.digest(), **content.model_dump(mode="json")}
    (folder / FILE).write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")


def read_content(folder: Path) -> Content:
    """What the model file in a folder holds. Nothing in it is run.

    Raises
    ------
    ModelError
        If the file is missing or is not what training wrote.
    """
    try:
        file = _File.model_validate_json((folder / FILE).read_bytes())
    except OSError as error:
        raise ModelError(f"no model in {folder}: {error.strerror}") from error
    except ValidationError as error:
        where = next((key for key in error.errors()[0]["loc"] if key in _File.model_fields), "the whole")
        raise ModelError(f"{folder / FILE} is not a model ({where})") from None
    if file.sha256 != file.digest():
        raise ModelError(f"{folder / FILE} is not what training wrote (SHA-256 differs)")
    return file


def read(folder: Path) -> Model:
    """The model in a folder.

    Raises
    ------
    ModelError
        If the file is missing, is not what training wrote, or was made with another version or lexicon.
    """
    content = read_content(folder)
    if content.made_with != _made_with():
        raise ModelError(
            f"{folder / FILE} was made with {_said(content.made_with)}; this is {_said(_made_with())}: train it again"
        )
    return Model(
        weights={name: np.array(weights) for name, weights in content.coefficients.items()},
        intercepts=np.array(content.intercepts),
        prior=np.array(content.prior),
        conformal_scores=content.conformal_scores,
        review_below=math.inf if content.review_below is None else content.review_below,
        version=content.digest()[:12],
    )


def _rounded_down(threshold: float) -> float:
    """A threshold that is less than 1, as a probability may be by its rounding alone."""
    steps: int = 10**_THRESHOLD_DIGITS
    return min(math.floor(threshold * steps), steps - 1) / steps


def _made_with() -> dict[str, str]:
    return {"calcitype": version("calcitype"), "lexicon": lexicon.load().digest}


def _said(made_with: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in made_with.items())
