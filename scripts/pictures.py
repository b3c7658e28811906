"""Draw the pictures of the README and of the model card.

python scripts/pictures.py

The picture of the terminal (corpora/sample/explain.svg) is of a report of the sample. Calibration, coverage and risk,
and the confusion matrix (models/*.svg) are of the hand-written reports, each as a classifier saw it that was trained
without its file.
"""

from __future__ import annotations

import csv
import io

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from rich.console import Console
from rich.terminal_theme import MONOKAI
from sklearn.metrics import ConfusionMatrixDisplay

from calcitype import classify_report
from calcitype.metrics import bins_of
from calcitype.schema import Label
from calcitype.show import explanation
from corpus import CORPORA, ROOT, read_corpus
from examples import Examples, leave_one_file_out

SAMPLE = ROOT / "corpora" / "sample"
ACCESSION = "00042864"
# rich's own, without the fonts it would fetch from the network.
FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px;
  line-height: {line_height}px; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""
COLOURS = {"gold": "#b8860b", "fresh": "#2e7d32", "unseen": "#1565c0"}


def draw_explanation() -> None:
    """What ``calcitype explain`` shows of a report."""
    with (SAMPLE / "reports.csv").open(encoding="utf-8", newline="") as file:
        reports = {row["accession_number"]: row["report_text"] for row in csv.DictReader(file)}
    report = reports[ACCESSION]
    console = Console(record=True, width=118, file=io.StringIO())
    explanation(report, classify_report(report), console)
    svg = console.export_svg(title="calcitype explain", theme=MONOKAI, code_format=FORMAT, unique_id="explain")
    (SAMPLE / "explain.svg").write_text(svg, encoding="utf-8")


def draw_measurements() -> None:
    """The model card's three pictures."""
    corpus = read_corpus()
    reports, said, *_ = leave_one_file_out(corpus, Examples(corpus))
    folders = np.array([report.folder for report in reports])
    confidence, right = said.probability.max(axis=1), np.array(said.predicted) == np.array(said.labels)
    pictures = {name: plt.subplots(figsize=(5, 4.2), layout="constrained") for name in ("calibration", "coverage-risk")}
    for folder in CORPORA:
        own = folders == folder.name
        style = {"color": COLOURS[folder.name], "label": f"{folder.name} ({own.sum()} reports)"}
        bins = bins_of(confidence[own])
        points = [(confidence[own][bins == b].mean(), right[own][bins == b].mean(), (bins == b).sum()) for b in {*bins}]
        mean, share_right, n = zip(*points, strict=True)
        pictures["calibration"][1].scatter(mean, share_right, s=12 * np.sqrt(n), alpha=0.7, **style)
        surest = right[own][np.argsort(-confidence[own], kind="stable")]
        kept = np.arange(1, own.sum() + 1)
        pictures["coverage-risk"][1].plot(kept / own.sum(), 1 - np.cumsum(surest) / kept, **style)
    axes = pictures["calibration"][1]
    axes.plot([0.3, 1], [0.3, 1], ":", color="grey")
    axes.set(
        xlabel="probability of the label given",
        ylabel="share of right labels",
        title="Calibration (area: reports)",
        xlim=(0.3, 1.03),
    )
    axes = pictures["coverage-risk"][1]
    axes.set(
        xlabel="share of reports labelled, surest first", ylabel="share of wrong labels", title="Coverage and risk"
    )
    for name, (figure, axes) in pictures.items():
        axes.legend(frameon=False)
        figure.savefig(ROOT / "models" / f"{name}.svg", metadata={"Date": None})
    figure, axes = plt.subplots(figsize=(6.2, 4.2), layout="constrained")
    names = [label.replace("_", "\n") for label in Label]
    ConfusionMatrixDisplay.from_predictions(
        said.labels, said.predicted, labels=[*Label], display_labels=names, cmap="Blues", colorbar=False, ax=axes
    )
    axes.set(xlabel="label given", ylabel="annotated label", title="Confusion matrix")
    axes.tick_params(labelsize="small")
    figure.savefig(ROOT / "models" / "confusion.svg", metadata={"Date": None})


def main() -> None:
    """Run the command."""
    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "calcitype", "svg.fonttype": "none", "axes.spines.top": False})
    mpl.rcParams["axes.spines.right"] = False
    draw_explanation()
    draw_measurements()


if __name__ == "__main__":
    main()
