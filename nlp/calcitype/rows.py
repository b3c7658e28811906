"""A result as a row of a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from calcitype.results import Mention, Result
from calcitype.schema import Label

COLUMNS = (
    "calcitype_label",
    *(f"calcitype_p_{label}" for label in Label),
    "calcitype_confidence",
    "calcitype_prediction_set",
    "calcitype_by_mentions",
    "calcitype_review",
    "calcitype_review_reasons",
    "calcitype_evidence",
    "calcitype_mentions",
    "calcitype_sites",
    "calcitype_causes",
    "status",
    "error",
    "calcitype_version",
)

MENTION_COLUMNS = (
    "start",
    "end",
    "text",
    "assertion",
    "site",
    "sites",
    "laterality",
    "mechanism",
    "cause",
    "morphology",
    "section",
    "codes",
    "assertion_rule",
    "cause_rule",
)
_SEPARATOR = ";"
_STRONGEST = 3


def row_of(text: str, result: Result) -> dict[str, Any]:
    """The columns that a report's row gets; the three strongest items of evidence, sites and causes of what counts."""
    counting = [mention for mention in result.mentions if mention.counts]
    values = (
        result.label.value,
        *(round(p, 4) for p in result.probability),
        round(result.confidence, 4),
        _joined(result.prediction_set),
        result.by_mentions.value,
        result.review,
        _joined(result.review_reasons),
        _joined(f"{e.description} (+{e.weight:.2f} {e.label})" for e in result.evidence[:_STRONGEST]),
        len(result.mentions),
        _joined(site for mention in counting for site in mention.sites),
        _joined(mention.cause for mention in counting if mention.cause),
        "ok" if text.strip() else "empty",
        "",
        result.version,
    )
    return dict(zip(COLUMNS, values, strict=True))


def error_row(error: str, version: str) -> dict[str, Any]:
    """The columns of a report that could not be read; ``error`` is the kind of failure and never quotes the report."""
    return dict.fromkeys(COLUMNS, "") | {"status": "error", "error": error, "calcitype_version": version}


def mention_row(mention: Mention) -> dict[str, Any]:
    """A mention as a row of the mention table."""
    values = (
        mention.start,
        mention.end,
        mention.text,
        mention.assertion.value,
        mention.site.value,
        _joined(mention.sites),
        mention.laterality.value if mention.laterality else "",
        mention.mechanism.value,
        mention.cause.value if mention.cause else "",
        _joined(mention.morphology),
        mention.section,
        _joined(mention.codes),
        mention.assertion_reason.rule if mention.assertion_reason else "",
        mention.cause_reason.rule if mention.cause_reason else "",
    )
    return dict(zip(MENTION_COLUMNS, values, strict=True))


def _joined(values: Iterable[str]) -> str:
    return _SEPARATOR.join(dict.fromkeys(str(value) for value in values))
