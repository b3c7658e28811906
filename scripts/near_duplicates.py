"""List hand-written reports that nearly are a text of another file, generated ones included; exit with 1 if there are.

python scripts/near_duplicates.py

Two reports are alike if at least half of the runs of four words that either has are in both (Jaccard similarity of word
4-grams, in lower case, figures as one sign). Corpora with such pairs would let a classifier be measured on what it was
trained on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from scipy.sparse import triu
from sklearn.feature_extraction.text import CountVectorizer

from corpus import CORPORA, GENERATED, annotated_reports

ALIKE = 0.5
RUN = 4


def overlaps(texts: Sequence[str], least: float, **terms: Any) -> Iterator[tuple[int, int, float]]:
    """Pairs of texts whose terms are alike (Jaccard similarity), and how much; terms are as for a CountVectorizer."""
    held = CountVectorizer(binary=True, dtype=np.int32, **terms).fit_transform(texts)
    sizes = np.asarray(held.sum(axis=1)).ravel()
    common = triu(held @ held.T, k=1)
    share = common.data / (sizes[common.row] + sizes[common.col] - common.data)
    for pair in np.flatnonzero(share >= least):
        yield int(common.row[pair]), int(common.col[pair]), float(share[pair])


def alike(texts: Sequence[str], files: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Pairs of reports of different files that are alike, and how much."""
    without_figures = [re.sub(r"\d+", "0", text) for text in texts]
    for i, j, share in overlaps(without_figures, ALIKE, ngram_range=(RUN, RUN)):
        generated = files[i].startswith(GENERATED.name) and files[j].startswith(GENERATED.name)
        if files[i] != files[j] and not generated:
            yield i, j, share


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
