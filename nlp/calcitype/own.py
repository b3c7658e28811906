"""A classifier trained on one's own labelled reports, and how good one is on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline

from calcitype import model
from calcitype.classifier import ReportFeatures, make_classifier
from calcitype.columns import InputError
from calcitype.core import Calcitype
from calcitype.features import Floats
from calcitype.labelled import Labelled
from calcitype.metrics import LABELS, report_metrics, review_metrics, set_metrics
from calcitype.schema import Label

# Fewer reports of a label than this say nothing.
FEWEST = 5
_FOLDS = 5


def train(reports: Labelled, folder: Path, *, C: float = 1.0) -> dict[str, Any]:  # noqa: N803 (scikit-learn's name)
    """Train a classifier on labelled reports and write it; :func:`calcitype.load` reads it.

    Report-level labels suffice: the mentions are found by the rules that are there.

    Parameters
    ----------
    reports
        At least five of each of the four labels.
    folder
        Where to write the model.
    C
        Inverse strength of the L2 penalty.

    Returns
    -------
    dict
        :func:`evaluate`'s metrics, by five-fold cross-validation: each report by a classifier trained and calibrated
        without its fold.

    Raises
    ------
    InputError
        If there are too few reports of a label, or the model cannot be written.
    """
    labels = np.array([label.value for label in reports.labels])
    for label in Label:
        if (n := int((labels == label.value).sum())) < FEWEST:
            raise InputError(f"training needs at least {FEWEST} reports of each label; there are {n} of {label}")
    learner = make_classifier(C)[1:]
    counts = np.array(ReportFeatures().transform(reports.texts), dtype=object)
    held_out = np.empty((len(labels), len(LABELS)))
    for rest, own in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(counts, labels):
        held_out[own] = _in_order(learner.fit(counts[rest], labels[rest]), counts[own])
    try:
        model.save(folder, learner.fit(counts, labels), {"trained_on": f"{len(labels)} reports", "C": C})
    except OSError as error:
        raise InputError(f"cannot write {folder}: {error.strerror}") from None
    return report_metrics(reports.labels, [LABELS[i] for i in held_out.argmax(axis=1)], held_out)


def _in_order(learner: Pipeline, counts: Any) -> Floats:
    """Probabilities with columns in the order of ``Label``."""
    classes = learner.classes_.tolist()
    return np.asarray(learner.predict_proba(counts)[:, [classes.index(label.value) for label in LABELS]])


def evaluate(classifier: Calcitype, reports: Labelled, *, n_jobs: int = 1) -> dict[str, Any]:
    """How good a classifier is on labelled reports.

    Returns
    -------
    dict
        That of :func:`calcitype.metrics.report_metrics`, with ``sets`` of :func:`calcitype.metrics.set_metrics` and
        ``review`` of :func:`calcitype.metrics.review_metrics`.
    """
    results = list(classifier.classify_reports(reports.texts, n_jobs=n_jobs))
    probability = np.array([result.probability for result in results])
    metrics = report_metrics(reports.labels, [result.label for result in results], probability)
    right = np.array([result.label is label for result, label in zip(results, reports.labels, strict=True)])
    review = np.array([result.review for result in results])
    return {
        **metrics,
        "sets": set_metrics(reports.labels, [result.prediction_set for result in results]),
        "review": review_metrics(right, review),
    }
