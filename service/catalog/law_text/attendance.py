"""How many members must attend a vote where a text counts heads: 7名以上委员出席方可召开."""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.catalog.law_text.numbers import LawNumber, numbers_in

_ATTEND = re.compile("出席|到会|参加|参会|与会|召开|举行|法定人数")


def attending(numbers: Iterable[LawNumber]) -> LawNumber | None:
    """Return the least number of members who attend; None where no number says so, or several do."""
    found = {n.value: n for n in numbers if n.of_people and n.bound == "minimum" and _ATTEND.search(n.before + n.after)}
    return next(iter(found.values())) if len(found) == 1 else None


def attending_of(texts: Iterable[str]) -> int:
    """Return the greatest attendance that any of the texts asks for in heads, 0 where none does."""
    found = (attending(numbers_in(text)) for text in texts)
    return max((int(one.value) for one in found if one is not None), default=0)
