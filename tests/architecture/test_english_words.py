"""No English sentence outlives its Chinese one: every key of the English catalogues is said somewhere in a package."""

from __future__ import annotations

import json
import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((ROOT / "processes" / "english").glob("*.json"))
SAYS = {".bpmn", ".dmn", ".json", ".yaml", ".typ", ".py", ".html"}


@cache
def read_sentences() -> str:
    """Return everything that packages, forms and the program say, without spaces and line ends."""
    files = [path for folder in ("processes", "forms", "service", "handlers") for path in (ROOT / folder).rglob("*")]
    texts = [
        path.read_text("utf-8", "replace")
        for path in files
        if path.suffix in SAYS and path.is_file() and not {"english", "static", "node_modules"} & {*path.parts}
    ]
    return re.sub(r"\s+", "", unescape("\n".join(texts)))


def pieces_of(key: str, catalogue: str) -> list[str]:
    """Return what a key says between the places that a case fills in: whole sentences, of records the parts between signs.

    The program puts a record together of such parts.
    """
    signs = "[“”（）〔〕，。；：、]" if catalogue in ("records", "steps") else "(?<=[。；])"
    return [piece for piece in re.split(rf"\{{\d+\}}[年月日]?|{signs}", re.sub(r"\s+", "", key)) if piece]


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_every_key_is_said_in_a_package(catalogue: Path) -> None:
    keys = json.loads(catalogue.read_text("utf-8"))
    unsaid = [key for key in keys if any(piece not in read_sentences() for piece in pieces_of(key, catalogue.stem))]
    assert unsaid == []
