"""How far two annotations of the same reports agree.

python scripts/agreement.py

`corpora/second` holds second annotations, made without sight of the first: ids and mentions of reports of the other
corpora. Mentions are paired by overlap; detection is given as F1, attributes of pairs as the share that is equal and as
Cohen's kappa (Educ Psychol Meas 1960): the assertion of all pairs, the others of pairs that count in both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from sklearn.metrics import cohen_kappa_score

from corpus import CORPORA, ROOT, Annotated, annotated_reports
from mention_scores import FIELDS, asked, said
from pairs import label_of_annotated, paired

SECOND = ROOT / "corpora" / "second"


def agreement(first: list[Annotated], second: list[Annotated]) -> Iterator[tuple[str, int, float, str]]:
    """For the label, detection and each attribute: how many were compared, the share that agrees, and kappa."""
    values: dict[str, list[tuple[str, str]]] = defaultdict(list)
    found = 0
    for a, b in zip(first, second, strict=True):
        values["label"].append((label_of_annotated(a["mentions"]), label_of_annotated(b["mentions"])))
        pairs = paired(a["mentions"], b["mentions"])
        found += len(pairs)
        for field in FIELDS:
            values[field] += [(said(g, field), said(m, field)) for g, m in pairs if asked(g, field) and asked(m, field)]
    mentions = sum(len(report["mentions"]) for report in (*first, *second))
    yield "mentions found (F1)", mentions // 2, 2 * found / mentions, ""
    for what, both in values.items():
        varied = len({value for pair in both for value in pair}) > 1
        kappa = f"{cohen_kappa_score(*zip(*both, strict=True)):.3f}" if varied else ""
        yield what, len(both), sum(a == b for a, b in both) / len(both), kappa


def main() -> None:
    """Run the command."""
    known = {report["id"]: report for _, report in annotated_reports(*CORPORA)}
    again: dict[str, list[Annotated]] = defaultdict(list)
    for file, report in annotated_reports(SECOND):
        again[file].append(report)
    table = Table("annotation", "what", "compared", "agree", "kappa")
    for name, own in again.items():
        for what, n, share, kappa in agreement([known[report["id"]] for report in own], own):
            table.add_row(f"{name} ({len(own)} reports)", what, str(n), f"{share:.3f}", kappa)
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
