"""Train the report classifier on the corpora and write it to models/.

python scripts/train.py            write the model
python scripts/train.py --check    train, and fail if the committed model does not predict the same
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from calcitype import model
from calcitype.features import Floats
from calcitype.schema import Label
from corpus import ROOT, Examples, read_corpus

# The solver may stop a little elsewhere on another machine.
TOLERANCE = 1e-3


def numbers(content: dict[str, Any]) -> Floats:
    """Every number that a model predicts with, in an order that does not depend on the file's."""
    coefficients, scores = content["coefficients"], content["conformal_scores"]
    learnt = [value for name in sorted(coefficients) for value in coefficients[name]]
    calibrated = [value for label in Label for value in scores[label]]
    return np.array([*learnt, *calibrated, *content["intercepts"], *content["prior"], content["review_below"]])


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "models")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    corpus = read_corpus()
    classifier = Examples(corpus).fit()
    if not args.check:
        versions = {name: version(name) for name in ("scikit-learn", "numpy", "scipy", "spacy")}
        model.save(args.output, classifier, {"trained_with": versions, "trained_on": Counter(corpus.files)})
        print(f"trained on {len(corpus.reports)} reports, written to {args.output}")
        return
    trained = model.learnt(classifier)
    committed = json.loads((args.output / model.FILE).read_text(encoding="utf-8"))
    if committed["coefficients"].keys() != trained["coefficients"].keys():
        raise SystemExit(f"the model in {args.output} has not the features that training gives")
    difference = np.abs(numbers(trained) - numbers(committed)).max()
    if difference > TOLERANCE:
        raise SystemExit(f"the model in {args.output} is not what training gives: it differs by {difference:.2g}")
    print(f"the model in {args.output} is what training gives (largest difference {difference:.2g})")


if __name__ == "__main__":
    main()
