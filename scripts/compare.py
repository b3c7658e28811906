"""Compare ways to label a report, all by leave-one-file-out over the hand-written corpora, in the model card.

python scripts/compare.py            write the table
python scripts/compare.py --check    fail if the table there is not the one measured now

Every way is trained on the same reports: those of all other files, and the generated ones at the weight that the
shipped classifier gives them. Only the shipped one is trained on reports cut down to one finding too; how often such
reports of the file left out are labelled right stands in the last column. A rule gives its label a probability of 0.97.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import BaseEstimator
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from calcitype.calibration import Floats
from calcitype.metrics import report_metrics
from calcitype.schema import Label, label_columns
from card import header, line, put, with_interval
from corpus import CORPORA, UNSEEN, Report, read_corpus
from examples import Examples, cut_down, weights

RULE = "the guideline's rule on the mentions found"
# What a rule is trusted with.
SURE = 0.97

_DENIED = re.compile(r"\b(?:no|without|negative for|free of|rule out|\?)\b[^.;\n]*?calcif", re.IGNORECASE)
_METASTATIC = re.compile(
    r"dialysis|esrd|renal failure|parathyroid|hypercalc[ae]|myeloma|vitamin d|calciphyl|nephrocalcin|metastatic calc",
    re.I,
)
_DYSTROPHIC = re.compile(
    r"granulom|athero|aort|coronary|phlebolith|tubercul|fibroid|plaque|tendin|old infarct|fat necrosis|valve|cyst",
    re.IGNORECASE,
)
_ANY = re.compile(r"calcif|calcinos|lith\b|liths\b|agatston|mineraliz", re.IGNORECASE)


def by_keywords(text: str) -> Label:
    """The label that words alone suggest, as a simple search would have it."""
    if not _ANY.search(_DENIED.sub("", text)):
        return Label.NO_CALCIFICATION
    if _METASTATIC.search(text):
        return Label.METASTATIC_SUGGESTIVE
    return Label.DYSTROPHIC if _DYSTROPHIC.search(text) else Label.INDETERMINATE


@dataclass(frozen=True)
class Learnt:
    """A way that learns: what it reads of each report, and how it is fitted without a file."""

    inputs: Sequence[Any]
    fit: Callable[[str], Pipeline]


def certain(labels: Iterable[Label]) -> Floats:
    """Probabilities of labels that a rule gives, columns in the order of ``Label``."""
    given = np.array([[label is other for other in Label] for label in labels])
    return np.where(given, SURE, (1 - SURE) / (len(Label) - 1))


def learnt(reports: Sequence[Report], inputs: Sequence[Any], *steps: BaseEstimator) -> Learnt:
    """A scikit-learn pipeline as a way."""
    files, labels = (np.array([getattr(report, name) for report in reports]) for name in ("file", "label"))
    given, weight, pipeline = np.array(inputs, dtype=object), weights(reports), make_pipeline(*steps)

    def fit(without: str) -> Pipeline:
        kept = files != without
        return pipeline.fit(given[kept], labels[kept], **{f"{pipeline.steps[-1][0]}__sample_weight": weight[kept]})

    return Learnt(inputs, fit)


def measure(reports: Sequence[Report], way: Learnt) -> tuple[Floats, float | None]:
    """Leave-one-file-out: probabilities of the hand-written reports; how often those cut down get their label."""
    files, written = np.array([report.file for report in reports]), [report.hand_written for report in reports]
    probability = np.empty((len(files), len(Label)))
    right: list[bool] = []
    for file in dict.fromkeys(files[written]):
        pipeline, rows = way.fit(file), np.flatnonzero(files == file)
        probability[rows] = pipeline.predict_proba([way.inputs[i] for i in rows])[:, label_columns(pipeline.classes_)]
        if isinstance(way.inputs[0], dict):
            cut = [example for i in rows for example in cut_down(reports[i])]
            given = pipeline.predict([example.counts for example in cut])
            right += [label == example.label for label, example in zip(given, cut, strict=True)]
    return probability[written], float(np.mean(right)) if right else None


def ways(reports: Sequence[Report]) -> dict[str, Floats | Learnt]:
    """Every way by its name in the table; of a rule, what it says of the hand-written reports."""
    texts, counts = [report.text for report in reports], [report.counts for report in reports]
    written = [report for report in reports if report.hand_written]
    both = list(zip(texts, counts, strict=True))
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=5, sublinear_tf=True)
    frequencies = FeatureUnion([("words", words), ("characters", characters)])
    text_of, counts_of = (FunctionTransformer(partial(_item, i)) for i in (0, 1))
    beside = FeatureUnion(
        [("text", make_pipeline(text_of, frequencies)), ("counts", make_pipeline(counts_of, DictVectorizer()))]
    )
    boosting = HistGradientBoostingClassifier(max_leaf_nodes=8, l2_regularization=1.0, random_state=0)
    return {
        "majority": learnt(reports, texts, CountVectorizer(), DummyClassifier(strategy="prior")),
        "keywords": certain(by_keywords(report.text) for report in written),
        RULE: certain(report.by_mentions for report in written),
        "TF-IDF of words and characters": learnt(reports, texts, frequencies, _regression(10.0)),
        "mention features, gradient boosting": learnt(reports, counts, DictVectorizer(sparse=False), boosting),
        "mention features and TF-IDF": learnt(reports, both, beside, _regression()),
        "mention features": learnt(reports, counts, DictVectorizer(), _regression()),
        "mention features, calibrated": Learnt(counts, Examples(reports, cut_down_weight=0).fit),
        "**mention features, calibrated, with reports cut down (ships)**": Learnt(counts, Examples(reports).fit),
    }


def _item(i: int, pairs: Sequence[Any]) -> list[Any]:
    """One side of pairs."""
    return [pair[i] for pair in pairs]


def _regression(C: float = 1.0) -> LogisticRegression:  # noqa: N803 (scikit-learn's name)
    return LogisticRegression(C=C, max_iter=2000)


def table(reports: Sequence[Report]) -> Iterator[str]:
    """The comparison as lines of Markdown."""
    heads = [f"`{folder.name}` macro-F1" for folder in CORPORA]
    yield from header(
        ["way", *heads, f"`{UNSEEN.name}` log loss", f"`{UNSEEN.name}` calibration error", "cut down, accuracy"]
    )
    chosen = ways(reports)
    written = [report for report in reports if report.hand_written]
    measured = Parallel(-1)(delayed(measure)(reports, way) for way in chosen.values() if isinstance(way, Learnt))
    learnt_ones = iter(measured)
    by_rule = [example.by_mentions == example.label for report in written for example in cut_down(report)]
    for name, way in chosen.items():
        if isinstance(way, Learnt):
            probability, cut = next(learnt_ones)
        else:
            probability, cut = way, float(np.mean(by_rule)) if name == RULE else None
        of = {folder.name: _metrics(written, folder.name, probability) for folder in CORPORA}
        unseen = of[UNSEEN.name]
        figures = f"{unseen['log_loss']:.3f}", f"{unseen['calibration_error']:.3f}", "" if cut is None else f"{cut:.3f}"
        yield line([name, *(with_interval(found, "macro_f1") for found in of.values()), *figures])


def _metrics(reports: Sequence[Report], folder: str, probability: Floats) -> dict[str, Any]:
    rows = [i for i, report in enumerate(reports) if report.folder == folder]
    predicted = [list(Label)[i] for i in probability[rows].argmax(axis=1)]
    return report_metrics([reports[i].label for i in rows], predicted, probability[rows])


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail if the model card holds another")
    args = parser.parse_args()
    put({"comparison": "\n".join(table(read_corpus())) + "\n"}, check=args.check)


if __name__ == "__main__":
    main()
