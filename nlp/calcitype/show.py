"""Results on a terminal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from calcitype.batch import Summary
from calcitype.results import Mention, Result
from calcitype.schema import Label, Mechanism, ReviewReason

_COLOUR = {
    Mechanism.DYSTROPHIC: "green",
    Mechanism.METASTATIC: "red",
    Mechanism.OTHER: "blue",
    Mechanism.UNSPECIFIED: "yellow",
}
_LABEL_COLOUR = {
    Label.DYSTROPHIC: "green",
    Label.METASTATIC_SUGGESTIVE: "red",
    Label.INDETERMINATE: "yellow",
    Label.NO_CALCIFICATION: "bright_black",
}
_NEARLY_ONE = 0.995
# Control characters of a report must not reach the terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def explanation(report: str, result: Result, console: Console) -> None:
    """Print a report with its mentions highlighted, a table of them, and what decided the label."""
    console.print(Panel(highlighted(report, result), title="report", title_align="left", border_style="dim"))
    label = Text.assemble(
        (f" {result.label} ", f"bold reverse {_LABEL_COLOUR[result.label]}"),
        f"  probability {_probability(result.confidence)}",
    )
    if result.review:
        why = {
            ReviewReason.MENTIONS_DISAGREE: f"the mentions taken one by one say {result.by_mentions}",
            ReviewReason.SEVERAL_LABELS: f"cannot be ruled out: {', '.join(result.prediction_set)}",
            ReviewReason.LOW_CONFIDENCE: "of labels as unsure as this, too many are wrong",
        }
        label.append(f"\nFor review: {'; '.join(why[reason] for reason in result.review_reasons)}.")
    console.print(Padding(label, (0, 0, 1, 1)))
    if result.mentions:
        console.print(_mentions(report, result.mentions))
    console.print(_evidence(report, result))


def _probability(value: float) -> str:
    """Two digits, without the certainty that rounding would claim."""
    return "over 0.99" if value >= _NEARLY_ONE else f"{value:.2f}"


def highlighted(report: str, result: Result) -> Text:
    """A report's text, its mentions in the colour of their mechanism and struck through where they do not count."""
    text = Text(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", report))
    for mention in result.mentions:
        colour = _COLOUR[mention.mechanism]
        text.stylize(f"bold reverse {colour}" if mention.counts else f"strike {colour}", mention.start, mention.end)
    return text


def _words(report: str, start: int | None, end: int | None) -> str:
    if start is None:
        return ""
    return " ".join(_CONTROL.sub(" ", report[start:end]).split())


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold", justify="right" if name == "log-odds" else "left")
    return table


def _mentions(report: str, mentions: tuple[Mention, ...]) -> Table:
    table = _table("mention", "assertion", "site", "mechanism: cause", "because of")
    for m in mentions:
        place = "\n".join(m.sites)
        reasons = [
            f"{r.rule}: {words!r}" if (words := _words(report, r.start, r.end)) else r.rule
            for r in (m.assertion_reason, m.cause_reason)
            if r is not None
        ]
        table.add_row(
            Text(_words(report, m.start, m.end), style=_COLOUR[m.mechanism]),
            Text(m.assertion, style="" if m.counts else "strike"),
            f"{place} ({m.laterality})" if m.laterality else place,
            f"{m.mechanism}: {m.cause}" if m.cause else str(m.mechanism),
            Text("\n".join(reasons)),
        )
    return table


def _evidence(report: str, result: Result) -> Table:
    table = _table(f"{result.label} against {result.rival}", "words", "log-odds", "towards")
    for e in result.evidence:
        table.add_row(e.description, Text(_words(report, e.start, e.end)), f"+{e.weight:.2f}", e.label)
    return table


def summary(done: Summary, output: Path, console: Console) -> None:
    """Print what a run over a file did."""
    counts = ", ".join(f"{done.labels[label]} {label}" for label in Label)
    problems = "".join(f", {n} {status}" for status, n in sorted(done.status.items()) if status != "ok")
    console.print(
        f"{done.rows} reports from {', '.join(done.columns)}{problems} -> {output}\n"
        f"{counts}; {done.mentions} mentions; {done.review} for review",
        highlight=False, soft_wrap=True, markup=False,
    )  # fmt: skip


def metrics(title: str, measured: dict[str, Any], console: Console) -> None:
    """Print how good labels are, with 95 % confidence intervals."""
    table = Table(title=Text(title), box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, collapse_padding=True)
    for name in ("label", "precision", "recall", "F1", "n"):
        table.add_column(name, justify="left" if name == "label" else "right", no_wrap=True)
    for label, m in measured["labels"].items():
        rates = (_rate(m[name], m["intervals"][name]) for name in ("precision", "recall"))
        table.add_row(label, *rates, "-" if m["f1"] is None else f"{m['f1']:.3f}", str(m["reports"]))
    console.print(table)
    sets, review = measured["sets"], measured["review"]
    lines = [
        ("accuracy", _rate(measured["accuracy"], measured["intervals"]["accuracy"])),
        ("macro-F1", _rate(measured["macro_f1"], measured["intervals"]["macro_f1"])),
        ("Brier score", f"{measured['brier']:.3f}"),
        ("expected calibration error", f"{measured['calibration_error']:.3f}"),
        *((f"accuracy of the surest {k}", f"{v:.3f}") for k, v in measured["accuracy_at_coverage"].items()),
        *((f"in the prediction set: {label}", f"{share:.3f}") for label, share in sets["coverage"].items()),
        ("labels in a prediction set", f"{sets['mean_size']:.2f}"),
        ("reports for review", f"{review['share']:.1%}"),
    ]
    if (others := review["accuracy_of_others"]) is not None:
        lines.append(("accuracy of the others", f"{others:.3f}"))
    values = Table(box=None, show_header=False, pad_edge=False)
    for line in lines:
        values.add_row(*line)
    console.print(Padding(values, (0, 0, 1, 0)))


def _rate(value: float | None, interval: list[float] | None) -> str:
    if value is None or interval is None:
        return "-"
    return f"{value:.3f} ({interval[0]:.3f}-{interval[1]:.3f})"
