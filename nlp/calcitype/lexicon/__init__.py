"""The lexicon: phrases, rules and codes as TOML that a radiologist can read and correct, checked when it is loaded.

A phrase is written in lower case and matches in any case. ``(s)`` is optional, ``(a|b)`` is a choice, and a hyphen
stands for a hyphen or a space: ``egg-shell calcification(s)``, ``(old|healed) h(a)ematoma``. Where a mention is only
part of a phrase, square brackets say which: ``free of [calcium]``.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from calcitype.schema import Assertion, Cause, Laterality, Mechanism, Site

_GROUP = re.compile(r"\(([^()]*)\)")
_WELL_FORMED = re.compile(r"(?! )(?:[^()\[\]]|\([^()\[\]]+\)|\[[^\[\]]+\])+(?<! )")


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
    parts = _GROUP.split(phrase)
    choices = [[part] if i % 2 == 0 else part.split("|") if "|" in part else ["", part] for i, part in enumerate(parts)]
    for chosen in itertools.product(*choices):
        words = " ".join("".join(chosen).split())
        pieces = words.split("-")
        for joints in itertools.product("- ", repeat=len(pieces) - 1):
            yield pieces[0] + "".join(joint + piece for joint, piece in zip(joints, pieces[1:], strict=True))


@dataclass(frozen=True, slots=True)
class SectionRule:
    """Headings of one category of section (``id``)."""

    id: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MentionRule:
    """Words that are a mention, or (``mention = false``) that look like one and are not.

    ``typos`` accepts misspellings of single words. With one of ``unless`` in its sentence it is none, nor, where not
    ``numbered``, before a figure.
    """

    id: str
    phrases: tuple[str, ...]
    mention: bool = True
    typos: bool = False
    numbered: bool = True
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DescriptorRule:
    """Words that belong to a mention beside them: shapes and distributions ``before`` it, nouns ``after`` it (``joins``).

    The ``id`` of those before it is the morphology.
    """

    id: str
    phrases: tuple[str, ...]
    joins: str = "before"


@dataclass(frozen=True, slots=True)
class SiteRule:
    """Words for a site.

    ``phrases`` name it, ``weak`` imply it where nothing nearer names one, ``exam`` name it in an examination's title,
    ``vague`` imply it where not even the title does.
    """

    id: Site
    phrases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    exam: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    side: Laterality | None = None


@dataclass(frozen=True, slots=True)
class RefineRule:
    """A general site that ``becomes`` a more exact one where a site of ``within`` or a phrase stands near."""

    id: Site
    becomes: Site
    within: tuple[Site, ...]
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SideRule:
    """Words for a side."""

    id: Laterality
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CueRule:
    """Words that decide an assertion (ConText; Harkema et al., J Biomed Inform 2009).

    ``assertion`` is an assertion, ``"pseudo"`` (looks like a cue, is none) or ``"stop"`` (ends a cue's scope).
    ``direction`` says where the asserted words stand from the cue; ``reach`` bounds the words between them. Of several
    cues the one of lowest ``precedence`` decides, then the nearest.
    ``in_indication`` is the assertion it gives where the clinical question stands.
    """

    id: str
    assertion: str
    phrases: tuple[str, ...]
    direction: str = "forward"
    reach: int = 1000
    precedence: int = 2
    in_indication: Assertion | None = None
    past_comma: bool = True
    past_verb: bool = True
    only: tuple[str, ...] = ()
    only_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CauseRule:
    """Words that name a local cause, or its default where only a site or a shape is known.

    ``reach`` is how far the words carry: the ``mention`` itself, its ``sentence``, or the whole ``report``.
    ``sites`` bounds where it can be the reason (none: anywhere). A ``general`` cause (a cyst) yields to an exact one
    (a hydatid) that the report names for the same site.
    """

    id: str
    cause: Cause
    phrases: tuple[str, ...]
    sites: tuple[Site, ...] = ()
    reach: str = "sentence"
    general: bool = False


@dataclass(frozen=True, slots=True)
class SystemicRule:
    """Words that document a systemic disturbance.

    ``sites`` are those where it explains a calcification by itself (none: anywhere).
    """

    id: str
    cause: Cause
    phrases: tuple[str, ...]
    sites: tuple[Site, ...] = ()


@dataclass(frozen=True, slots=True)
class DefaultRule:
    """The cause taken where nothing is said; with ``phrases``, only where one of them stands in the sentence."""

    id: str
    sites: tuple[Site, ...]
    cause: Cause
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnalyteRule:
    """A laboratory figure.

    ``low`` and ``high`` bound the reference interval in ``unit``; ``si`` is one ``unit_si`` in ``unit``. A figure
    without a unit below ``smallest`` is read as ``unit_si``.
    """

    id: str
    phrases: tuple[str, ...]
    unit: str
    low: float
    high: float
    unit_si: str
    si: float
    smallest: float
    source: str


@dataclass(frozen=True, slots=True)
class MechanismRule:
    """The report's own word for the mechanism, directly beside the mention."""

    id: str
    mechanism: Mechanism
    cause: Cause
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeRule:
    """Verified codes of a site or a cause."""

    id: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordList:
    """A list of words with a name."""

    id: str
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """The whole lexicon, one field a TOML table, with ``digest``, the start of the SHA-256 of its files."""

    section: tuple[SectionRule, ...]
    abbreviation: tuple[WordList, ...]
    mention: tuple[MentionRule, ...]
    descriptor: tuple[DescriptorRule, ...]
    site: tuple[SiteRule, ...]
    link: tuple[WordList, ...]
    refine: tuple[RefineRule, ...]
    side: tuple[SideRule, ...]
    cue: tuple[CueRule, ...]
    mechanism: tuple[MechanismRule, ...]
    cause: tuple[CauseRule, ...]
    systemic: tuple[SystemicRule, ...]
    default: tuple[DefaultRule, ...]
    analyte: tuple[AnalyteRule, ...]
    code: tuple[CodeRule, ...]
    digest: str


@cache
def load() -> Lexicon:
    """The lexicon that ships with the package.

    Raises
    ------
    LexiconError
        If a file has an unknown table or key, a value of the wrong kind, or a malformed phrase.
    """
    tables: dict[str, list[Any]] = {}
    digest = hashlib.sha256()
    kinds = {f.name: get_args(hint)[0] for f, hint in _hints(Lexicon) if f.name != "digest"}
    for path in sorted((p for p in files(__name__).iterdir() if p.name.endswith(".toml")), key=lambda p: p.name):
        content = path.read_bytes()
        digest.update(content)
        for table, entries in tomllib.loads(content.decode("utf-8")).items():
            if table not in kinds:
                raise LexiconError(f"{path.name}: unknown table {table!r}")
            tables.setdefault(table, []).extend(
                parse(kinds[table], entry, f"{path.name}: {table} {number}") for number, entry in enumerate(entries, 1)
            )
    return Lexicon(**{name: tuple(tables.get(name, ())) for name in kinds}, digest=digest.hexdigest()[:12])


def parse(kind: type[Any], entry: dict[str, Any], where: str) -> Any:
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
    hints = {f.name: hint for f, hint in _hints(kind)}
    if unknown := entry.keys() - hints.keys():
        raise LexiconError(f"{where}: unknown key {min(unknown)!r}; known are {', '.join(hints)}")
    for f in fields(kind):
        if f.default is MISSING and f.name not in entry:
            raise LexiconError(f"{where}: {f.name!r} is missing")
    return kind(**{name: _value(hints[name], value, f"{where}, {name}") for name, value in entry.items()})


def _hints(kind: type[Any]) -> list[tuple[Any, Any]]:
    hints = get_type_hints(kind)
    return [(f, hints[f.name]) for f in fields(kind)]


def _value(hint: Any, value: Any, where: str) -> Any:
    """``value`` as the type of a field, checked."""
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise LexiconError(f"{where}: a list was expected")
        return tuple(_value(get_args(hint)[0], item, where) for item in value)
    if get_origin(hint) is UnionType:
        hint = get_args(hint)[0]
    if issubclass(hint, StrEnum):
        try:
            return hint(value)
        except ValueError:
            raise LexiconError(f"{where}: {value!r} is no {hint.__name__.lower()}") from None
    if hint is float and isinstance(value, int):
        return float(value)
    if not isinstance(value, hint):
        raise LexiconError(f"{where}: {value!r} is no {hint.__name__}")
    if hint is str and not _WELL_FORMED.fullmatch(value):
        raise LexiconError(f"{where}: {value!r} has stray spaces, brackets or capitals")
    return value
