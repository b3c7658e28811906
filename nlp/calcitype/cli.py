"""The command ``calcitype``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from calcitype import api, batch, show
from calcitype.columns import InputError

app = typer.Typer(
    help="Find calcification in radiology reports and tell dystrophic from metastatic.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def classify(
    source: Annotated[Path, typer.Argument(metavar="IN.csv", help="Reports, one a row, with a header.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT.csv", help="Where to write the labelled rows.")
    ],
    text_column: Annotated[
        list[str] | None,
        typer.Option(help="Column of the report; repeat to join columns in order. Default: found by name."),
    ] = None,
    id_column: Annotated[
        list[str] | None, typer.Option(help="Column that the mention file repeats. Default: found by name.")
    ] = None,
    mentions: Annotated[
        Path | None, typer.Option(metavar="MENTIONS.csv", help="Where to write a row for every mention.")
    ] = None,
    encoding: Annotated[
        str, typer.Option(help="Of IN.csv; the default is UTF-8 with or without a byte order mark.")
    ] = "utf-8-sig",
    jobs: Annotated[int, typer.Option(help="Processes; -1 is one a core.")] = 1,
) -> None:
    """Label every report of a CSV file.

    OUT.csv has the columns of IN.csv as they were, then the label, a probability for each label, the sites and causes
    found, and a status for each row.
    """
    console = Console(stderr=True)
    columns = TextColumn("reading"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading", total=None)
        try:
            summary = batch.classify_csv(
                source,
                output,
                text_columns=text_column or (),
                id_columns=id_column or (),
                mentions=mentions,
                encoding=encoding,
                n_jobs=jobs,
                progress=lambda done, size: bar.update(task, completed=done, total=size),
            )
        except InputError as error:
            _fail(str(error))
        except OSError as error:
            _fail(f"cannot write {output}: {error.strerror}")
    show.summary(summary, output, console)


@app.command()
def explain(
    text: Annotated[str, typer.Argument(help="A report, or - to read it from standard input.")],
) -> None:
    """Show one report with its mentions highlighted, what is said of each, and what decided the label."""
    report = sys.stdin.read() if text == "-" else text
    show.explanation(report, api.classify_report(report), Console())


def _fail(message: str) -> NoReturn:
    """Say what is wrong in one line and exit with code 2."""
    typer.echo(f"calcitype: {message}", err=True)
    raise typer.Exit(2)


def main() -> None:
    """Run the command."""
    app()
