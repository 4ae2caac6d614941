"""Patterns as form-js writes them (JavaScript), run by RE2 in time linear in the value."""

from __future__ import annotations

import re
from collections.abc import Callable

import re2

from service.domain.text import Text

MAX_PATTERN = 200

_TOKEN = re.compile(r"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|\(\?.?|.", re.DOTALL)
_FOREIGN = re.compile(r"\\[^\WbBdDfnrsStuvwWx_]|\\[ux]|\(\?[^:]?|[\ud800-\udfff]")
_NAMED_SET = re.compile(r"\[[^\]]*\[:")

Fits = Callable[[str], bool]
"""Whether a value has the form that a pattern asks for."""


class PatternRefused(ValueError):
    """A pattern that means something else to RE2, or nothing at all; ``reason`` says which."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def js_pattern(source: str) -> Fits:
    r"""Compile a JavaScript pattern: ``\d``, ``\w`` and ``\s`` are ASCII, ``$`` is the very end, unanchored.

    Raises:
        PatternRefused: for constructs that RE2 lacks or reads otherwise, and for what does not parse.
    """
    if slashed := re.fullmatch(r"/(\^.*\$)/[a-z]*", source, re.DOTALL):
        raise PatternRefused(
            Text(
                f"校验格式两头的斜线是程序里的写法，在这里会被当作要填的字符，谁都填不对：写成“{slashed[1]}”",
                f"the slashes around the pattern are part of it here, so that nothing fits: write “{slashed[1]}”",
            )
        )
    if len(source) > MAX_PATTERN:
        raise PatternRefused(
            Text(f"校验格式超过 {MAX_PATTERN} 个字符", f"the pattern exceeds {MAX_PATTERN} characters")
        )
    tokens = _TOKEN.findall(source)
    if any(_FOREIGN.fullmatch(token) for token in tokens) or _NAMED_SET.search(source):
        raise PatternRefused(
            Text(
                "校验格式用了前瞻、后顾、具名分组、反向引用或 \\p 等写法",
                "the pattern uses lookahead, lookbehind, named groups, references, \\p or the like",
            )
        )
    options = re2.Options()
    options.log_errors = False
    spelled = "".join(rf"\x{{{token[2:]}}}" if token[:2] == r"\u" else token for token in tokens)
    try:
        compiled = re2.compile(spelled, options)
    except re2.error as error:
        reason = error.args[0].decode()
        raise PatternRefused(Text(f"校验格式无法识别（{reason}）", f"the pattern does not parse ({reason})")) from error
    return lambda text: compiled.search(text) is not None
