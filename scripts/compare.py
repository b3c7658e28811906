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
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import BaseEstimator
from sklearn.compose import make_column_transformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline

from calcitype.calibration import Floats
from calcitype.metrics import report_metrics
from calcitype.schema import Label, label_columns
from card import header, line, put, with_interval
from corpus import CORPORA, UNSEEN, Report, read_corpus
from examples import Examples, cut_down, weights

# What a rule is trusted with.
SURE = 0.97

# Probabilities of hand-written reports, columns in the order of ``Label``; how often those cut down get their label.
Measured = tuple[Floats, float | None]

_DENIED = re.compile(r"(?:\b(?:no|without|negative for|free of|rule out)\b|\?)[^.;\n]*?calcif", re.IGNORECASE)
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


def by_rule(labels: Sequence[Label], right: Sequence[bool] = ()) -> Measured:
    """What a rule gives the hand-written reports, and whether it is right of those cut down."""
    given = np.array([[label is other for other in Label] for label in labels])
    return np.where(given, SURE, (1 - SURE) / (len(Label) - 1)), _share(right)


def learnt(reports: Sequence[Report], inputs: Sequence[Any], *steps: BaseEstimator) -> Any:
    """A way that learns by a scikit-learn pipeline, as a call for joblib."""
    files, labels = (np.array([getattr(report, name) for report in reports]) for name in ("file", "label"))
    given, weight, pipeline = np.array(inputs, dtype=object), weights(reports), make_pipeline(*steps)

    def fit(without: str) -> Pipeline:
        kept = files != without
        return pipeline.fit(given[kept], labels[kept], **{f"{pipeline.steps[-1][0]}__sample_weight": weight[kept]})

    return delayed(held_out)(reports, inputs, fit)


def held_out(reports: Sequence[Report], inputs: Sequence[Any], fit: Callable[[str], Pipeline]) -> Measured:
    """What is said of the inputs of each file by what is fitted without it."""
    files, written = np.array([report.file for report in reports]), [report.hand_written for report in reports]
    probability = np.empty((len(files), len(Label)))
    right: list[bool] = []
    for file in dict.fromkeys(files[written]):
        pipeline, rows = fit(file), np.flatnonzero(files == file).tolist()
        probability[rows] = pipeline.predict_proba([inputs[i] for i in rows])[:, label_columns(pipeline.classes_)]
        if isinstance(inputs[0], dict):
            cut = [example for i in rows for example in cut_down(reports[i])]
            given = pipeline.predict([example.counts for example in cut])
            right += [label == example.label for label, example in zip(given, cut, strict=True)]
    return probability[written], _share(right)


def _share(right: Sequence[bool]) -> float | None:
    return float(np.mean(right)) if right else None


def ways(reports: Sequence[Report]) -> dict[str, Any]:
    """Every way by its name in the table, as a call for joblib that gives what is measured of it."""
    texts, counts = [report.text for report in reports], [report.counts for report in reports]
    written = [report for report in reports if report.hand_written]
    right = [example.by_mentions == example.label for report in written for example in cut_down(report)]
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=5, sublinear_tf=True)
    frequencies = FeatureUnion([("words", words), ("characters", characters)])
    both = list(zip(texts, counts, strict=True))
    beside = make_column_transformer((frequencies, 0), (DictVectorizer(), 1))
    boosting = HistGradientBoostingClassifier(max_leaf_nodes=8, l2_regularization=1.0, random_state=0)
    whole, cut_too = Examples(reports, cut_down_weight=0), Examples(reports)
    return {
        "majority": learnt(reports, texts, DummyClassifier(strategy="prior")),
        "keywords": delayed(by_rule)([by_keywords(report.text) for report in written]),
        "the guideline's rule on the mentions found": delayed(by_rule)([r.by_mentions for r in written], right),
        "TF-IDF of words and characters": learnt(reports, texts, frequencies, _regression(10.0)),
        "mention features, gradient boosting": learnt(reports, counts, DictVectorizer(sparse=False), boosting),
        "mention features and TF-IDF": learnt(reports, both, beside, _regression()),
        "mention features": learnt(reports, counts, DictVectorizer(), _regression()),
        "mention features, calibrated": delayed(held_out)(reports, counts, whole.fit),
        "**mention features, calibrated, with reports cut down (ships)**": delayed(held_out)(
            reports, counts, cut_too.fit
        ),
    }


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
    for name, (probability, cut) in zip(chosen, Parallel(-1)(chosen.values()), strict=True):
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
