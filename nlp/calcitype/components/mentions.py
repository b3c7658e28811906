"""Mentions of calcification: ``doc.spans["calcifications"]``."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Self

import srsly
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span, Token

from calcitype import lexicon
from calcitype.components.extensions import set_extensions
from calcitype.components.misspellings import Misspellings
from calcitype.components.offsets import tokens_of
from calcitype.components.phrases import InOrder, Match, Phrases, past_words
from calcitype.components.sections import HEADINGS
from calcitype.components.sentences import sentence_of
from calcitype.lexicon import linking
from calcitype.lexicon.rules import MentionRule, Side

SPAN_KEY: Final = "calcifications"
LABEL: Final = "CALCIFICATION"
MISSPELLED: Final = "misspelled"
SCORE: Final = "calcium_score"

# Adjectives that join a mention: "extensive coarse calcification".
_MOST_JOINED = 3
_BRACKETS = ("", "(", ",", "-", "/", "[")
# How far a figure may stand behind the word it is of: "calcium is < 9.6"; and what says how high it is without one.
_FIGURE, _LEVEL = 3, 5
# How many tokens stand between a score and its number at most, "score was estimated at 347", and how many the vessels
# take that are listed after it.
_SCORED, _LISTED = 5, 60
# How many digits a year has.
_YEAR = 4


class Mentions:
    """Finds mentions of calcification by the phrases of the lexicon and by spaCy patterns that a user adds.

    Parameters
    ----------
    nlp
        The pipeline; its tokenizer splits the phrases.
    span_key
        Where the mentions are put in ``doc.spans``.
    """

    def __init__(self, nlp: Language, *, span_key: str = SPAN_KEY) -> None:
        self.span_key = span_key
        rules = lexicon.load().mention
        often_mistyped = (phrase for rule in rules if rule.typos for phrase in rule.phrases)
        self._misspellings = Misspellings(word for phrase in often_mistyped for word in lexicon.expand(phrase))
        self._phrases = Phrases.of(nlp, rules)
        self._descriptors = Phrases.of(nlp, lexicon.load().descriptor)
        self._unless = {rule: Phrases(nlp, [(rule, phrase) for phrase in rule.unless]) for rule in rules if rule.unless}
        self._vocab = nlp.vocab
        self._matcher = Matcher(nlp.vocab)
        self._tokenizer = nlp.tokenizer
        self._patterns: list[dict[str, Any]] = []
        self._labels: dict[str, str] = {}
        set_extensions(morphology=())

    @property
    def patterns(self) -> list[dict[str, Any]]:
        """The spaCy patterns that were added, as they were given."""
        return list(self._patterns)

    def add_patterns(self, patterns: Iterable[dict[str, Any]]) -> None:
        """Add mentions of your own.

        Parameters
        ----------
        patterns
            As for spaCy's span ruler: ``{"pattern": "calcspot"}`` or
            ``{"pattern": [{"LOWER": "calcspot"}], "id": "mine", "label": "MINE"}``.

        Raises
        ------
        ValueError
            If a pattern has no ``pattern`` or a key that is not known.
        """
        for entry in patterns:
            if "pattern" not in entry or entry.keys() - {"label", "pattern", "id"}:
                raise ValueError(f"a pattern needs 'pattern' and may have 'id' and 'label', not {sorted(entry)}")
            pattern = entry["pattern"]
            tokens = (
                [{"LOWER": token.lower_} for token in self._tokenizer(pattern)] if isinstance(pattern, str) else pattern
            )
            name = str(entry.get("id", "added"))
            self._matcher.add(name, [tokens], greedy="LONGEST")
            self._labels[name] = str(entry.get("label", LABEL))
            self._patterns.append(dict(entry))

    def _clear(self) -> None:
        self._matcher = Matcher(self._vocab)
        self._patterns = []
        self._labels = {}

    def match(self, doc: Doc) -> list[tuple[Span, tuple[str, ...]]]:
        """Mentions in the order of the text with their morphology, none overlapping; a span's id is its rule's."""
        matches = [m for m in self._phrases(doc) if m.rule.mention]
        unless = {rule: InOrder(self._unless[rule](doc)) for rule in {m.rule for m in matches} & self._unless.keys()}
        found = [(m.start, m.end, m.rule.id) for m in matches if not _is_excluded(doc, m, unless.get(m.rule))]
        added = [(*tokens_of(doc, *where), MISSPELLED) for where in self._misspellings(doc.text)]
        if self._patterns:
            added += [(start, end, doc.vocab.strings[key]) for key, start, end in self._matcher(doc)]
        for start, end, rule in added:
            if all(end <= other_start or other_end <= start for other_start, other_end, _ in found):
                found.append((start, end, rule))
        if not found:
            return []
        return self._joined(doc, _one_score(doc, sorted(found)))

    def _joined(self, doc: Doc, found: list[tuple[int, int, str]]) -> list[tuple[Span, tuple[str, ...]]]:
        """Mentions with the adjectives before them and the nouns after them that no heading parts from them."""
        headed = {heading.start for heading in doc.spans.get(HEADINGS, ()) if len(heading) > 0}
        before, after = {}, {}
        for match in self._descriptors(doc):
            if match.rule.joins is Side.BEFORE:
                before[match.end] = match
            else:
                after[match.start] = match
        mentions, last = [], 0
        for i, (start, end, rule) in enumerate(found):
            limit = found[i + 1][0] if i + 1 < len(found) else len(doc)
            morphology: list[str] = []
            while (
                start not in headed
                and (at := _over_space(doc, start, -1)) in before
                and before[at].start >= last
                and len(morphology) < _MOST_JOINED
            ):
                morphology.insert(0, before[at].rule.id)
                start = before[at].start
            if (at := _over_space(doc, end, 1)) in after and at not in headed and after[at].end <= limit:
                end = after[at].end
            mentions.append(
                (Span(doc, start, end, label=self._labels.get(rule, LABEL), span_id=rule), tuple(morphology))
            )
            last = end
        return mentions

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc.spans[span_key]`` and the mentions' morphology."""
        found = self.match(doc)
        doc.spans[self.span_key] = [span for span, _ in found]
        for span, morphology in found:
            span._.morphology = morphology
        return doc

    def to_bytes(self, **_: Any) -> bytes:
        """The added patterns as bytes; the lexicon comes with the package."""
        return srsly.msgpack_dumps(self._patterns)  # type: ignore[no-any-return]

    def from_bytes(self, data: bytes, **_: Any) -> Self:
        """Take the patterns that ``to_bytes`` gave in place of those added so far."""
        self._clear()
        self.add_patterns(srsly.msgpack_loads(data))
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Write the added patterns."""
        srsly.write_jsonl(Path(path).with_suffix(".jsonl"), self._patterns)

    def from_disk(self, path: str | Path, **_: Any) -> Self:
        """Take the patterns that ``to_disk`` wrote in place of those added so far."""
        self._clear()
        self.add_patterns(srsly.read_jsonl(Path(path).with_suffix(".jsonl")))
        return self


def _is_excluded(doc: Doc, match: Match[MentionRule], unless: InOrder[Match[MentionRule]] | None) -> bool:
    """Whether a figure after a match, the want of one, or words of its sentence show that it is no mention."""
    numbered = any(map(_is_figure, doc[match.end : past_words(doc, match.end, _FIGURE)]))
    if numbered and not match.rule.numbered:
        return True
    if not numbered and not match.rule.unnumbered:
        following = (token.lower_ for token in doc[match.end : past_words(doc, match.end, _LEVEL)])
        return linking("level").isdisjoint(following)
    if unless is None:
        return False
    sentence = sentence_of(doc[match.start : match.end])
    return bool(unless.within(sentence.start, sentence.end))


def _is_figure(token: Token) -> bool:
    """Whether a token is a number that is no year."""
    return bool(token.like_num) and not (len(token) == _YEAR and token.text.startswith(("19", "20")))


def _one_score(doc: Doc, found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Mentions in which a score, its method and its number are one: "calcium score (Agatston): 0 Agatston units"."""
    kept: list[tuple[int, int, str]] = []
    for start, end, rule in found:
        if kept and rule == kept[-1][2] == SCORE and doc[kept[-1][1] : start].text.strip() in _BRACKETS:
            first, stop, _ = kept.pop()
            kept.append((first, stop if doc[stop - 1].text[0].isdigit() else _over_number(doc, end), rule))
        else:
            kept.append((start, _over_number(doc, end) if rule == SCORE else end, rule))
    return kept


def _over_number(doc: Doc, end: int) -> int:
    """The end of a score with the number that follows it."""
    for token in doc[end : past_words(doc, end, _SCORED)]:
        if token.text[0].isdigit() and _is_figure(token):
            return int(token.i) + 1
        if token.is_alpha and token.lower_ not in linking("before_number"):
            break
    return _over_zeros(doc, end)


def _over_zeros(doc: Doc, end: int) -> int:
    """The end of a score with the vessels that follow it, if all of them have none: "LM 0, LAD 0, total 0"."""
    figures = []
    for token in doc[end : past_words(doc, end, _LISTED)]:
        if token.is_space and token.text.count("\n") > 1:
            break
        if _is_figure(token):
            figures.append(token)
        elif token.is_alpha and token.lower_ not in linking("scored"):
            break
    zero = len(figures) > 1 and all(not token.text.strip("0.,") for token in figures)
    return int(figures[-1].i) + 1 if zero else end


def _over_space(doc: Doc, edge: int, step: int) -> int:
    """The edge of the next word before (-1) or after (1) an edge between tokens."""
    while 0 < edge < len(doc) and doc[edge - 1 if step < 0 else edge].is_space:
        edge += step
    return edge


@Language.factory(
    "calcitype_mentions",
    default_config={"span_key": SPAN_KEY},
    assigns=["doc.spans", "span._.morphology"],
)
def make_mentions(nlp: Language, name: str, span_key: str) -> Mentions:
    """Create the finder of mentions."""
    return Mentions(nlp, span_key=span_key)
