"""Print the metrics of scripts/evaluate.py for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from mention_scores import FIELDS, Error


def print_metrics(metrics: dict[str, Any]) -> None:
    """The tables of every corpus."""
    console = Console(highlight=False)
    for folder, found in metrics.items():
        console.rule(f"corpora/{folder}", align="left")
        for table in (*report_tables(found["reports"]), *mention_tables(found["mentions"])):
            console.print(table)


def report_tables(metrics: dict[str, Any]) -> list[Table]:
    """Labels of reports."""
    coverage = metrics["conformal"]["coverage"]
    labels = [
        (label, *map(_figure, (m["precision"], m["recall"], m["f1"])), str(m["reports"]), _figure(coverage[label]))
        for label, m in metrics["labels"].items()
    ]
    whole = [
        ("reports", str(metrics["reports"])),
        ("accuracy", _figure(metrics["accuracy"])),
        ("macro-F1", _figure(metrics["macro_f1"])),
        *((f"macro-F1 of {name}", _figure(value)) for name, value in metrics["macro_f1_of_files"].items()),
        ("Brier score", _figure(metrics["brier"])),
        ("expected calibration error", _figure(metrics["calibration_error"])),
        (f"labels in a prediction set at {metrics['conformal']['nominal']:.0%}", _figure(_size(metrics))),
    ]
    return [
        _table("Labels of reports", ("label", "precision", "recall", "F1", "reports", "coverage"), labels),
        _table("Reports", ("measure", "value"), whole),
    ]


def mention_tables(metrics: dict[str, Any]) -> list[Table]:
    """Mentions found, the share of right attributes, and each value of them."""
    whole = [
        ("annotated", str(metrics["annotated"])),
        *((f"found: {name}", _figure(metrics[name])) for name in ("precision", "recall", "f1")),
        *((f"{field} right", _figure(metrics[field])) for field in FIELDS),
    ]
    return [
        _table("Mentions", ("measure", "value"), whole),
        *(_value_table(field, metrics["values"][field]) for field in FIELDS),
    ]


def _value_table(field: str, scores: dict[str, dict[str, Any]]) -> Table:
    rows = [
        (value, _figure(s["precision"]), f"{s['right']}/{s['found']}", _figure(s["recall"]), _recalled(s))
        for value, s in scores.items()
    ]
    what = "mentions" if field == "assertion" else "mentions that count"
    return _table(f"{field} of {what}", (field, "precision", "right/found", "recall", "right/annotated"), rows)


def print_errors(errors: Iterable[Error]) -> None:
    """A line for each error, however long."""
    for error in errors:
        print(error)


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for i, column in enumerate(columns):
        table.add_column(column, justify="right" if i else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _recalled(score: dict[str, Any]) -> str:
    return f"{score['recalled']}/{score['annotated']}"


def _size(metrics: dict[str, Any]) -> float:
    return float(metrics["conformal"]["mean_size"])
