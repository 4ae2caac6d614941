"""Built-in functions that match patterns (DMN 1.5, table 74)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from service.domain.feel.functions import builtin
from service.domain.feel.limits import Meter
from service.domain.feel.values import Value

if TYPE_CHECKING:
    from service.domain.feel.pattern import Match, Pattern

_REFERENCE = re.compile(r"\\[\\$]|\$[0-9]|[\\$]")
_COMPILING = 500
"""Steps that reading a pattern costs."""
_HARD = 5_000
"""Steps that reading a pattern costs which is too large, and each class in it that takes out another."""


def _pattern(pattern: Value, flags: Value, meter: Meter) -> Pattern | None:
    if not isinstance(pattern, str) or not (flags is None or isinstance(flags, str)):
        return None
    from service.domain.feel.pattern import compile_pattern  # few expressions match patterns

    meter.charge(_COMPILING + _HARD * pattern.count("-["))
    compiled = compile_pattern(pattern, flags or "")
    meter.charge(_HARD if compiled is None else compiled.size >> 4)
    return compiled


def _matches(meter: Meter, text: Value, pattern: Value, flags: Value = None) -> Value:
    compiled = _pattern(pattern, flags, meter)
    if not isinstance(text, str) or compiled is None:
        return None
    return any(True for _ in compiled.find_all(text, meter))


def _replace(meter: Meter, text: Value, pattern: Value, replacement: Value, flags: Value = None) -> Value:
    compiled = _pattern(pattern, flags, meter)
    if not isinstance(text, str) or not isinstance(replacement, str) or compiled is None:
        return None
    literal = isinstance(flags, str) and "q" in flags
    parts, position = [], 0
    for match in compiled.find_all(text, meter):
        filled = replacement if literal else _filled(replacement, text, match, compiled.groups)
        if filled is None:
            return None
        start, end = match.span()
        parts += [text[position:start], filled]
        position = end
        meter.room_for_text(sum(map(len, parts[-2:])))
    parts.append(text[position:])
    meter.room_for_text(sum(map(len, parts)))
    return "".join(parts)


def _filled(replacement: str, text: str, match: Match, groups: int) -> str | None:
    """Put groups into ``$0`` to ``$9``, nothing for those without part; None for a stray dollar or backslash."""
    strays = 0

    def fill(found: re.Match[str]) -> str:
        nonlocal strays
        token = found[0]
        strays += len(token) == 1
        if token[0] == "\\":
            return token[1:]
        number = int(token[1:] or 0)
        return text[slice(*match.span(number))] if number <= groups else ""

    filled = _REFERENCE.sub(fill, replacement)
    return None if strays else filled


def _split(meter: Meter, text: Value, delimiter: Value) -> Value:
    compiled = _pattern(delimiter, None, meter)
    if not isinstance(text, str) or compiled is None:
        return None
    parts: list[Value] = []
    position = 0
    for match in compiled.find_all(text, meter):
        start, end = match.span()
        if end > start:
            parts.append(text[position:start])
            position = end
    meter.room_for_list(len(parts) + 1)
    return [*parts, text[position:]]


PATTERNS = [
    builtin("matches", "input, pattern, flags?", _matches),
    builtin("replace", "input, pattern, replacement, flags?", _replace),
    builtin("split", "string, delimiter", _split),
]
