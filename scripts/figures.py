"""Write the figures of scripts/evaluate.py into the README and the model card, where marks say "figures NAME".

python scripts/figures.py            write
python scripts/figures.py --check    fail if a figure there is not the one measured now
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from typing import Any

from calcitype import model
from corpus import ROOT
from evaluate import measure
from mention_scores import FIELDS, Error

FILES = (ROOT / "README.md", ROOT / "models" / "README.md")
PLACE = re.compile(r"(?<=<!-- figures )(?P<name>\w+)( -->\n).*?(?=<!-- end -->)", re.DOTALL)
# Labels that are wrong in reports whose errors may be read.
READ = ("gold/", "fresh/")


def labels_of_corpora(metrics: dict[str, Any]) -> Iterator[str]:
    """Each label of each corpus."""
    yield "| corpus | label | precision | recall | F1 | reports | in its prediction set |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for folder, found in metrics["corpora"].items():
        reports = found["reports"]
        for label, m in reports["labels"].items():
            cells = (_with_interval(m, name) for name in ("precision", "recall", "f1"))
            covered = reports["sets"]["coverage"][label]
            yield f"| `{folder}` | `{label}` | {' | '.join(cells)} | {m['reports']} | {covered:.3f} |"


def reports_of_corpora(metrics: dict[str, Any]) -> Iterator[str]:
    """What is measured of all reports of a corpus."""
    rows = {name: found["reports"] for name, found in metrics["corpora"].items()}
    yield "| | " + " | ".join(f"`{name}`" for name in rows) + " |"
    yield "| --- |" + " --- |" * len(rows)

    def row(name: str, cells: Iterator[str]) -> str:
        return f"| {name} | {' | '.join(cells)} |"

    yield row("reports", (str(m["reports"]) for m in rows.values()))
    yield row("macro-F1", (_with_interval(m, "macro_f1") for m in rows.values()))
    yield row("accuracy", (_with_interval(m, "accuracy") for m in rows.values()))
    for share in ("80%", "90%"):
        yield row(f"accuracy of the surest {share}", (f"{m['accuracy_at_coverage'][share]:.3f}" for m in rows.values()))
    yield row("expected calibration error", (f"{m['calibration_error']:.3f}" for m in rows.values()))
    yield row("Brier score", (f"{m['brier']:.3f}" for m in rows.values()))
    yield row("labels in a prediction set", (f"{m['sets']['mean_size']:.2f}" for m in rows.values()))
    yield row("reports for review", (f"{m['review']['share']:.1%}" for m in rows.values()))
    yield row("accuracy of the others", (f"{m['review']['accuracy_of_others']:.3f}" for m in rows.values()))
    yield row("label not that of the mentions", (f"{m['differs_from_mentions']:.1%}" for m in rows.values()))


def conformal(metrics: dict[str, Any]) -> Iterator[str]:
    """What conformal prediction alone covers of each label."""
    corpora = {**{name: found["reports"] for name, found in metrics["corpora"].items()}, "all": metrics["whole"]["all"]}
    labels = list(metrics["whole"]["all"]["conformal"]["coverage"])
    yield "| corpus | " + " | ".join(f"`{label}`" for label in labels) + " | labels in a set |"
    yield "| --- |" + " --- |" * (len(labels) + 1)
    for name, m in corpora.items():
        cells = " | ".join(f"{m['conformal']['coverage'][label]:.3f}" for label in labels)
        yield f"| `{name}` | {cells} | {m['conformal']['mean_size']:.2f} |"


def mentions_of_corpora(metrics: dict[str, Any]) -> Iterator[str]:
    """Mentions and their attributes."""
    yield "| corpus | mentions | found (F1) | " + " | ".join(FIELDS) + " |"
    yield "| --- | --- | --- |" + " --- |" * len(FIELDS)
    for folder, found in metrics["corpora"].items():
        m = found["mentions"]
        cells = " | ".join(f"{m[field]:.3f}" for field in ("f1", *FIELDS))
        yield f"| `{folder}` | {m['annotated']} | {cells} |"


def slices(metrics: dict[str, Any], name: str) -> Iterator[str]:
    """Accuracy by file, cause or length."""
    yield f"| {name} | accuracy | reports |"
    yield "| --- | --- | --- |"
    for key, m in metrics["whole"][name].items():
        yield f"| `{key}` | {_with_interval(m, 'accuracy')} | {m['reports']} |"


def failures(errors: list[Error]) -> Iterator[str]:
    """Wrong labels of reports that may be read, with what was found in them."""
    yield "| report | annotated | given | mentions found that count |"
    yield "| --- | --- | --- | --- |"
    for e in errors:
        if e.field == "label" and e.file.startswith(READ):
            yield f"| `{e.report}` | `{e.gold}` | `{e.got}` | {e.context.replace('|', '/')} |"


def versions() -> Iterator[str]:
    """What the model was made with."""
    content = json.loads((ROOT / "models" / model.FILE).read_text(encoding="utf-8"))
    made = {**content["made_with"], **content["trained_with"]}
    yield "| " + " | ".join(["model", *made]) + " |"
    yield "| --- |" + " --- |" * len(made)
    yield "| " + " | ".join([f"`{content['sha256'][:12]}`", *made.values()]) + " |"


def tables() -> dict[str, str]:
    """Every table by the name that its mark has."""
    metrics, errors = measure()
    lines = {
        "labels": labels_of_corpora(metrics),
        "reports": reports_of_corpora(metrics),
        "conformal": conformal(metrics),
        "mentions": mentions_of_corpora(metrics),
        "styles": slices(metrics, "file"),
        "causes": slices(metrics, "cause"),
        "lengths": slices(metrics, "length"),
        "failures": failures(errors),
        "versions": versions(),
    }
    return {name: "\n".join(found) + "\n" for name, found in lines.items()}


def _with_interval(m: dict[str, Any], name: str) -> str:
    low, high = m["intervals"][name]
    return f"{m[name]:.3f} ({low:.3f} to {high:.3f})"


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    measured = tables()
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        new = PLACE.sub(lambda place: f"{place['name']}{place[2]}{measured[place['name']]}", text)
        if args.check and new != text:
            raise SystemExit(f"{path} does not hold the figures measured now; run scripts/figures.py")
        if not args.check:
            path.write_text(new, encoding="utf-8")
    print("figures are those measured now" if args.check else "figures written")


if __name__ == "__main__":
    main()
