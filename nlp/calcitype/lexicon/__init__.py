"""The lexicon: phrases, rules and codes as TOML that a radiologist can read and correct, checked when it is loaded.

A phrase is written in lower case and matches in any case. ``(s)`` is optional, ``(a|b)`` is a choice, and a hyphen
stands for a hyphen or a space: ``egg-shell calcification(s)``, ``(old|healed) h(a)ematoma``. Where a mention is only
part of a phrase, square brackets say which: ``free of [calcium]``. What many phrases choose from is written once, as a
``[[choice]]``, and named in braces: ``({be}|had been) excluded``.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import MISSING, fields
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from calcitype.lexicon.rules import Lexicon, WordList

_GROUP = re.compile(r"\(([^()]*)\)")
_NAMED = re.compile(r"\{(\w+)\}")
_WELL_FORMED = re.compile(r"(?! )(?:[^()\[\]{}]|\([^()\[\]{}]+\)|\[[^\[\]{}]+\])+(?<! )")

# The keys whose values are phrases.
_PHRASES = {"phrases", "weak", "exam", "vague", "unless", "only"}


class LexiconError(ValueError):
    """A lexicon file that breaks its rules; the message names the file, the entry and what is wrong."""


def expand(phrase: str) -> Iterator[str]:
    """Every plain phrase that a lexicon phrase stands for.

    Examples
    --------
    >>> sorted(expand("h(a)ematoma(s)"))
    ['haematoma', 'haematomas', 'hematoma', 'hematomas']
    >>> sorted(expand("tram-line"))
    ['tram line', 'tram-line']
    """
    if "(" not in phrase and "-" not in phrase:
        yield phrase
        return
    parts = _GROUP.split(phrase)
    choices = [[part] if i % 2 == 0 else part.split("|") if "|" in part else ["", part] for i, part in enumerate(parts)]
    for chosen in itertools.product(*choices):
        whole = " ".join("".join(chosen).split())
        if "-" not in whole:
            yield whole
            continue
        pieces = whole.split("-")
        for joints in itertools.product("- ", repeat=len(pieces) - 1):
            plain = pieces[0] + "".join(joint + piece for joint, piece in zip(joints, pieces[1:], strict=True))
            yield " ".join(plain.split())


@cache
def load() -> Lexicon:
    """The lexicon that ships with the package.

    Raises
    ------
    LexiconError
        If a file has an unknown table or key, a value of the wrong kind, or a malformed phrase.
    """
    written: list[tuple[str, str, dict[str, Any]]] = []
    digest = hashlib.sha256()
    for path in sorted((p for p in files(__name__).iterdir() if p.name.endswith(".toml")), key=lambda p: p.name):
        content = path.read_bytes()
        digest.update(content)
        for table, entries in tomllib.loads(content.decode("utf-8")).items():
            written.extend((table, f"{path.name}: {table} {n}", entry) for n, entry in enumerate(entries, 1))
    words = [parse(WordList, entry, where) for table, where, entry in written if table == "choice"]
    choices = {choice.id: "|".join(choice.phrases) for choice in words}
    kinds = {name: get_args(hint)[0] for name, hint in _hints(Lexicon).items() if name != "digest"}
    tables: dict[str, list[Any]] = {name: [] for name in kinds}
    for table, where, entry in written:
        if table not in kinds:
            raise LexiconError(f"{where}: unknown table {table!r}")
        tables[table].append(parse(kinds[table], with_choices(entry, choices), where))
    return Lexicon(**{name: tuple(rules) for name, rules in tables.items()}, digest=digest.hexdigest()[:12])


def with_choices(entry: dict[str, Any], choices: dict[str, str]) -> dict[str, Any]:
    """An entry with the choices that its phrases name in braces written out; a name that is unknown stays.

    Examples
    --------
    >>> with_choices({"id": "x", "phrases": ["({be}|had been) gone"]}, {"be": "is|are"})
    {'id': 'x', 'phrases': ['(is|are|had been) gone']}
    """
    return {
        key: [
            _NAMED.sub(lambda name: choices.get(name[1], name[0]), item) if isinstance(item, str) else item
            for item in value
        ]
        if key in _PHRASES and isinstance(value, list)
        else value
        for key, value in entry.items()
    }


@cache
def linking(kind: str) -> frozenset[str]:
    """The words of one kind that link mentions, sites, sides, cues and causes, or cut them off from each other."""
    return frozenset(word for words in load().link if words.id == kind for word in words.phrases)


def parse(kind: type, entry: dict[str, Any], where: str) -> Any:
    """A lexicon entry as an instance of its rule class.

    Parameters
    ----------
    kind
        The dataclass of the entry's table.
    entry
        The table as TOML gives it.
    where
        File and number of the entry, for messages.

    Raises
    ------
    LexiconError
        If a key is unknown or missing, a value of the wrong kind, or a phrase malformed.
    """
    hints = _hints(kind)
    if unknown := entry.keys() - hints.keys():
        raise LexiconError(f"{where}: unknown key {min(unknown)!r}; known are {', '.join(hints)}")
    for f in fields(kind):
        if f.default is MISSING and f.name not in entry:
            raise LexiconError(f"{where}: {f.name!r} is missing")
    for name in _PHRASES & entry.keys():
        for phrase in entry[name]:
            if str(phrase) != str(phrase).lower():
                raise LexiconError(f"{where}, {name}: {phrase!r} has capitals; phrases match in any case")
    return kind(**{name: _value(hints[name], value, f"{where}, {name}") for name, value in entry.items()})


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, value: Any, where: str) -> Any:
    """``value`` as the type of a field, checked."""
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise LexiconError(f"{where}: a list was expected")
        return tuple(_value(get_args(hint)[0], item, where) for item in value)
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not NoneType]
    if all(issubclass(kind, StrEnum) for kind in kinds):
        for kind in kinds:
            with suppress(ValueError):
                return kind(value)
        raise LexiconError(f"{where}: {value!r} is no {' or '.join(kind.__name__.lower() for kind in kinds)}")
    if hint is float and isinstance(value, int):
        return float(value)
    if not isinstance(value, hint):
        raise LexiconError(f"{where}: {value!r} is no {hint.__name__}")
    if hint is str and not _WELL_FORMED.fullmatch(value):
        raise LexiconError(f"{where}: {value!r} has stray spaces or brackets")
    return value
