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
    OMITTED_STRETCH = "left_out"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text."""

    mark: StretchKind
    text: str


def text_marks(left: str, right: str) -> tuple[Stretch, ...]:
    """Return both texts as one with what changed marked; nothing where they are short or have little in common."""
    if min(len(left), len(right)) < _SHORTEST or max(len(left), len(right)) > _MOST:
        return ()
    base_lines, other = left.splitlines(), right.splitlines()
    if len(base_lines) == len(other) == 1:
        return _of_line(left, right) if SequenceMatcher(None, left, right, autojunk=False).ratio() >= _ALIKE else ()
    return tuple(_of_lines(base_lines, other))


def _of_lines(left: list[str], right: list[str]) -> Iterator[Stretch]:
    """Yield the lines that changed, each with its words; those that stayed are left out."""
    for tag, left_from, left_to, right_from, right_to in SequenceMatcher(
        None, left, right, autojunk=False
    ).get_opcodes():
        gone, comes = left[left_from:left_to], right[right_from:right_to]
        if tag == "equal":
            yield Stretch(StretchKind.OMITTED_STRETCH, "……\n")
            continue
        for old_line, other in zip_longest(gone, comes):
            if old_line is None or other is None:
                yield Stretch(
                    StretchKind.COMES if old_line is None else StretchKind.GONE, f"{old_line or other or ''}\n"
                )
            else:
                yield from _of_line(old_line, other)
                yield Stretch(StretchKind.STAYS, "\n")


def _of_line(left: str, right: str) -> tuple[Stretch, ...]:
    old_tokens, other = _TOKEN.findall(left), _TOKEN.findall(right)
    steps = SequenceMatcher(None, old_tokens, other, autojunk=False).get_opcodes()
    return tuple(
        stretch
        for number, step in enumerate(steps)
        for stretch in _iterate_stretches(step, old_tokens, other, first=number == 0, last=number == len(steps) - 1)
    )


def _iterate_stretches(
    step: tuple[str, int, int, int, int], old_tokens: list[str], other: list[str], *, first: bool, last: bool
) -> Iterator[Stretch]:
    tag, left_from, left_to, right_from, right_to = step
    gone, comes = "".join(old_tokens[left_from:left_to]), "".join(other[right_from:right_to])
    if tag == "equal":
        yield from _iterate_unchanged(gone, first=first, last=last)
        return
    if gone:
        yield Stretch(StretchKind.GONE, gone)
    if comes:
        yield Stretch(StretchKind.COMES, comes)


def _iterate_unchanged(text: str, *, first: bool, last: bool) -> Iterator[Stretch]:
    before, after = (0 if first else _KEPT), (0 if last else _KEPT)
    if len(text) <= before + after + _KEPT:
        yield Stretch(StretchKind.STAYS, text)
        return
    if before:
        yield Stretch(StretchKind.STAYS, text[:before])
    yield Stretch(StretchKind.OMITTED_STRETCH, "……")
    if after:
        yield Stretch(StretchKind.STAYS, text[-after:])
