"""A question of an assistant: what it asks besides the value, and how it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.domain.text import Text

NO_HINT = Text("", "")


class AnswerKind(StrEnum):
    """How a question is answered."""

    NUMBER = "number"
    DAY = "day"
    WORDS = "words"
    CHOICE = "choice"
    ROLE = "role"
    SEVERAL = "several"
    PARTS = "parts"


@dataclass(frozen=True, slots=True)
class ClauseQuestion:
    """One question: ``default`` holds where it is not asked; left empty a number, or what is optional, is none; else refused.

    A day that is not asked for is a proposal of the place.
    """

    id: str
    title: Text
    asked: AnswerKind
    default: str = ""
    options: tuple[tuple[str, Text], ...] = ()
    hint: Text = NO_HINT
    optional: bool = False
