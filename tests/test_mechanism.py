"""How the guideline chooses: the report's own word, a local cause, systemic disease, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from calcitype import Mention

Only = Callable[[str], Mention]
Read = Callable[[str], tuple[Mention, ...]]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        # the report's own word wins, hedged or not
        ("Dystrophic calcification of the lung in a dialysis patient.", "other_dystrophic"),
        ("Hepatic calcification, likely dystrophic.", "other_dystrophic"),
        ("Adrenal calcification, favour dystrophic.", "other_dystrophic"),
        ("Likely dystrophic calcification of the liver.", "other_dystrophic"),
        ("Pulmonary calcification suggestive of metastatic calcification.", "metastatic_unspecified"),
        ("Falx calcification, physiologic.", "physiologic"),
        # its negation rules it out
        ("Soft tissue calcification, not dystrophic.", None),
        ("Soft tissue calcification, not of metastatic type.", None),
        # a tumour's calcium is the tumour's, unless dead or treated
        ("Calcified metastasis in the left lung.", "neoplastic"),
        ("Calcified osteosarcoma metastases in the lungs.", "neoplastic"),
        ("Calcified lymphoma nodes after chemotherapy.", "treated_lesion"),
        # a negated cause is none
        ("Hepatic calcification. No hydatid disease.", None),
        ("Adrenal calcification without evidence of previous haemorrhage.", None),
        # an alternative is no cause
        ("Haemorrhage versus calcification in the putamen.", None),
        ("Calcification rather than haemorrhage.", None),
        # an absent mention takes only what its own words name
        ("No nephrocalcinosis.", "nephrocalcinosis"),
        ("No phleboliths.", "thrombus"),
        ("No aortic calcification.", None),
        ("No calcification. Chronic pancreatitis.", None),
    ],
)
def test_how_to_choose(read: Read, text: str, cause: str | None) -> None:
    assert read(text)[-1].cause == cause


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Calcification of the spleen from an old infarct.", "infarct"),
        ("Lung calcification. The patient is on haemodialysis.", "haemodialysis"),
        ("Hepatic calcification.", None),
    ],
)
def test_the_words_that_decided(only: Only, text: str, words: str | None) -> None:
    reason = only(text).cause_reason
    if words is None:
        assert reason is None or reason.start is None
    else:
        assert words in text[reason.start : reason.end]


FAVOURED = [
    "Lung calcification.",
    "Gastric calcification.",
    "Calcification of the renal cortex.",
    "Myocardial calcification.",
    "Extensive vascular calcification.",
    "Periarticular calcification.",
    "Soft tissue calcification.",
    "Subcutaneous calcification.",
    "Conjunctival calcification.",
    "Dural calcification.",
]


@pytest.mark.parametrize("disease", ["End-stage renal disease.", "On haemodialysis.", "CKD stage 5."])
@pytest.mark.parametrize("text", FAVOURED)
def test_renal_failure_explains_favoured_sites(only: Only, text: str, disease: str) -> None:
    assert only(f"{disease} {text}").cause == "renal_failure"


@pytest.mark.parametrize("site", ["Hepatic", "Thyroid", "Adrenal", "Ovarian"])
def test_renal_failure_alone_explains_no_other_site(only: Only, site: str) -> None:
    mention = only(f"End-stage renal disease on haemodialysis. {site} calcification.")
    assert (mention.mechanism, mention.cause) == ("unspecified", None)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        # words
        ("Hypercalcaemia. Renal calcification.", "hypercalcaemia"),
        ("Hypercalcemia. Hepatic calcification.", "hypercalcaemia"),
        ("Elevated serum calcium. Gastric calcification.", "hypercalcaemia"),
        ("Primary hyperparathyroidism. Renal calcification.", "hyperparathyroidism"),
        ("Vitamin D toxicity. Soft tissue calcification.", "vitamin_d_calcium_excess"),
        ("Hyperphosphataemia. Soft tissue calcification.", "phosphate_disorder"),
        ("Hypoparathyroidism. Basal ganglia calcification.", "phosphate_disorder"),
        ("Multiple myeloma with hypercalcaemia. Gastric calcification.", "malignant_hypercalcaemia"),
        ("Sarcoidosis. Renal calcification.", None),
        ("INDICATION: Haemodialysis.\nFINDINGS: Lung calcification.", "renal_failure"),
        # ties
        ("Dialysis, secondary hyperparathyroidism. Periarticular calcification.", "hyperparathyroidism"),
        ("Dialysis, phosphate 7.2 mg/dL. Periarticular calcification.", "renal_failure"),
        ("Dialysis, PTH 900 pg/mL. Periarticular calcification.", "renal_failure"),
        ("Nephrocalcinosis in primary hyperparathyroidism.", "hyperparathyroidism"),
        # figures in mg/dL and mmol/L
        ("Calcium 13.2 mg/dL. Renal calcification.", "hypercalcaemia"),
        ("Calcium 3.4 mmol/L. Renal calcification.", "hypercalcaemia"),
        ("Corrected calcium: 3.05 mmol/l. Renal calcification.", "hypercalcaemia"),
        ("Serum Ca of 12.8. Renal calcification.", "hypercalcaemia"),
        ("Ionised calcium 1.62 mmol/L. Renal calcification.", "hypercalcaemia"),
        ("Calcium 9.4 mg/dL. Renal calcification.", None),
        ("Calcium 2.35 mmol/L. Renal calcification.", None),
        ("Ionised calcium 1.20 mmol/L. Renal calcification.", None),
        ("Phosphate 8.1 mg/dL. Soft tissue calcification.", "phosphate_disorder"),
        ("Phosphate 2.8 mmol/L. Soft tissue calcification.", "phosphate_disorder"),
        ("Phosphate 3.5 mg/dL. Soft tissue calcification.", None),
        ("Phosphate 1.1 mmol/L. Soft tissue calcification.", None),
        ("Calcium 12.1 mg/dL, PTH 850 pg/mL. Gastric calcification.", "hyperparathyroidism"),
        ("Calcium 13.0 mg/dL, 25-OH vitamin D 210 ng/mL. Nephrocalcinosis.", "vitamin_d_calcium_excess"),
        ("Calcium 6.1 mg/dL, phosphate 7.9 mg/dL. Basal ganglia calcification.", "phosphate_disorder"),
        ("Ca x P product 82 mg2/dL2. Periarticular calcification.", "hypercalcaemia"),
        ("Calcium high at 12.9 mg/dL. Renal calcification.", "hypercalcaemia"),
        # an interval or a flag of the report beats the built-in one
        ("Calcium 10.9 mg/dL (8.5-11.0). Renal calcification.", None),
        ("Calcium 10.4 mg/dL (8.5-10.2). Renal calcification.", "hypercalcaemia"),
        ("Ca 2.61 mmol/L (H). Renal calcification.", "hypercalcaemia"),
        ("Ca: 2,89 mmol/l. Renal calcification.", "hypercalcaemia"),
        # kidney function by itself, where renal failure explains
        ("eGFR 6 mL/min/1.73m2. Periarticular calcification.", "renal_failure"),
        ("Creatinine 890 umol/L. Periarticular calcification.", "renal_failure"),
        ("Creatinine 9.7 mg/dL. Periarticular calcification.", "renal_failure"),
        ("eGFR 71, creatinine 92 umol/L. Periarticular calcification.", None),
        # infants have more phosphate; molar laboratories write no unit
        ("Neonate. Phosphate 2.1 mmol/L. Soft tissue calcification.", None),
        ("Phosphate 2.1 mmol/L. Soft tissue calcification.", "phosphate_disorder"),
        ("On haemodialysis. Ca 2.31, PO4 2.4. Periarticular calcification.", "renal_failure"),
        ("PTH of 480. Soft tissue calcification.", "hyperparathyroidism"),
        ("25(OH)D 610 nmol/L (50-125), Ca 3.3 mmol/L. Soft tissue calcification.", "vitamin_d_calcium_excess"),
        ("Calcium: high at 11.9 mg/dL. Renal calcification.", "hypercalcaemia"),
        # figures that are none
        ("CA 19-9 of 340 U/mL. Soft tissue calcification.", None),
        ("CA-125 520 U/mL. Soft tissue calcification.", None),
        ("Urine calcium 400 mg/day. Renal calcification.", None),
        ("Alkaline phosphatase 300 U/L. Soft tissue calcification.", None),
        ("Calcium score 412. Renal calcification.", None),
        ("Calcium deposit of 12 mm in the thigh muscle.", None),
        # what the report rules out, asks about, or says of somebody else
        ("No hypercalcaemia. Renal calcification.", None),
        ("Calcium, phosphate and PTH are normal. Soft tissue calcification.", None),
        ("Normal renal function. Renal calcification.", None),
        ("No history of renal failure. Soft tissue calcification.", None),
        ("Not on dialysis. Soft tissue calcification.", None),
        ("CKD stage 2. Soft tissue calcification.", None),
        ("Acute kidney injury. Soft tissue calcification.", None),
        ("Hypercalcaemia has resolved. Renal calcification.", None),
        ("Mother has hyperparathyroidism. Renal calcification.", None),
        ("Father on haemodialysis. Soft tissue calcification.", None),
        ("Family history of hypoparathyroidism. Basal ganglia calcification.", None),
        ("INDICATION: Rule out hyperparathyroidism.\nFINDINGS: Renal calcification.", None),
        ("INDICATION: ?hypercalcaemia.\nFINDINGS: Renal calcification.", None),
    ],
)
def test_systemic_disease(read: Read, text: str, cause: str | None) -> None:
    assert read(text)[-1].cause == cause


@pytest.mark.parametrize("disease", ["On haemodialysis.", "Hypercalcaemia.", "Secondary hyperparathyroidism."])
@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Atherosclerotic calcification of the aorta.", "atheroma"),
        ("Pelvic phleboliths.", "thrombus"),
        ("Calcified granuloma in the right upper lobe.", "granuloma"),
        ("Mitral annular calcification.", "senile_degenerative"),
        ("Calcified uterine fibroid.", "leiomyoma"),
        ("Calcified old haematoma of the thigh.", "haematoma"),
        ("Popcorn calcification in a fibroadenoma.", "benign_tumour_degeneration"),
        ("Calcified wall of a renal cyst.", "cyst"),
        ("Calcified lung nodules of healed tuberculosis.", "caseous_tuberculosis"),
    ],
)
def test_a_local_cause_wins_over_systemic_disease(only: Only, text: str, cause: str, disease: str) -> None:
    mention = only(f"{disease} {text}")
    assert mention.cause == cause
    assert mention.mechanism == "dystrophic"
