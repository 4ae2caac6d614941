"""What a decision that amends a regulation orders, one change after the other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AmendmentAct(StrEnum):
    """What a sentence of a decision does."""

    REPLACE = "replace"
    WORDS = "words"
    REMOVE = "remove"
    ADD = "add"
    MOVE = "move"
    ORDER = "order"
    IN_FORCE = "in_force"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class AmendmentPoint:
    """One change that the decision orders: ``said`` is its sentence, ``place`` the passage meant.

    ``text`` is the new wording of the passage; for words ``old`` becomes ``text``, throughout the text where no ``place``
    is named. MOVE gives the article ``place`` the
    number of ``text``; ORDER lets the articles follow each other again (条文顺序作相应调整). IN_FORCE says from which day on the
    decision holds, ``text`` as 2027-01-01. UNREAD are words that none of these accounts for: ``said`` is these words alone.
    """

    act: AmendmentAct
    said: str
    place: str = ""
    text: str = ""
    old: str = ""
