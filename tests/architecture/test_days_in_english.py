"""English sentences say a day as pages do (2 March 2026), never as a machine writes it (2026-03-02)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
A_DAY = re.compile(
    r"(^|[._])(day|last_day|first_day|today|until|deadline|earliest|latest|reply_by|decided_on|on)(\.isoformat\(\))?$"
    r"|\.isoformat\(\)$|^last_day_before\("
)
"""Expressions that hold a day, by their names."""
FOR_A_SHELL = {"service/casework/definitions/deploy.py"}
"""What the command line answers, where days are written as its options take them."""
IN_WORDS = {"service/domain/calendar/clock.py", "service/web/presentation.py", "service/web/studio/drafts/publish.py"}
"""What puts days into words, and what repeats a day as it was typed."""


def bare_days(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if not re.search(r"\b(Text|t)\(", text) or not re.search(r"\bf[\"']", text):
        return  # no sentence of it holds a value
    for call in ast.walk(ast.parse(text)):
        if not isinstance(call, ast.Call) or len(call.args) < 2 or not isinstance(call.args[1], ast.JoinedStr):
            continue
        if getattr(call.func, "id", getattr(call.func, "attr", "")) not in ("Text", "t"):
            continue
        for part in call.args[1].values:
            if (
                isinstance(part, ast.FormattedValue)
                and part.format_spec is None
                and A_DAY.search(ast.unparse(part.value))
            ):
                yield f"{path.relative_to(ROOT)}:{call.lineno} {ast.unparse(part.value)}"


def test_no_sentence_holds_a_day_as_a_machine_writes_it() -> None:
    files = (path for path in sorted((ROOT / "service").rglob("*.py")) if "node_modules" not in path.parts)
    spared = FOR_A_SHELL | IN_WORDS
    found = [one for path in files if str(path.relative_to(ROOT)) not in spared for one in bare_days(path)]
    assert found == []
