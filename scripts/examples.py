"""What the classifier that ships learns from, and what it says of files that are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import Pipeline

from calcitype.classifier import make_classifier
from calcitype.features import counts_of, label_by_mentions
from calcitype.held_out import Predictions, predict_held_out
from calcitype.schema import Assertion, Label
from corpus import Report
from mention_scores import paired

# What weighs less in training than a report written by hand: a generated one, and one cut down to a finding.
GENERATED_WEIGHT = 0.1
CUT_DOWN_WEIGHT = 0.02
# How much more a report cut down to a finding in doubt weighs: there are few, and errors are as many.
UNCERTAIN = 5
# Files that calibrate are held out in so many groups.
GROUPS = 10


def weights(reports: Sequence[Report]) -> npt.NDArray[np.float64]:
    """What each report weighs in training."""
    return np.array([1.0 if report.hand_written else GENERATED_WEIGHT for report in reports])


class CutDown(NamedTuple):
    """A report cut down to one finding and what is denied beside it.

    Attributes
    ----------
    counts
        What the classifier reads of it.
    label
        By its annotation.
    by_mentions
        By the guideline's rule on what was found.
    uncertain
        Whether what was found is in doubt.
    """

    counts: dict[str, float]
    label: Label
    by_mentions: Label
    uncertain: bool


def cut_down(report: Report) -> list[CutDown]:
    """A report cut down to each of its findings.

    Corpora that are written to hold much calcification hold few reports of one finding, and their reports of none hold
    many denials; without these a classifier takes a plain finding among denials for an error.
    """
    counting = {(m.start, m.end) for m in report.mentions if m.counts}
    cut = []
    for annotated, found in paired(report.annotated, report.mentions):
        if found.counts:
            gone = counting - {(found.start, found.end)}
            kept = [f for f in report.features if (f.start, f.end) not in gone]
            labels = label_by_mentions([annotated]), label_by_mentions([found])
            cut.append(CutDown(counts_of(kept), *labels, found.assertion is Assertion.UNCERTAIN))
    return cut


class Examples:
    """The reports of a corpus, and each cut down to one finding.

    Parameters
    ----------
    reports
        Of all corpora.
    cut_down_weight
        What a report cut down weighs.
    """

    def __init__(self, reports: Sequence[Report], cut_down_weight: float = CUT_DOWN_WEIGHT) -> None:
        whole, cut = zip(*((report, example) for report in reports for example in cut_down(report)), strict=True)
        self._files = np.array([report.file for report in (*reports, *whole)])
        self._counts = np.array([example.counts for example in (*reports, *cut)], dtype=object)
        self._labels = np.array([example.label for example in (*reports, *cut)])
        doubt = np.where([example.uncertain for example in cut], UNCERTAIN, 1)
        self._weight = np.r_[weights(reports), cut_down_weight * doubt * weights(whole)]
        self._whole = np.arange(len(self._files)) < len(reports)
        self._calibrating = sorted({report.file for report in reports if report.calibrates})

    def fit(self, without: str | None = None) -> Pipeline:
        """A classifier for feature counts, trained on all files but one."""
        kept = np.flatnonzero((self._files != without) & (self._weight > 0))
        files, whole = self._files[kept], self._whole[kept]
        others = [file for file in self._calibrating if file != without]
        groups = [np.isin(files, others[i::GROUPS]) for i in range(GROUPS)]
        folds = [(np.flatnonzero(~group), np.flatnonzero(group & whole)) for group in groups]
        return make_classifier(folds=folds)[1:].fit(
            self._counts[kept], self._labels[kept], calibratedlogisticregression__sample_weight=self._weight[kept]
        )


class HeldOut(NamedTuple):
    """What is said of reports by classifiers that were fitted without their file.

    Attributes
    ----------
    reports, said
        The hand-written reports, and what is said of them.
    cut, said_of_cut
        The same reports cut down.
    """

    reports: list[Report]
    said: Predictions
    cut: list[CutDown]
    said_of_cut: Predictions


def leave_one_file_out(reports: Sequence[Report], examples: Examples) -> HeldOut:
    """What is said of the hand-written reports by classifiers that were fitted without their file."""
    written = [report for report in reports if report.hand_written]
    whole, cut = zip(*((report, example) for report in written for example in cut_down(report)), strict=True)
    fits = {file: examples.fit(without=file) for file in dict.fromkeys(report.file for report in written)}
    return HeldOut(written, _said(fits, written, written), list(cut), _said(fits, whole, cut))


def _said(fits: Mapping[str, Pipeline], of: Sequence[Report], what: Sequence[Report | CutDown]) -> Predictions:
    """What is said of reports, whole or cut down."""
    files = np.array([report.file for report in of])
    counts, by_mentions, labels = ([getattr(one, name) for one in what] for name in ("counts", "by_mentions", "label"))
    rows = ((fit, np.flatnonzero(files == file)) for file, fit in fits.items() if file in files)
    return predict_held_out(rows, counts, by_mentions, labels)
