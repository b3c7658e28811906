"""Results on a terminal."""

from __future__ import annotations

import re
from pathlib import Path

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from calcitype.batch import Summary
from calcitype.schema import Evidence, Label, Mechanism, Mention, Result

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
# Control characters of a report must not reach the terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def explanation(report: str, result: Result, console: Console) -> None:
    """Print a report with its mentions highlighted, a table of them, and what decided the label."""
    console.print(Panel(highlighted(report, result), title="report", title_align="left", border_style="dim"))
    label = Text.assemble(
        (f" {result.label} ", f"bold reverse {_LABEL_COLOUR[result.label]}"),
        f"  probability {result.confidence:.2f}",
    )
    if len(result.prediction_set) > 1:
        label.append(f"   cannot be ruled out: {', '.join(result.prediction_set)}")
    console.print(Padding(label, (0, 0, 1, 1)))
    if result.mentions:
        console.print(_mentions(report, result.mentions))
    if result.evidence:
        console.print(_evidence(report, result.evidence))


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


def _mentions(report: str, mentions: tuple[Mention, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("mention", "assertion", "site", "mechanism: cause", "because of"):
        table.add_column(name, overflow="fold")
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


def _evidence(report: str, evidence: tuple[Evidence, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("what decided the label", "words", "log-odds"):
        table.add_column(name, overflow="fold", justify="right" if name == "log-odds" else "left")
    for e in evidence:
        table.add_row(e.description, Text(_words(report, e.start, e.end)), f"{e.weight:+.2f}")
    return table


def summary(done: Summary, output: Path, console: Console) -> None:
    """Print what a run over a file did."""
    counts = ", ".join(f"{done.labels[label]} {label}" for label in Label)
    problems = "".join(f", {n} {status}" for status, n in sorted(done.status.items()) if status != "ok")
    console.print(
        f"{done.rows} reports from {', '.join(done.columns)}{problems} -> {output}\n{counts}; {done.mentions} mentions",
        highlight=False, soft_wrap=True, markup=False,
    )  # fmt: skip
