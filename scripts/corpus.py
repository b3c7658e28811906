"""The annotated corpora, as they are written and as the pipeline reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from calcitype.features import Feature, counts_of, features_of, label_by_mentions
from calcitype.pipeline import mentions_of, read
from calcitype.results import Mention
from calcitype.schema import Assertion, Cause, Label, Laterality, Mechanism, Site

ROOT = Path(__file__).resolve().parents[1]
GOLD, FRESH, UNSEEN, GENERATED = (ROOT / "corpora" / name for name in ("gold", "fresh", "unseen", "generated"))
CORPORA = (GOLD, FRESH, UNSEEN)


@dataclass(frozen=True)
class Report:
    """An annotated report, and what the pipeline finds in it.

    Attributes
    ----------
    file
        "folder/file" that it stands in.
    id, text, label
        As annotated.
    annotated
        The annotated mentions.
    mentions, features
        Those found.
    sentences
        Offsets of the sentences.
    """

    file: str
    id: str
    text: str
    label: str
    annotated: list[Mention]
    mentions: tuple[Mention, ...]
    features: list[Feature]
    sentences: list[tuple[int, int]]

    @property
    def folder(self) -> str:
        """The name of the corpus."""
        return self.file.split("/")[0]

    @property
    def hand_written(self) -> bool:
        """Whether it was not made by a program."""
        return self.folder != GENERATED.name

    @property
    def calibrates(self) -> bool:
        """Whether probabilities are calibrated with it: where the rules were mended most, they are right too often."""
        return self.hand_written and self.folder != FRESH.name

    @cached_property
    def counts(self) -> dict[str, float]:
        """What the classifier reads of it."""
        return counts_of(self.features)

    @property
    def by_mentions(self) -> Label:
        """The label that the guideline's rule gives the mentions found."""
        return label_by_mentions(self.mentions)


def annotated_reports(*folders: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every report of the ``*.jsonl`` of folders (annotation guideline, section 6), behind its "folder/file"."""
    for folder in folders:
        for path in sorted(folder.glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                yield f"{folder.name}/{path.stem}", json.loads(line)


def annotated_mentions(text: str, written: Iterable[dict[str, Any]]) -> list[Mention]:
    """The mentions of a text from those of a corpus (annotation guideline, section 6)."""
    return [
        Mention(
            start=m["start"],
            end=m["end"],
            text=text[m["start"] : m["end"]],
            assertion=Assertion(m["assertion"]),
            site=Site(m["site"]),
            sites=(Site(m["site"]),),
            laterality=Laterality(m["laterality"]) if m["laterality"] else None,
            mechanism=Mechanism(m["mechanism"]),
            cause=Cause(m["cause"]) if m["cause"] else None,
        )
        for m in written
    ]


def read_corpus() -> list[Report]:
    """The reports of all corpora."""
    written = list(annotated_reports(*CORPORA, GENERATED))
    reports = []
    for (file, known), doc in zip(written, read(known["text"] for _, known in written), strict=True):
        mentions, sentences = mentions_of(doc), [(sentence.start_char, sentence.end_char) for sentence in doc.sents]
        annotated = annotated_mentions(known["text"], known["mentions"])
        given = known["id"], known["text"], known["label"], annotated
        reports.append(Report(file, *given, mentions, features_of(doc, mentions), sentences))
    return reports
