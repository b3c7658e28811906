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
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from calcitype.calibration import Indices
from corpus import UNSEEN, Report, read_corpus
from examples import Examples, leave_one_file_out
from mention_scores import Error, label_error, mention_metrics, said
from score_tables import print_errors, print_metrics

# Words of a report, up to and with.
LENGTHS = (25, 50, 100, 150)


def groups(reports: Sequence[Report], keys: Callable[[Report], Iterable[str]]) -> dict[str, Indices]:
    """The rows of the reports that have a key, for each key."""
    rows: dict[str, list[int]] = {}
    for i, report in enumerate(reports):
        for key in keys(report):
            rows.setdefault(key, []).append(i)
    return {key: np.array(found) for key, found in rows.items()}


def by_cause(reports: Sequence[Report]) -> dict[str, Indices]:
    """Reports by each cause that is annotated of a mention that counts; "none" where none is."""
    causes = groups(reports, lambda report: {said(m, "cause") for m in report.annotated if m.counts})
    return dict(sorted(causes.items()))


def by_length(reports: Sequence[Report]) -> dict[str, Indices]:
    """Reports by their number of words."""
    bounds = [0, *LENGTHS]
    names = [f"{low + 1} to {high}" for low, high in zip(bounds, LENGTHS, strict=False)] + [f"over {LENGTHS[-1]}"]
    found = groups(reports, lambda report: [names[int(np.searchsorted(LENGTHS, len(report.text.split())))]])
    return {name: found[name] for name in names if name in found}


def by_file(reports: Sequence[Report]) -> dict[str, Indices]:
    """Reports by their file, which is of one style."""
    return groups(reports, lambda report: [report.file])


def measure() -> tuple[dict[str, Any], list[Error]]:
    """The metrics of every corpus, and every error but those of ``unseen``, which nobody is to read."""
    corpus = read_corpus()
    reports, predictions, cut, said_of_cut = leave_one_file_out(corpus, Examples(corpus))
    metrics: dict[str, Any] = {}
    errors: list[Error] = []
    for folder, rows in groups(reports, lambda report: [report.folder]).items():
        part, own = [reports[i] for i in rows], predictions.part(rows)
        mentions, wrong = mention_metrics(part)
        metrics[folder] = {"reports": own.metrics(), "mentions": mentions}
        if folder != UNSEEN.name:
            errors += [label_error(r, got) for r, got in zip(part, own.predicted, strict=True) if got != r.label]
            errors += wrong
    calibrating = np.flatnonzero([report.calibrates for report in reports])
    whole: dict[str, Any] = {"all": predictions.metrics(), "calibrating": predictions.part(calibrating).metrics()}
    for name, split in (("file", by_file), ("cause", by_cause), ("length", by_length)):
        whole[name] = {key: predictions.part(rows).metrics() for key, rows in split(reports).items()}
    doubtful = np.array([example.uncertain for example in cut])
    parts = {"a finding": ~doubtful, "a finding in doubt": doubtful}
    whole["cut"] = {
        name: {
            **said_of_cut.part(np.flatnonzero(rows)).metrics(),
            "rule": float(np.mean([e.by_mentions == e.label for e, here in zip(cut, rows, strict=True) if here])),
        }
        for name, rows in parts.items()
    }
    return {"corpora": metrics, "whole": whole}, errors


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
