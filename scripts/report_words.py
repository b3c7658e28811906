"""The notation of corpora/generated/*.toml: choices, slots and marked mentions, turned into annotated sentences.

``[one;two]`` is a choice, ``{side}`` a slot, ``<calcified node|hilar_node|{side}>`` a mention with what its process
does not say: a site, an assertion, a laterality, a cause (``none`` for unexplained), in any order.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

RECIPES = Path(__file__).resolve().parents[1] / "corpora" / "generated"
CHOICE = re.compile(r"\[([^\[\]]*;[^\[\]]*)\]")
SLOT = re.compile(r"\{([a-z_0-9]+)\}")
MARK = re.compile(r"<([^<>|]+)((?:\|[^<>|]*)*)>")
ARTICLE = re.compile(r"(?:an?|the) ")

Recipe = dict[str, Any]


class Fields(NamedTuple):
    """What the annotation says of a mention; empty where nothing is said."""

    assertion: str
    site: str
    laterality: str
    mechanism: str
    cause: str


class Piece(NamedTuple):
    """A stretch of text, all of it one mention or none."""

    text: str
    mention: Fields | None = None


Sentence = list[Piece]


class Recipes:
    """All files of recipes."""

    def __init__(self, folder: Path = RECIPES) -> None:
        self.data: Recipe = {}
        for path in sorted(folder.glob("*.toml")):
            for key, value in tomllib.loads(path.read_text(encoding="utf-8")).items():
                if isinstance(value, list) and key in self.data:
                    self.data[key] += value
                else:
                    self.data[key] = value
        self.exams = {name: value for name, value in self.data.items() if isinstance(value, dict) and "titles" in value}
        self.mechanisms = {c: mechanism for mechanism, causes in self.data["causes"].items() for c in causes}

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    def clash(self, sites: Iterable[str], others: Iterable[str]) -> bool:
        """Whether a site of the first is one of the second, or in one group with it."""
        near = set(others)
        near.update(site for group in self["groups"] if near.intersection(group) for site in group)
        return not near.isdisjoint(sites)


class Words:
    """Fills the templates of one report; a slot keeps its value, so that findings and conclusion agree."""

    def __init__(self, rng: Random, recipes: Recipes, **values: str) -> None:
        self.rng = rng
        self.recipes = recipes
        self.values = values

    def value(self, name: str) -> str:
        """What a slot stands for in this report."""
        if name not in self.values:
            sided = self.recipes["sided"].get(name)
            options = sided[self.value("side")] if sided else self.recipes["slots"][name]
            self.values[name] = self.rng.choice(options)
        return self.values[name]

    def fill(self, template: str, **given: str) -> str:
        """A template with its choices made and its slots filled, mentions still marked."""
        while True:
            if choice := CHOICE.search(template):
                filling = self.rng.choice(choice[1].split(";"))
            elif choice := SLOT.search(template):
                filling = given[choice[1]] if choice[1] in given else self.value(choice[1])
            else:
                return template
            template = template[: choice.start()] + filling + template[choice.end() :]

    def say(self, template: str, recipe: Recipe | None = None, assertion: str = "present", **given: str) -> Sentence:
        """A sentence with its mentions, which take from the recipe what they do not say themselves."""
        text = re.sub(r",(?= *[.,;?:])", "", self.fill(template, **given)).strip()
        text = text if text[-1] in ".?:" else text.rstrip(",") + "."
        pieces, end = [], 0
        for mark in MARK.finditer(text):
            pieces.append(Piece(text[end : mark.start()]))
            pieces.append(Piece(mark[1], self._fields(mark[2].split("|")[1:], recipe or {}, assertion)))
            end = mark.end()
        pieces.append(Piece(text[end:]))
        return capitalised([piece for piece in pieces if piece.text])

    def _fields(self, names: list[str], recipe: Recipe, assertion: str) -> Fields:
        """Sort what a mention says by the vocabulary it belongs to."""
        recipes = self.recipes
        kinds = (
            ("assertion", recipes["assertions"], assertion),
            ("site", recipes["sites"], recipe.get("site", "")),
            ("laterality", recipes["lateralities"], ""),
            ("cause", (*recipes.mechanisms, "none"), recipe.get("cause", "none")),
        )
        left = [name for name in names if name]
        found = {}
        for kind, vocabulary, default in kinds:
            # "nephrocalcinosis" and the like name one thing only; the first that fits is it.
            found[kind] = next((name for name in left if name in vocabulary), default)
            left = [name for name in left if name != found[kind]]
        if left or not found["site"]:
            raise ValueError(f"a mention with {names} in {recipe}")
        cause = "" if found["cause"] == "none" else found["cause"]
        mechanism = recipes.mechanisms[cause] if cause else "unspecified"
        return Fields(found["assertion"], found["site"], found["laterality"], mechanism, cause)


def capitalised(sentence: Sentence) -> Sentence:
    """The sentence with a capital at its beginning."""
    first = sentence[0]
    return [Piece(first.text[0].upper() + first.text[1:], first.mention), *sentence[1:]]


def bare(noun: str) -> str:
    """A noun without its article."""
    return ARTICLE.sub("", noun, count=1) if ARTICLE.match(noun) else noun


def mentions_of(sentences: Iterable[Sentence]) -> Iterator[Fields]:
    """The mentions of sentences, in order."""
    return (piece.mention for sentence in sentences for piece in sentence if piece.mention)
