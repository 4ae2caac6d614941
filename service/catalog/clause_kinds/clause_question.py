"""A question of an assistant: what it asks besides the value, and how it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.domain.text import Text

NO_HINT = Text("", "")


PERIOD_HINT = Text(
    "条文只写“日”的（自然日）连单位一起填，例如 15日", "Calendar days (“日” alone) with their unit, such as 15日"
)
"""How a period is typed that may count either days."""


class AnswerKind(StrEnum):
    """How a question is answered."""

    NUMBER = "number"
    PERIOD = "period"
    DAY = "day"
    WORDS = "words"
    CHOICE = "choice"
    ROLE = "role"
    SEVERAL = "several"
    PARTS = "parts"
    ELEMENT = "element"


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

    @property
    def demanded(self) -> bool:
        """Tell whether it may not be left empty where it is asked: a choice never, words and a day unless they are optional."""
        if self.asked in (AnswerKind.CHOICE, AnswerKind.ROLE, AnswerKind.SEVERAL):
            return True
        return self.asked in (AnswerKind.WORDS, AnswerKind.DAY) and not self.optional


def unsaid_hint(usual: int, before: Text = NO_HINT) -> Text:
    """Return the hint of a number without which the step cannot be: what is proposed where the text says nothing."""
    return Text(
        f"{before.zh}条文没有规定的空着：按{usual}拟定，参数上注明条文未写明，请核对",
        f"{before.en}Empty where the text says nothing: {usual} is proposed and marked as not stated",
    )
