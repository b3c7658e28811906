"""Laboratory figures in a report's text, against reference intervals."""

from __future__ import annotations

import re
from typing import NamedTuple

from calcitype import lexicon
from calcitype.lexicon.rules import AnalyteRule

# CA 19-9, CA 125 and their like are tumour markers.
_MARKER = r"(?!\s{0,5}-?\s{0,5}(?:19-?9|125|15-3|72-4|27\.29)\b)"
_VALUE = (
    r"(?:\s{0,5}\([^()\n]{0,12}\))?"
    r"(?:\s{0,5}(?:levels?|value|high|raised|elevated|low|normal|is|was|of|at|now|today|up to|only|=|:|-|\u2013)){0,4}"
    r"\s{0,5}(?P<sign>[<>≤≥]?)\s{0,5}"
    r"(?P<value>\d{1,2},\d{3}(?!\d)|\d{1,5}(?:[.,]\d{1,3})?)(?![\d/]|\s?(?:mm|cm|x)\b|\s?(?:mg|g|mcg|iu|units?)\b(?!\s?/))"
    r"\s{0,5}(?P<unit>[a-zµ]+2?\s?/\s?d?m?l2?)?"
)


class Figure(NamedTuple):
    """A figure found: its analyte, ``low``, ``normal`` or ``high``, and its half-open character offsets."""

    analyte: str
    level: str
    start: int
    end: int


class Laboratory:
    """Reads calcium, phosphate, their product, PTH and vitamin D, in conventional or SI units."""

    def __init__(self) -> None:
        self._rules = {rule.id: rule for rule in lexicon.load().analyte}
        names = "|".join(f"(?P<{rule.id}>{_alternatives(rule)})" for rule in self._rules.values())
        self._pattern = re.compile(
            rf"(?<![\w-])(?<!urine )(?<!urinary )(?<!dietary )(?:{names})(?![A-Za-z0-9+]){_MARKER}{_VALUE}",
            re.IGNORECASE,
        )

    def __call__(self, text: str) -> list[Figure]:
        """The figures in the order of the text."""
        found = []
        for match in self._pattern.finditer(text):
            rule = self._rules[next(name for name in self._rules if match[name])]
            found.append(Figure(rule.id, _level(rule, match), match.start(), match.end()))
        return found


def _alternatives(rule: AnalyteRule) -> str:
    phrases = {plain for phrase in rule.phrases for plain in lexicon.expand(phrase)}
    return "|".join(re.escape(p).replace(r"\ ", r"\s{1,5}") for p in sorted(phrases, key=len, reverse=True))


def _level(rule: AnalyteRule, match: re.Match[str]) -> str:
    number = match["value"]
    value = float(number.replace(",", "") if re.fullmatch(r"\d{1,2},\d{3}", number) else number.replace(",", "."))
    unit = re.sub(r"\s", "", match["unit"] or "").lower()
    if unit == rule.unit_si or (unit != rule.unit and value < rule.smallest):
        value *= rule.si
    if match["sign"] in ("<", "≤") and value <= rule.high:
        return "low"
    return "high" if value > rule.high else "low" if value < rule.low else "normal"
