"""Headings as practices write them, and what stands under them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

import pytest
from spacy.language import Language

from calcitype import Mention


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("INDICATION: Cough.\nFINDINGS: Calcified nodule.\nIMPRESSION: Granuloma.", "indication findings impression"),
        (
            "Indication: Cough.\n\nFindings: Calcified nodule.\n\nImpression: Granuloma.",
            "indication findings impression",
        ),
        (
            "INDICATION\nCough.\n\nFINDINGS\nCalcified nodule.\n\nIMPRESSION\nGranuloma.",
            "indication findings impression",
        ),
        ("CT CHEST\n\nHISTORY: Cough.\n\nFINDINGS: Calcified nodule.", "exam indication findings"),
        ("EXAM: CT chest\nFINDINGS: Calcified nodule.", "exam findings"),
        (
            "EXAMINATION: CT chest\nTECHNIQUE: No contrast.\nCOMPARISON: None.\nFINDINGS: Clear.",
            "exam technique comparison findings",
        ),
        (
            "CLINICAL INFORMATION: Cough.\nREPORT: Calcified nodule.\nCONCLUSION: Granuloma.",
            "indication findings impression",
        ),
        ("Clinical details: Cough.\nReport: Calcified nodule.\nOpinion: Granuloma.", "indication findings impression"),
        ("Reason for exam: Cough.\nFindings: Calcified nodule.\nSummary: Granuloma.", "indication findings impression"),
        ("Clinical history - cough\nFindings - calcified nodule\nImp - granuloma", "indication findings impression"),
        ("H/O: cough\nFINDINGS: calcified nodule\nIMP: granuloma", "indication findings impression"),
        ("FINDINGS: Calcified nodule.\nRECOMMENDATION: Compare with old films.", "findings recommendation"),
        ("IMPRESSION: Granuloma.\nADDENDUM: The nodule is on the left.", "impression addendum"),
        ("FINDINGS:\nKIDNEYS: Normal.\nAORTA: Calcified.\nIMPRESSION: Atheroma.", "findings impression"),
        ("Liver: Calcified granuloma.\nSpleen: Normal.\nImpression: Granuloma.", "findings impression"),
        ("INDICATION: Cough. FINDINGS: Calcified nodule. IMPRESSION: Granuloma.", "indication findings impression"),
        ("Indication: Cough. Findings: Calcified nodule. Impression: Granuloma.", "indication findings impression"),
        ("1. INDICATION: Cough.\n2. FINDINGS: Calcified nodule.", "indication findings"),
        ("* Indication: Cough.\n* Findings: Calcified nodule.", "indication findings"),
        ("  FINDINGS :  Calcified nodule.\n  IMPRESSION :  Granuloma.", "findings impression"),
        ("INDICATION: Cough.\n\nThe aorta is calcified.", "indication body"),
        (
            "INDICATION: Cough.\r\nFINDINGS: Calcified nodule.\r\nIMPRESSION: Granuloma.",
            "indication findings impression",
        ),
        (
            "INDICATION: Cough.\\.br\\FINDINGS: Calcified nodule.\\.br\\IMPRESSION: Granuloma.",
            "indication findings impression",
        ),
        (
            "OBX|1|TX|X^CT^L||INDICATION: Cough.\nOBX|2|TX|X^CT^L||FINDINGS: Calcified nodule.",
            "indication findings",
        ),
        ("INDICATION\r\nCough.\r\n\r\nFINDINGS\r\nCalcified nodule.\r\n", "indication findings"),
        ("Calcified granuloma in the right upper lobe. No effusion.", "body"),
        ("Calcified granuloma at 3:15 o'clock, ratio 2:1.", "body"),
        ("Bilateral phleboliths", "body"),
        ("The left kidney contains several small\ncalcifications. No stone.", "body"),
    ],
)
def test_sections(nlp: Language, text: str, sections: str) -> None:
    doc = nlp(text)
    labels = [section.label_ for section in doc.spans["sections"] if any(token.is_alpha for token in section)]
    assert [label for label, _ in groupby(labels)] == sections.split()


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("HISTORY: Cough.\nFINDINGS: Lungs clear. Aortic calcification.\nIMPRESSION: Normal.", "findings"),
        ("HISTORY: Cough.\nFINDINGS: Lungs clear.\nIMPRESSION: Aortic calcification.", "impression"),
        ("HISTORY: Evaluate for coronary calcification.\nFINDINGS: Lungs clear.", "indication"),
        ("TECHNIQUE: Helical CT.\n\nCalcified granuloma on the right.", "body"),
        ("IMPRESSION:\n1. No fracture.\n2. Vascular calcification.", "impression"),
        ("IMPRESSION:\nCHEST: No effusion.\nAORTA: Heavily calcified.", "impression"),
        ("FINDINGS:\nNECK: Normal.\nCHEST: Calcified hilar nodes.", "findings"),
        ("FINDINGS: Clear.\nADDENDUM: There is a calcified granuloma.", "addendum"),
        ("COMPARISON: CT of May, with calcified granuloma.\nFINDINGS: No change.", "comparison"),
        ("Lungs clear. Impression: Aortic calcification.", "impression"),
        ("INDICATION: Evaluate for stone.\n\nCalcified granuloma on the left.", "body"),
        ("INDICATION: Evaluate for stone.\r\n\r\nCalcified granuloma on the left.", "body"),
        ("IMPRESSION: No stone.\n\nPelvic phleboliths.", "impression"),
        ("INDICATION: Cough for 3 weeks. There is a possible calcified node.", "body"),
        ("INDICATION: Cough. There is a calcified node elsewhere.\nFINDINGS: Clear.", "indication"),
        ("?stone ?nephrocalcinosis\nKidneys normal.", "indication"),
    ],
)
def test_section_of_a_mention(only: Callable[[str], Mention], text: str, section: str) -> None:
    assert only(text).section == section


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "  \n"], ids=repr)
def test_a_short_section_ends_with_its_sentence_whatever_ends_the_line(
    only: Callable[[str], Mention], line_end: str
) -> None:
    lines = "INDICATION: Recurrent pain in a woman of sixty, one month now.", "Pelvic phleboliths possible."
    mention = only(line_end.join(lines))
    assert (mention.section, mention.assertion) == ("body", "uncertain")


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("INDICATION: Cough.\nFINDINGS: Calcified nodule.", ["INDICATION:", "FINDINGS:"]),
        ("FINDINGS\nCalcified nodule.", ["FINDINGS"]),
        ("Calcified nodule. Impression: Granuloma.", ["", "Impression:"]),
    ],
)
def test_headings(nlp: Language, text: str, headings: list[str]) -> None:
    doc = nlp(text)
    assert [heading.text.strip() for heading in doc.spans["headings"]] == headings


@pytest.mark.parametrize(
    "text",
    [
        "INDICATION: Cough.\n\n\nFINDINGS: Calcified nodule.\n\nIMPRESSION: Granuloma.\n\n",
        "\n\nCT CHEST\n\nCalcified nodule.\n",
        "IMPRESSION:\n",
        "  \t ",
        "FINDINGS:",
    ],
)
def test_sections_cover_the_text_without_gaps_or_overlap(nlp: Language, text: str) -> None:
    doc = nlp(text)
    sections = doc.spans["sections"]
    assert [i for section in sections for i in range(section.start, section.end)] == list(range(len(doc)))
    assert len(doc.spans["headings"]) == len(sections)
