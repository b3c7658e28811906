"""What a report says of a mention: there, doubtful, not there, asked about, past, or somebody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from calcitype import Mention

Read = Callable[[str], tuple[Mention, ...]]

SHORT = {"P": "present", "U": "uncertain", "A": "absent", "Q": "hypothetical", "H": "historical", "O": "other_person"}

PRESENT = [
    ("Calcified granuloma in the right upper lobe.", "P"),
    ("Vascular calcification again seen.", "P"),
    ("Unchanged calcified hilar nodes.", "P"),
    ("Old calcified splenic granulomas.", "P"),
    ("Findings consistent with calcific tendinitis.", "P"),
    ("Densities in keeping with phleboliths.", "P"),
    ("Appearance compatible with nephrocalcinosis.", "P"),
    ("Splenic calcification, likely dystrophic.", "P"),
    ("Pulmonary calcification, probably metastatic.", "P"),
    ("Calcified nodule, probably a healed granuloma.", "P"),
]
NEGATED_BEFORE = [
    ("No calcification.", "A"),
    ("There is no evidence of aortic calcification.", "A"),
    ("No suspicious microcalcifications.", "A"),
    ("No significant coronary calcification.", "A"),
    ("No definite calcification of the mass.", "A"),
    ("No new calcification.", "A"),
    ("Without calcification.", "A"),
    ("Lung nodule w/o calcification.", "A"),
    ("The valve is free of calcium.", "A"),
    ("Negative for nephrocalcinosis.", "A"),
    ("The nodule does not contain calcification.", "A"),
    ("Absence of vascular calcification.", "A"),
    ("The mass is not calcified.", "A"),
    ("CT failed to show any calcification.", "A"),
    ("Without any calcification.", "A"),
    ("There is no evidence of any aortic calcification.", "A"),
    ("The kidneys are free of any calcification.", "A"),
    ("No interval development of calcification.", "A"),
    ("Noncalcified nodule in the left lower lobe.", "A"),
    ("Uncalcified plaque.", "A"),
    ("Coronary calcium score 0.", "A"),
    ("Agatston score: 0.0", "A"),
    ("Agatston score: zero.", "A"),
]
NEGATED_AFTER = [
    ("Calcification is not seen.", "A"),
    ("Nephrocalcinosis is absent.", "A"),
    ("Calcifications: none.", "A"),
    ("Calcification - nil.", "A"),
    ("Microcalcifications are not identified in either breast.", "A"),
    ("Calcification was not detected on this study.", "A"),
    ("Calcification of the cyst wall cannot be demonstrated.", "A"),
    ("Phleboliths not visualised.", "A"),
    ("Nephrocalcinosis has been excluded.", "A"),
]
LISTS = [
    ("No mass, calcification, or hydronephrosis.", "A"),
    ("No effusion, pneumothorax or pleural calcification.", "A"),
    ("No calculus, nephrocalcinosis or calcified cyst.", "A A"),
    ("Neither calcification nor fat is seen.", "A"),
    ("No masses, architectural distortion, nor suspicious calcifications.", "A"),
    ("Without mass, distortion or grouped microcalcification.", "A"),
    ("No pleural effusion or thickening or calcified plaque.", "A"),
    ("No fracture, no dislocation, no soft tissue calcification.", "A"),
    ("No stone/calcification.", "A"),
    ("The nodes are not enlarged or calcified.", "A"),
    ("The nodes are neither enlarged nor calcified.", "A"),
    ("None of the nodules is calcified.", "A"),
]
RESOLVED = [
    ("The previously seen calcification is no longer seen.", "A"),
    ("The calcific deposit has resolved.", "A"),
    ("Calcifications have disappeared.", "A"),
    ("Interval resolution of the calcific tendinitis.", "A"),
    ("Calcification no longer present.", "A"),
    ("Complete resorption of the calcium deposit.", "A"),
    ("The calcified node was removed and is gone.", "A"),
    ("The deposit of calcium has completely resolved.", "A"),
]
HEDGED = [
    ("Possible calcification of the left adrenal.", "U"),
    ("Probable calcified granuloma.", "U"),
    ("Density suggestive of calcification.", "U"),
    ("This may represent a calcified node.", "U"),
    ("Findings suspicious for nephrocalcinosis.", "U"),
    ("Cannot exclude early calcification.", "U"),
    ("Calcification cannot be excluded.", "U"),
    ("Haemorrhage versus calcification.", "U"),
    ("Calcification vs haemorrhage in the left putamen.", "U"),
    ("?calcification of the pericardium", "U"),
    ("Questionable microcalcifications at 12 o'clock.", "U"),
    ("Likely phlebolith.", "U"),
    ("Calcification is possible.", "U"),
    ("Calcification  possible.", "U"),
    ("Suspected calcified aneurysm.", "U"),
]
PSEUDO = [
    ("No change in the calcification.", "P"),
    ("No significant interval change in calcified granulomas.", "P"),
    ("No increase in vascular calcification.", "P"),
    ("No doubt about the calcification.", "P"),
    ("Not only calcification but also fat is seen.", "P"),
    ("Calcification without change.", "P"),
    ("CT without contrast shows a calcified aorta.", "P"),
    ("Calcifications, not suspicious.", "P"),
    ("No enhancement of the calcified rim.", "P"),
    ("No acute disease, calcified granuloma.", "P"),
]
TERMINATED = [
    ("No mass, but there is coarse calcification.", "P"),
    ("No calcification other than phleboliths.", "A P"),
    ("No stone except for a calcified node.", "P"),
    ("No aneurysm. Calcified aorta.", "P"),
    ("No effusion; calcified pleural plaques.", "P"),
    ("No stone, however calcified nodes are present.", "P"),
    ("There is no mass and the aorta is calcified.", "P"),
    ("No hydronephrosis, although nephrocalcinosis is present.", "P"),
    ("Calcified aorta without aneurysm.", "P"),
    ("Calcified granuloma, no mass.", "P"),
    ("Calcified aorta, aneurysm not seen.", "P"),
    ("Abscess versus necrotic tumour, calcified nodes.", "P"),
    ("The left kidney shows no calcification, whereas the right is heavily calcified.", "A P"),
    ("Possible haemangioma, and calcified granulomas are seen in the spleen.", "P"),
    ("No pneumothorax\\.br\\Calcified granuloma", "P"),
    ("ct head\nno bleed\npineal calcified\nold lacune", "P"),
    ("No pneumothorax\nCalcified granuloma", "P"),
    ("No pericardial calcification or effusion, mitral annulus calcified.", "A P"),
]
ASKED = [
    ("INDICATION: Evaluate for calcification.\nFINDINGS: Normal.", "Q"),
    ("INDICATION: Rule out nephrocalcinosis.\nFINDINGS: Normal.", "Q"),
    ("INDICATION: ?calcific tendinitis.\nFINDINGS: Normal.", "Q"),
    ("INDICATION: Possible calcified mass.\nFINDINGS: Normal.", "Q"),
    ("HISTORY: Raised calcium, r/o nephrocalcinosis.\nFINDINGS: Normal kidneys.", "Q"),
    ("REASON FOR EXAM: Assess for coronary calcification.\nFINDINGS: Normal.", "Q"),
    ("CLINICAL QUESTION: Is there calcification?\nFINDINGS: Normal.", "Q"),
    ("CLINICAL INFORMATION: Suspected calcific tendinitis.\nFINDINGS: Normal cuff.", "Q"),
    ("If calcification develops, repeat the study.", "Q"),
    ("Follow up should calcification appear.", "Q"),
    ("Such nodules usually calcify.", "Q"),
    ("Hamartomas may calcify.", "Q"),
    ("INDICATION: Evaluate for stone.\n\nFINDINGS: Calcified granuloma.", "P"),
]
HISTORY = [
    ("HISTORY: History of calcific pancreatitis.\nFINDINGS: Normal pancreas.", "H"),
    ("HISTORY: Known nephrocalcinosis.\nFINDINGS: Normal kidneys.", "H"),
    ("INDICATION: H/O calcific tendinitis.\nFINDINGS: Normal cuff.", "H"),
    ("CLINICAL HISTORY: Previous calcified granuloma.\nFINDINGS: Clear lungs.", "H"),
    ("CLINICAL HISTORY: Status post excision of calcified fibroid.\nFINDINGS: Normal.", "H"),
    ("HISTORY: Prior resection of a calcified meningioma.\nFINDINGS: Normal.", "H"),
    ("CLINICAL DETAILS: Past history of calcific pericarditis.\nFINDINGS: Normal.", "H"),
    ("HISTORY: Known calcific pancreatitis.\nFINDINGS: Calcified pancreas.", "P P"),
    ("INDICATION: K/c/o nephrocalcinosis.\nFINDINGS: Medullary nephrocalcinosis.", "P P"),
]
OTHERS = [
    ("HISTORY: Family history of basal ganglia calcification.", "O"),
    ("HISTORY: Mother had calcific pancreatitis.", "O"),
    ("Father with coronary calcification.", "O"),
    ("The donor had nephrocalcinosis.", "O"),
    ("INDICATION: Renal transplant, nephrocalcinosis in the donor.\nFINDINGS: Normal graft.", "O"),
    ("INDICATION: Brother has Fahr disease with brain calcification.", "O"),
    ("HISTORY: Breast microcalcifications in her mother.", "O"),
    ("HISTORY: Sister's breast calcifications were DCIS.", "O"),
    ("HISTORY: Mother has a calcified goitre.\nFINDINGS: Placental calcification.", "O P"),
    ("HISTORY: No family history of brain calcification.", "O"),
]

UNSEEN_DENIALS = [
    ("Failure to show calcification on thin slices.", "A"),
    ("There are no longer any calcific deposits in the cuff.", "A"),
    ("Nothing in the breast resembles microcalcification.", "A"),
    ("In none of the sequences is there susceptibility to suggest calcification.", "A"),
    ("There is not any sign of hilar enlargement, nodal calcification or infiltrate.", "A"),
    ("Not seen: effusion, free air, calcified stone.", "A"),
    ("Excluded are fracture, dislocation and calcific deposits.", "A"),
    ("Negative: ICH, mass, shift, calcification.", "A"),
    ("Calcification - not seen in any segment.", "A"),
    ("Calcification (none).", "A"),
    ("Achilles insertion: calcification no, bursitis yes.", "A"),
    ("mammo both sides\ndense breasts\nmicrocalcs none\nbirads 1", "A"),
    ("Pericardial calcification can be excluded.", "A"),
    ("Phleboliths do not appear on this film.", "A"),
    ("Calcification-free abdominal aorta.", "A"),
    ("Suspected nephrocalcinosis could not be confirmed.", "A"),
    ("Question of nephrocalcinosis answered in the negative.", "A"),
    ("Where there had been a calcific deposit the tendon is now homogeneous.", "A"),
    ("The calcific deposit has meanwhile been absorbed.", "A"),
    ("Dense dot thought to be calcification is a surgical clip.", "A"),
    ("Apparent calcification proved to be barium.", "A"),
    ("The density turned out not to be calcification.", "A"),
    ("The pancreas does not lack calcification.", "P"),
]
UNSEEN_PRESENT = [
    ("No fracture of the calcified costal cartilage.", "P"),
    ("No biopsy is needed of these calcifications.", "P"),
    ("No evidence of recurrence of the calcification.", "A"),
    ("No other abnormality than calcified costal cartilage.", "P"),
    ("No hydronephrosis on the left and a calcified cyst on the right.", "P"),
    ("No aneurysm, heavily calcified iliac arteries.", "P"),
    ("There is no DVT, the calcifications in the calf are old.", "P"),
    ("Neither lung shows calcified lesions.", "A"),
    ("The age of the calcified haematoma is uncertain.", "P"),
    ("The oedema around the calcification has resolved.", "P"),
    ("Two of the calcifications have resolved.", "A"),
    ("Lungs without infiltrate, aortic knob calcified.", "P"),
    ("No stone - phlebolith in left pelvis.", "P"),
    ("The aneurysm without thrombus has a calcified wall.", "P"),
    ("Neither the size nor the shape of the calcified nodule has altered.", "P"),
    ("The calcification is no longer growing.", "P"),
    ("Partial resorption of the calcification, now 6 mm.", "P"),
    ("Consider biopsy of the calcified nodule.", "P"),
    ("Cannot exclude stenosis at the heavily calcified ostium.", "P"),
    ("Presumed meningioma with dense calcification.", "P"),
    ("A mass suspicious for chondrosarcoma contains ring and arc calcification.", "P"),
    ("Calcified mass likely arising from the ovary.", "P"),
    ("Calcification is most likely dystrophic.", "P"),
    ("Calcified node ?TB ?histoplasmosis.", "P"),
    ("If the calcifications increase, biopsy.", "P"),
    ("Apparent interval increase in calcification.", "P"),
    ("Calcifications can be seen in both breasts.", "P"),
    ("The calcification is contrast-enhanced only at its rim.", "P"),
    ("Transplant kidney of a deceased donor, its cyst calcified.", "P"),
]
UNSEEN_DOUBTS = [
    ("Susceptibility artefact pointing towards calcification.", "U"),
    ("There is doubt as to calcification of the valve.", "U"),
    ("Calcification, perhaps.", "U"),
    ("Supraspinatus calcification (equivocal).", "U"),
    ("Faint calcification, if real, in the upper pole.", "U"),
    ("Phlebolith more likely than stone.", "U"),
    ("Calcification could explain the signal void.", "U"),
    ("Echogenic focus. Differential diagnosis: air in the biliary tree, calcification.", "U"),
    ("? CALCIFIED NODE R HILUM", "U"),
    ("Indication: pain. Calcification of the cuff?\nFindings: normal cuff.", "Q"),
    ("?stone ?nephrocalcinosis\nKidneys normal.", "Q"),
    ("If this is calcification, no follow-up is needed.", "Q"),
    ("CT would show calcification better.", "Q"),
    ("MRI is not suited to show calcification.", "Q"),
    ("Patients on dialysis often have vascular calcification.", "Q"),
    ("Hx calcific tendinitis L shoulder, treated.\nR hand: normal.", "H"),
    ("Another patient's images with coronary calcification were hung by mistake.", "O"),
]


LAST_WORD = [
    ("IMPRESSION: Calcified granuloma.\nADDENDUM: The calcified granuloma was seen in 2019.", "P P"),
    ("IMPRESSION: Calcified granuloma.\nADDENDUM: On review there is no calcified granuloma.", "A A"),
    ("FINDINGS: Nodule.\nADDENDUM: The calcification reported before is an artefact.", "A"),
    ("FINDINGS: Liver with calcification.\nERRATUM: Template text left in by mistake, deleted.", "A"),
    ("Prelim: calcified node.\nFinal: Disagree, bowel content.", "A"),
]
BOXES = [
    ("[x] No calcification", "A"),
    ("[x] calcification [ ] mass", "P"),
    ("[ ] calcification [x] mass", "A"),
    ("- [ ] calcified nodule\n- [x] mass", "A"),
    ("Calcification [x] Mass [ ]", "P"),
    ("Calcification [ ] Mass [x]", "A"),
    ("Calcification: [ ] no [x] yes", "P"),
    ("Calcification: [x] no [ ] yes", "A"),
    ("Calcification: no [x] yes [ ]", "A"),
    ("Calcification: no [ ] yes [x]", "P"),
    ("Calcification: ☒ no ☐ yes", "A"),
    ("Calcification: [ ] none [x] mild [ ] severe", "P"),
    ("Calcified granuloma in the right lung [ ] follow-up needed", "P"),
    ("Calcification: N", "A"),
    ("Calcification: N/A", "Q"),
]
CASES = [
    *(*PRESENT, *NEGATED_BEFORE, *NEGATED_AFTER, *LISTS, *RESOLVED, *HEDGED, *PSEUDO, *TERMINATED),
    *(*ASKED, *HISTORY, *OTHERS, *LAST_WORD, *BOXES),
    *(*UNSEEN_DENIALS, *UNSEEN_PRESENT, *UNSEEN_DOUBTS),
]


@pytest.mark.parametrize(("text", "assertions"), CASES)
def test_assertion(read: Read, text: str, assertions: str) -> None:
    assert [mention.assertion for mention in read(text)] == [SHORT[letter] for letter in assertions.split()]


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("There is no aortic calcification.", "no"),
        ("Calcification is not seen.", "is not seen"),
        ("Possible calcified node.", "possible"),
        ("Calcified node.", None),
    ],
)
def test_the_words_that_decided(only: Callable[[str], Mention], text: str, cue: str | None) -> None:
    reason = only(text).assertion_reason
    assert (text[reason.start : reason.end].lower() if reason else None) == cue
