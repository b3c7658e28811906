"""The context component on somebody else's findings, without the rest of the pipeline."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language


@pytest.fixture(scope="module")
def negex() -> Language:
    """Sentences and context alone, on somebody else's spans."""
    nlp = spacy.blank("en")
    nlp.add_pipe("calcitype_sentences")
    nlp.add_pipe("calcitype_context", config={"span_key": "findings"})
    return nlp


@pytest.mark.parametrize(
    ("text", "finding", "assertion"),
    [
        ("The patient denies chest pain.", "chest pain", "absent"),
        ("No pneumothorax. Large pleural effusion.", "pleural effusion", "present"),
        ("No pneumothorax. Large pleural effusion.", "pneumothorax", "absent"),
        ("Findings suspicious for pulmonary embolism.", "pulmonary embolism", "uncertain"),
        ("Mother had breast cancer.", "breast cancer", "other_person"),
        ("No fracture, dislocation or effusion.", "effusion", "absent"),
        ("Pneumonia has resolved.", "Pneumonia", "absent"),
        ("No change in the pleural effusion.", "pleural effusion", "present"),
        ("Appendicitis cannot be excluded.", "Appendicitis", "uncertain"),
    ],
)
def test_context_on_other_spans(negex: Language, text: str, finding: str, assertion: str) -> None:
    doc = negex.get_pipe("calcitype_sentences")(negex.make_doc(text))
    start = text.index(finding)
    span = doc.char_span(start, start + len(finding))
    doc.spans["findings"] = [span]
    negex.get_pipe("calcitype_context")(doc)
    assert [found._.assertion for found in doc.spans["findings"]] == [assertion]
