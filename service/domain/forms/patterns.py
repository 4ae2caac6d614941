"""Patterns as form-js writes them (JavaScript), made safe and equal in Python."""

from __future__ import annotations

import re

from service.domain.text import Text

MAX_PATTERN = 200

#: Longer values are not matched at all; a pattern with several repeats would take too long.
MAX_MATCHED = 1000

_MAX_REPEATS = 4


class PatternRefused(ValueError):
    """A pattern that differs between the two languages, or that could take very long; ``reason`` says which."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def js_pattern(source: str) -> re.Pattern[str]:
    r"""Compile a JavaScript pattern: ``\d`` and ``\w`` are ASCII, ``$`` is the very end, unanchored.

    Raises:
        PatternRefused: for constructs that differ in Python, that do not parse, or that can hang.
    """
    if len(source) > MAX_PATTERN:
        raise PatternRefused(
            Text(f"校验格式超过 {MAX_PATTERN} 个字符", f"the pattern exceeds {MAX_PATTERN} characters")
        )
    if re.search(r"\(\?(?![:=!])|\\[pPkAZ]|\\[1-9]", source):
        raise PatternRefused(
            Text(
                "校验格式用了具名分组、后顾、反向引用或 \\p",
                "the pattern uses named groups, lookbehind, references or \\p",
            )
        )
    if _can_hang(source):
        raise PatternRefused(
            Text(
                "校验格式中有重复的重复或重复的分支，可能无法在合理时间内判断",
                "the pattern repeats a repeat or a choice and may take very long",
            )
        )
    try:
        return re.compile(re.sub(r"(?<!\\)((?:\\\\)*)\$", r"\1\\Z", source), re.ASCII)
    except re.error as error:
        raise PatternRefused(Text(f"校验格式无法识别（{error}）", f"the pattern does not parse ({error})")) from error


def _can_hang(source: str) -> bool:
    """Look for a repeated group that repeats or chooses inside, and for many open repeats."""
    plain = re.sub(r"\[(?:\\.|[^\]\\])*\]", "x", re.sub(r"\\.", "x", source))
    if len(re.findall(r"[*+]|\{\d+,\}", plain)) > _MAX_REPEATS:
        return True
    opened: list[int] = []
    for position, character in enumerate(plain):
        if character == "(":
            opened.append(position)
        elif character == ")" and opened:
            body = plain[opened.pop() + 1 : position]
            if re.match(r"[*+{]", plain[position + 1 :]) and re.search(r"[*+|]|\{\d*,", body):
                return True
    return False
