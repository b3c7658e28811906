"""Compare ways to label a report, all by leave-one-file-out over the hand-written corpora.

    python scripts/compare.py            print the table
    python scripts/compare.py --write    and put it into the model card

Every way is trained on the same reports: those of all other files, and the generated ones at the weight that the
shipped classifier gives them. Only the shipped one is calibrated, and trained on reports cut down to one finding too.
A rule gives its label a probability of 0.97.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix, hstack
from sklearn.base import BaseEstimator, clone
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from calcitype.features import Floats, label_by_mentions
from calcitype.metrics import LABELS as ORDERED
from calcitype.metrics import report_metrics
from calcitype.schema import Label
from corpus import CORPORA, GENERATED, GENERATED_WEIGHT, ROOT, UNSEEN, Corpus, Examples, Rows, read_corpus
from held_out import ORDER

CARD = ROOT / "models" / "README.md"
PLACE = re.compile(r"(?<=<!-- comparison -->\n).*?(?=<!-- end -->)", re.DOTALL)
# What a rule is trusted with.
SURE = 0.97

Way = Callable[[Corpus, Rows, Rows], Floats]

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
    given = np.eye(len(ORDERED))[[ORDERED.index(label) for label in labels]]
    return np.where(given == 1, SURE, (1 - SURE) / (len(ORDERED) - 1))


def keyword_rule(corpus: Corpus, rest: Rows, own: Rows) -> Floats:  # noqa: ARG001 (the form of all ways)
    """Learns nothing."""
    return certain([by_keywords(corpus.reports[i]["text"]) for i in own])


def mention_rule(corpus: Corpus, rest: Rows, own: Rows) -> Floats:  # noqa: ARG001 (the form of all ways)
    """Learns nothing: the guideline's order, applied to the mentions that were found."""
    return certain([label_by_mentions(corpus.mentions[i]) for i in own])


def shipped(examples: Examples) -> Way:
    """The classifier that ships."""

    def way(corpus: Corpus, rest: Rows, own: Rows) -> Floats:  # noqa: ARG001 (the form of all ways)
        classifier = examples.fit(without=corpus.files[own[0]])
        return np.asarray(classifier.predict_proba([corpus.counts[i] for i in own])[:, ORDER])

    return way


def learner(features: csr_matrix, weights: Floats, estimator: BaseEstimator) -> Way:
    """A way that learns from features of all reports, shape (n_reports, n_features), and the weight of each."""

    def way(corpus: Corpus, rest: Rows, own: Rows) -> Floats:
        pipeline = make_pipeline(clone(estimator)) if not isinstance(estimator, Pipeline) else clone(estimator)
        weight = {f"{pipeline.steps[-1][0]}__sample_weight": weights[rest]}
        pipeline.fit(features[rest], np.array(corpus.labels)[rest], **weight)
        return np.asarray(pipeline.predict_proba(features[own])[:, ORDER])

    return way


def ways(corpus: Corpus) -> dict[str, Way]:
    """Every way by its name in the table."""
    texts = [report["text"] for report in corpus.reports]
    weights = np.where(np.array(corpus.folders) == GENERATED.name, GENERATED_WEIGHT, 1.0)
    counts = csr_matrix(DictVectorizer().fit_transform(corpus.counts))
    counted = FeatureUnion(
        [("words", CountVectorizer(ngram_range=(1, 2), min_df=3)),
         ("characters", CountVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=5))]
    )  # fmt: skip
    words = csr_matrix(counted.fit_transform(texts))
    both = csr_matrix(hstack([counts, words]))
    frequencies = TfidfTransformer(sublinear_tf=True)
    n = counts.shape[1]
    beside = ColumnTransformer([("counts", "passthrough", slice(0, n)), ("words", frequencies, slice(n, None))])
    dense = FunctionTransformer(csr_matrix.toarray, accept_sparse=True)
    boosting = HistGradientBoostingClassifier(max_leaf_nodes=8, l2_regularization=1.0, random_state=0)
    return {
        "majority": learner(counts, weights, DummyClassifier(strategy="prior")),
        "keywords": keyword_rule,
        "the guideline's rule on the mentions found": mention_rule,
        "TF-IDF of words and characters": learner(words, weights, make_pipeline(frequencies, _regression(10.0))),
        "mention features, gradient boosting": learner(counts, weights, make_pipeline(dense, boosting)),
        "mention features and TF-IDF": learner(both, weights, make_pipeline(beside, _regression())),
        "mention features, not calibrated": learner(counts, weights, _regression()),
        "**mention features, calibrated, with reports cut down (ships)**": shipped(Examples(corpus)),
    }


def _regression(C: float = 1.0) -> LogisticRegression:  # noqa: N803 (scikit-learn's name)
    return LogisticRegression(C=C, max_iter=2000)


def held_out(corpus: Corpus, way: Way) -> Floats:
    """Probabilities of every hand-written report by a way that has not seen its file."""
    probability = np.full((len(corpus.reports), len(ORDERED)), np.nan)
    files = np.array(corpus.files)
    for file in corpus.hand_written:
        own = np.flatnonzero(files == file)
        probability[own] = way(corpus, np.flatnonzero(files != file), own)
    return probability


def table(corpus: Corpus) -> Iterator[str]:
    """The comparison as lines of Markdown."""
    folders = np.array(corpus.folders)
    heads = [f"`{folder.name}` macro-F1" for folder in CORPORA]
    yield f"| way | {' | '.join(heads)} | `{UNSEEN.name}` log loss | `{UNSEEN.name}` calibration error |"
    yield "| --- |" + " --- |" * (len(CORPORA) + 2)
    chosen = ways(corpus)
    probabilities = Parallel(-1)(delayed(held_out)(corpus, way) for way in chosen.values())
    for name, probability in zip(chosen, probabilities, strict=True):
        of = {f.name: _measured(corpus, np.flatnonzero(folders == f.name), probability) for f in CORPORA}
        intervals = {key: "{:.3f} to {:.3f}".format(*measured["intervals"]["macro_f1"]) for key, measured in of.items()}
        cells = [f"{measured['macro_f1']:.3f} ({intervals[key]})" for key, measured in of.items()]
        unseen = of[UNSEEN.name]
        yield f"| {name} | {' | '.join(cells)} | {unseen['log_loss']:.3f} | {unseen['calibration_error']:.3f} |"


def _measured(corpus: Corpus, rows: Rows, probability: Floats) -> dict[str, Any]:
    predicted = [ORDERED[i] for i in probability[rows].argmax(axis=1)]
    return report_metrics([corpus.labels[i] for i in rows], predicted, probability[rows])


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    lines = "\n".join(table(read_corpus())) + "\n"
    print(lines)
    if args.write:
        card = CARD.read_text(encoding="utf-8")
        CARD.write_text(PLACE.sub(lambda _: lines, card), encoding="utf-8")


if __name__ == "__main__":
    main()
