"""Write the figures of scripts/evaluate.py into the README and the model card.

python scripts/figures.py            write
python scripts/figures.py --check    fail if a figure there is not the one measured now
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from typing import Any

from corpus import ROOT
from evaluate import measure

FILES = (ROOT / "README.md", ROOT / "models" / "README.md")
PLACE = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- end -->)", re.DOTALL)


def tables() -> str:
    """The figures as Markdown."""
    metrics, _ = measure()
    return "\n".join(line for folder, found in metrics.items() for line in table(folder, found))


def table(folder: str, metrics: dict[str, Any]) -> Iterator[str]:
    """The figures of one corpus as lines of Markdown."""
    reports, mentions = metrics["reports"], metrics["mentions"]
    conformal = reports["conformal"]
    yield f"`corpora/{folder}`, {reports['reports']} reports:"
    yield ""
    yield "| label | precision | recall | F1 | reports | coverage of prediction sets |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for label, m in reports["labels"].items():
        scores = " | ".join(f"{value:.3f}" for value in (m["precision"], m["recall"], m["f1"]))
        yield f"| `{label}` | {scores} | {m['reports']} | {conformal['coverage'][label]:.3f} |"
    files = ", ".join(f"`{name.split('/')[1]}` {value:.3f}" for name, value in reports["macro_f1_of_files"].items())
    yield ""
    yield (
        f"Macro-F1 {reports['macro_f1']:.3f} ({files}), accuracy {reports['accuracy']:.3f}, Brier score "
        f"{reports['brier']:.3f}, expected calibration error {reports['calibration_error']:.3f}, mean prediction set "
        f"{conformal['mean_size']:.2f} labels."
    )
    yield ""
    yield "| mentions found (F1) | assertion | site | laterality | mechanism | cause |"
    yield "| --- | --- | --- | --- | --- | --- |"
    fields = ("f1", "assertion", "site", "laterality", "mechanism", "cause")
    yield "| " + " | ".join(f"{mentions[field]:.3f}" for field in fields) + " |"
    yield ""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    measured = tables() + "\n"
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        new = PLACE.sub(lambda _: measured, text)
        if args.check and new != text:
            raise SystemExit(f"{path} does not hold the figures measured now; run scripts/figures.py")
        if not args.check:
            path.write_text(new, encoding="utf-8")
    print("figures are those measured now" if args.check else "figures written")


if __name__ == "__main__":
    main()
