"""English for what packages say in Chinese alone: names, what follows from a step, clauses, settings, tables, scenarios.

The words lie in ``processes/english``, as JSON objects from the Chinese sentence to the English one; ``{0}``, ``{1}`` … stand for
what is filled in, as in the catalogue of a further language. A sentence that changes has no English until somebody writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import orjson


def bundled_english() -> Path:
    """Return the folder of the English words that come with the program."""
    return Path(__file__).resolve().parents[2] / "processes" / "english"


@lru_cache(maxsize=1)
def english_words() -> Mapping[str, str]:
    """Return the English of Chinese sentences of packages, all files in one."""
    found: dict[str, str] = {}
    for file in sorted(bundled_english().glob("*.json")):
        found.update(orjson.loads(file.read_bytes()))
    return found
