"""Write the figures of scripts/evaluate.py into the README and the model card, where marks say "figures NAME".

python scripts/figures.py            write
python scripts/figures.py --check    fail if a figure there is not the one measured now
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from calcitype.model_file import read_content
from calcitype.schema import Label
from card import header, line, put, with_interval
from corpus import ROOT
from evaluate import measure
from mention_scores import FIELDS, Error


def labels_of_corpora(metrics: dict[str, Any]) -> Iterator[str]:
    """Each label of each corpus."""
    yield from header(["corpus", "label", "precision", "recall", "F1", "reports", "in its prediction set"])
    for folder, found in metrics["corpora"].items():
        reports = found["reports"]
        for label, m in reports["labels"].items():
            rates = (with_interval(m, name) for name in ("precision", "recall", "f1"))
            covered = f"{reports['sets']['coverage'][label]:.3f}"
            yield line([f"`{folder}`", f"`{label}`", *rates, str(m["reports"]), covered])


def reports_of_corpora(metrics: dict[str, Any]) -> Iterator[str]:
    """What is measured of all reports of a corpus."""
    corpora = [found["reports"] for found in metrics["corpora"].values()]
    yield from header(["", *(f"`{name}`" for name in metrics["corpora"])])
    for name, figure in {
        "reports": lambda m: str(m["reports"]),
        "macro-F1": lambda m: with_interval(m, "macro_f1"),
        "accuracy": lambda m: with_interval(m, "accuracy"),
        "accuracy of the surest 80%": lambda m: f"{m['accuracy_at_coverage']['80%']:.3f}",
        "accuracy of the surest 90%": lambda m: f"{m['accuracy_at_coverage']['90%']:.3f}",
        "expected calibration error": lambda m: f"{m['calibration_error']:.3f}",
        "Brier score": lambda m: f"{m['brier']:.3f}",
        "labels in a prediction set": lambda m: f"{m['sets']['mean_size']:.2f}",
        "reports for review": lambda m: f"{m['review']['share']:.1%}",
        "accuracy of the others": lambda m: f"{m['review']['accuracy_of_others']:.3f}",
        "label not that of the mentions": lambda m: f"{m['differs_from_mentions']:.1%}",
    }.items():
        yield line([name, *map(figure, corpora)])


def conformal(metrics: dict[str, Any]) -> Iterator[str]:
    """What conformal prediction alone covers of each label."""
    corpora = {f"`{name}`": found["reports"] for name, found in metrics["corpora"].items()}
    corpora["`gold` and `unseen`, which calibrate"] = metrics["whole"]["calibrating"]
    corpora["all"] = metrics["whole"]["all"]
    yield from header(["corpus", *(f"`{label}`" for label in Label), "labels in a set"])
    for name, m in corpora.items():
        covered = (f"{m['conformal']['coverage'][label]:.3f} of {m['labels'][label]['reports']}" for label in Label)
        yield line([name, *covered, f"{m['conformal']['mean_size']:.2f}"])


def mentions_of_corpora(metrics: dict[str, Any]) -> Iterator[str]:
    """Mentions and their attributes."""
    yield from header(["corpus", "mentions", "found (F1)", *FIELDS])
    for folder, found in metrics["corpora"].items():
        m = found["mentions"]
        yield line([f"`{folder}`", str(m["annotated"]), *(f"{m[field]:.3f}" for field in ("f1", *FIELDS))])


def slices(metrics: dict[str, Any], name: str) -> Iterator[str]:
    """Accuracy by file, cause or length."""
    yield from header([name, "accuracy", "reports"])
    for key, m in metrics["whole"][name].items():
        yield line([f"`{key}`", with_interval(m, "accuracy"), str(m["reports"])])


def cut_down(metrics: dict[str, Any]) -> Iterator[str]:
    """What is said of reports cut down to one finding."""
    yield from header(["cut down to", "reports", "accuracy", "of the rule", "calibration error", "for review"])
    for name, m in metrics["whole"]["cut"].items():
        figures = f"{m['rule']:.3f}", f"{m['calibration_error']:.3f}", f"{m['review']['share']:.1%}"
        yield line([name, str(m["reports"]), f"{m['accuracy']:.3f}", *figures])


def failures(errors: list[Error]) -> Iterator[str]:
    """Wrong labels of reports that may be read, with what was found in them."""
    yield from header(["report", "annotated", "given", "mentions found that count"])
    for e in errors:
        if e.field == "label":
            yield line([f"`{e.report}`", f"`{e.gold}`", f"`{e.got}`", e.context.replace("|", "/")])


def versions() -> Iterator[str]:
    """What the model was made with."""
    content = read_content(ROOT / "models")
    made = {**content.made_with, **content.trained_with}
    yield from header(["model", *made])
    yield line([f"`{content.digest()[:12]}`", *made.values()])


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
        "cut": cut_down(metrics),
        "failures": failures(errors),
        "versions": versions(),
    }
    return {name: "\n".join(found) + "\n" for name, found in lines.items()}


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    put(tables(), check=parser.parse_args().check)


if __name__ == "__main__":
    main()
