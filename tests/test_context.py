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
    pytest.param(
        "No pericardial calcification or effusion, mitral annulus calcified.",
        "A P",
        marks=pytest.mark.xfail(reason="absent absent"),
    ),
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


LAST_WORD = [
    ("IMPRESSION: Calcified granuloma.\nADDENDUM: The calcified granuloma was seen in 2019.", "P P"),
    ("IMPRESSION: Calcified granuloma.\nADDENDUM: On review there is no calcified granuloma.", "A A"),
    ("FINDINGS: Nodule.\nADDENDUM: The calcification reported before is an artefact.", "A"),
]
CASES = [
    *(*PRESENT, *NEGATED_BEFORE, *NEGATED_AFTER, *LISTS, *RESOLVED, *HEDGED, *PSEUDO, *TERMINATED),
    *(*ASKED, *HISTORY, *OTHERS, *LAST_WORD),
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
