"""The lexicon's notation, its checks, and what the shipped lexicon must hold."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from calcitype import Cause, Site, lexicon
from calcitype.lexicon import LexiconError, expand, parse
from calcitype.lexicon.rules import CauseRule, CueRule, MentionRule, SideRule, SiteRule, SystemicRule
from calcitype.pipeline import build_pipeline
from calcitype.schema import Assertion

SHIPPED = lexicon.load()
LEXICON = Path(lexicon.__file__).parent
TABLES = {name: rules for name, rules in vars(SHIPPED).items() if name != "digest"}
WITH_PHRASES = [name for name, rules in TABLES.items() if hasattr(rules[0], "phrases")]
LEFT = {"id": "left", "phrases": ["left"]}


@pytest.mark.parametrize(
    ("phrase", "plain"),
    [
        ("calcified", ["calcified"]),
        ("phlebolith(s)", ["phlebolith", "phleboliths"]),
        ("(old|healed) tb", ["old tb", "healed tb"]),
        ("h(a)ematoma(s)", ["haematoma", "haematomas", "hematoma", "hematomas"]),
        ("tram-line", ["tram-line", "tram line"]),
        ("end-stage-renal", ["end-stage-renal", "end-stage renal", "end stage-renal", "end stage renal"]),
        ("(left|) kidney", ["left kidney", "kidney"]),
        ("kidney (stone|)", ["kidney stone", "kidney"]),
        ("(egg-shell|rim) wall", ["egg-shell wall", "egg shell wall", "rim wall"]),
        ("free of [calcium]", ["free of [calcium]"]),
    ],
)
def test_expand(phrase: str, plain: list[str]) -> None:
    assert Counter(expand(phrase)) == Counter(plain)


@pytest.mark.parametrize(
    ("kind", "entry", "named"),
    [
        (SideRule, LEFT | {"colour": "red"}, "colour"),
        (SideRule, {"id": "left"}, "phrases"),
        (SideRule, {"phrases": ["left"]}, "id"),
        (SideRule, {"id": "upwards", "phrases": ["up"]}, "upwards"),
        (SideRule, LEFT | {"phrases": "left"}, "phrases"),
        (SideRule, LEFT | {"phrases": [3]}, "phrases"),
        (SideRule, LEFT | {"phrases": [" left"]}, "phrases"),
        (SideRule, LEFT | {"phrases": ["left "]}, "phrases"),
        (SideRule, LEFT | {"phrases": [""]}, "phrases"),
        (SideRule, LEFT | {"phrases": ["(left"]}, "phrases"),
        (SideRule, LEFT | {"phrases": ["left)"]}, "phrases"),
        (SideRule, LEFT | {"phrases": ["left ()"]}, "phrases"),
        (SideRule, LEFT | {"phrases": ["((l)eft)"]}, "phrases"),
        (SideRule, LEFT | {"phrases": ["[left"]}, "phrases"),
        (SideRule, LEFT | {"phrases": ["Left"]}, "phrases"),
        (SideRule, LEFT | {"phrases": ["({unknown}) side"]}, "unknown"),
        (SiteRule, {"id": "moon", "phrases": ["moon"]}, "moon"),
        (SiteRule, {"id": "lung", "weak": ["x"], "side": "upwards"}, "upwards"),
        (CauseRule, {"id": "x", "cause": "bad_luck", "phrases": ["x"]}, "bad_luck"),
        (CauseRule, {"id": "x", "cause": "scar", "phrases": ["x"], "sites": ["lung", "elbow"]}, "elbow"),
        (SystemicRule, {"id": "x", "cause": "scar", "phrases": ["x"], "sites": "lung"}, "sites"),
        (MentionRule, {"id": "x", "phrases": ["x"], "mention": "no"}, "mention"),
        (CueRule, {"id": "x", "assertion": "absent", "phrases": ["x"], "reach": "six"}, "reach"),
        (CueRule, {"id": "x", "assertion": "absent", "phrases": ["x"], "in_indication": "perhaps"}, "perhaps"),
        (CueRule, {"id": "x", "assertion": "abscent", "phrases": ["x"]}, "abscent"),
        (CueRule, {"id": "x", "assertion": "absent", "phrases": ["x"], "direction": "forwards"}, "forwards"),
        (CauseRule, {"id": "x", "cause": "scar", "phrases": ["x"], "reach": "paragraph"}, "paragraph"),
    ],
)
def test_a_bad_entry_is_refused_by_name(kind: type[Any], entry: dict[str, Any], named: str) -> None:
    with pytest.raises(LexiconError, match=named) as caught:
        parse(kind, entry, "sites.toml: side 7")
    assert str(caught.value).startswith("sites.toml: side 7")


def test_a_good_entry() -> None:
    rule = parse(CauseRule, {"id": "x", "cause": "scar", "phrases": ["burn(s)"], "sites": ["lung"]}, "here")
    assert (rule.cause, rule.phrases, rule.sites) == (Cause.SCAR, ("burn(s)",), (Site.LUNG,))


def test_a_choice_is_written_out_where_it_is_named() -> None:
    phrases = [phrase for cue in SHIPPED.cue if cue.id == "look_alike" for phrase in cue.phrases]
    assert any(phrase.startswith("(is|are|was|were) ") for phrase in phrases)


def test_an_unknown_table_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd.toml").write_text("[[colour]]\nid = 'red'\n")
    monkeypatch.setattr(lexicon, "files", lambda _: tmp_path)
    lexicon.load.cache_clear()
    try:
        with pytest.raises(LexiconError, match=r"odd\.toml.*colour"):
            lexicon.load()
    finally:
        monkeypatch.undo()
        lexicon.load.cache_clear()


def test_the_shipped_lexicon_has_every_table() -> None:
    assert {name: len(rules) > 0 for name, rules in TABLES.items()} == dict.fromkeys(TABLES, True)
    assert len(SHIPPED.digest) >= 8


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_a_phrase(cause: Cause) -> None:
    rules = [*SHIPPED.mechanism, *SHIPPED.cause, *SHIPPED.systemic]
    assert any(rule.cause is cause and rule.phrases for rule in rules)


@pytest.mark.parametrize("site", [site for site in Site if site is not Site.UNSPECIFIED])
def test_every_site_has_a_phrase(site: Site) -> None:
    assert any(rule.id is site and rule.phrases for rule in SHIPPED.site)


@pytest.mark.parametrize("assertion", Assertion)
def test_every_assertion_has_a_cue(assertion: Assertion) -> None:
    assert any(cue.assertion == assertion for cue in SHIPPED.cue)


@pytest.mark.parametrize("table", WITH_PHRASES)
def test_phrases_are_trimmed(table: str) -> None:
    phrases = [plain for rule in TABLES[table] for phrase in rule.phrases for plain in (phrase, *expand(phrase))]
    assert [phrase for phrase in phrases if not phrase or phrase != " ".join(phrase.split())] == []


@pytest.mark.parametrize("table", [table for table in WITH_PHRASES if table != "link"])
def test_no_phrase_says_only_what_others_of_its_entry_say(table: str) -> None:
    again = []
    for rule in TABLES[table]:
        said = {phrase: set(expand(phrase)) for phrase in rule.phrases}
        times = Counter(plain for plains in said.values() for plain in plains)
        again += [(rule.id, phrase) for phrase, plains in said.items() if all(times[plain] > 1 for plain in plains)]
        assert len(rule.phrases) == len(said), rule.id
    assert again == []


def test_words_that_link_are_tokens() -> None:
    tokenizer = build_pipeline().tokenizer
    words = [(link.id, word) for link in SHIPPED.link if link.id != "unexplained" for word in link.phrases]
    assert [(kind, word) for kind, word in words if len(tokenizer(word)) != 1] == []


@pytest.mark.parametrize(
    "table", ["cause", "systemic", "cue", "mechanism", "default", "analyte", "code", "link", "choice"]
)
def test_ids_are_unique(table: str) -> None:
    assert [name for name, n in Counter(rule.id for rule in TABLES[table]).items() if n > 1] == []


@pytest.mark.parametrize(
    ("table", "field", "known"),
    [
        ("cue", "assertion", {*Assertion, "known", "pseudo", "stop", "reason", "retract", "verb"}),
        ("cue", "direction", {"forward", "backward", "both", "within"}),
        ("cause", "reach", {"mention", "sentence", "report"}),
        ("descriptor", "joins", {"before", "after"}),
    ],
)
def test_words_with_a_meaning_are_known(table: str, field: str, known: set[str]) -> None:
    assert {getattr(rule, field) for rule in TABLES[table]} <= known


def test_a_systemic_cause_is_metastatic() -> None:
    assert {rule.cause.mechanism for rule in SHIPPED.systemic} == {"metastatic"}


@pytest.mark.parametrize("path", sorted(LEXICON.glob("*.toml")), ids=lambda path: path.name)
def test_files_are_readable_and_diffable(path: Path) -> None:
    assert [i for i, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if len(line) > 120] == []
