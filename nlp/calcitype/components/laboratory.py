"""Laboratory figures in a report's text, against the intervals it states itself or else reference intervals."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from calcitype import lexicon
from calcitype.lexicon.rules import AnalyteRule

# CA 19-9, CA 125 and their like are tumour markers.
_MARKER: Final = r"(?!\s{0,5}-?\s{0,5}(?:19[.-]?9|125|15[.-]3|72[.-]4|27[.-]29)\b)"
# "Urinary calcium", "dietary phosphate" and the like are no levels in the blood; nor is "PTHrP".
_OTHER: Final = "".join(
    rf"(?<!{word}\s)(?<!{word}\s\s)" for word in ("urine", "urinary", "dietary", "alkaline", "oral", "daily")
)
_NUMBER: Final = r"\d{1,2},\d{3}(?!\d)|\d{1,5}(?:[.,]\d{1,3})?"
_HIGH: Final = (
    r"critically high|very high|high(?![ -](?:normal|res))|raised|elevated|markedly (?:raised|elevated)|increased|"
    r"\u2191{1,3}|hh?\b|\+{1,3}"
)
_LOW: Final = r"very low|low(?![ -](?:normal|dose))|reduced|suppressed|decreased|undetectable|\u2193{1,3}|ll?\b"
_NORMAL: Final = r"normal|within normal limits|wnl|nl\b|n\b"
_LINK: Final = (
    r"(?:level|levels|value|conc\.?|concentration|is|was|were|of|at|now|today|up to|only|currently|measured|measuring|"
    r"came back|around|about|approx\.?|ca\.|\u2248|~|=|:|-|\u2013|,(?=\s{0,2}(?:high|raised|elevated)))"
)
_VALUE: Final = (
    r"(?:\s{0,5}\((?!\s{0,2}\d)[^()\n]{0,16}\))?"
    rf"(?:\s{{0,5}}(?:{_LINK}|(?:(?P<before_high>{_HIGH})|(?P<before_low>{_LOW})|(?P<before_normal>{_NORMAL}))))"
    r"{0,5}"
    # In a table the figure may stand far to the right.
    rf"(?:\s{{0,5}}|[ \t]{{6,40}})(?P<sign>[<>\u2264\u2265]?)"
    rf"\s{{0,5}}(?P<value>{_NUMBER})(?P<after_high_mark>\u2191|H\b)?"
    r"(?![\d/]|\s{0,2}(?:mm|cm|x|weeks?|months?|y(?:ea)?rs?|days?)\b|\s{0,2}(?:mg|g|mcg|\u00b5g|iu|units?)\b(?!\s{0,2}/|%|\.?\sper)|\.\d)"
    r"(?:\s{0,5}(?P<unit>[a-z\u00b5\u03bc]{1,8}[2\u00b2]?\s{0,2}/\s{0,2}d?m?[lis][a-z]{0,2}[2\u00b2]?(?:/1[.,]73\s{0,2}m[2\u00b2]?)?"
    r"|mg(?:%|\sper\s(?:100\s(?:ml|cc)|cent)|\s{0,2}\.\s{0,2}per\s100\s(?:ml|cc)\.?)))?"
)
_RANGE: Final = (
    r"(?:[,;]?\s{0,3}[(\[]?\s{0,2}(?:(?:normal|reference|ref\.?|range|interval|nr|rr|n|r)[\s:,]{1,3}){1,3}"
    r"|(?:\s{0,3}|[ \t]{4,20})[(\[]\s{0,2})"
    rf"(?:(?P<range_low>{_NUMBER})\s{{0,2}}(?:-|\u2013|to|\.\.)\s{{0,2}}(?P<range_high>{_NUMBER})|<\s{{0,2}}(?P<range_below>{_NUMBER}))"
)
_AFTER: Final = (
    rf"\s{{0,3}}[(\[*]?(?P<comma>,)?\s{{0,2}}(?:(?P<after_high>{_HIGH})|(?P<after_low>{_LOW})|(?P<after_normal>{_NORMAL}))"
    # After a comma it may be the next figure's: "PTH 0.5, raised ACE".
    r"(?(comma)(?=\s*(?:[.,;)\]]|\Z))|(?![\w-]))"
)
_PLAIN: Final = str.maketrans("\u00b2\u00b5\u03bc", "2uu")
_INFANT: Final = re.compile(
    r"\b(?:neonat(?:e|al)|new-?born|infant|preterm|premature\s{1,2}(?:baby|infant)|ex-?prem|nicu|scbu|baby|"
    r"\d{1,2}[-\s]{1,2}(?:days?|weeks?|wks?|months?|mths?)[-\s]{1,2}old|\d{1,2}\s{0,2}/\s{0,2}(?:12|52)\b|day\s{1,2}\d{1,2}\s{1,2}of\s{1,2}life|"
    r"(?:term|preterm)\s{1,2}(?:boy|girl))",
    re.IGNORECASE,
)
_CHILD: Final = re.compile(
    r"\b(?:[1-9]|1[0-5])[-\s]{0,2}(?:y|yo|y/o|yrs?|years?)\b|\bage[d:]?\s{1,2}(?:[1-9]|1[0-5])\b", re.IGNORECASE
)


class Figure(NamedTuple):
    """A figure found: its analyte, ``low``, ``normal`` or ``high``, and its half-open character offsets."""

    analyte: str
    level: str
    start: int
    end: int


class Laboratory:
    """Reads calcium, phosphate, their product, PTH, vitamin D and kidney function, in conventional or SI units."""

    def __init__(self) -> None:
        self._rules = {rule.id: rule for rule in lexicon.load().analyte}
        names = "|".join(f"(?P<{rule.id}>{_alternatives(rule)})" for rule in self._rules.values())
        self._pattern = re.compile(
            rf"(?<![\w-]){_OTHER}(?:{names})(?![A-Za-z0-9+]){_MARKER}{_VALUE}(?:{_RANGE})?(?:[)\]]?{_AFTER})?",
            re.IGNORECASE,
        )

    def __call__(self, text: str) -> list[Figure]:
        """The figures in the order of the text."""
        age = "infant" if _INFANT.search(text) else "child" if _CHILD.search(text) else "adult"
        matches = [(self._rule(match), match) for match in self._pattern.finditer(text)]
        molar = any(_is_molar(rule, match) for rule, match in matches)
        found = []
        for rule, match in matches:
            if level := _level(rule, match, age=age, molar=molar):
                found.append(Figure(rule.id, level, match.start(), match.end("unit" if match["unit"] else "value")))
        return found

    def _rule(self, match: re.Match[str]) -> AnalyteRule:
        return self._rules[next(name for name in self._rules if match[name])]


def _alternatives(rule: AnalyteRule) -> str:
    phrases = {plain for phrase in rule.phrases for plain in lexicon.expand(phrase)}
    return "|".join(_spelled(phrase) for phrase in sorted(phrases, key=len, reverse=True))


def _spelled(phrase: str) -> str:
    """A phrase as a pattern: between its words spaces, hyphens, brackets or nothing."""
    return r"[\s()\[\]-]{0,4}".join(re.escape(word) for word in re.split(r"[ -]", phrase)) + r"\)?"


def _unit(match: re.Match[str]) -> str:
    return re.sub(r"\s", "", match["unit"] or "").lower().translate(_PLAIN)


def _is_molar(rule: AnalyteRule, match: re.Match[str]) -> bool:
    """Whether a figure shows that its laboratory counts in moles."""
    return _unit(match).endswith("mol/l") or (
        rule.id == "calcium" and _number(match["value"], rule.most) < rule.smallest
    )


def _level(rule: AnalyteRule, match: re.Match[str], *, age: str, molar: bool) -> str | None:
    """``low``, ``normal`` or ``high``; ``None`` if the number cannot be a figure of this kind."""
    figure, unit = _number(match["value"], rule.most), _unit(match)
    smallest = rule.smallest_if_molar if molar and rule.smallest_if_molar is not None else rule.smallest
    other = unit == rule.other_unit or (unit != rule.unit and figure < smallest)
    factor = rule.factor if other else 1.0
    if figure * factor > rule.most:
        return None
    if not rule.fixed and (stated := _stated(match, figure, rule.most)):
        return stated
    high = {"infant": rule.high_in_infants, "child": rule.high_in_children}.get(age) or rule.high
    return _against(figure * factor, match["sign"], rule.low, high)


def _stated(match: re.Match[str], figure: float, most: float) -> str | None:
    """The level by an interval or a flag of the report."""
    if match["range_high"]:
        return _against(figure, match["sign"], _number(match["range_low"], most), _number(match["range_high"], most))
    if match["range_below"]:
        return "high" if figure > _number(match["range_below"], most) else "normal"
    if match["after_high_mark"]:
        return "high"
    flags = (level for level in ("high", "low", "normal") for at in ("after", "before") if match[f"{at}_{level}"])
    return next(flags, None)


def _against(figure: float, sign: str, low: float, high: float) -> str:
    if sign in ("<", "\u2264"):
        return "low" if figure <= low else "normal"
    return "high" if figure > high else "low" if figure < low else "normal"


def _number(written: str, most: float) -> float:
    """A number as written: a comma before three digits parts thousands if the analyte can have that many."""
    thousands = float(written.replace(",", ""))
    return (
        thousands if re.fullmatch(r"\d{1,2},\d{3}", written) and thousands <= most else float(written.replace(",", "."))
    )
