"""What holds for any text: of report-like pieces put together at random, and of arbitrary characters."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from spacy.language import Language

from calcitype import Mention, classify_report, classify_reports
from calcitype.pipeline import build_pipeline, mentions_of
from invariants import check

TABLE = """
calcification|calcified granuloma|phleboliths|noncalcified|calcs|calcium score 0|porcelain aorta|nephrocalcinosis
milk of calcium|calcifi-\\ncation|CALCIFIED NODES|calcfication|coarse|popcorn|dystrophic|metastatic|physiologic
no|No evidence of|without|possible|?|versus|not seen|has resolved|cannot exclude|but|if|mother had|and|or
INDICATION:|FINDINGS:|IMPRESSION:|Findings\\n|KIDNEYS:|History:|Imp -|1.|2)|-|•
of the aorta|in the left kidney|both breasts|right upper lobe|spleen|basal ganglia|on dialysis|hypercalcaemia
calcium 13.2 mg/dL|PTH 900|old infarct|healed TB|3.5 x 2 mm|12/03/2024|e.g.|(|)|,|;|.|:|...
[ ]|[x]|☒|yes|none|N/A|(-)|\x0c\\n|\xa0\\n
"""
PIECES = [piece.replace("\\n", "\n") for line in TABLE.split("\n") if line for piece in line.split("|")]
GAPS = ["", " ", " ", " ", "  ", "\n", "\n\n", "\r\n", "\t", ". ", ", "]
WORDS = [piece for piece in PIECES if "\n" not in piece]

reports = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(GAPS)), max_size=25).map(
    lambda pairs: "".join(piece + gap for piece, gap in pairs)
)
lines = st.lists(st.sampled_from(WORDS), min_size=1, max_size=15).map(" ".join)
any_text = st.text(st.characters(exclude_categories=()), max_size=80)
mixed = st.lists(st.one_of(any_text, reports), max_size=4).map("".join)
texts = st.one_of(reports, mixed)


@pytest.fixture(scope="module")
def plain() -> Language:
    """A pipeline of its own, so that what it learns of these texts is nobody else's."""
    return build_pipeline()


@given(reports)
def test_report_like_texts(text: str) -> None:
    check(text, classify_report(text))


@given(any_text)
@example("\u00b2calcfication ")
@example("\x0e\u00f4calcifcation")
@example("calci\u00adfication")
@example("\x0c\nCalcified node.")
@example("\xa0\nCalcified node.")
def test_any_text(text: str) -> None:
    check(text, classify_report(text))


@given(mixed)
def test_any_text_among_report_like_ones(text: str) -> None:
    check(text, classify_report(text))


@given(st.lists(texts, max_size=6), st.integers(min_value=1, max_value=7))
def test_batches_change_nothing(batch: list[str], size: int) -> None:
    assert list(classify_reports(batch, batch_size=size)) == [classify_report(text) for text in batch]


@given(texts=st.lists(reports, max_size=4))
def test_pipe_is_the_same_as_single_calls(plain: Language, texts: list[str]) -> None:
    streamed = [mentions_of(doc) for doc in plain.pipe(texts)]
    assert streamed == [mentions_of(plain(text)) for text in texts]


@given(text=reports, start=st.sampled_from(["", "\n", "  ", "\n \n"]), end=st.sampled_from(["", "\n", "  ", "\n\n"]))
@example(text="62M on dialysis. Possible calcification in the lungs.", start="", end="\n")
@example(text="US KIDNEYS\n\nHyperparathyroidism. nephrocalcinosis?\n\nKidneys normal.", start=" ", end="")
def test_white_space_around_a_report_changes_nothing(plain: Language, text: str, start: str, end: str) -> None:
    bare = mentions_of(plain(text))
    padded = mentions_of(plain(start + text + end))
    assert [m.start + len(start) for m in bare] == [m.start for m in padded]
    assert attributes(bare) == attributes(padded)


@given(text=lines)
def test_capitals_change_no_mention(plain: Language, text: str) -> None:
    as_it_is, upper, lower = (mentions_of(plain(form)) for form in (text, text.upper(), text.lower()))
    assert (
        [(m.start, m.end) for m in as_it_is] == [(m.start, m.end) for m in upper] == [(m.start, m.end) for m in lower]
    )


def attributes(mentions: tuple[Mention, ...]) -> list[tuple[object, ...]]:
    return [(m.text.split(), m.assertion, m.sites, m.laterality, m.cause, m.morphology) for m in mentions]


@given(text=lines)
@example(text="coarse calcification possible")
@example(text="[ ]" + 11 * " calcification")
@example(text="calcification no -")
@example(text="porcelain aorta - e.g.")
@example(text="non \u2013 calcified node")
@example(text="INDICATION: 60F on dialysis. There is possible calcification in the lungs.")
@example(text="MR brain. Age 12. Craniospinal RT completed. Calcification of the lentiform nuclei. PO4 1.5.")
def test_blanks_that_are_wider_change_nothing(plain: Language, text: str) -> None:
    plainly = attributes(mentions_of(plain(text)))
    for wide in ("  ", "\u00a0"):
        assert attributes(mentions_of(plain(text.replace(" ", wide)))) == plainly


@given(text=reports)
@example(text="calcification;\ncalcified granuloma")
def test_line_ends_of_windows_change_nothing(plain: Language, text: str) -> None:
    text = text.replace("\r\n", "\n")
    assert attributes(mentions_of(plain(text))) == attributes(mentions_of(plain(text.replace("\n", "\r\n"))))


@given(text=st.one_of(reports, any_text))
def test_sections_and_sentences_cover_the_text(plain: Language, text: str) -> None:
    doc = plain(text.encode("utf-8", "replace").decode("utf-8"))
    tokens = list(range(len(doc)))
    assert [i for section in doc.spans["sections"] for i in range(section.start, section.end)] == tokens
    assert [token.i for sentence in doc.sents for token in sentence] == tokens


@given(text=reports, word=st.sampled_from(["Normal.", "The heart is normal in size.", "Lungs are clear."]))
def test_a_remark_without_calcium_adds_no_mention(plain: Language, text: str, word: str) -> None:
    mentions = mentions_of(plain(text))
    assert len(mentions_of(plain(f"{text}\n\n{word}"))) == len(mentions)
