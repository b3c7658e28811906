"""The annotated corpora, read for training and for measuring."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

from calcitype.classifier import counts_of, features_of, make_estimator
from calcitype.pipeline import mentions_of, read
from calcitype.schema import Label, Mention

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "corpora" / "gold"
# As scikit-learn orders classes.
LABELS = sorted(label.value for label in Label)


@dataclass(frozen=True)
class Corpus:
    """Annotated reports with what the pipeline finds in them, one item a report in every list."""

    reports: list[dict[str, Any]]
    files: list[str]
    mentions: list[tuple[Mention, ...]]
    counts: list[dict[str, float]]

    @property
    def labels(self) -> list[str]:
        """The annotated labels."""
        return [report["label"] for report in self.reports]

    def held_out(self) -> npt.NDArray[np.float64]:
        """Probabilities of each report by a classifier trained on the other files, columns as ``LABELS``."""
        return np.asarray(
            cross_val_predict(
                make_estimator(),
                self.counts,
                self.labels,
                groups=self.files,
                cv=LeaveOneGroupOut(),
                method="predict_proba",
            )
        )


def read_corpus(folder: Path = GOLD) -> Corpus:
    """Read every ``*.jsonl`` of a folder (the form is in the annotation guideline, section 6)."""
    reports, files = [], []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            reports.append(json.loads(line))
            files.append(path.stem)
    mentions, counts = [], []
    for doc in read(report["text"] for report in reports):
        found = mentions_of(doc)
        mentions.append(found)
        counts.append(counts_of(features_of(doc, found)))
    return Corpus(reports, files, mentions, counts)
