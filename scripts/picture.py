"""Draw the README's picture: what `calcitype explain` shows of a report of the sample.

python scripts/picture.py
"""

from __future__ import annotations

import csv
import io

from rich.console import Console
from rich.terminal_theme import MONOKAI

from calcitype import classify_report
from calcitype.show import explanation
from corpus import ROOT

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


def main() -> None:
    """Run the command."""
    with (SAMPLE / "reports.csv").open(encoding="utf-8", newline="") as file:
        reports = {row["accession_number"]: row["report_text"] for row in csv.DictReader(file)}
    report = reports[ACCESSION]
    console = Console(record=True, width=118, file=io.StringIO())
    explanation(report, classify_report(report), console)
    svg = console.export_svg(title="calcitype explain", theme=MONOKAI, code_format=FORMAT, unique_id="explain")
    (SAMPLE / "explain.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
