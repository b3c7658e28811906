"""The annotated corpora, read for training and for measuring."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import Pipeline

from calcitype.classifier import make_classifier
from calcitype.features import Feature, counts_of, features_of
from calcitype.pipeline import mentions_of, read
from calcitype.schema import Mention
from pairs import label_of_annotated, paired

ROOT = Path(__file__).resolve().parents[1]
GOLD, FRESH, UNSEEN, GENERATED = (ROOT / "corpora" / name for name in ("gold", "fresh", "unseen", "generated"))
CORPORA = (GOLD, FRESH, UNSEEN)
# What weighs less in training than a report written by hand: a generated one, and one cut down to a finding.
GENERATED_WEIGHT = 0.1
CUT_DOWN_WEIGHT = 0.02
# Files that calibrate are held out in so many groups.
GROUPS = 10

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Corpus:
    """Annotated reports with what the pipeline finds in them, one item a report in every list."""

    reports: list[dict[str, Any]]
    files: list[str]
    mentions: list[tuple[Mention, ...]]
    features: list[list[Feature]]
    sentences: list[list[tuple[int, int]]]

    @cached_property
    def labels(self) -> list[str]:
        """The annotated labels."""
        return [report["label"] for report in self.reports]

    @cached_property
    def counts(self) -> list[dict[str, float]]:
        """What the classifier reads of each report."""
        return [counts_of(features) for features in self.features]

    @cached_property
    def folders(self) -> list[str]:
        """The folder of each report."""
        return [file.split("/")[0] for file in self.files]

    @cached_property
    def weights(self) -> npt.NDArray[np.float64]:
        """What each report weighs in training."""
        return np.where(np.array(self.folders) == GENERATED.name, GENERATED_WEIGHT, 1.0)

    def part(self, rows: Sequence[int] | Rows) -> Corpus:
        """Some of the reports."""
        lists = (self.reports, self.files, self.mentions, self.features, self.sentences)
        return Corpus(*([values[i] for i in rows] for values in lists))

    @cached_property
    def hand_written(self) -> list[str]:
        """The files that were not made by a program."""
        return sorted({file for file in self.files if not file.startswith(f"{GENERATED.name}/")})


def read_reports(*folders: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Every report of the ``*.jsonl`` of folders (annotation guideline, section 6), and its "folder/file"."""
    reports, files = [], []
    for folder in folders:
        for path in sorted(folder.glob("*.jsonl")):
            lines = path.read_text(encoding="utf-8").splitlines()
            reports += [json.loads(line) for line in lines]
            files += [f"{folder.name}/{path.stem}"] * len(lines)
    return reports, files


def read_corpus(*folders: Path) -> Corpus:
    """The reports of folders, by default of all corpora, with what the pipeline finds in them."""
    reports, files = read_reports(*folders or (*CORPORA, GENERATED))
    mentions, features, sentences = [], [], []
    for doc in read(report["text"] for report in reports):
        found = mentions_of(doc)
        mentions.append(found)
        features.append(features_of(doc, found))
        sentences.append([(sentence.start_char, sentence.end_char) for sentence in doc.sents])
    return Corpus(reports, files, mentions, features, sentences)


def cut_down(corpus: Corpus) -> Iterator[tuple[int, dict[str, float], str]]:
    """Reports cut down to one finding and what is denied beside it: the row, the feature counts, the label.

    Corpora that are written to hold much calcification hold few reports of one finding, and their reports of none hold
    many denials; without these a classifier takes a plain finding among denials for an error.
    """
    for row, (report, mentions) in enumerate(zip(corpus.reports, corpus.mentions, strict=True)):
        others = {(m.start, m.end) for m in mentions if m.counts}
        for annotated, found in paired(report["mentions"], mentions):
            if found.counts:
                gone = others - {(found.start, found.end)}
                kept = [f for f in corpus.features[row] if (f.start, f.end) not in gone]
                yield row, counts_of(kept), label_of_annotated([annotated])


class Examples:
    """What the classifier that ships learns from: the reports of a corpus, and each cut down to one finding."""

    def __init__(self, corpus: Corpus) -> None:
        rows, cut_counts, cut_labels = zip(*cut_down(corpus), strict=True)
        self._files = np.array([*corpus.files, *(corpus.files[row] for row in rows)])
        self._counts = np.array([*corpus.counts, *cut_counts], dtype=object)
        self._labels = np.array([*corpus.labels, *cut_labels])
        self._weight = np.r_[corpus.weights, CUT_DOWN_WEIGHT * corpus.weights[list(rows)]]
        self._whole = np.arange(len(self._files)) < len(corpus.reports)
        self._calibrating = [f for f in corpus.hand_written if not f.startswith(f"{FRESH.name}/")]

    def fit(self, without: str | None = None) -> Pipeline:
        """A classifier for feature counts, trained on all files but one.

        It is calibrated with gold and unseen files: where the rules were mended most, they are right too often.
        """
        kept = np.flatnonzero(self._files != without)
        files, whole = self._files[kept], self._whole[kept]
        others = [file for file in self._calibrating if file != without]
        groups = [np.isin(files, others[i::GROUPS]) for i in range(GROUPS)]
        folds = [(np.flatnonzero(~group), np.flatnonzero(group & whole)) for group in groups]
        return make_classifier(folds=folds)[1:].fit(
            self._counts[kept], self._labels[kept], calibratedlogisticregression__sample_weight=self._weight[kept]
        )
