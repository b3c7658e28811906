"""Train the report classifier on the corpora and write it to models/.

    python scripts/train.py            write the model
    python scripts/train.py --check    train, and fail if the committed model does not predict the same
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from calcitype import model
from calcitype.classifier import ReportClassifier, ReportFeatures, conformal_thresholds
from calcitype.schema import Label
from corpus import ROOT, read_corpus
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

ERROR_RATE = 0.05
TOLERANCE = 1e-6


def train() -> tuple[ReportClassifier, dict[str, object], list[str]]:
    """The classifier, its metadata, and the texts it was trained on."""
    corpus = read_corpus()
    texts = [report["text"] for reports in corpus.values() for report in reports]
    labels = [report["label"] for reports in corpus.values() for report in reports]
    files = [name for name, reports in corpus.items() for _ in reports]
    classifier = ReportClassifier()
    held_out = cross_val_predict(
        classifier, texts, labels, groups=files, cv=LeaveOneGroupOut(), method="predict_proba"
    )
    classes = sorted(label.value for label in Label)
    thresholds = conformal_thresholds(held_out, labels, classes, ERROR_RATE)
    classifier.fit(texts, labels)
    metadata = {
        "trained_on": {name: len(reports) for name, reports in corpus.items()},
        "error_rate": ERROR_RATE,
        "thresholds": {label: round(threshold, 6) for label, threshold in thresholds.items()},
    }
    return classifier, metadata, texts


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "models")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    classifier, metadata, texts = train()
    if not args.check:
        model.save(args.output, classifier.model_, metadata)
        print(f"trained on {len(texts)} reports, written to {args.output}")
        return
    committed = model.read(args.output)
    features = ReportFeatures().transform(texts)
    new = classifier.model_.predict_proba(features)
    old = committed.estimator.predict_proba(features)
    difference = float(np.abs(new - old).max())
    if difference > TOLERANCE or list(committed.thresholds.values()) != [
        metadata["thresholds"][label.value] for label in committed.thresholds
    ]:
        raise SystemExit(f"the model in {args.output} is not what training gives: probabilities differ by {difference:.2g}")
    print(f"the model in {args.output} is what training gives (largest difference {difference:.2g})")


if __name__ == "__main__":
    main()
