"""What was found: proved, disproved, or not to be told from the bundle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Verdict(Enum):
    """Whether a statement holds."""

    PROVED = "✓"
    DISPROVED = "✗"
    OPEN = "？"


WORDS: Mapping[Verdict, tuple[str, str]] = MappingProxyType(
    {
        Verdict.PROVED: ("证实", "proved"),
        Verdict.DISPROVED: ("不符", "disproved"),
        Verdict.OPEN: ("未能证明", "not proved"),
    }
)
"""The verdicts in Chinese and English."""


@dataclass(frozen=True, slots=True)
class CheckedStatement:
    """One line of the report in both languages; ``file`` is where it was read."""

    verdict: Verdict
    file: str
    zh: str
    en: str

    @property
    def line(self) -> str:
        """The line as it is printed; what a bundle says cannot begin another line, nor steer a terminal."""
        zh, en = WORDS[self.verdict]
        whole = f"{self.verdict.value} {zh} {self.file}：{self.zh} / {en}: {self.en}"
        return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in whole)


Statements = Iterator[CheckedStatement]


def proved(file: str, zh: str, en: str) -> CheckedStatement:
    """Return that a statement was computed again and holds."""
    return CheckedStatement(Verdict.PROVED, file, zh, en)


def disproved(file: str, zh: str, en: str) -> CheckedStatement:
    """Return that a statement contradicts what it rests on."""
    return CheckedStatement(Verdict.DISPROVED, file, zh, en)


def not_proved(file: str, zh: str, en: str) -> CheckedStatement:
    """Return that the bundle cannot tell whether a statement holds."""
    return CheckedStatement(Verdict.OPEN, file, zh, en)
