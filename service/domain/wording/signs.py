"""Signs of Unicode: those that turn the direction of the writing, and that which ends a sentence."""

from __future__ import annotations

import re

from service.domain.errors import Invalid
from service.domain.text import Text

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates (Unicode Standard Annex #9, 2)."""

_BESIDE = 12
"""Characters on each side of the sign that are said, so that it is found."""


class TurnedWriting(Invalid):
    """A text holds a sign that turns the writing around it; the sentence says where."""

    def __init__(self, text: str, at: int) -> None:
        before, after = text[max(0, at - _BESIDE) : at], text[at + 1 : at + 1 + _BESIDE]
        place, code = f"{_TURNING.sub('', before)}▮{_TURNING.sub('', after)}", f"U+{ord(text[at]):04X}"
        super().__init__(
            Text(
                f"“{place}”中▮处有一个看不见的、会改变文字方向的控制字符（{code}），没有保存。请删去后重新提交。",
                f"In “{place}” an invisible control character that turns the writing around ({code}) stands at ▮, and "
                "nothing was saved: remove it and send again.",
            )
        )


def require_plain_direction(text: str) -> None:
    """Raise TurnedWriting where ``text`` holds a sign that turns the writing around it."""
    match = None if text.isascii() else _TURNING.search(text)
    if match is not None:
        raise TurnedWriting(text, match.start())


_ENDS = ("。", "？", "！", ".", "?", "!")


def add_full_stop(sentence: str, stop: str) -> str:
    """Return a sentence with ``stop`` behind it, unless a sign ends it already."""
    return sentence if sentence.endswith(_ENDS) else f"{sentence}{stop}"
