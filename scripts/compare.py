"""Compare ways to label a report, all by leave-one-file-out over the hand-written corpora, in the model card.

python scripts/compare.py            write the table
python scripts/compare.py --check    fail if the table there is not the one measured now

Every way is trained on the same reports: those of all other files, and the generated ones at the weight that the
shipped classifier gives them. Only the shipped one is calibrated, and trained on reports cut down to one finding too.
A rule gives its label a probability of 0.97.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
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
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from calcitype.classifier import label_columns
from calcitype.features import Floats, label_by_mentions
from calcitype.metrics import report_metrics
from calcitype.schema import Label
from card import header, line, put, with_interval
from corpus import CORPORA, UNSEEN, Corpus, read_corpus
from held_out import predict

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


def certain(labels: list[Label]) -> Floats:
    """Probabilities of labels that a rule gives, columns in the order of ``Label``."""
    given = np.array([[label is other for other in Label] for label in labels])
    return np.where(given, SURE, (1 - SURE) / (len(Label) - 1))


def learnt(corpus: Corpus, features: Sequence[Any], *steps: BaseEstimator) -> Floats:
    """Probabilities of the hand-written reports by a pipeline that was trained on the other files."""
    files, labels, given = np.array(corpus.files), np.array(corpus.labels), np.array(features, dtype=object)
    pipeline = make_pipeline(*steps)
    probability = np.empty((len(files), len(Label)))
    for file in corpus.hand_written:
        train, test = files != file, files == file
        pipeline.fit(given[train], labels[train], **{f"{pipeline.steps[-1][0]}__sample_weight": corpus.weights[train]})
        probability[test] = pipeline.predict_proba(given[test])[:, label_columns(pipeline.classes_)]
    return probability[np.isin(files, corpus.hand_written)]


def ways(corpus: Corpus) -> dict[str, Callable[[], Floats]]:
    """Every way by its name in the table: what gives the probabilities of the hand-written reports."""
    texts = [report["text"] for report in corpus.reports]
    rows = np.flatnonzero(np.isin(corpus.files, corpus.hand_written))
    both = list(zip(texts, corpus.counts, strict=True))
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=5, sublinear_tf=True)
    frequencies = FeatureUnion([("words", words), ("characters", characters)])
    text_of, counts_of = (FunctionTransformer(partial(_item, i)) for i in (0, 1))
    beside = FeatureUnion(
        [("text", make_pipeline(text_of, frequencies)), ("counts", make_pipeline(counts_of, DictVectorizer()))]
    )
    boosting = HistGradientBoostingClassifier(max_leaf_nodes=8, l2_regularization=1.0, random_state=0)
    return {
        "majority": partial(learnt, corpus, texts, CountVectorizer(), DummyClassifier(strategy="prior")),
        "keywords": lambda: certain([by_keywords(texts[i]) for i in rows]),
        "the guideline's rule on the mentions found": lambda: certain(
            [label_by_mentions(corpus.mentions[i]) for i in rows]
        ),
        "TF-IDF of words and characters": partial(learnt, corpus, texts, frequencies, _regression(10.0)),
        "mention features, gradient boosting": partial(
            learnt, corpus, corpus.counts, DictVectorizer(sparse=False), boosting
        ),
        "mention features and TF-IDF": partial(learnt, corpus, both, beside, _regression()),
        "mention features, not calibrated": partial(learnt, corpus, corpus.counts, DictVectorizer(), _regression()),
        "**mention features, calibrated, with reports cut down (ships)**": lambda: predict(corpus)[1].probability,
    }


def _item(i: int, pairs: Sequence[Any]) -> list[Any]:
    """One side of pairs."""
    return [pair[i] for pair in pairs]


def _regression(C: float = 1.0) -> LogisticRegression:  # noqa: N803 (scikit-learn's name)
    return LogisticRegression(C=C, max_iter=2000)


def table(corpus: Corpus) -> Iterator[str]:
    """The comparison as lines of Markdown."""
    heads = [f"`{folder.name}` macro-F1" for folder in CORPORA]
    yield from header(["way", *heads, f"`{UNSEEN.name}` log loss", f"`{UNSEEN.name}` calibration error"])
    chosen = ways(corpus)
    written = corpus.part(np.flatnonzero(np.isin(corpus.files, corpus.hand_written)))
    for name, probability in zip(chosen, Parallel(-1)(delayed(way)() for way in chosen.values()), strict=True):
        of = {f.name: _measured(written, f.name, probability) for f in CORPORA}
        unseen = of[UNSEEN.name]
        figures = f"{unseen['log_loss']:.3f}", f"{unseen['calibration_error']:.3f}"
        yield line([name, *(with_interval(measured, "macro_f1") for measured in of.values()), *figures])


def _measured(corpus: Corpus, folder: str, probability: Floats) -> dict[str, Any]:
    rows = np.flatnonzero(np.array(corpus.folders) == folder)
    predicted = [list(Label)[i] for i in probability[rows].argmax(axis=1)]
    return report_metrics([corpus.labels[i] for i in rows], predicted, probability[rows])


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail if the model card holds another")
    args = parser.parse_args()
    put({"comparison": "\n".join(table(read_corpus())) + "\n"}, check=args.check)


if __name__ == "__main__":
    main()
