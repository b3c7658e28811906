"""Compare mentions found with those annotated: detection, each attribute, each value of it, each error."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from calcitype.results import Mention
from corpus import Report

FIELDS = ("assertion", "site", "laterality", "mechanism", "cause")
# What an empty laterality or cause is called in tables.
EMPTY = "none"
_REASONS = {"assertion": "assertion_reason", "mechanism": "cause_reason", "cause": "cause_reason"}

Pair = tuple[Mention | None, Mention | None]


@dataclass(frozen=True)
class Error:
    """One thing that the program says otherwise than the annotation."""

    file: str
    report: str
    field: str
    gold: str
    got: str
    rule: str
    context: str

    def __str__(self) -> str:
        return (
            f"{self.file} {self.report} {self.field}: gold {self.gold}, got {self.got}"
            f"{f' by {self.rule}' if self.rule else ''}: {self.context}"
        )


def paired(gold: Sequence[Mention], found: Sequence[Mention]) -> list[tuple[Mention, Mention]]:
    """Annotated and found mentions that are the same: the largest overlap, one to one, in the order of the text."""
    pairs, free = [], list(found)
    for g in sorted(gold, key=lambda m: m.start):
        overlap = [min(g.end, m.end) - max(g.start, m.start) for m in free]
        if overlap and max(overlap) > 0:
            pairs.append((g, free.pop(int(np.argmax(overlap)))))
    return pairs


def all_pairs(gold: Sequence[Mention], found: Sequence[Mention]) -> list[Pair]:
    """The pairs, then what was missed and what was found in excess, each with nothing beside it."""
    pairs = paired(gold, found)
    known = {id(side) for pair in pairs for side in pair}
    missed: list[Pair] = [(g, None) for g in gold if id(g) not in known]
    extra: list[Pair] = [(None, m) for m in found if id(m) not in known]
    return [*pairs, *missed, *extra]


def said(mention: Mention | None, field: str) -> str:
    """The value of an attribute, as tables call it."""
    return str(getattr(mention, field) or EMPTY) if mention else _there(mention)


def _there(mention: Mention | None) -> str:
    return "mention" if mention else "no mention"


def asked(mention: Mention, field: str) -> bool:
    """Whether an attribute of a mention is measured: the assertion of any, the rest of those that count."""
    return field == "assertion" or mention.counts


def mention_metrics(reports: Sequence[Report]) -> tuple[dict[str, Any], list[Error]]:
    """Detection, attributes and their values, and every error."""
    pairs_of = [all_pairs(report.annotated, report.mentions) for report in reports]
    pairs = [pair for pairs in pairs_of for pair in pairs]
    both = [(g, m) for g, m in pairs if g and m]
    found = sum(len(report.mentions) for report in reports)
    gold = sum(len(report.annotated) for report in reports)
    metrics = {
        "annotated": gold,
        "precision": len(both) / found,
        "recall": len(both) / gold,
        "f1": 2 * len(both) / (found + gold),
        **{field: _share_right(both, field) for field in FIELDS},
        "values": {field: value_scores(pairs, field) for field in FIELDS},
    }
    errors = [error for report, own in zip(reports, pairs_of, strict=True) for error in _errors(report, own)]
    return metrics, errors


def _share_right(pairs: Iterable[tuple[Mention, Mention]], field: str) -> float:
    return float(np.mean([said(g, field) == said(m, field) for g, m in pairs if asked(g, field)]))


def value_scores(pairs: Sequence[Pair], field: str) -> dict[str, dict[str, float | int | None]]:
    """Precision and recall of each value of an attribute.

    Recall is of annotated mentions with the value, precision of found ones. Either is right if the mention it is paired
    with has the value too; one that is paired with none is wrong.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for g, m in pairs:
        same = said(g, field) == said(m, field)
        if g and asked(g, field):
            counts[said(g, field)].update(annotated=1, recalled=same)
        if m and asked(m, field):
            counts[said(m, field)].update(found=1, right=same)
    return {value: _score(n) for value, n in sorted(counts.items(), key=lambda item: (-item[1]["annotated"], item[0]))}


def _score(n: Counter[str]) -> dict[str, float | int | None]:
    return {
        "precision": n["right"] / n["found"] if n["found"] else None,
        "recall": n["recalled"] / n["annotated"] if n["annotated"] else None,
        **{name: n[name] for name in ("right", "found", "recalled", "annotated")},
    }


def _errors(report: Report, pairs: Iterable[Pair]) -> Iterator[Error]:
    """The errors of a report."""
    for g, m in pairs:
        where = {"file": report.file, "report": report.id, "context": _context(report, next(filter(None, (g, m))))}
        if not (g and m):
            yield Error(field="mention", gold=_there(g), got=_there(m), rule="", **where)
            continue
        for field in FIELDS:
            if asked(g, field) and said(g, field) != said(m, field):
                yield Error(field=field, gold=said(g, field), got=said(m, field), rule=_rule(m, field), **where)


def _rule(mention: Mention, field: str) -> str:
    """The rule that decided an attribute, where one is on record."""
    reason = getattr(mention, _REASONS[field]) if field in _REASONS else None
    return reason.rule if reason else ""


def _context(report: Report, mention: Mention) -> str:
    """The sentence around a mention, the mention in brackets."""
    start, end = mention.start, mention.end
    begin, stop = next((s for s in report.sentences if s[0] <= start < s[1]), (start, end))
    marked = f"{report.text[begin:start]}[{report.text[start:end]}]{report.text[end : max(stop, end)]}"
    return " ".join(marked.split())


def label_error(report: Report, got: str) -> Error:
    """A report with the wrong label; its context is what was found that counts."""
    counted = [m for m in report.mentions if m.counts]
    context = "; ".join(f"[{' '.join(m.text.split())}] {said(m, 'mechanism')} {said(m, 'cause')}" for m in counted)
    return Error(report.file, report.id, "label", report.label, got, "", context or "nothing that counts")
