"""Where a calcification is, and on which side."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from calcitype import Mention, Site

Read = Callable[[str], tuple[Mention, ...]]
Only = Callable[[str], Mention]

SITES = [
    ("Calcification in the left frontal lobe.", "brain", "left"),
    ("Bilateral basal ganglia calcification.", "basal_ganglia", "bilateral"),
    ("Calcification of the right globus pallidus.", "basal_ganglia", "right"),
    ("Periventricular calcifications.", "periventricular", None),
    ("Calcified subependymal nodules.", "periventricular", None),
    ("Calcified pineal gland.", "pineal", "midline"),
    ("Calcified choroid plexus bilaterally.", "choroid_plexus", "bilateral"),
    ("Calcification of the right leaf of the tentorium.", "dura", "right"),
    ("Calcified membrane of the left chronic subdural haematoma.", "dura", "left"),
    ("Calcification of the cavernous internal carotid arteries.", "intracranial_artery", None),
    ("Calcification of the right vertebral artery, V4 segment.", "intracranial_artery", "right"),
    ("Calcified suprasellar mass.", "sellar", None),
    ("Calcification of the left globe.", "orbit", "left"),
    ("Optic disc drusen, calcified, right eye.", "orbit", "right"),
    ("Coarse calcification in the right thyroid lobe.", "thyroid", "right"),
    ("Calcified parathyroid adenoma.", "parathyroid", None),
    ("Calcification in the left submandibular gland.", "salivary_gland", "left"),
    ("Tonsilloliths.", "pharynx_larynx", None),
    ("Calcified plaque at the left carotid bulb.", "carotid", "left"),
    ("Calcified granuloma in the right upper lobe.", "lung", "right"),
    ("RUL calcified nodule.", "lung", "right"),
    ("Calcified nodule in the lingula.", "lung", "left"),
    ("Bilateral calcified pleural plaques.", "pleura", "bilateral"),
    ("Calcified right hilar nodes.", "hilar_node", "right"),
    ("Calcified subcarinal nodes.", "mediastinal_node", None),
    ("Calcified inguinal lymph nodes.", "lymph_node", None),
    ("Calcification of the tracheal cartilage.", "airway", None),
    ("Broncholith in the right middle lobe bronchus.", "airway", "right"),
    ("Broncholith in the left main bronchus.", "airway", "left"),
    ("Calcification of the left costal cartilages.", "costal_cartilage", "left"),
    ("Calcification of the aortic arch.", "thoracic_aorta", None),
    ("Calcified plaque in the ascending aorta.", "thoracic_aorta", None),
    ("Infrarenal aortic calcification.", "abdominal_aorta", None),
    ("Aortic calcification.", "aorta", None),
    ("Calcification of the LAD.", "coronary", None),
    ("Left anterior descending artery calcification.", "coronary", None),
    ("Mitral annular calcification.", "heart_valve", None),
    ("Calcified aortic valve leaflets.", "heart_valve", None),
    ("Calcification of the prosthetic valve.", "heart_valve", None),
    ("Curvilinear myocardial calcification.", "myocardium", None),
    ("Calcified wall of the left atrium.", "heart_chamber", "left"),
    ("Pericardial calcification.", "pericardium", None),
    ("Calcification of the main pulmonary artery.", "pulmonary_artery", None),
    ("Popcorn calcification in the left breast.", "breast", "left"),
    ("Calcified capsule of the right breast implant.", "breast", "right"),
    ("Calcified granuloma in liver segment 7.", "liver", None),
    ("Punctate splenic calcifications.", "spleen", None),
    ("Calcifications of the pancreatic tail.", "pancreas", None),
    ("Porcelain gallbladder.", "gallbladder", None),
    ("Calcified right adrenal gland.", "adrenal", "right"),
    ("Calcification at the upper pole of the left kidney.", "kidney", "left"),
    ("Bilateral nephrocalcinosis.", "kidney", "bilateral"),
    ("Calcified bladder wall.", "bladder_ureter", None),
    ("Calcification of the gastric mucosa.", "stomach", None),
    ("Calcification of the caecal wall.", "bowel", None),
    ("Peritoneal calcification.", "peritoneum", None),
    ("Calcified splenic artery aneurysm.", "visceral_artery", None),
    ("Calcification at the origin of the left renal artery.", "visceral_artery", "left"),
    ("Calcification of the superior mesenteric artery.", "visceral_artery", None),
    ("Bilateral pelvic phleboliths.", "pelvic_vein", "bilateral"),
    ("Calcified thrombus in the inferior vena cava.", "vein", None),
    ("Calcified portal vein thrombus.", "vein", None),
    ("Calcified uterine fibroid.", "uterus", None),
    ("Calcification in the right ovary.", "ovary", "right"),
    ("Prostatic calcification.", "prostate", None),
    ("Calcification of the vas deferens.", "male_genital", None),
    ("Calcification in the left testis.", "male_genital", "left"),
    ("Calcification of the supraspinatus tendon.", "tendon", None),
    ("Calcific bursitis of the right hip.", "bursa", "right"),
    ("Chondrocalcinosis of the left knee.", "joint", "left"),
    ("Calcification of the L4/5 disc.", "disc", None),
    ("Calcification of the ligamentum flavum.", "ligament", None),
    ("Chondroid matrix calcification in the distal femur.", "bone", None),
    ("Calcification in the left quadriceps muscle.", "muscle", "left"),
    ("Subcutaneous calcification.", "skin_subcutis", None),
    ("Calciphylaxis.", "skin_subcutis", None),
    ("Periarticular calcification about the right shoulder.", "soft_tissue", "right"),
    ("Soft tissue calcification.", "soft_tissue", None),
    ("Calcification of the left superficial femoral artery.", "peripheral_artery", "left"),
    ("Calcified iliac arteries.", "peripheral_artery", None),
    ("Radial artery calcification.", "peripheral_artery", None),
    ("Calcified temporal artery of the scalp.", "peripheral_artery", None),
    ("Vascular calcification.", "vessel", None),
    ("Calcification along the ventriculoperitoneal shunt catheter.", "device", None),
    ("Calcified stent.", "device", None),
    ("Placental calcification.", "fetus_placenta", None),
    # Latin, literal translations, abbreviations, plurals
    ("Corpus pineale calcified.", "pineal", "midline"),
    ("Calcification of the lenticular nuclei.", "basal_ganglia", "bilateral"),
    ("Calcified carotid siphons.", "intracranial_artery", "bilateral"),
    ("Calcification at the left bulbus oculi.", "orbit", "left"),
    ("RUZ calcified granuloma.", "lung", "right"),
    ("Left pachypleuritis with calcifications.", "pleura", "left"),
    ("Calcified glands in both hili.", "hilar_node", "bilateral"),
    ("Calcified station 4R node.", "mediastinal_node", "right"),
    ("Calcified mesenteric glands.", "lymph_node", None),
    ("Calcification of costal cartilages.", "costal_cartilage", None),
    ("Calcified plaques of the descending anterior.", "coronary", None),
    ("Mamma dextra: calcification in the upper outer quadrant.", "breast", "right"),
    ("Calcified focus in Couinaud VI.", "liver", None),
    ("Vesicle with calcified wall.", "gallbladder", None),
    ("Calcification in the marrow of both kidneys.", "kidney", "bilateral"),
    ("Nephrocalcinosis.", "kidney", "bilateral"),
    ("Nephrocalcinosis of the left kidney.", "kidney", "left"),
    ("RIF transplant kidney densely calcified.", "kidney", "right"),
    ("Vesica urinaria with calcified wall.", "bladder_ureter", None),
    ("Calcified left epiploic appendage.", "peritoneum", "left"),
    ("Arteria lienalis calcified.", "visceral_artery", None),
    ("Calcification in the medullary cavity of the left femur.", "bone", "left"),
    ("Calcified anterior compartment of the right leg.", "muscle", "right"),
    ("Calcifications around both hip joints.", "soft_tissue", "bilateral"),
    ("Calcified mass lateral to the right greater trochanter.", "soft_tissue", "right"),
    ("Both radials heavily calcified.", "peripheral_artery", "bilateral"),
    # nouns cut short, with a full stop
    ("Radial a. left, heavily calcified.", "peripheral_artery", "left"),
    ("Splenic a. calcified.", "visceral_artery", None),
    ("Right renal a. calcified at its ostium.", "visceral_artery", "right"),
    ("Aa. vertebrales calcified on both sides.", "intracranial_artery", "bilateral"),
    ("Cephalic v. forearm right, calcified thrombus.", "vein", "right"),
    ("Lig. stylohyoideum calcified.", "pharynx_larynx", None),
    ("Gl. suprarenalis dextra calcified.", "adrenal", "right"),
    # sides in Latin and Italian, both of two
    ("Mamma sin. microcalcification cluster.", "breast", "left"),
    ("Testis dext. calcification.", "male_genital", "right"),
    ("Kidney sx shows calcification.", "kidney", "left"),
    ("Calcifications in the four menisci.", "joint", "bilateral"),
    ("Chondrocalcinosis of the two knees.", "joint", "bilateral"),
    ("Chondrocalcinosis in the knees.", "joint", "bilateral"),
    ("Phleboliths on the two sides of the pelvis.", "pelvic_vein", "bilateral"),
    ("Calcified lymph nodes in the axillae.", "lymph_node", "bilateral"),
    ("RK cyst with calcified wall.", "kidney", "right"),
    # organs whose words are also those of something else
    ("Hydatid of segment VII with calcified shell, no daughter vesicle.", "liver", None),
    ("Node with calcification and loss of its hilum, right level III.", "lymph_node", "right"),
    ("A cuff of oedema surrounds the calcified nodule in the right frontal lobe.", "brain", "right"),
    ("The graft in the RIF is shrunken and calcified.", "kidney", "right"),
    ("Oesophageal leiomyoma with calcification.", "bowel", None),
    ("Pulp chamber calcified.", "bone", None),
    ("Vitamin D3 excess, renal calcification.", "kidney", None),
    ("Honeycomb calcification of both seminal vesicles.", "male_genital", "bilateral"),
    ("The sole calcified focus is in the liver.", "liver", None),
    ("Ductal calcifications in chronic pancreatitis.", "pancreas", None),
    ("Calcified bridging at the coronal suture.", "bone", None),
    ("Left orbital varix with phleboliths.", "orbit", "left"),
    ("Right breast calcifications, nothing sinister.", "breast", "right"),
    ("Calcification is seen.", "unspecified", None),
]


@pytest.mark.parametrize(("text", "site", "laterality"), SITES)
def test_site_and_side(only: Only, text: str, site: str, laterality: str | None) -> None:
    mention = only(text)
    assert (mention.site, mention.laterality) == (site, laterality)


@pytest.mark.parametrize("site", Site)
def test_every_site_is_in_the_table(site: Site) -> None:
    assert any((row.values if hasattr(row, "values") else row)[1] == site for row in SITES)


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("Calcification of the aorta and coronary arteries.", "aorta coronary"),
        ("Calcified lungs, stomach and kidneys.", "lung stomach kidney"),
        ("Calcification of the liver, spleen and pancreas.", "liver spleen pancreas"),
        ("Calcified hilar and mediastinal nodes.", "hilar_node mediastinal_node"),
        ("The liver, spleen and adrenals are calcified.", "liver spleen adrenal"),
        ("The aorta and\ncoronary arteries are calcified.", "aorta coronary"),
        ("Calcification of the aortic valve, mitral annulus and coronary arteries.", "heart_valve coronary"),
        ("Calcification of the uterus. The ovaries are normal.", "uterus"),
        ("Normal liver and spleen. Calcification of the pancreas.", "pancreas"),
        ("The spleen is normal and the pancreas is calcified.", "pancreas"),
    ],
)
def test_sites_in_the_order_of_the_text(only: Only, text: str, sites: str) -> None:
    mention = only(text)
    assert [*mention.sites] == sites.split()
    assert mention.site == mention.sites[0]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        # each mention has its own
        ("Calcified granulomas in the spleen and calcification of the aorta.", "spleen aorta"),
        ("Right hilar calcified nodes. Left renal calcification.", "hilar_node:right kidney:left"),
        ("Calcification of the left adrenal; calcified right renal cyst.", "adrenal:left kidney:right"),
        (
            "Coarse calcification in the right breast and vascular calcification in the left breast.",
            "breast:right breast:left",
        ),
        # from the heading, the sentence before, the title
        ("FINDINGS:\nPANCREAS: Coarse calcifications.\nSPLEEN: Calcified granulomas.", "pancreas spleen"),
        ("FINDINGS:\nKidneys: No stone. Cortical calcification on the left.", "kidney:left"),
        ("The right kidney shows cortical calcification.", "kidney:right"),
        ("Calcification of the arcuate arteries of both kidneys.", "visceral_artery:bilateral"),
        ("Calcification in the right iliac fossa.", "unspecified:right"),
        ("Renal calcification. Calcium 2.9 mmol/L.", "kidney"),
        ("Calcium 2.9 mmol/L. Renal calcification.", "kidney"),
        # the last word wins
        (
            "Calcified nodule, left lung.\nADDENDUM: The calcified nodule is in the right lung, not the left.",
            "lung:right lung:right",
        ),
        ("LEFT BREAST: Grouped calcifications.\nRIGHT BREAST: Vascular calcification.", "breast:left breast:right"),
        ("The left kidney is small. It contains coarse calcification.", "kidney:left"),
        ("There is a mass in the right lobe of the thyroid. It is calcified.", "thyroid:right"),
        ("MAMMOGRAM, BILATERAL\nFINDINGS: Scattered calcifications.", "breast:bilateral"),
        ("CT HEAD\nFINDINGS: Scattered calcifications.", "brain:bilateral"),
        ("X-RAY LEFT SHOULDER\nFINDINGS: Calcification of the supraspinatus tendon.", "tendon:left"),
        # the nearer organ, the word's own organ
        ("Beside the normal spleen there is a calcified left adrenal.", "adrenal:left"),
        ("Renal artery calcification, kidneys normal.", "visceral_artery"),
        ("Calcified splenic artery; the spleen is normal.", "visceral_artery"),
        ("No renal stone. Calcified hepatic cyst.", "liver"),
        # sides
        ("Calcified pleural plaques, right greater than left.", "pleura:bilateral"),
        ("Left and right adrenal calcification.", "adrenal:bilateral"),
        ("Calcification of both adrenals.", "adrenal:bilateral"),
        ("B/L basal ganglia calcification.", "basal_ganglia:bilateral"),
        ("Lt. renal calcification.", "kidney:left"),
        ("Right pleural effusion. Calcified aortic arch.", "thoracic_aorta"),
        ("Midline calcification of the falx.", "dura:midline"),
    ],
)
def test_places(read: Read, text: str, places: str) -> None:
    found = [f"{mention.site}:{mention.laterality}".removesuffix(":None") for mention in read(text)]
    assert found == places.split()
