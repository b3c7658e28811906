"""What is said of a report: frozen, hashable, and plain when it leaves the program."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any

from calcitype.schema import Assertion, Cause, Label, Laterality, Mechanism, ReviewReason, Site


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an attribute of a mention was decided as it was.

    Attributes
    ----------
    rule
        The id of the lexicon's rule.
    start, end
        Half-open character offsets of the words that fired it in the caller's text; ``None`` where no words did.
    """

    rule: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of calcification, with its context.

    Attributes
    ----------
    start, end
        Half-open character offsets into the text as the caller gave it.
    text
        ``report[start:end]``.
    assertion, site, laterality, mechanism, cause
        See the enums. ``laterality`` is ``None`` where no side is given, ``cause`` where the mechanism is unspecified.
    sites
        Every site the words extend over, ``site`` first.
    morphology
        Descriptors of shape, amount and distribution (``"popcorn"``, ``"rim"``), in the order of the text.
    section
        Category of the section it stands in (``"findings"``, ``"impression"``, ...).
    codes
        ``"SYSTEM:code"`` in HPO, ICD-10-CM and RadLex.
    assertion_reason, cause_reason
        The rule and the words that decided; ``None`` where nothing spoke and the default held.
    """

    start: int
    end: int
    text: str
    assertion: Assertion
    site: Site
    sites: tuple[Site, ...]
    laterality: Laterality | None
    mechanism: Mechanism
    cause: Cause | None
    morphology: tuple[str, ...] = ()
    section: str = "body"
    codes: tuple[str, ...] = ()
    assertion_reason: Reason | None = None
    cause_reason: Reason | None = None

    @property
    def counts(self) -> bool:
        """Whether it counts towards the report's label."""
        return self.assertion.counts

    def to_dict(self) -> dict[str, Any]:
        """A JSON-safe copy."""
        return _plain(self)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that moved a report's label.

    Attributes
    ----------
    description
        In plain words, without text of the report.
    label
        The label it speaks for: the report's, or the rival that this is weighed against.
    weight
        By how much, in log-odds of the two; not negative. The weights of all evidence for the label less those for the
        rival are the log-odds of the two.
    start, end
        Half-open character offsets of the words, or the first of them, in the caller's text; ``None`` where it is not a
        span.
    """

    description: str
    label: Label
    weight: float
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What :func:`calcitype.classify_report` says of a report.

    Attributes
    ----------
    label
        The most probable label.
    probability
        Four probabilities in the order of :class:`Label`, summing to 1; ``probabilities`` gives them by name.
    prediction_set
        The labels that cannot be ruled out at the stated error rate, most probable first (class-conditional
        cross-conformal prediction; Vovk, Gammerman and Shafer, 2005); always ``label`` and ``by_mentions``, too.
    by_mentions
        The label that the guideline's rule gives the mentions. Where it is not ``label``, ``evidence`` says why.
    rival
        What ``label`` is weighed against: ``by_mentions`` if that is another, else the second most probable label.
    review_reasons
        Why a person should read the report, if one should: the label is not that of the mentions; conformal prediction
        leaves more labels than the report's; or less confidence than that from which on labels were found to be right
        in 99 of 100 reports.
    mentions
        In the order of the text.
    evidence
        What speaks for ``label`` and what for its ``rival``. Strongest first, then the rest.
    version
        Of the program, its lexicon and its model.
    """

    label: Label
    probability: tuple[float, ...]
    prediction_set: tuple[Label, ...]
    by_mentions: Label
    rival: Label
    review_reasons: tuple[ReviewReason, ...]
    mentions: tuple[Mention, ...]
    evidence: tuple[Evidence, ...]
    version: str

    @property
    def review(self) -> bool:
        """Whether a person should read the report."""
        return bool(self.review_reasons)

    @property
    def probabilities(self) -> dict[str, float]:
        """Probability by label."""
        return {label.value: p for label, p in zip(Label, self.probability, strict=True)}

    @property
    def confidence(self) -> float:
        """Probability of ``label``."""
        return self.probabilities[self.label]

    def to_dict(self) -> dict[str, Any]:
        """A JSON-safe copy, with ``probabilities`` by name, ``confidence`` and ``review``."""
        plain: dict[str, Any] = _plain(self)
        del plain["probability"]
        return {**plain, "probabilities": self.probabilities, "confidence": self.confidence, "review": self.review}


def _plain(value: Any) -> Any:
    """Dataclasses as dicts, tuples as lists, enum members as their ids."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, StrEnum) else value
