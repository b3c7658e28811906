"""House styles of invented reports: headings, layout, spelling, errors and line breaks.

Every change is made to one piece of text, which is wholly inside or wholly outside a mention, so the offsets of the
mentions are counted when the pieces are joined and never searched for.
"""

from __future__ import annotations

import re
from random import Random
from typing import Any

from report_words import Piece, Recipe, Sentence

# Words that telegraphic reports leave out; "is not" and "is no longer" keep their verb.
DROPPED = re.compile(r"\b(?:[Tt]here (?:is|are) |(?:[Tt]he|[Aa]n?) |(?:is|are) (?!not?\b))")
MIN_HYPHENATED = 8


def render(sections: dict[str, list[Sentence]], style: Recipe, tables: Any, rng: Random) -> list[Piece]:
    """The sections as pieces of text in the house style."""
    pieces: list[Piece] = []
    for name in style["order"]:
        if sections.get(name):
            gap = style["gap"] if pieces else ""
            pieces.append(Piece(gap + style["headings"].get(name, "")))
            layout = style.get("impression" if name == "impression" else "layout", "prose")
            pieces += laid_out(sections[name], layout if name in ("findings", "impression") else "prose")
    pieces = [Piece(_reworded(piece.text, style, tables, rng), piece.mention) for piece in pieces]
    if "page_header" in style and rng.random() < 0.5:
        pieces.insert(0, Piece(rng.choice(style["page_header"]) + "\n\n"))
    return wrapped(pieces, style["width"], style.get("hyphenate", False)) if "width" in style else pieces


def laid_out(sentences: list[Sentence], layout: str) -> list[Piece]:
    """Sentences one after the other, or as a list."""
    pieces: list[Piece] = []
    for number, sentence in enumerate(sentences, 1):
        if layout == "prose":
            before = " " if number > 1 else ""
        else:
            before = ("\n" if number > 1 else "") + ("- " if layout == "bullets" else f"{number}. ")
        pieces += [Piece(before), *sentence]
    return pieces


def _reworded(text: str, style: Recipe, tables: Any, rng: Random) -> str:
    """A piece of text in the spelling, the case and with the errors of the style."""
    if style.get("american"):
        for british, american in tables["american"].items():
            text = text.replace(british, american).replace(british.capitalize(), american.capitalize())
    if style.get("telegraphic"):
        text = DROPPED.sub("", text)
    for table, rate in (
        ("abbreviations", 0.6 if style.get("abbreviate") else 0),
        ("typing_errors", style.get("typing", 0)),
        ("dictation_slips", style.get("dictation", 0)),
        ("scanning_errors", style.get("scanning", 0)),
    ):
        if rate:
            text = replaced(text, tables[table], rate, rng)
    if style.get("case") == "lower":
        return text.lower()
    return text.upper() if style.get("case") == "upper" else text


def replaced(text: str, table: dict[str, str], rate: float, rng: Random) -> str:
    """Some of the words that a table holds, replaced by what it says, with their capital kept."""

    def one(match: re.Match[str]) -> str:
        word = match[0]
        if rng.random() >= rate:
            return word
        new = table[word.lower()] if word.lower() in table else table[word]
        return new[0].upper() + new[1:] if word[0].isupper() else new

    words = "|".join(re.escape(word) for word in sorted(table, key=lambda word: (-len(word), word)))
    return re.sub(rf"\b(?:{words})\b", one, text, flags=re.IGNORECASE)


def wrapped(pieces: list[Piece], width: int, hyphenate: bool) -> list[Piece]:
    """Lines cut at a width; a long word is parted with a hyphen where the style does so."""
    tokens = [(token, i) for i, piece in enumerate(pieces) for token in re.findall(r"\n+|[ ]+|[^\s]+", piece.text)]
    texts = [""] * len(pieces)
    column = 0
    space: int | None = None
    for token, i in tokens:
        if token[0] in " \n":
            column = 0 if token[0] == "\n" else column + len(token)
            space = i if token[0] == " " else None
            texts[i] += token
            continue
        if column + len(token) > width and space is not None:
            room = width - column - 1
            if hyphenate and token.isalpha() and len(token) >= MIN_HYPHENATED and 3 <= room <= len(token) - 3:
                texts[i] += token[:room] + "-\n" + token[room:]
                column, space = len(token) - room, None
                continue
            # The space before the word, in its own piece the last character, becomes the line's end.
            texts[space] = texts[space].rstrip(" ") + "\n"
            column = 0
        texts[i] += token
        column += len(token)
        space = None
    return [Piece(text, piece.mention) for text, piece in zip(texts, pieces, strict=True)]


def joined(pieces: list[Piece]) -> tuple[str, list[dict[str, Any]]]:
    """The text, and its mentions in the form of the corpora."""
    text, mentions = "", []
    for piece in pieces:
        if piece.mention:
            start, end = len(text), len(text) + len(piece.text)
            values = {key: value or None for key, value in piece.mention._asdict().items()}
            mentions.append({"start": start, "end": end, **values})
        text += piece.text
    return text, mentions
