"""Mentions in a user's own words, given as spaCy patterns."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language

from calcitype.pipeline import build_pipeline


@pytest.fixture(scope="module")
def extended() -> Language:
    nlp = build_pipeline()
    nlp.get_pipe("calcitype_mentions").add_patterns(
        [
            {"pattern": "chalky shadow"},
            {"pattern": "Limestone", "id": "stone"},
            {"pattern": [{"LOWER": "chalk"}, {"LOWER": {"IN": ["spot", "spots"]}}], "label": "CALCIFICATION"},
        ]
    )
    return nlp


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Chalky shadow in the lung.", "chalky shadow"),
        ("A CHALKY SHADOW in the lung.", "chalky shadow"),
        ("A limestone in the lung.", "limestone"),
        ("Chalk spots in the lung.", "chalk spots"),
        ("Chalk spots and a calcified node.", "chalk spots|calcified node"),
        ("A chalk in the lung.", ""),
    ],
)
def test_added_patterns(nlp: Language, extended: Language, text: str, words: str) -> None:
    doc, plain = extended(text), nlp(text)
    assert "|".join(span.text.lower() for span in doc.spans["calcifications"]) == words
    added = [span for span in doc.spans["calcifications"] if "calcified" not in span.text]
    assert len(plain.spans["calcifications"]) == len(doc.spans["calcifications"]) - len(added)


def test_an_added_pattern_gets_assertion_site_and_side(extended: Language) -> None:
    doc = extended("No chalky shadow in the left kidney.")
    (span,) = doc.spans["calcifications"]
    assert (span._.assertion, span._.site, span._.laterality) == ("absent", "kidney", "left")


@pytest.mark.parametrize("entry", [{}, {"label": "X"}, {"pattern": "x", "colour": "red"}], ids=str)
def test_a_bad_pattern_is_refused(nlp: Language, entry: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="pattern"):
        nlp.get_pipe("calcitype_mentions").add_patterns([entry])


def test_another_span_key() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("calcitype_mentions", config={"span_key": "mine"})
    doc = nlp("Calcified granuloma.")
    assert [span.text for span in doc.spans["mine"]] == ["Calcified granuloma"]
    assert "calcifications" not in doc.spans
