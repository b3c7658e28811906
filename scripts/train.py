"""Train the report classifier on the corpora and write it to models/.

python scripts/train.py            write the model
python scripts/train.py --check    train, and fail if the committed model does not predict the same
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from calcitype.calibration import Floats
from calcitype.model_file import Content, content_of, read_content, save
from calcitype.schema import Label
from corpus import ROOT, read_corpus
from examples import Examples

# The solver may stop a little elsewhere on another machine.
TOLERANCE = 1e-3


def numbers(content: Content) -> Floats:
    """Every number that a model predicts with."""
    learnt = [value for name in sorted(content.coefficients) for value in content.coefficients[name]]
    calibrated = [score for label in Label for score in content.conformal_scores[label]]
    return np.array(
        [*learnt, *calibrated, *content.intercepts, *content.prior, content.review_below, content.temperature],
        dtype=float,
    )


def rest(content: Content) -> dict[str, Any]:
    """What must be the same to the letter."""
    scores = {label: len(found) for label, found in content.conformal_scores.items()}
    return {
        "what it was made with": content.made_with, "reports trained on": content.trained_on,
        "features": content.coefficients.keys(), "reports calibrated with": scores,
    }  # fmt: skip


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "models")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    reports = read_corpus()
    trained = content_of(Examples(reports).fit(), Counter(report.file for report in reports))
    if not args.check:
        save(args.output, trained)
        print(f"trained on {len(reports)} reports, written to {args.output}")
        return
    committed = read_content(args.output)
    for what, value in rest(trained).items():
        if rest(committed)[what] != value:
            raise SystemExit(f"the model in {args.output} is not what training gives: other {what}")
    difference = np.abs(numbers(trained) - numbers(committed)).max()
    if not difference <= TOLERANCE:
        raise SystemExit(f"the model in {args.output} is not what training gives: it differs by {difference:.2g}")
    print(f"the model in {args.output} is what training gives (largest difference {difference:.2g})")


if __name__ == "__main__":
    main()
