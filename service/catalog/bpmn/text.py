"""Line breaking of names, in pixels as bpmn-js sets them."""

from __future__ import annotations

import unicodedata

LINE = 14
"""Height of one line."""
MOST = 8
"""Lines that a name outside its shape shows; what is longer ends there, and is read in full where it is edited."""
INSIDE = 14
"""What a name inside a box leaves free of the box's width."""


def text_width(text: str) -> int:
    """Return the width of one line: 12 for a full-width character, 7 for any other."""
    return sum(12 if unicodedata.east_asian_width(c) in "WFA" else 7 for c in text)


def wrap_label_text(text: str, width: int) -> list[str]:
    """Break ``text`` into lines no wider than ``width``; Chinese breaks anywhere, English at blanks."""
    lines: list[str] = []
    line = ""
    for word in _split_pieces(text):
        if line and text_width((line + word).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += word if line else word.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _split_pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for char in text:
        wide = unicodedata.east_asian_width(char) in "WFA"
        if not pieces or wide or pieces[-1].endswith(" ") or text_width(pieces[-1][-1]) == 12:
            pieces.append(char)
        else:
            pieces[-1] += char
    return pieces


def shown(text: str, width: int) -> list[str]:
    """Return the lines of a name outside its shape: of one that has more the first, with an ellipsis."""
    lines = wrap_label_text(text, width)
    if len(lines) <= MOST:
        return lines
    last = lines[MOST - 1]
    while last and text_width(last + "…") > width:
        last = last[:-1]
    return [*lines[: MOST - 1], last + "…"]
