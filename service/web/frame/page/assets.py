"""Addresses of the browser side's files, with the hash of what they hold."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from flask import g, has_request_context

_DRAWING = frozenset({"viewer.js", "studio-modeler.js", "studio-tokens.js"})
DIST = Path(__file__).parents[2] / "static" / "dist"


@cache
def _hashes() -> dict[str, str]:
    manifest = DIST / "manifest.json"
    if not manifest.is_file():
        return {}
    return {name: entry["hash"] for name, entry in json.loads(manifest.read_text(encoding="utf-8")).items()}


def asset(name: str) -> str:
    """Return the address of bundle file ``name``; it changes when its content does.

    A page that loads what draws diagrams is marked by it: its policy lets that library write elements as text.
    """
    if name in _DRAWING and has_request_context():
        g.draws = True
    mark = _hashes().get(name)
    return f"/static/dist/{name}" + (f"?v={mark}" if mark else "")
