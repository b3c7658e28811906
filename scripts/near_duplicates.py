"""List hand-written reports that nearly are a text of another file, generated ones included; exit with 1 if there are.

python scripts/near_duplicates.py

Two reports are alike if at least half of the runs of four words that either has are in both (Jaccard similarity of word
4-grams, in lower case, figures as one sign). Corpora with such pairs would let a classifier be measured on what it was
trained on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import coo_matrix
from sklearn.feature_extraction.text import CountVectorizer

from corpus import CORPORA, GENERATED, annotated_reports

ALIKE = 0.5
RUN = 4


def alike(texts: Sequence[str], files: Sequence[str], least: float = ALIKE) -> Iterator[tuple[int, int, float]]:
    """Pairs of reports of different files that are alike, and how much."""
    words = CountVectorizer(
        preprocessor=lambda text: re.sub(r"\d+", "0", text.lower()),
        ngram_range=(RUN, RUN),
        binary=True,
        dtype=np.int32,
    )
    runs = words.fit_transform(texts)
    sizes = np.asarray(runs.sum(axis=1)).ravel()
    shared = coo_matrix(runs @ runs.T)
    for i, j, n in zip(shared.row, shared.col, shared.data, strict=True):
        share = n / (sizes[i] + sizes[j] - n)
        generated = files[i].startswith(GENERATED.name) and files[j].startswith(GENERATED.name)
        if i < j and files[i] != files[j] and not generated and share >= least:
            yield int(i), int(j), float(share)


def main() -> None:
    """Run the command."""
    files, reports = zip(*annotated_reports(*CORPORA, GENERATED), strict=True)
    found = list(alike([report["text"] for report in reports], files))
    for i, j, share in found:
        print(f"{files[i]} {reports[i]['id']} and {files[j]} {reports[j]['id']}: {share:.2f}")
    print(f"{len(found)} pairs of {len(reports)} reports")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
