"""Sentences of prose, lists, wrapped lines and telegraphic reports."""

from __future__ import annotations

import pytest
from spacy.language import Language


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        # prose
        ("The aorta is calcified. No aneurysm.", ["The aorta is calcified.", "No aneurysm."]),
        ("? calcified node R hilum", ["? calcified node R hilum"]),
        ("Is it calcified? Ossified! Benign.", ["Is it calcified?", "Ossified!", "Benign."]),
        ("Aortic calcification (mild). No aneurysm.", ["Aortic calcification (mild).", "No aneurysm."]),
        ("Calcified granuloma.No effusion.", ["Calcified granuloma.", "No effusion."]),
        ("Calcified granuloma.  No effusion.", ["Calcified granuloma.", "No effusion."]),
        ("Normal heart. calcified aorta.", ["Normal heart.", "calcified aorta."]),
        # one line, no full stop
        ("Bilateral pelvic phleboliths", ["Bilateral pelvic phleboliths"]),
        ("Calcified", ["Calcified"]),
        # abbreviations, initials, decimals, times
        ("Nodule of approx. 4 mm, calcified.", ["Nodule of approx. 4 mm, calcified."]),
        ("Granuloma vs. carcinoid.", ["Granuloma vs. carcinoid."]),
        ("Seen by Dr. Osler today.", ["Seen by Dr. Osler today."]),
        ("Calcified, e.g. granuloma.", ["Calcified, e.g. granuloma."]),
        ("Read by Dr. J. Smith. Calcified node.", ["Read by Dr. J. Smith.", "Calcified node."]),
        ("Plaque of 3.5 x 2.5 mm. No cyst.", ["Plaque of 3.5 x 2.5 mm.", "No cyst."]),
        ("Calcium 10.2 mg/dL. Creatinine 1.1.", ["Calcium 10.2 mg/dL.", "Creatinine 1.1."]),
        ("Phosphate 2.4 mmol/L. Calcified node.", ["Phosphate 2.4 mmol/L.", "Calcified node."]),
        ("Haematoma of the M. latissimus dorsi.", ["Haematoma of the M. latissimus dorsi."]),
        ("Node measures 2.\nNo cyst.", ["Node measures 2.", "No cyst."]),
        ("See image no. 12 of series 3.", ["See image no. 12 of series 3."]),
        # lists
        ("IMPRESSION:\n1. Calcified node.\n2. No effusion.", ["IMPRESSION:", "1. Calcified node.", "2. No effusion."]),
        ("1. Calcified node\n2. No effusion", ["1. Calcified node", "2. No effusion"]),
        ("1) Calcified node\n2) No effusion", ["1) Calcified node", "2) No effusion"]),
        ("- Calcified node\n- No effusion", ["- Calcified node", "- No effusion"]),
        ("• Calcified node\n• No effusion", ["• Calcified node", "• No effusion"]),
        ("1. Calcified node. 2. No effusion.", ["1. Calcified node.", "2. No effusion."]),
        # lines
        ("No effusion\nCalcified node", ["No effusion", "Calcified node"]),
        ("No effusion\n\nCalcified node", ["No effusion", "Calcified node"]),
        ("Heart: normal\nAorta: calcified", ["Heart: normal", "Aorta: calcified"]),
        ("No effusion\r\nCalcified node", ["No effusion", "Calcified node"]),
        ("No stone;\ncalcified node", ["No stone;", "calcified node"]),
        ("No stone;\r\ncalcified node", ["No stone;", "calcified node"]),
    ],
)
def test_sentences(nlp: Language, text: str, sentences: list[str]) -> None:
    assert [found.text.strip() for found in nlp(text).sents] == sentences


@pytest.mark.parametrize(
    "text",
    [
        "There is no evidence of any calcification of the\naortic valve.",
        "There is a small calcified nodule in the apex of the right\nUpper lobe, unchanged since the last study.",
        "The liver, which is enlarged, shows (a few\nscattered) granulomas.",
        "Calcification of the aorta,\nSMA and both iliac arteries.",
        "There is no evidence of any calcification of the\r\naortic valve.",
        ("Calcification of the aorta,\r\nSMA and both iliac arteries."),
    ],
)
def test_a_wrapped_line_does_not_end_a_sentence(nlp: Language, text: str) -> None:
    assert len(list(nlp(text).sents)) == 1


@pytest.mark.parametrize("text", ["", " ", "\n\n", "Calcified.\n\n\n", "1. 2. 3.", "..", "\n. \n"])
def test_every_token_is_in_one_sentence(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert [token.i for sentence in doc.sents for token in sentence] == list(range(len(doc)))
