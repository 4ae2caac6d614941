"""Which words of a text changed: what stayed, what went and what came, with long stretches that stayed left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

_TOKEN = re.compile(r"[A-Za-z0-9_.]+|\s+|.", re.DOTALL)
_MOST = 8000
"""A text of more characters than this is not compared word by word."""
_ALIKE = 0.35
"""Texts that share less are shown one after the other."""
_SHORTEST = 12
_KEPT = 60
"""How many characters are shown on either side of a change."""


class StretchKind(StrEnum):
    """What became of a stretch of a text."""

    STAYS = "stays"
    GONE = "gone"
    COMES = "comes"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text."""

    mark: StretchKind
    text: str


def text_marks(left: str, right: str) -> tuple[Stretch, ...]:
    """Return both texts as one with what changed marked; nothing where they are short or have little in common."""
    if min(len(left), len(right)) < _SHORTEST or max(len(left), len(right)) > _MOST:
        return ()
    one, other = left.splitlines(), right.splitlines()
    if len(one) == len(other) == 1:
        return _of_line(left, right) if SequenceMatcher(None, left, right, autojunk=False).ratio() >= _ALIKE else ()
    return tuple(_of_lines(one, other))


def _of_lines(left: list[str], right: list[str]) -> Iterator[Stretch]:
    """Yield the lines that changed, each with its words; those that stayed are left out."""
    for tag, left_from, left_to, right_from, right_to in SequenceMatcher(
        None, left, right, autojunk=False
    ).get_opcodes():
        gone, comes = left[left_from:left_to], right[right_from:right_to]
        if tag == "equal":
            yield Stretch(StretchKind.LEFT_OUT, "……\n")
            continue
        for one, other in zip_longest(gone, comes):
            if one is None or other is None:
                yield Stretch(StretchKind.COMES if one is None else StretchKind.GONE, f"{one or other or ''}\n")
            else:
                yield from _of_line(one, other)
                yield Stretch(StretchKind.STAYS, "\n")


def _of_line(left: str, right: str) -> tuple[Stretch, ...]:
    one, other = _TOKEN.findall(left), _TOKEN.findall(right)
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return tuple(
        stretch
        for number, step in enumerate(steps)
        for stretch in _stretches(step, one, other, first=number == 0, last=number == len(steps) - 1)
    )


def _stretches(
    step: tuple[str, int, int, int, int], one: list[str], other: list[str], *, first: bool, last: bool
) -> Iterator[Stretch]:
    tag, left_from, left_to, right_from, right_to = step
    gone, comes = "".join(one[left_from:left_to]), "".join(other[right_from:right_to])
    if tag == "equal":
        yield from _stays(gone, first=first, last=last)
        return
    if gone:
        yield Stretch(StretchKind.GONE, gone)
    if comes:
        yield Stretch(StretchKind.COMES, comes)


def _stays(text: str, *, first: bool, last: bool) -> Iterator[Stretch]:
    before, after = (0 if first else _KEPT), (0 if last else _KEPT)
    if len(text) <= before + after + _KEPT:
        yield Stretch(StretchKind.STAYS, text)
        return
    if before:
        yield Stretch(StretchKind.STAYS, text[:before])
    yield Stretch(StretchKind.LEFT_OUT, "……")
    if after:
        yield Stretch(StretchKind.STAYS, text[-after:])
