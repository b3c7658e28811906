"""A result as a row of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from calcitype.results import Mention, Result
from calcitype.schema import Label

_SEPARATOR = ";"
_STRONGEST = 3


def _joined(values: Iterable[str]) -> str:
    return _SEPARATOR.join(dict.fromkeys(str(value) for value in values))


def _probability(i: int) -> Callable[[Result], float]:
    return lambda r: round(r.probability[i], 4)


_OF_REPORT: Final[dict[str, Callable[[Result], Any]]] = {
    "calcitype_label": lambda r: r.label.value,
    **{f"calcitype_p_{label}": _probability(i) for i, label in enumerate(Label)},
    "calcitype_confidence": lambda r: round(r.confidence, 4),
    "calcitype_prediction_set": lambda r: _joined(r.prediction_set),
    "calcitype_by_mentions": lambda r: r.by_mentions.value,
    "calcitype_review": lambda r: r.review,
    "calcitype_review_reasons": lambda r: _joined(r.review_reasons),
    "calcitype_evidence": lambda r: _joined(
        f"{e.description} (+{e.weight:.2f} {e.label})" for e in r.evidence[:_STRONGEST]
    ),
    "calcitype_mentions": lambda r: len(r.mentions),
    "calcitype_sites": lambda r: _joined(site for m in r.mentions if m.counts for site in m.sites),
    "calcitype_causes": lambda r: _joined(m.cause for m in r.mentions if m.counts and m.cause),
}
_OF_MENTION: Final[dict[str, Callable[[Mention], Any]]] = {
    "start": lambda m: m.start,
    "end": lambda m: m.end,
    "text": lambda m: m.text,
    "assertion": lambda m: m.assertion.value,
    "site": lambda m: m.site.value,
    "sites": lambda m: _joined(m.sites),
    "laterality": lambda m: m.laterality.value if m.laterality else "",
    "mechanism": lambda m: m.mechanism.value,
    "cause": lambda m: m.cause.value if m.cause else "",
    "morphology": lambda m: _joined(m.morphology),
    "section": lambda m: m.section,
    "codes": lambda m: _joined(m.codes),
    "assertion_rule": lambda m: m.assertion_reason.rule if m.assertion_reason else "",
    "cause_rule": lambda m: m.cause_reason.rule if m.cause_reason else "",
}

COLUMNS = (*_OF_REPORT, "status", "error", "calcitype_version")
MENTION_COLUMNS = tuple(_OF_MENTION)


def row_of(text: str, result: Result) -> dict[str, Any]:
    """The columns that a report's row gets; the three strongest items of evidence, sites and causes of what counts."""
    answers = {name: value(result) for name, value in _OF_REPORT.items()}
    return answers | {"status": "ok" if text.strip() else "empty", "error": "", "calcitype_version": result.version}


def error_row(error: str, version: str) -> dict[str, Any]:
    """The columns of a report that could not be read; ``error`` is the kind of failure and never quotes the report."""
    return dict.fromkeys(COLUMNS) | {"status": "error", "error": error, "calcitype_version": version}


def mention_row(mention: Mention) -> dict[str, Any]:
    """A mention as a row of the mention table."""
    return {name: value(mention) for name, value in _OF_MENTION.items()}
