"""The annotated corpora, read for training and for measuring."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "corpora" / "gold"


def read_corpus(folder: Path = GOLD) -> dict[str, list[dict[str, Any]]]:
    """The reports of each file of a corpus, by the file's name."""
    return {
        path.stem: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        for path in sorted(folder.glob("*.jsonl"))
    }
