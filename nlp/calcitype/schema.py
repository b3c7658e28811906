"""The vocabulary.

The ids are those of the annotation guideline (``corpora/annotation-guideline.md``); a test keeps the two equal.
Every enum is a ``str``: ``Label.DYSTROPHIC == "dystrophic"``, and ``str()`` gives the id.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Self


class Label(StrEnum):
    """What a report is about; the guideline's section 1."""

    DYSTROPHIC = "dystrophic"
    METASTATIC_SUGGESTIVE = "metastatic_suggestive"
    INDETERMINATE = "indeterminate"
    NO_CALCIFICATION = "no_calcification"


def label_columns(classes: Iterable[str]) -> list[int]:
    """The column of each ``Label``, in order, in what a classifier of these classes gives.

    Raises
    ------
    ValueError
        If a label is missing or there is another class.
    """
    names = [str(name) for name in classes]
    if sorted(names) != sorted(Label):
        raise ValueError(f"reports of all four labels are needed, {', '.join(Label)}; there are {', '.join(names)}")
    return [names.index(label) for label in Label]


class ReviewReason(StrEnum):
    """Why a person should read a report."""

    MENTIONS_DISAGREE = "mentions_disagree"
    SEVERAL_LABELS = "several_labels"
    LOW_CONFIDENCE = "low_confidence"


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
