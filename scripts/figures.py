"""Write the figures of scripts/evaluate.py into the README and the model card.

python scripts/figures.py            write
python scripts/figures.py --check    fail if a figure there is not the one measured now
"""

from __future__ import annotations

import argparse
import re

from corpus import ROOT, read_corpus
from evaluate import mention_metrics, report_metrics

FILES = (ROOT / "README.md", ROOT / "models" / "README.md")
PLACE = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- end -->)", re.DOTALL)


def table() -> str:
    """The figures as Markdown."""
    corpus = read_corpus()
    reports, _ = report_metrics(corpus)
    mentions, _ = mention_metrics(corpus)
    conformal = reports["conformal"]
    lines = [
        "| label | precision | recall | F1 | reports | coverage of prediction sets |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for label, m in reports["labels"].items():
        scores = " | ".join(f"{value:.3f}" for value in (m["precision"], m["recall"], m["f1"]))
        lines.append(f"| `{label}` | {scores} | {m['reports']} | {conformal['coverage'][label]:.3f} |")
    lines += [
        "",
        f"Macro-F1 {reports['macro_f1']:.3f}, accuracy {reports['accuracy']:.3f}, Brier score {reports['brier']:.3f}, "
        f"expected calibration error {reports['calibration_error']:.3f}, "
        f"mean prediction set {conformal['mean_size']:.2f} labels.",
        "",
        "| mentions found (F1) | assertion | site | laterality | mechanism | cause |",
        "| --- | --- | --- | --- | --- | --- |",
        "| "
        + " | ".join(f"{mentions[k]:.3f}" for k in ("f1", "assertion", "site", "laterality", "mechanism", "cause"))
        + " |",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    measured = table()
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        new = PLACE.sub(lambda _: measured, text)
        if args.check and new != text:
            raise SystemExit(f"{path} does not hold the figures measured now; run scripts/figures.py")
        path.write_text(new, encoding="utf-8")
    print("figures are those measured now" if args.check else "figures written")


if __name__ == "__main__":
    main()
