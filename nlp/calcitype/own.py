"""A classifier trained on one's own labelled reports, and how good one is on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline

from calcitype.calibration import ERROR_RATE, Indices, least_probability
from calcitype.classifier import make_classifier
from calcitype.core import Calcitype
from calcitype.errors import InputError, refused
from calcitype.features import counts_of, found_in, label_by_mentions
from calcitype.held_out import predict_held_out
from calcitype.labelled import Labelled
from calcitype.metrics import result_metrics
from calcitype.model_file import content_of, save
from calcitype.schema import Label

# Fewer reports of a label than this say nothing.
FEWEST = 5
_FOLDS = 5


@dataclass(frozen=True)
class Trained:
    """How good a new classifier is.

    Attributes
    ----------
    metrics
        Those of :meth:`calcitype.held_out.Predictions.metrics`, by five-fold cross-validation: each report by a
        classifier trained and calibrated without its fold. Reports of the same text are in one fold.
    never_ruled_out
        The labels of which there are too few reports to leave them out of any prediction set at an error rate of 5 %.
    """

    metrics: dict[str, Any]
    never_ruled_out: tuple[Label, ...]


def train(reports: Labelled, folder: Path) -> Trained:
    """Train a classifier on labelled reports and write it; :func:`calcitype.load` reads it.

    Report-level labels suffice: the mentions are found by the rules that are there.

    Parameters
    ----------
    reports
        At least five different ones of each of the four labels.
    folder
        Where to write the model.

    Returns
    -------
    Trained

    Raises
    ------
    InputError
        If there are too few reports of a label, or the model cannot be written.
    """
    labels, texts = np.array(reports.labels), _numbered(reports.texts)
    for label in Label:
        if (n := len(np.unique(texts[labels == label]))) < FEWEST:
            raise InputError(
                f"training needs at least {FEWEST} different reports of each label; there are {n} of {label}"
            )
    found = list(found_in(reports.texts))
    counts = [counts_of(features) for _, features in found]
    splits = _splits(labels, texts)
    if not all(any(counts[i] for i in rows) for rows, _ in splits):
        raise InputError("calcification was found in too few reports to learn from")
    fits = ((_fit([counts[i] for i in rows], labels[rows], texts[rows]), left_out) for rows, left_out in splits)
    by_mentions = [label_by_mentions(mentions) for mentions, _ in found]
    measured = predict_held_out(fits, counts, by_mentions, reports.labels)
    content = content_of(_fit(counts, labels, texts), {"reports": len(labels)})
    with refused(f"write {folder}"):
        save(folder, content)
    scores = content.conformal_scores
    return Trained(
        measured.metrics(),
        tuple(label for label in Label if least_probability(scores[label], ERROR_RATE) == 0),
    )


def _numbered(texts: Sequence[str]) -> Indices:
    """A number for each text, the same for texts of the same words."""
    return np.unique([" ".join(text.lower().split()) for text in texts], return_inverse=True)[1]


def _splits(labels: npt.NDArray[np.str_], texts: Indices) -> list[tuple[Indices, Indices]]:
    """Indices to train on and rows to leave out, by folds that part no copies of a report; none of too few reports."""
    fewest = min(len(np.unique(texts[labels == label])) for label in np.unique(labels))
    if fewest < 2:
        return []
    folds = StratifiedGroupKFold(min(_FOLDS, fewest), shuffle=True, random_state=0)
    return list(folds.split(labels, labels, texts))


def _fit(counts: list[dict[str, float]], labels: npt.NDArray[np.str_], texts: Indices) -> Pipeline:
    return make_classifier(folds=_splits(labels, texts))[1:].fit(counts, labels)


def evaluate(classifier: Calcitype, reports: Labelled, *, n_jobs: int = 1) -> dict[str, Any]:
    """How good a classifier is on labelled reports; see :func:`calcitype.metrics.result_metrics`."""
    results = list(classifier.classify_reports(reports.texts, n_jobs=n_jobs))
    return result_metrics(
        reports.labels,
        np.array([result.probability for result in results]),
        [result.prediction_set for result in results],
        np.array([result.review for result in results]),
        [result.by_mentions for result in results],
    )
