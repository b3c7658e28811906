"""Write corpora/generated: invented, annotated reports from the recipes beside them.

python scripts/generate.py            write s1.jsonl to s6.jsonl
python scripts/generate.py --check    fail if a committed file is not what the program gives
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import Any

from calcitype.features import label_by_mentions
from corpus import annotated_mentions
from report_case import Plan
from report_kinds import Calcified, Free
from report_style import joined, render
from report_words import RECIPES, Recipe, Recipes

SEED = "calcitype generated 1"
# Reports of each label in a file.
LABELS = {"dystrophic": 77, "metastatic_suggestive": 51, "indeterminate": 37, "no_calcification": 55}
MECHANISMS = {
    "dystrophic": ("dystrophic",),
    "metastatic_suggestive": ("metastatic",),
    "indeterminate": ("other", "unspecified"),
}
ONE_LINE = 0.12
# Texts that share more than this of their pairs of neighbouring words are one text twice.
TOO_ALIKE = 0.6


def plans_of(recipes: Recipes, style: str) -> list[Plan]:
    """What the reports of a file are to be, in their order."""
    rng = Random(f"{SEED}/{style}")  # noqa: S311
    plans = []
    for label, number in LABELS.items():
        causes = deck(causes_of(recipes, label), number, rng)
        plans += [Plan(label, cause, i < round(ONE_LINE * number)) for i, cause in enumerate(causes)]
    rng.shuffle(plans)
    return plans


def causes_of(recipes: Recipes, label: str) -> list[str]:
    """The causes that give a label, common ones twice."""
    causes = [c for c, mechanism in recipes.mechanisms.items() if mechanism in MECHANISMS.get(label, ())]
    if label in ("indeterminate", "no_calcification"):
        causes.append("none")
    return causes + [cause for cause in causes if cause in recipes["common"]]


def deck(cards: list[str], number: int, rng: Random) -> list[str]:
    """A number of cards drawn so that each comes about equally often."""
    drawn: list[str] = []
    while len(drawn) < number:
        drawn += rng.sample(cards, len(cards))
    return drawn[:number]


def report_of(recipes: Recipes, style: Recipe, plan: Plan, number: int, attempt: int = 0) -> dict[str, Any]:
    """One report in the form of the corpora."""
    rng = Random(f"{SEED}/{style['name']}/{number}/{attempt}")  # noqa: S311
    kind = Free if plan.label == "no_calcification" else Calcified
    case = kind(rng, recipes, style, plan)
    text, mentions = joined(render(case.sections, style, recipes, rng))
    label = label_by_mentions(annotated_mentions(text, mentions))
    if label != plan.label:
        raise ValueError(f"{plan} became {label}: {text}")
    return {
        "id": f"{style['name']}-{number:03}",
        "modality": case.exam["modality"],
        "text": text,
        "label": plan.label,
        "mentions": mentions,
    }


class Seen:
    """The texts so far, to refuse one that says nearly the same again."""

    def __init__(self) -> None:
        self.pairs: list[set[tuple[str, str]]] = []

    def takes(self, text: str) -> bool:
        """Keep a text unless it is like an earlier one but for sides and figures."""
        words = [word for word in re.findall(r"[a-z]+", text.lower()) if word not in ("left", "right", "lt", "rt")]
        pairs = set(pairwise(["", *words, ""]))
        if any(len(pairs & other) > TOO_ALIKE * len(pairs | other) for other in self.pairs):
            return False
        self.pairs.append(pairs)
        return True


def files_of(recipes: Recipes) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The name and the reports of each file."""
    seen = Seen()
    for style in recipes["style"]:
        reports = []
        for number, plan in enumerate(plans_of(recipes, style["name"]), 1):
            attempt = 0
            while not seen.takes((report := report_of(recipes, style, plan, number, attempt))["text"]):
                attempt += 1
            reports.append(report)
        yield f"{style['name']}.jsonl", reports


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    for name, reports in files_of(Recipes()):
        content = "".join(json.dumps(report, ensure_ascii=False) + "\n" for report in reports)
        path = RECIPES / name
        if args.check and (not path.exists() or path.read_text(encoding="utf-8") != content):
            raise SystemExit(f"{path} is not what the recipes give; run python scripts/generate.py")
        if not args.check:
            path.write_text(content, encoding="utf-8")
        print(name, len(reports), "reports", dict(Counter(report["label"] for report in reports)))


if __name__ == "__main__":
    main()
