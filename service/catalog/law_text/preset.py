"""A value that a regulation gives, as somebody would type it, with where and in which sentence it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_SENTENCE = re.compile("[。；;]")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Preset:
    """A value with its article and sentence; ``calendar`` where days of rest count.

    ``at`` is the place of the passage among those that were looked through; ``words`` are those of the value alone, where known.
    """

    value: str
    article: str
    at: int
    calendar: bool = False
    said: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ReadValue:
    """What was read for one question: ``preset`` where the text gives one value, else what it might be, to be chosen from."""

    preset: Preset | None = None
    doubts: tuple[Preset, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadText:
    """What a text gives by question, and where it could be read in several ways."""

    presets: Mapping[str, Preset] = field(default_factory=dict)
    doubts: Mapping[str, tuple[Preset, ...]] = field(default_factory=dict)


def squeezed(text: str) -> str:
    """Return ``text`` without blanks: lines of a PDF break anywhere."""
    return re.sub(r"\s+", "", text)


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a passage, without their full stops."""
    yield from (said for said in _SENTENCE.split(text) if said)


def short(said: str) -> str:
    """Return a sentence as it is shown beside a question."""
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def one_of(found: Iterable[Preset]) -> ReadValue:
    """Return the value that all of ``found`` give; where they differ all of them, for somebody to choose."""
    kept: dict[tuple[str, bool], Preset] = {}
    for preset in found:
        kept.setdefault((preset.value, preset.calendar), preset)
    if len(kept) == 1:
        return ReadValue(next(iter(kept.values())))
    return ReadValue(None, tuple(kept.values()))


def read_text(read: Mapping[str, ReadValue]) -> ReadText:
    """Return what was read, by question."""
    return ReadText(
        {key: value.preset for key, value in read.items() if value.preset is not None},
        {key: value.doubts for key, value in read.items() if value.doubts},
    )
