"""Putting the generated sections between their marks in processes/README.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from service.catalog.manual.rules import rules_section
from service.catalog.manual.sections import (
    functions_section,
    miniature_section,
    operations_section,
    words_section,
)
from service.sdk.operations import Operation

ROOT = Path(__file__).parents[3]
MANUAL = ROOT / "processes" / "README.md"
_MARK = "<!-- begin {0} -->\n{1}\n<!-- end {0} -->"


def built(text: str, known: Mapping[str, Operation], root: Path = ROOT) -> str:
    """Return the manual ``text`` with every generated section as it should be today."""
    sections = {
        "operations": operations_section(known),
        "functions": functions_section(),
        "rules": rules_section(root),
        "words": words_section(),
        "miniature": miniature_section(root),
    }
    for name, content in sections.items():
        pattern = re.compile(re.escape(f"<!-- begin {name} -->") + ".*?" + re.escape(f"<!-- end {name} -->"), re.DOTALL)
        text = pattern.sub(lambda _, name=name, content=content: _MARK.format(name, content), text)  # type: ignore[misc]
    return text


def up_to_date(known: Mapping[str, Operation]) -> bool:
    """Tell whether the manual says what the program knows today."""
    text = MANUAL.read_text("utf-8")
    return built(text, known) == text
