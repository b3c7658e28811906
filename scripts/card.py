"""Tables in the README and the model card, where marks say "figures NAME"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from corpus import ROOT

FILES = (ROOT / "README.md", ROOT / "models" / "README.md")
_PLACE = re.compile(r"(<!-- figures (\w+) -->\n).*?(?=<!-- end -->)", re.DOTALL)


def line(cells: Iterable[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |"


def header(cells: Iterable[str]) -> Iterator[str]:
    """The first two lines of a table."""
    names = list(cells)
    yield line(names)
    yield line(["---"] * len(names))


def with_interval(metrics: Mapping[str, Any], name: str) -> str:
    """A figure and its confidence interval."""
    low, high = metrics["intervals"][name]
    return f"{metrics[name]:.3f} ({low:.3f} to {high:.3f})"


def put(tables: Mapping[str, str], *, check: bool) -> None:
    """Write tables at their marks, or fail if others stand there."""
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        new = _PLACE.sub(lambda place: place[1] + tables[place[2]] if place[2] in tables else place[0], text)
        if check and new != text:
            raise SystemExit(f"{path} does not hold the figures measured now: write them without --check")
        if not check:
            path.write_text(new, encoding="utf-8")
    print("figures are those measured now" if check else "figures written")
