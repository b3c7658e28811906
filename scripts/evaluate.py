"""Measure calcitype on each corpus, leave-one-file-out: train on all other files, score the one left out, pool.

    python scripts/evaluate.py             tables
    python scripts/evaluate.py --errors    and every error of gold and fresh, with the rule and the sentence
    python scripts/evaluate.py --json      the same for machines

Report level: accuracy, macro-F1, precision, recall and F1 of each label with 95 % confidence intervals (bootstrap over
reports), Brier score, expected calibration error, accuracy of the surest 80 and 90 %, coverage and size of the
prediction sets, the share for review; and the labels by file, cause and length of the report. Mention level: detection
by character overlap, one to one; then the share of matched mentions with the right assertion and, of those that count,
site, laterality, mechanism and cause; and precision and recall of each value of these. The mention components learn
nothing from the corpora.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Hashable
from dataclasses import asdict
from typing import Any

import numpy as np

from calcitype.metrics import report_metrics, result_metrics, set_metrics
from calcitype.schema import Assertion
from corpus import CORPORA, UNSEEN, Corpus, Rows, read_corpus
from held_out import Predictions, predict
from mention_scores import Error, label_error, mention_metrics
from score_tables import print_errors, print_metrics

# Words of a report, up to and with.
LENGTHS = (25, 50, 100, 150)


def classifier_metrics(corpus: Corpus, said: Predictions) -> dict[str, Any]:
    """Labels, probabilities, prediction sets and review of reports of files that the classifier was not trained on."""
    return {
        **result_metrics(corpus.labels, said.predicted, said.probability, said.sets, said.review),
        "conformal": set_metrics(corpus.labels, said.conformal),
        "differs_from_mentions": float(np.mean(np.array(said.predicted) != np.array(said.by_mentions))),
    }


def groups(corpus: Corpus, keys: Callable[[int], list[Hashable]]) -> dict[Any, Rows]:
    """The rows of the reports that have a key, for each key."""
    rows: dict[Any, list[int]] = {}
    for i in range(len(corpus.reports)):
        for key in keys(i):
            rows.setdefault(key, []).append(i)
    return {key: np.array(found) for key, found in rows.items()}


def by_cause(corpus: Corpus) -> dict[str, Rows]:
    """Reports by each cause that is annotated of a mention that counts; "none" where none is."""

    def causes(i: int) -> list[Hashable]:
        counting = [m for m in corpus.reports[i]["mentions"] if Assertion(m["assertion"]).counts]
        return sorted({m["cause"] or "none" for m in counting})

    return dict(sorted(groups(corpus, causes).items()))


def by_length(corpus: Corpus) -> dict[str, Rows]:
    """Reports by their number of words."""
    bounds = [0, *LENGTHS]
    names = [f"{low + 1} to {high}" for low, high in zip(bounds, LENGTHS, strict=False)] + [f"over {LENGTHS[-1]}"]

    def length(i: int) -> list[Hashable]:
        return [names[int(np.searchsorted(LENGTHS, len(corpus.reports[i]["text"].split())))]]

    found = groups(corpus, length)
    return {name: found[name] for name in names if name in found}


def by_file(corpus: Corpus) -> dict[str, Rows]:
    """Reports by their file, which is of one style."""
    return groups(corpus, lambda i: [corpus.files[i]])


def measure() -> tuple[dict[str, Any], list[Error]]:
    """The metrics of every corpus, and every error."""
    corpus, said = predict(read_corpus())
    metrics: dict[str, Any] = {}
    errors: list[Error] = []
    for folder in CORPORA:
        rows = np.flatnonzero(np.array(corpus.folders) == folder.name)
        part, own = corpus.part(rows), said.part(rows)
        mentions, wrong = mention_metrics(part)
        metrics[folder.name] = {"reports": classifier_metrics(part, own), "mentions": mentions}
        errors += [
            label_error(part, i, got)
            for i, (got, gold) in enumerate(zip(own.predicted, part.labels, strict=True))
            if got != gold
        ]
        errors += wrong
    whole: dict[str, Any] = {"all": classifier_metrics(corpus, said)}
    for name, split in (("file", by_file), ("cause", by_cause), ("length", by_length)):
        whole[name] = {
            key: report_metrics(corpus.part(rows).labels, part.predicted, part.probability)
            for key, rows, part in ((key, rows, said.part(rows)) for key, rows in split(corpus).items())
        }
    return {"corpora": metrics, "whole": whole}, errors


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="list every error")
    parser.add_argument("--json", action="store_true", help="write JSON")
    args = parser.parse_args()
    metrics, found = measure()
    errors = [error for error in found if not error.file.startswith(f"{UNSEEN.name}/")]
    if args.json:
        listed = {"errors": [asdict(error) for error in errors]} if args.errors else {}
        print(json.dumps({**metrics, **listed}, indent=1))
        return
    print_metrics(metrics)
    if args.errors:
        print_errors(errors)


if __name__ == "__main__":
    main()
