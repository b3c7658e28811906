"""Print the metrics of scripts/evaluate.py for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from calcitype import show
from mention_scores import FIELDS, Error


def print_metrics(metrics: dict[str, Any]) -> None:
    """The tables of every corpus."""
    console = Console(highlight=False, width=120)
    for folder, found in metrics["corpora"].items():
        console.rule(f"corpora/{folder}", align="left")
        show.metrics("Reports", found["reports"], console)
        for table in mention_tables(found["mentions"]):
            console.print(table)
    console.rule("all", align="left")
    show.metrics("Reports", metrics["whole"]["all"], console)
    for name in ("file", "cause", "length"):
        rows = [
            (key, _figure(m["accuracy"]), _figure(m["macro_f1"]), str(m["reports"]))
            for key, m in metrics["whole"][name].items()
        ]
        console.print(_table(f"Reports by {name}", (name, "accuracy", "macro-F1", "reports"), rows))


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
