"""Measure calcitype on each corpus, leave-one-file-out: train on all other files, score the one left out, pool.

    python scripts/evaluate.py             tables
    python scripts/evaluate.py --errors    and every error: file, report, field, gold, got, deciding rule, sentence
    python scripts/evaluate.py --json      the same for machines

Report level: accuracy, macro-F1, precision, recall and F1 of each label, Brier score, expected calibration error, and
coverage and size of the conformal prediction sets. Mention level: detection by character overlap, one to one; then the
share of matched mentions with the right assertion and, of those that count, site, laterality, mechanism and cause; and
precision and recall of each value of these. The mention components learn nothing from the corpus.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

from calcitype.classifier import conformal_thresholds
from calcitype.features import Floats, label_by_rule
from calcitype.model import prediction_set
from calcitype.schema import Label
from corpus import CORPORA, ERROR_RATE, LABELS, Corpus, read_corpus
from mention_scores import Error, label_error, mention_metrics
from score_tables import print_errors, print_metrics

BINS = 10


def calibration_error(probabilities: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error of the predicted label's probability, in ten equal bins (Guo et al., ICML 2017)."""
    confidence = probabilities.max(axis=1)
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [abs(confidence[bins == b].sum() - right[bins == b].sum()) for b in range(BINS)]
    return float(sum(gaps) / len(right))


def prediction_sets(corpus: Corpus, probabilities: Floats) -> list[tuple[Label, ...]]:
    """The prediction set of each report, by thresholds taken from all other files."""
    files, labels = np.array(corpus.files), np.array(corpus.labels)
    sets: list[tuple[Label, ...]] = [()] * len(labels)
    for name in np.unique(files):
        own = files == name
        thresholds = conformal_thresholds(probabilities[~own], labels[~own], LABELS, ERROR_RATE)
        for i in np.flatnonzero(own):
            likely = dict(zip(map(Label, LABELS), probabilities[i].tolist(), strict=True))
            sets[i] = prediction_set(likely, label_by_rule(corpus.mentions[i]), thresholds)
    return sets


def conformal_metrics(labels: npt.NDArray[np.str_], sets: Sequence[tuple[Label, ...]]) -> dict[str, Any]:
    """Coverage of each label and mean size of the prediction sets."""
    covered = np.array([label in found for label, found in zip(labels, sets, strict=True)])
    return {
        "nominal": 1 - ERROR_RATE,
        "coverage": {label: float(covered[labels == label].mean()) for label in LABELS},
        "mean_size": float(np.mean([len(found) for found in sets])),
    }


def report_metrics(
    corpus: Corpus, probabilities: Floats, sets: Sequence[tuple[Label, ...]]
) -> tuple[dict[str, Any], list[Error]]:
    """The classifier on reports of files it was not trained on, and every error."""
    files, labels = np.array(corpus.files), np.array(corpus.labels)
    predicted = np.array(LABELS)[probabilities.argmax(axis=1)]
    truth = labels[:, None] == np.array(LABELS)
    scores = precision_recall_fscore_support(labels, predicted, labels=LABELS)
    metrics = {
        "reports": len(labels),
        "macro_f1_of_files": {
            str(name): float(f1_score(labels[files == name], predicted[files == name], average="macro"))
            for name in np.unique(files)
        },
        "accuracy": float(accuracy_score(labels, predicted)),
        "macro_f1": float(f1_score(labels, predicted, average="macro")),
        "labels": {
            label: {"precision": float(p), "recall": float(r), "f1": float(f), "reports": int(n)}
            for label, p, r, f, n in zip(LABELS, *scores, strict=True)
        },
        "brier": float(((probabilities - truth) ** 2).sum(axis=1).mean()),
        "calibration_error": calibration_error(probabilities, predicted == labels),
        "conformal": conformal_metrics(labels, sets),
    }
    errors = [label_error(corpus, int(i), str(predicted[i])) for i in np.flatnonzero(predicted != labels)]
    return metrics, errors


def measure() -> tuple[dict[str, Any], list[Error]]:
    """The metrics of every corpus, and every error."""
    whole = read_corpus()
    probabilities = whole.held_out()
    sets = prediction_sets(whole, probabilities)
    metrics: dict[str, Any] = {}
    errors: list[Error] = []
    for folder in CORPORA:
        corpus, places = whole.part(folder.name)
        reports, wrong_labels = report_metrics(corpus, probabilities[places], [sets[i] for i in places])
        mentions, wrong_mentions = mention_metrics(corpus)
        metrics[folder.name] = {"reports": reports, "mentions": mentions}
        errors += [*wrong_labels, *wrong_mentions]
    return metrics, errors


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="list every error")
    parser.add_argument("--json", action="store_true", help="write JSON")
    args = parser.parse_args()
    metrics, errors = measure()
    if args.json:
        listed = {"errors": [asdict(error) for error in errors]} if args.errors else {}
        print(json.dumps({**metrics, **listed}, indent=1))
        return
    print_metrics(metrics)
    if args.errors:
        print_errors(errors)


if __name__ == "__main__":
    main()
