"""The pipeline as a spaCy user sees it: pipes, entry points, saving, streaming."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from calcitype.pipeline import COMPONENTS, build_pipeline, mentions_of

NAMES = [
    "calcitype_sections",
    "calcitype_sentences",
    "calcitype_mentions",
    "calcitype_sites",
    "calcitype_context",
    "calcitype_causes",
]
REPORTS = [
    "INDICATION: Haemodialysis, r/o stone.\nFINDINGS:\nLUNGS: Fluffy calcification in both upper lobes.\nKIDNEYS: No\n"
    "nephrocalcinosis.\nIMPRESSION: Metastatic pulmonary calcification.",
    "Bilateral pelvic phleboliths. No ureteric calculus.",
    "",
    " \n\t ",
    "Calcified",
    "No chalky shadow. Possible calcified granuloma in the right upper lobe.",
    "Normal study.",
]


def test_pipes_and_their_order(nlp: Language) -> None:
    assert nlp.pipe_names == NAMES == [*COMPONENTS]


def test_every_pipe_gets_what_it_requires(nlp: Language) -> None:
    assert {pipe: problems for pipe, problems in nlp.analyze_pipes()["problems"].items() if problems} == {}


def test_a_pipe_in_the_wrong_place_is_found() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("calcitype_causes")
    assert "span._.site" in nlp.analyze_pipes()["problems"]["calcitype_causes"]


def run(program: str, *arguments: str) -> str:
    """What a program prints that has imported nothing."""
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_every_factory_is_there_before_any_import() -> None:
    program = (
        "import sys, spacy; assert 'calcitype' not in sys.modules\n"
        f"for name in {NAMES}: nlp = spacy.blank('en'); nlp.add_pipe(name); nlp(''); print(*nlp.pipe_names)"
    )
    assert run(program).split() == NAMES


@pytest.mark.parametrize("factory", NAMES)
def test_a_factory_works_alone_on_another_tokenizer(factory: str) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe(factory)
    for text in REPORTS:
        assert nlp(text).text == text


def test_the_pipes_work_on_another_tokenizer() -> None:
    nlp = spacy.blank("en")
    for name in NAMES:
        nlp.add_pipe(name)
    (mention,) = mentions_of(nlp("No evidence of calcification of the left adrenal."))
    assert (mention.assertion, mention.site, mention.laterality) == ("absent", "adrenal", "left")


@pytest.fixture(scope="module")
def with_patterns() -> Language:
    nlp = build_pipeline()
    nlp.get_pipe("calcitype_mentions").add_patterns(
        [{"pattern": "chalky shadow"}, {"pattern": [{"LOWER": "normal"}, {"LOWER": "study"}], "id": "mine"}]
    )
    return nlp


@pytest.fixture(params=["shipped", "with_patterns"])
def pipeline(request: pytest.FixtureRequest, nlp: Language, with_patterns: Language) -> Language:
    return nlp if request.param == "shipped" else with_patterns


def same_mentions(one: Language, other: Language) -> bool:
    return [mentions_of(one(text)) for text in REPORTS] == [mentions_of(other(text)) for text in REPORTS]


def test_added_patterns_change_the_mentions(nlp: Language, with_patterns: Language) -> None:
    assert not same_mentions(nlp, with_patterns)


def test_to_disk_and_back(pipeline: Language, tmp_path: Path) -> None:
    pipeline.to_disk(tmp_path / "saved")
    assert same_mentions(spacy.load(tmp_path / "saved"), pipeline)


def test_to_bytes_and_back(pipeline: Language) -> None:
    fresh = build_pipeline().from_bytes(pipeline.to_bytes())
    assert same_mentions(fresh, pipeline)


def test_reading_a_saved_pipeline_does_not_add_its_patterns_twice(with_patterns: Language) -> None:
    saved = with_patterns.to_bytes()
    fresh = build_pipeline().from_bytes(saved).from_bytes(saved)
    patterns = with_patterns.get_pipe("calcitype_mentions").patterns
    assert fresh.get_pipe("calcitype_mentions").patterns == patterns


def test_pickling(pipeline: Language) -> None:
    assert same_mentions(pickle.loads(pickle.dumps(pipeline)), pipeline)  # noqa: S301


def test_a_doc_survives_bytes(nlp: Language) -> None:
    doc = nlp(REPORTS[0])
    assert mentions_of(Doc(nlp.vocab).from_bytes(doc.to_bytes())) == mentions_of(doc)


def test_a_saved_pipeline_loads_before_any_import(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "saved")
    program = (
        "import sys, spacy; assert 'calcitype' not in sys.modules; nlp = spacy.load(sys.argv[1]); "
        "doc = nlp('Bilateral pelvic phleboliths.'); print([s.text for s in doc.spans['calcifications']])"
    )
    assert run(program, str(tmp_path / "saved")) == "['phleboliths']"


@pytest.mark.parametrize("text", ["", " ", "\n", " \n\t ", "\u00a0", "x", ".", "Normal"])
def test_texts_without_mentions(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    assert mentions_of(doc) == ()


@pytest.mark.parametrize("text", ["Calcified", "calcification", "PHLEBOLITHS"])
def test_one_token(nlp: Language, text: str) -> None:
    assert [mention.text for mention in mentions_of(nlp(text))] == [text]


@pytest.mark.parametrize("batch_size", [1, 2, 100])
def test_pipe_is_the_same_as_single_calls(nlp: Language, batch_size: int) -> None:
    streamed = [mentions_of(doc) for doc in nlp.pipe(REPORTS, batch_size=batch_size)]
    assert streamed == [mentions_of(nlp(text)) for text in REPORTS]
    assert sum(map(len, streamed)) == 6


def test_a_second_reading_is_the_same(nlp: Language) -> None:
    assert same_mentions(nlp, nlp)
    assert same_mentions(nlp, build_pipeline())


def test_values_of_a_span_are_plain(nlp: Language) -> None:
    def plain(value: object) -> bool:
        return all(map(plain, value)) if type(value) is tuple else type(value) in (str, int, type(None))

    doc = nlp(REPORTS[0])
    assert len(doc.spans["calcifications"]) == 3
    for values in (span._ for span in doc.spans["calcifications"]):
        assert plain((values.assertion, values.assertion_reason, values.site, values.sites, values.laterality))
        assert plain((values.mechanism, values.cause, values.cause_reason, values.morphology))


def test_mentions_outlive_their_doc(nlp: Language) -> None:
    with nlp.memory_zone():
        mentions = mentions_of(nlp("Calcified granuloma in the right upper lobe."))
    assert [str(mention.cause) for mention in mentions] == ["granuloma"]
    assert mentions[0].text == "Calcified granuloma"


def test_a_long_report(nlp: Language) -> None:
    text = "No mass. Calcified aorta. " * 500
    found = mentions_of(nlp(text))
    assert len(found) == 500
    assert {(mention.text, mention.assertion, mention.site) for mention in found} == {
        ("Calcified aorta", "present", "aorta")
    }
