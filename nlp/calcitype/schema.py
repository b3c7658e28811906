"""The vocabulary and the result types.

The ids are those of the annotation guideline (``corpora/annotation-guideline.md``); a test keeps the two equal.
Every enum is a ``str``: ``Label.DYSTROPHIC == "dystrophic"``, and ``str()`` gives the id.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any, Self


class Label(StrEnum):
    """What a report is about; the guideline's section 1."""

    DYSTROPHIC = "dystrophic"
    METASTATIC_SUGGESTIVE = "metastatic_suggestive"
    INDETERMINATE = "indeterminate"
    NO_CALCIFICATION = "no_calcification"


class Assertion(StrEnum):
    """What a report says of a mention; the guideline's section 3."""

    PRESENT = "present"
    UNCERTAIN = "uncertain"
    ABSENT = "absent"
    HYPOTHETICAL = "hypothetical"
    HISTORICAL = "historical"
    OTHER_PERSON = "other_person"

    @property
    def counts(self) -> bool:
        """Whether a mention asserted so counts towards the report's label."""
        return self in (Assertion.PRESENT, Assertion.UNCERTAIN)


class Laterality(StrEnum):
    """The side a report gives a mention, where it gives one."""

    LEFT = "left"
    RIGHT = "right"
    BILATERAL = "bilateral"
    MIDLINE = "midline"


class Mechanism(StrEnum):
    """Why calcium settled; the guideline's section 5."""

    DYSTROPHIC = "dystrophic"
    METASTATIC = "metastatic"
    OTHER = "other"
    UNSPECIFIED = "unspecified"


class Site(StrEnum):
    """Where a mention is; the guideline's section 4."""

    BRAIN = "brain"
    BASAL_GANGLIA = "basal_ganglia"
    PERIVENTRICULAR = "periventricular"
    PINEAL = "pineal"
    CHOROID_PLEXUS = "choroid_plexus"
    DURA = "dura"
    INTRACRANIAL_ARTERY = "intracranial_artery"
    SELLAR = "sellar"
    ORBIT = "orbit"
    THYROID = "thyroid"
    PARATHYROID = "parathyroid"
    SALIVARY_GLAND = "salivary_gland"
    PHARYNX_LARYNX = "pharynx_larynx"
    CAROTID = "carotid"
    LUNG = "lung"
    PLEURA = "pleura"
    HILAR_NODE = "hilar_node"
    MEDIASTINAL_NODE = "mediastinal_node"
    LYMPH_NODE = "lymph_node"
    AIRWAY = "airway"
    COSTAL_CARTILAGE = "costal_cartilage"
    THORACIC_AORTA = "thoracic_aorta"
    ABDOMINAL_AORTA = "abdominal_aorta"
    AORTA = "aorta"
    CORONARY = "coronary"
    HEART_VALVE = "heart_valve"
    MYOCARDIUM = "myocardium"
    HEART_CHAMBER = "heart_chamber"
    PERICARDIUM = "pericardium"
    PULMONARY_ARTERY = "pulmonary_artery"
    BREAST = "breast"
    LIVER = "liver"
    SPLEEN = "spleen"
    PANCREAS = "pancreas"
    GALLBLADDER = "gallbladder"
    ADRENAL = "adrenal"
    KIDNEY = "kidney"
    BLADDER_URETER = "bladder_ureter"
    STOMACH = "stomach"
    BOWEL = "bowel"
    PERITONEUM = "peritoneum"
    VISCERAL_ARTERY = "visceral_artery"
    PELVIC_VEIN = "pelvic_vein"
    VEIN = "vein"
    UTERUS = "uterus"
    OVARY = "ovary"
    PROSTATE = "prostate"
    MALE_GENITAL = "male_genital"
    TENDON = "tendon"
    BURSA = "bursa"
    JOINT = "joint"
    DISC = "disc"
    LIGAMENT = "ligament"
    BONE = "bone"
    MUSCLE = "muscle"
    SKIN_SUBCUTIS = "skin_subcutis"
    SOFT_TISSUE = "soft_tissue"
    PERIPHERAL_ARTERY = "peripheral_artery"
    VESSEL = "vessel"
    DEVICE = "device"
    FETUS_PLACENTA = "fetus_placenta"
    UNSPECIFIED = "unspecified"


class Cause(StrEnum):
    """The cause of a mention, each filed under its mechanism; the guideline's section 5."""

    mechanism: Mechanism

    def __new__(cls, value: str, mechanism: Mechanism = Mechanism.UNSPECIFIED) -> Self:  # noqa: D102
        member = str.__new__(cls, value)
        member._value_ = value
        member.mechanism = mechanism
        return member

    CASEOUS_TUBERCULOSIS = "caseous_tuberculosis", Mechanism.DYSTROPHIC
    GRANULOMA = "granuloma", Mechanism.DYSTROPHIC
    CHRONIC_ABSCESS = "chronic_abscess", Mechanism.DYSTROPHIC
    PANCREATITIS = "pancreatitis", Mechanism.DYSTROPHIC
    FAT_NECROSIS = "fat_necrosis", Mechanism.DYSTROPHIC
    INFARCT = "infarct", Mechanism.DYSTROPHIC
    THROMBUS = "thrombus", Mechanism.DYSTROPHIC
    HAEMATOMA = "haematoma", Mechanism.DYSTROPHIC
    PARASITE = "parasite", Mechanism.DYSTROPHIC
    CONGENITAL_INFECTION = "congenital_infection", Mechanism.DYSTROPHIC
    SCAR = "scar", Mechanism.DYSTROPHIC
    ATHEROMA = "atheroma", Mechanism.DYSTROPHIC
    MEDIAL_ARTERIAL = "medial_arterial", Mechanism.DYSTROPHIC
    CYST = "cyst", Mechanism.DYSTROPHIC
    CALCINOSIS_CUTIS = "calcinosis_cutis", Mechanism.DYSTROPHIC
    SENILE_DEGENERATIVE = "senile_degenerative", Mechanism.DYSTROPHIC
    PSEUDOXANTHOMA_ELASTICUM = "pseudoxanthoma_elasticum", Mechanism.DYSTROPHIC
    LEIOMYOMA = "leiomyoma", Mechanism.DYSTROPHIC
    BENIGN_TUMOUR_DEGENERATION = "benign_tumour_degeneration", Mechanism.DYSTROPHIC
    TENDON_DEGENERATION = "tendon_degeneration", Mechanism.DYSTROPHIC
    MEDICAL_DEVICE = "medical_device", Mechanism.DYSTROPHIC
    TREATED_LESION = "treated_lesion", Mechanism.DYSTROPHIC
    OTHER_DYSTROPHIC = "other_dystrophic", Mechanism.DYSTROPHIC
    RENAL_FAILURE = "renal_failure", Mechanism.METASTATIC
    HYPERPARATHYROIDISM = "hyperparathyroidism", Mechanism.METASTATIC
    MALIGNANT_HYPERCALCAEMIA = "malignant_hypercalcaemia", Mechanism.METASTATIC
    VITAMIN_D_CALCIUM_EXCESS = "vitamin_d_calcium_excess", Mechanism.METASTATIC
    SARCOID_HYPERCALCAEMIA = "sarcoid_hypercalcaemia", Mechanism.METASTATIC
    PHOSPHATE_DISORDER = "phosphate_disorder", Mechanism.METASTATIC
    CALCIPHYLAXIS = "calciphylaxis", Mechanism.METASTATIC
    HYPERCALCAEMIA = "hypercalcaemia", Mechanism.METASTATIC
    NEPHROCALCINOSIS = "nephrocalcinosis", Mechanism.METASTATIC
    METASTATIC_UNSPECIFIED = "metastatic_unspecified", Mechanism.METASTATIC
    PHYSIOLOGIC = "physiologic", Mechanism.OTHER
    NEOPLASTIC = "neoplastic", Mechanism.OTHER
    CONCRETION = "concretion", Mechanism.OTHER
    CRYSTAL_DEPOSITION = "crystal_deposition", Mechanism.OTHER
    IDIOPATHIC_GENETIC = "idiopathic_genetic", Mechanism.OTHER


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
    review
        Whether a person should read the report: more than one label in ``prediction_set``, or less confidence than that
        from which on labels were found to be right in 99 of 100 reports.
    mentions
        In the order of the text.
    evidence
        What speaks for ``label`` and what for its rival: ``by_mentions`` if that is another, else the second most
        probable label. Strongest first, then the rest.
    version
        Of the program, its lexicon and its model.
    """

    label: Label
    probability: tuple[float, ...]
    prediction_set: tuple[Label, ...]
    by_mentions: Label
    review: bool
    mentions: tuple[Mention, ...]
    evidence: tuple[Evidence, ...]
    version: str

    @property
    def probabilities(self) -> dict[str, float]:
        """Probability by label."""
        return {label.value: p for label, p in zip(Label, self.probability, strict=True)}

    @property
    def confidence(self) -> float:
        """Probability of ``label``."""
        return self.probabilities[self.label]

    def to_dict(self) -> dict[str, Any]:
        """A JSON-safe copy, with ``probabilities`` by name and ``confidence``."""
        plain: dict[str, Any] = _plain(self)
        del plain["probability"]
        return {**plain, "probabilities": self.probabilities, "confidence": self.confidence}


def _plain(value: Any) -> Any:
    """Dataclasses as dicts, tuples as lists, enum members as their ids."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, StrEnum) else value
