"""The rules of the lexicon: one class a TOML table, one field a key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from calcitype.schema import Assertion, Cause, Laterality, Mechanism, Site


class Effect(StrEnum):
    """What a cue does that gives no assertion by itself."""

    KNOWN = "known"
    PSEUDO = "pseudo"
    STOP = "stop"
    REASON = "reason"
    RETRACT = "retract"
    VERB = "verb"


class Direction(StrEnum):
    """Where what a cue is about stands from it."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"
    WITHIN = "within"


class Reach(StrEnum):
    """How far the words for a cause carry."""

    MENTION = "mention"
    SENTENCE = "sentence"
    REPORT = "report"


class Side(StrEnum):
    """On which side of a mention words belong to it."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class SectionRule:
    """Headings of one category of section (``id``); those that are ``open`` may go on ("ADDENDUM by Dr X:")."""

    id: str
    phrases: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class MentionRule:
    """Words that are a mention, or (``mention = false``) that look like one and are not.

    ``typos`` accepts misspellings of single words. With one of ``unless`` in its sentence it is none, nor, where not
    ``numbered``, before a figure, nor, where not ``unnumbered``, without one.
    """

    id: str
    phrases: tuple[str, ...]
    mention: bool = True
    typos: bool = False
    numbered: bool = True
    unnumbered: bool = True
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DescriptorRule:
    """Words that belong to a mention beside them: shapes and amounts ``before`` it, nouns ``after`` it (``joins``).

    The ``id`` of those before it is the morphology.
    """

    id: str
    phrases: tuple[str, ...]
    joins: Side = Side.BEFORE


@dataclass(frozen=True, slots=True)
class SiteRule:
    """Words for a site.

    ``phrases`` name it, ``weak`` imply it where nothing nearer names one, ``exam`` name it in an examination's title,
    ``vague`` imply it where not even the title does.
    """

    id: Site
    phrases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    exam: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    side: Laterality | None = None


@dataclass(frozen=True, slots=True)
class RefineRule:
    """A general site that ``becomes`` a more exact one where a site of ``within`` or a phrase stands near."""

    id: Site
    becomes: Site
    within: tuple[Site, ...]
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SideRule:
    """Words for a side."""

    id: Laterality
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CueRule:
    """Words that decide an assertion (ConText; Harkema et al., J Biomed Inform 2009).

    ``assertion`` is an assertion; ``known`` (present if the study shows it, else historical); ``pseudo`` (looks
    like a cue, is none); ``stop`` (ends a cue's scope); ``reason`` (ends it, unless the cue is for another person
    or denies what stands before it); ``verb`` (ends that of what is wanting where a new clause has begun, and where
    it ``holds``, that of a hedge: what a doubtful thing contains is there); or ``retract`` (takes back what stands
    before it in the report, as does one that ``retracts``).
    ``direction`` says where the asserted words stand from the cue; ``reach`` bounds the words between them. Of several
    cues the one of lowest ``precedence`` decides, then the nearest.
    With a negation just before it a cue gives what it is if ``negated``: "not free of" is present, "nothing suggesting"
    absent. One that is ``closing`` counts only where a statement ends after it ("calcification likely.", not
    "calcification likely dystrophic"). It does not reach what stands beside something ("no fracture of the
    calcified rib").
    One that ``answers`` counts only as the whole answer to a field or a question ("calcification: no", "It is not.").
    ``in_indication`` is the assertion it gives where the clinical question stands.
    """

    id: str
    assertion: Assertion | Effect
    phrases: tuple[str, ...]
    direction: Direction = Direction.FORWARD
    reach: int = 1000
    precedence: int = 2
    in_indication: Assertion | None = None
    past_comma: bool = True
    negated: Assertion | None = None
    closing: bool = False
    holds: bool = False
    retracts: bool = False
    answers: bool = False
    only: tuple[str, ...] = ()
    only_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CauseRule:
    """Words that name a local cause, or its default where only a site or a shape is known.

    ``reach`` is how far the words carry: the ``mention`` itself, its ``sentence``, or the whole ``report``.
    ``sites`` bounds where it can be the reason (none: anywhere). A ``general`` cause (a cyst) yields to an exact one
    (a hydatid) that the report names for the same site. Of two in a mention's sentence the one that stands ``over`` the
    other's cause is taken (treatment over the tumour that was treated). Where the mention's sentence holds one of
    ``unless``, words outside that sentence do not reach it. What lies on ``one_side`` (a tumour, a haematoma) explains
    nothing on the other; what was done in ``one_place`` (radiotherapy) nothing there or in an organ that its sentence
    does not name. A ``maternal`` infection is the child's too.
    """

    id: str
    cause: Cause
    phrases: tuple[str, ...]
    sites: tuple[Site, ...] = ()
    reach: Reach = Reach.SENTENCE
    general: bool = False
    over: tuple[Cause, ...] = ()
    unless: tuple[str, ...] = ()
    one_side: bool = False
    one_place: bool = False
    maternal: bool = False


@dataclass(frozen=True, slots=True)
class SystemicRule:
    """Words that document a systemic disturbance.

    ``sites`` are those where it explains a calcification by itself (none: anywhere). One that ``needs`` another
    disturbance (hypercalcaemia of any cause, or renal failure) explains only where the report documents that too. Words
    that are ``harmless`` look like a disturbance and are none: they hide the shorter phrases within them.
    """

    id: str
    cause: Cause
    phrases: tuple[str, ...]
    sites: tuple[Site, ...] = ()
    needs: Cause | None = None
    harmless: bool = False


@dataclass(frozen=True, slots=True)
class DefaultRule:
    """The cause taken where nothing is said; with ``phrases``, only where one of them stands in the sentence."""

    id: str
    sites: tuple[Site, ...]
    cause: Cause
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnalyteRule:
    """A laboratory figure.

    ``low`` and ``high`` bound the reference interval in ``unit``, ``most`` what can be a figure of it at all; one
    ``other_unit`` is ``factor`` of ``unit``. A figure without a unit below ``smallest`` is read as ``other_unit``;
    below ``smallest_if_molar`` where other figures of the report are molar.
    ``high_in_infants`` and ``high_in_children`` are their upper limits where these differ. An interval or a flag that
    the report states beats these, unless the interval is ``fixed`` (a limit of severity, not of normality).
    """

    id: str
    phrases: tuple[str, ...]
    unit: str
    low: float
    high: float
    most: float
    other_unit: str
    factor: float
    smallest: float
    source: str
    smallest_if_molar: float | None = None
    high_in_infants: float | None = None
    high_in_children: float | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class MechanismRule:
    """The report's own word for the mechanism, directly beside the mention."""

    id: str
    mechanism: Mechanism
    cause: Cause
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeRule:
    """Verified codes of a site or a cause."""

    id: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordList:
    """A list of words with a name."""

    id: str
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """The whole lexicon, one field a TOML table, with ``digest``, the start of the SHA-256 of its files."""

    choice: tuple[WordList, ...]
    section: tuple[SectionRule, ...]
    abbreviation: tuple[WordList, ...]
    mention: tuple[MentionRule, ...]
    descriptor: tuple[DescriptorRule, ...]
    site: tuple[SiteRule, ...]
    link: tuple[WordList, ...]
    refine: tuple[RefineRule, ...]
    side: tuple[SideRule, ...]
    cue: tuple[CueRule, ...]
    mechanism: tuple[MechanismRule, ...]
    cause: tuple[CauseRule, ...]
    systemic: tuple[SystemicRule, ...]
    default: tuple[DefaultRule, ...]
    analyte: tuple[AnalyteRule, ...]
    code: tuple[CodeRule, ...]
    digest: str
