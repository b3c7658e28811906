"""Why calcium is there: each cause in the words of reports, and what is taken where nothing is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from calcitype import Cause, Mention

Only = Callable[[str], Mention]

CAUSES = [
    # dead tissue
    ("Calcified apical nodules of healed tuberculosis.", "caseous_tuberculosis"),
    ("Right putty kidney.", "caseous_tuberculosis"),
    ("Calcified Ghon focus in the left lower lobe.", "caseous_tuberculosis"),
    ("Calcified tuberculous cold abscess of the psoas.", "caseous_tuberculosis"),
    ("Calcified tuberculoma in the frontal lobe.", "caseous_tuberculosis"),
    ("Calcified granuloma in the right upper lobe.", "granuloma"),
    ("Calcified mediastinal nodes from old histoplasmosis.", "granuloma"),
    ("Punctate calcified splenic granulomas.", "granuloma"),
    ("Calcified wall of an old liver abscess.", "chronic_abscess"),
    ("Chronic empyema with a calcified wall.", "chronic_abscess"),
    ("Pancreatic calcification in chronic pancreatitis.", "pancreatitis"),
    ("Intraductal pancreatic calcifications.", "pancreatitis"),
    ("Calcified oil cyst of the left breast.", "fat_necrosis"),
    ("Calcified fat necrosis in the mesentery.", "fat_necrosis"),
    ("Calcified injection granulomas of both buttocks.", "fat_necrosis"),
    ("Calcified old infarct of the spleen.", "infarct"),
    ("Calcification within an old left ventricular infarct.", "infarct"),
    ("Calcified papillary necrosis.", "infarct"),
    ("Pelvic phleboliths.", "thrombus"),
    ("Calcified chronic thrombus in the portal vein.", "thrombus"),
    ("Calcified fibrin sheath after removal of the catheter.", "thrombus"),
    ("Calcified haematoma of the thigh.", "haematoma"),
    ("Calcified chronic subdural hematoma.", "haematoma"),
    ("Adrenal calcification after neonatal haemorrhage.", "haematoma"),
    ("Myositis ossificans with peripheral calcification.", "haematoma"),
    ("Calcified hydatid cyst of the liver.", "parasite"),
    ("Calcified neurocysticercosis.", "parasite"),
    ("Calcified bladder wall in schistosomiasis.", "parasite"),
    ("Calcified guinea worm in the calf.", "parasite"),
    ("Periventricular calcifications of congenital CMV infection.", "congenital_infection"),
    ("Fetal brain calcifications with congenital toxoplasmosis.", "congenital_infection"),
    ("Cortical-subcortical calcifications in congenital Zika syndrome.", "congenital_infection"),
    # degenerated tissue
    ("Calcified pleural plaques.", "scar"),
    ("Calcification in a burn scar of the thigh.", "scar"),
    ("Calcified pericardium in constrictive pericarditis.", "scar"),
    ("Coronary artery calcification.", "atheroma"),
    ("Atherosclerotic calcification of the iliac arteries.", "atheroma"),
    ("Porcelain aorta.", "atheroma"),
    ("Agatston score of 412.", "atheroma"),
    ("Calcified wall of an abdominal aortic aneurysm.", "atheroma"),
    ("Mönckeberg calcification of the radial artery.", "medial_arterial"),
    ("Tram-line calcification of the tibial arteries.", "medial_arterial"),
    ("Vascular calcifications in both breasts.", "medial_arterial"),
    ("Calcified wall of a renal cyst.", "cyst"),
    ("Porcelain gallbladder.", "cyst"),
    ("Calcified mucocele of the appendix.", "cyst"),
    ("Calcinosis cutis of the fingertips.", "calcinosis_cutis"),
    ("Soft tissue calcification in dermatomyositis.", "calcinosis_cutis"),
    ("CREST syndrome with calcinosis of the hands.", "calcinosis_cutis"),
    ("Mitral annular calcification.", "senile_degenerative"),
    ("Calcification of the costal cartilages.", "senile_degenerative"),
    ("Age-related calcification of the basal ganglia.", "senile_degenerative"),
    ("Disc calcification at L2/3.", "senile_degenerative"),
    ("Calcified angioid streaks in pseudoxanthoma elasticum.", "pseudoxanthoma_elasticum"),
    ("Arterial calcification in PXE.", "pseudoxanthoma_elasticum"),
    ("Calcified fibroid.", "leiomyoma"),
    ("Coarse uterine calcification of an involuted leiomyoma.", "leiomyoma"),
    ("Popcorn calcification in a fibroadenoma.", "benign_tumour_degeneration"),
    ("Calcified nodule in a multinodular goitre with degeneration.", "benign_tumour_degeneration"),
    ("Calcified hepatic haemangioma.", "benign_tumour_degeneration"),
    ("Calcific tendinitis of the supraspinatus.", "tendon_degeneration"),
    ("Calcific bursitis of the hip.", "tendon_degeneration"),
    ("Calcified capsule of the left breast implant.", "medical_device"),
    ("Calcification of the bioprosthetic valve.", "medical_device"),
    ("Calcified hernia mesh.", "medical_device"),
    ("Calcified mediastinal nodes of lymphoma after radiotherapy.", "treated_lesion"),
    ("Mineralising microangiopathy after cranial irradiation.", "treated_lesion"),
    ("Dystrophic calcification.", "other_dystrophic"),
    ("Dystrophic calcification in the left thigh muscles.", "other_dystrophic"),
    # metastatic
    ("Periarticular calcification in a patient on haemodialysis.", "renal_failure"),
    ("ESRD. Diffuse pulmonary calcification.", "renal_failure"),
    ("Corneal and conjunctival calcification in end-stage renal disease.", "renal_failure"),
    ("Lung calcification in secondary hyperparathyroidism.", "hyperparathyroidism"),
    ("Gastric calcification with a parathyroid adenoma.", "hyperparathyroidism"),
    ("Pulmonary calcification due to hypercalcaemia of multiple myeloma.", "malignant_hypercalcaemia"),
    ("Renal calcification in PTHrP-mediated hypercalcaemia.", "malignant_hypercalcaemia"),
    ("Nephrocalcinosis after vitamin D intoxication.", "vitamin_d_calcium_excess"),
    ("Renal calcification in milk-alkali syndrome.", "vitamin_d_calcium_excess"),
    ("Nephrocalcinosis in sarcoidosis with hypercalcaemia.", "sarcoid_hypercalcaemia"),
    ("Sarcoidosis and hypercalcaemia. Renal calcification.", "sarcoid_hypercalcaemia"),
    ("Tumoral calcinosis about the hip.", "phosphate_disorder"),
    ("Basal ganglia calcification in hypoparathyroidism.", "phosphate_disorder"),
    ("Pseudohypoparathyroidism with subcutaneous calcification.", "phosphate_disorder"),
    ("Calciphylaxis of the thighs.", "calciphylaxis"),
    ("Calcific uraemic arteriolopathy.", "calciphylaxis"),
    ("Nephrocalcinosis with hypercalcaemia.", "hypercalcaemia"),
    ("Raised calcium-phosphate product. Periarticular calcification.", "hypercalcaemia"),
    ("Williams syndrome with nephrocalcinosis.", "hypercalcaemia"),
    ("Medullary nephrocalcinosis.", "nephrocalcinosis"),
    ("Nephrocalcinosis in distal renal tubular acidosis.", "nephrocalcinosis"),
    ("Metastatic calcification of the lungs.", "metastatic_unspecified"),
    ("Fluffy centrilobular calcification in both upper lobes.", "metastatic_unspecified"),
    ("Calcification of the gastric mucosa.", "metastatic_unspecified"),
    # other
    ("Physiologic calcification of the basal ganglia.", "physiologic"),
    ("Calcified pineal gland.", "physiologic"),
    ("Calcified choroid plexus.", "physiologic"),
    ("Calcification of the falx.", "physiologic"),
    ("Suspicious pleomorphic microcalcifications of the left breast.", "neoplastic"),
    ("Calcified meningioma.", "neoplastic"),
    ("Calcified liver metastases of colonic carcinoma.", "neoplastic"),
    ("Calcified subependymal nodules of tuberous sclerosis.", "neoplastic"),
    ("Psammomatous calcification in the thyroid mass.", "neoplastic"),
    ("Calcified gallstones.", "concretion"),
    ("Prostatic calcification.", "concretion"),
    ("Tonsilloliths.", "concretion"),
    ("Calcified sialolith of the left submandibular duct.", "concretion"),
    ("Calcified appendicolith.", "concretion"),
    ("Milk of calcium in the right breast.", "concretion"),
    ("Chondrocalcinosis of the knee.", "crystal_deposition"),
    ("Meniscal calcification in CPPD.", "crystal_deposition"),
    ("Fahr disease with calcification of the dentate nuclei.", "idiopathic_genetic"),
    ("Generalised arterial calcification of infancy.", "idiopathic_genetic"),
]


@pytest.mark.parametrize(("text", "cause"), CAUSES)
def test_cause(only: Only, text: str, cause: str) -> None:
    mention = only(text)
    assert mention.cause == cause
    assert mention.mechanism == Cause(cause).mechanism


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_is_in_the_table_twice(cause: Cause) -> None:
    assert sum((row.values if hasattr(row, "values") else row)[1] == cause for row in CAUSES) >= 2


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Calcified hilar nodes.", "granuloma"),
        ("Splenic calcification.", "granuloma"),
        ("Calcified lung nodule.", "granuloma"),
        ("Calcified aorta.", "atheroma"),
        ("Vascular calcification.", "atheroma"),
        ("Carotid calcification.", "atheroma"),
        ("Aortic valve calcification.", "senile_degenerative"),
        ("Pericardial calcification.", "scar"),
        ("Pancreatic calcification.", "pancreatitis"),
        ("Uterine calcification.", "leiomyoma"),
        ("Calcification of the trachea.", "senile_degenerative"),
        ("Calcification of the rotator cuff tendons.", "tendon_degeneration"),
        ("Eggshell calcification of the breast.", "fat_necrosis"),
        ("Fine linear branching calcifications of the breast.", "neoplastic"),
        ("Calcification in the brain.", None),
        ("Basal ganglia calcification.", None),
        ("Hepatic calcification.", None),
        ("Adrenal calcification.", None),
        ("Thyroid calcification.", None),
        ("Ovarian calcification.", None),
        ("Cortical calcification of the kidney.", None),
        ("Muscle calcification.", None),
        ("Soft tissue calcification.", None),
        ("Calcified axillary lymph nodes.", None),
        ("Breast calcification.", None),
        ("Scattered calcification.", None),
    ],
)
def test_default(only: Only, text: str, cause: str | None) -> None:
    mention = only(text)
    assert mention.cause == cause
    assert mention.mechanism == (Cause(cause).mechanism if cause else "unspecified")


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        # treatment over the tumour, an infection over its treatment
        ("Colorectal liver metastases calcified after chemotherapy.", "treated_lesion"),
        ("Neurocysticercosis treated with albendazole, calcified lesions of the brain.", "parasite"),
        # what calcifies in anyone
        ("Haemodialysis. Calcified iliac arteries.", "atheroma"),
        ("Haemodialysis. Calcification of the falx.", "physiologic"),
        ("Haemodialysis. Thick, excessive calcification of the falx.", "renal_failure"),
        # parathyroid hormone is high where it is resisted; calcium given later explains nothing
        ("Pseudohypoparathyroidism, PTH elevated. Basal ganglia calcification.", "phosphate_disorder"),
        ("Hypoparathyroidism. Basal ganglia calcification. Intravenous calcium was started.", "phosphate_disorder"),
        # the report's own word in the clause that follows
        ("Haemodialysis. Soft tissue calcification of the buttock, most likely dystrophic.", "other_dystrophic"),
        ("Calcification of the choroid plexus in both atria is a normal variant.", "physiologic"),
        # another organ's cause
        ("Hydatid cyst of the liver. Calcified wall of a renal cyst.", "cyst"),
        ("Sarcoidosis, serum calcium persistently raised. Subcutaneous calcification.", "sarcoid_hypercalcaemia"),
    ],
)
def test_choice(only: Only, text: str, cause: str) -> None:
    assert only(text).cause == cause


NOT_CARRIED = [
    ("Mature infarct of the right frontal lobe. The left adrenal shows calcification.", None),
    ("Old lacunar infarct of the left thalamus. Tiny calcification in the right cerebellar hemisphere.", None),
    ("Left ovarian dermoid. Right ovary: punctate calcification of the stroma.", None),
    ("Cholelithiasis. Liver: punctate calcification in segment 7.", None),
    ("Breast cancer, radiotherapy 2015. Brain: calcification in the right frontal lobe.", None),
    ("Dialysis patient. Calcification of the soft tissue, of unknown cause.", None),
    ("Hypercalcaemia was excluded. Liver calcification.", None),
    ("Pseudoxanthoma elasticum. Calcified falx, normal.", "physiologic"),
    ("Tuberous sclerosis with tubers. Choroid plexus calcification in the trigones.", "physiologic"),
    ("Hypercalcaemia. Nephrocalcinosis bilaterally. Stop all vitamin D drops.", "hypercalcaemia"),
]


@pytest.mark.parametrize(("text", "cause"), NOT_CARRIED)
def test_what_is_said_of_another_place_or_denied_explains_nothing(only: Only, text: str, cause: str | None) -> None:
    assert only(text).cause == cause


CARRIED = [
    (
        "Medulloblastoma irradiated as a child.\nFINDINGS: Subcortical calcification of the white matter.",
        "treated_lesion",
    ),
    ("Microcephaly, mother had Zika in pregnancy. Calcifications of the brain.", "congenital_infection"),
    ("Sequela of TB at both apices, calcified granulomas.", "caseous_tuberculosis"),
    ("JDM since age 5. Phosphate 1.6 mmol/L. Calcified nodules of the elbow subcutis.", "calcinosis_cutis"),
]


@pytest.mark.parametrize(("text", "cause"), CARRIED)
def test_disease_named_elsewhere_explains_where_it_calcifies(only: Only, text: str, cause: str) -> None:
    assert only(text).cause == cause
