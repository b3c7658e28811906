"""How far two annotations of the same reports agree.

python scripts/agreement.py

`corpora/second` holds second annotations, made without sight of the first: ids and mentions of reports of the other
corpora. Mentions are paired by overlap; detection is given as F1, attributes of pairs as the share that is equal and as
Cohen's kappa (Educ Psychol Meas 1960): the assertion of all pairs, the others of pairs that count in both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from sklearn.metrics import cohen_kappa_score

from calcitype.features import label_by_mentions
from calcitype.results import Mention
from corpus import CORPORA, ROOT, annotated_mentions, annotated_reports
from mention_scores import FIELDS, asked, paired, said

SECOND = ROOT / "corpora" / "second"
# The mentions of a report by the first annotation, and by the second.
Both = tuple[list[Mention], list[Mention]]


def agreement(reports: Sequence[Both]) -> Iterator[tuple[str, int, float, str]]:
    """For the label, detection and each attribute: how many were compared, the share that agrees, and kappa."""
    values: dict[str, list[tuple[str, str]]] = defaultdict(list)
    found = 0
    for first, second in reports:
        values["label"].append((label_by_mentions(first), label_by_mentions(second)))
        pairs = paired(first, second)
        found += len(pairs)
        for field in FIELDS:
            values[field] += [(said(g, field), said(m, field)) for g, m in pairs if asked(g, field) and asked(m, field)]
    mentions = sum(len(first) + len(second) for first, second in reports)
    yield "mentions found (F1)", mentions // 2, 2 * found / mentions, ""
    for what, both in values.items():
        varied = len({value for pair in both for value in pair}) > 1
        kappa = f"{cohen_kappa_score(*zip(*both, strict=True)):.3f}" if varied else ""
        yield what, len(both), sum(a == b for a, b in both) / len(both), kappa


def main() -> None:
    """Run the command."""
    known = {report["id"]: report for _, report in annotated_reports(*CORPORA)}
    again: dict[str, list[Both]] = defaultdict(list)
    for file, report in annotated_reports(SECOND):
        first = known[report["id"]]
        text = first["text"]
        again[file].append((annotated_mentions(text, first["mentions"]), annotated_mentions(text, report["mentions"])))
    table = Table("annotation", "what", "compared", "agree", "kappa")
    for name, own in again.items():
        for what, n, share, kappa in agreement(own):
            table.add_row(f"{name} ({len(own)} reports)", what, str(n), f"{share:.3f}", kappa)
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
