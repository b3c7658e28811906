"""A classifier trained on one's own labelled reports, and how good one is on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from sklearn.model_selection import StratifiedKFold

from calcitype import model
from calcitype.classifier import ReportFeatures, label_columns, make_classifier
from calcitype.columns import InputError
from calcitype.core import Calcitype
from calcitype.labelled import Labelled
from calcitype.metrics import LABELS, report_metrics, result_metrics
from calcitype.schema import Label

# Fewer reports of a label than this say nothing.
FEWEST = 5
_FOLDS = 5


def train(reports: Labelled, folder: Path) -> dict[str, Any]:
    """Train a classifier on labelled reports and write it; :func:`calcitype.load` reads it.

    Report-level labels suffice: the mentions are found by the rules that are there.

    Parameters
    ----------
    reports
        At least five of each of the four labels.
    folder
        Where to write the model.

    Returns
    -------
    dict
        Those of :func:`calcitype.metrics.report_metrics`, by five-fold cross-validation: each report by a classifier
        trained and calibrated without its fold.

    Raises
    ------
    InputError
        If there are too few reports of a label, or the model cannot be written.
    """
    labels = np.array([label.value for label in reports.labels])
    for label in Label:
        if (n := int((labels == label.value).sum())) < FEWEST:
            raise InputError(f"training needs at least {FEWEST} reports of each label; there are {n} of {label}")
    classifier = make_classifier()[1:]
    counts = np.array(ReportFeatures().transform(reports.texts), dtype=object)
    if not any(counts):
        raise InputError("no calcification was found in any report, so there is nothing to learn from")
    probability = np.empty((len(labels), len(LABELS)))
    for train, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(counts, labels):
        classifier.fit(counts[train], labels[train])
        probability[test] = classifier.predict_proba(counts[test])[:, label_columns(classifier.classes_)]
    try:
        model.save(folder, classifier.fit(counts, labels), {"trained_on": f"{len(labels)} reports"})
    except OSError as error:
        raise InputError(f"cannot write {folder}: {error.strerror}") from None
    return report_metrics(reports.labels, [LABELS[i] for i in probability.argmax(axis=1)], probability)


def evaluate(classifier: Calcitype, reports: Labelled, *, n_jobs: int = 1) -> dict[str, Any]:
    """How good a classifier is on labelled reports; see :func:`calcitype.metrics.result_metrics`."""
    results = list(classifier.classify_reports(reports.texts, n_jobs=n_jobs))
    return result_metrics(
        reports.labels,
        [result.label for result in results],
        np.array([result.probability for result in results]),
        [result.prediction_set for result in results],
        np.array([result.review for result in results]),
    )
