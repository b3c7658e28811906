"""Train the report classifier on the corpora and write it to models/.

python scripts/train.py            write the model
python scripts/train.py --check    train, and fail if the committed model does not predict the same
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from calcitype import model
from calcitype.classifier import conformal_thresholds
from calcitype.features import Floats
from corpus import ERROR_RATE, LABELS, ROOT, read_corpus

# The solver may stop a little elsewhere on another machine.
TOLERANCE = 1e-3


def numbers(content: dict[str, Any]) -> Floats:
    """Every number that a model predicts with, in an order that does not depend on the file's."""
    coefficients, thresholds = content["coefficients"], content["thresholds"]
    learnt = [value for name in sorted(coefficients) for value in coefficients[name]]
    return np.array([*learnt, *content["intercepts"], *(thresholds[label] for label in LABELS)])


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "models")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    corpus = read_corpus()
    thresholds = conformal_thresholds(corpus.held_out(), corpus.labels, LABELS, ERROR_RATE)
    estimator = corpus.fit()
    if not args.check:
        metadata = {"trained_on": Counter(corpus.files), "error_rate": ERROR_RATE, "thresholds": thresholds}
        model.save(args.output, estimator, metadata)
        print(f"trained on {len(corpus.reports)} reports, written to {args.output}")
        return
    trained = {**model.learnt(estimator), "thresholds": thresholds}
    committed = json.loads((args.output / model.FILE).read_text(encoding="utf-8"))
    if committed["coefficients"].keys() != trained["coefficients"].keys():
        raise SystemExit(f"the model in {args.output} has not the features that training gives")
    difference = np.abs(numbers(trained) - numbers(committed)).max()
    if difference > TOLERANCE:
        raise SystemExit(f"the model in {args.output} is not what training gives: it differs by {difference:.2g}")
    print(f"the model in {args.output} is what training gives (largest difference {difference:.2g})")


if __name__ == "__main__":
    main()
