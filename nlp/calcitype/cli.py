"""The command ``calcitype``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from calcitype import batch, core, show
from calcitype.calibration import ERROR_RATE
from calcitype.errors import InputError, ModelError
from calcitype.labelled import Labelled, UnknownLabel, read_labelled

app = typer.Typer(
    help="Find calcification in radiology reports and tell dystrophic from metastatic.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

TextColumns = Annotated[
    list[str] | None,
    typer.Option("--text-column", help="Column of the report; repeat to join columns in order. Default: by name."),
]
LabelColumn = Annotated[str | None, typer.Option(help="Column of the true label. Default: found by name.")]
UnknownLabels = Annotated[
    UnknownLabel,
    typer.Option(help="What becomes of a report whose label is none of the four; refuse is of the whole file."),
]
Encoding = Annotated[str, typer.Option(help="Of the input; the default is UTF-8 with or without a byte order mark.")]
ModelFolder = Annotated[Path | None, typer.Option("--model", help="Folder of a model. Default: the one that ships.")]
ErrorRate = Annotated[float, typer.Option(help="How often the true label may be missing from a prediction set.")]
Prior = Annotated[
    str | None,
    typer.Option(metavar="LABEL=SHARE,...", help="Share of each label in your reports. Default: as in training."),
]
Jobs = Annotated[int, typer.Option(help="Processes; -1 is one a core.")]


@app.command()
def classify(
    source: Annotated[Path, typer.Argument(metavar="IN.csv", help="Reports, one a row, with a header.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT.csv", help="Where to write the labelled rows.")
    ],
    text_column: TextColumns = None,
    id_column: Annotated[
        list[str] | None, typer.Option(help="Column that the mention file repeats. Default: found by name.")
    ] = None,
    mentions: Annotated[
        Path | None, typer.Option(metavar="MENTIONS.csv", help="Where to write a row for every mention.")
    ] = None,
    encoding: Encoding = "utf-8-sig",
    model: ModelFolder = None,
    error_rate: ErrorRate = ERROR_RATE,
    prior: Prior = None,
    jobs: Jobs = 1,
) -> None:
    """Label every report of a CSV file.

    OUT.csv has the columns of IN.csv as they were, then the label, a probability for each label, the labels that cannot
    be ruled out, whether a person should read the report, the sites and causes found, and a status for each row.
    """
    console = Console(stderr=True)
    columns = TextColumn("reading"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar, _one_line():
        task = bar.add_task("reading", total=None)
        summary = batch.classify_csv(
            source,
            output,
            text_columns=text_column or (),
            id_columns=id_column or (),
            mentions=mentions,
            encoding=encoding,
            classifier=_load(model, error_rate, prior),
            n_jobs=jobs,
            progress=lambda done, size: bar.update(task, completed=done, total=size),
        )
    show.summary(summary, output, console)


@app.command()
def explain(
    text: Annotated[str, typer.Argument(help="A report, or - to read it from standard input.")],
    model: ModelFolder = None,
    error_rate: ErrorRate = ERROR_RATE,
    prior: Prior = None,
) -> None:
    """Show one report with its mentions highlighted, what is said of each, and what decided the label."""
    given = sys.stdin.buffer.read() if text == "-" else os.fsencode(text)
    report = given.decode("utf-8", "replace")
    with _one_line():
        classifier = _load(model, error_rate, prior)
    show.explanation(report, classifier.classify_report(report), Console())


@app.command()
def train(
    source: Annotated[Path, typer.Argument(metavar="LABELLED", help="Reports with a label: CSV, or JSON lines.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where to write the model.")],
    text_column: TextColumns = None,
    label_column: LabelColumn = None,
    unknown_labels: UnknownLabels = UnknownLabel.REFUSE,
    encoding: Encoding = "utf-8-sig",
) -> None:
    """Train a classifier on your own labelled reports; a label for each report suffices.

    It prints how good the new model is on these reports, cross-validated, and how good the one that ships is.
    """
    from calcitype import own  # scikit-learn takes its time, and only this command trains

    with _one_line():
        reports = _labelled(source, text_column, label_column, unknown_labels, encoding)
        trained = own.train(reports, output)
        typer.echo(f"trained on {len(reports.texts)} reports, written to {output}", err=True)
        if trained.never_ruled_out:
            few = ", ".join(trained.never_ruled_out)
            typer.echo(f"too few reports to rule out {few}: every prediction set holds it", err=True)
        shipped = own.evaluate(_load(None, ERROR_RATE, None), reports)
    show.metrics("This model, each report by one trained without it", trained.metrics, Console())
    show.metrics("The model that ships", shipped, Console())


@app.command()
def evaluate(
    source: Annotated[Path, typer.Argument(metavar="LABELLED", help="Reports with a label: CSV, or JSON lines.")],
    text_column: TextColumns = None,
    label_column: LabelColumn = None,
    unknown_labels: UnknownLabels = UnknownLabel.REFUSE,
    encoding: Encoding = "utf-8-sig",
    model: ModelFolder = None,
    error_rate: ErrorRate = ERROR_RATE,
    prior: Prior = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    jobs: Jobs = 1,
) -> None:
    """Measure a model on your own labelled reports."""
    from calcitype import own

    with _one_line():
        reports = _labelled(source, text_column, label_column, unknown_labels, encoding)
        measured = own.evaluate(_load(model, error_rate, prior), reports, n_jobs=jobs)
    if as_json:
        typer.echo(json.dumps(measured, indent=1))
    else:
        show.metrics(source.name, measured, Console())


def _labelled(
    source: Path, text_column: list[str] | None, label_column: str | None, unknown: UnknownLabel, encoding: str
) -> Labelled:
    reports = read_labelled(
        source, text_columns=text_column or (), label_column=label_column, unknown=unknown, encoding=encoding
    )
    if reports.dropped:
        typer.echo(f"{reports.dropped} reports left out, whose label is none of the four", err=True)
    return reports


def _load(model: Path | None, error_rate: float, prior: str | None) -> core.Calcitype:
    try:
        return core.load(model, error_rate=error_rate, prior=None if prior is None else _shares(prior))
    except (ModelError, ValueError) as error:
        raise InputError(str(error)) from None


def _shares(prior: str) -> dict[str, float]:
    """A prior as it is written on the command line."""
    try:
        pairs = [(label.strip(), float(share)) for label, share in (part.split("=") for part in prior.split(","))]
    except ValueError:
        raise InputError("a prior is written LABEL=SHARE,LABEL=SHARE,...") from None
    if len(shares := dict(pairs)) < len(pairs):
        raise InputError("a prior names each label once")
    return shares


@contextmanager
def _one_line() -> Iterator[None]:
    """Say what is wrong in one line and exit with code 2."""
    try:
        yield
    except InputError as error:
        typer.echo(f"calcitype: {error}", err=True)
        raise typer.Exit(2) from None


def main() -> None:
    """Run the command."""
    app()
