"""The annotated corpora, read for training and for measuring."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import Pipeline
from spacy.tokens import Doc

from calcitype.classifier import ReportFeatures, make_estimator
from calcitype.features import Floats, consistent, counts_of, features_of, label_of
from calcitype.pipeline import mentions_of, read
from calcitype.schema import Assertion, Label, Mechanism, Mention

ROOT = Path(__file__).resolve().parents[1]
CORPORA = tuple(ROOT / "corpora" / name for name in ("gold", "fresh", "unseen"))
# As scikit-learn orders classes.
LABELS = sorted(label.value for label in Label)
ERROR_RATE = 0.05
# What an excerpt weighs in training against a whole report; chosen among 0, 0.1, 0.3 and 1 by leave-one-file-out.
EXCERPT_WEIGHT = 0.3

Counts = dict[str, float]


@dataclass(frozen=True)
class Corpus:
    """Annotated reports with what the pipeline finds in them, one item a report in every list."""

    reports: list[dict[str, Any]]
    files: list[str]
    mentions: list[tuple[Mention, ...]]
    counts: list[Counts]
    excerpts: list[list[tuple[Counts, str]]]
    sentences: list[list[tuple[int, int]]]

    @property
    def labels(self) -> list[str]:
        """The annotated labels."""
        return [report["label"] for report in self.reports]

    def part(self, folder: str) -> tuple[Corpus, npt.NDArray[np.intp]]:
        """The reports of one folder, and where they stand in the whole."""
        chosen = [i for i, file in enumerate(self.files) if file.startswith(f"{folder}/")]
        lists = (self.reports, self.files, self.mentions, self.counts, self.excerpts, self.sentences)
        return Corpus(*([values[i] for i in chosen] for values in lists)), np.array(chosen)

    def fit(self, without: str | None = None) -> Pipeline:
        """A classifier trained on the reports of all files but one, and on their excerpts.

        An excerpt is the title, the history and one sentence with mentions, labelled by the annotation of just these:
        it teaches what single findings mean, which a report of many findings does not.
        """
        chosen = [i for i, file in enumerate(self.files) if file != without]
        rows = [(self.counts[i], self.labels[i], 1.0) for i in chosen]
        rows += [(counts, label, EXCERPT_WEIGHT) for i in chosen for counts, label in self.excerpts[i]]
        counts, labels, weights = zip(*rows, strict=True)
        return make_estimator().fit(counts, labels, logisticregression__sample_weight=weights)

    def held_out(self) -> Floats:
        """Probabilities of each report by a classifier trained on the other files, columns as ``LABELS``."""
        probabilities = np.empty((len(self.reports), len(LABELS)))
        files = np.array(self.files)
        for file in np.unique(files):
            own = np.flatnonzero(files == file)
            counts = [self.counts[i] for i in own]
            probabilities[own] = consistent(self.fit(without=file).predict_proba(counts), counts, LABELS)
        return probabilities


def read_corpus(*folders: Path) -> Corpus:
    """Read every ``*.jsonl`` of folders, by default of all corpora (their form: annotation guideline, section 6)."""
    reports, files = [], []
    for folder in folders or CORPORA:
        for path in sorted(folder.glob("*.jsonl")):
            lines = path.read_text(encoding="utf-8").splitlines()
            reports += [json.loads(line) for line in lines]
            files += [f"{folder.name}/{path.stem}"] * len(lines)
    mentions, counts, cut, sentences = [], [], [], []
    for report, doc in zip(reports, read(report["text"] for report in reports), strict=True):
        found = mentions_of(doc)
        mentions.append(found)
        counts.append(counts_of(features_of(doc, found)))
        cut.append(list(_excerpts(report, doc)))
        sentences.append([(sentence.start_char, sentence.end_char) for sentence in doc.sents])
    seen = iter(ReportFeatures().transform([text for texts in cut for text, _ in texts]))
    excerpts = [[(next(seen), label) for _, label in texts] for texts in cut]
    return Corpus(reports, files, mentions, counts, excerpts, sentences)


def _excerpts(report: dict[str, Any], doc: Doc) -> Iterator[tuple[str, str]]:
    """Title, history and one sentence with mentions, for each such sentence, with the label of the mentions in them."""
    opening = [section for section in doc.spans["sections"] if section.label_ in ("exam", "indication")]
    end = max((section.end_char for section in opening), default=0)
    before = " ".join(section.text for section in opening)
    mentions = report["mentions"]
    for sentence in doc.sents:
        own = [m for m in mentions if max(end, sentence.start_char) <= m["start"] < sentence.end_char]
        if own:
            yield f"{before}\n\n{sentence.text}", _label_of([*own, *(m for m in mentions if m["start"] < end)])


def _label_of(mentions: list[dict[str, Any]]) -> str:
    """The guideline's section 1, on annotated mentions."""
    return label_of(Mechanism(m["mechanism"]) for m in mentions if Assertion(m["assertion"]).counts).value
