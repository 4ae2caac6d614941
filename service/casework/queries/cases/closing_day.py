"""The day on which a window for applications closes, in words before and after it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.step.fill import in_words
from service.domain.calendar.dates import full
from service.domain.text import Text
from service.store.models import CaseRow

RECEIVED = "received_on"
"""The field of a start form that says when papers came in."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def after_deadline(parent: CaseRow, today: date, why: Text) -> Text:
    """Return ``why`` behind the plain word that the window is closed, where its last day has passed."""
    last = passed(parent, today)
    return why if last is None else Text(f"{_over(last).zh}{why.zh}", f"{_over(last).en} {why.en}")


def passed(parent: CaseRow, today: date) -> date | None:
    """Return the last day of the window of ``parent`` when it has passed."""
    last = closing_day(parent)
    return last if last is not None and last < today else None


def closing_day(parent: CaseRow) -> date | None:
    """Return the last day of the window of ``parent``, None where it has none."""
    deadline = str((parent.facts or {}).get("deadline") or "")[:10]
    return date.fromisoformat(deadline) if _DAY.fullmatch(deadline) else None


@dataclass(frozen=True, slots=True)
class PaperLimit:
    """The last day on which papers were in time, and what ended with it."""

    last_day: date
    words: Text


def received_late(limit: PaperLimit | None, typed: Mapping[str, Any]) -> Text | None:
    """Return what to ask before papers are entered that came in after the last day; None for papers in time."""
    day = str(typed.get(RECEIVED) or "")
    if limit is None or not _DAY.fullmatch(day) or date.fromisoformat(day) <= limit.last_day:
        return None
    received, last = date.fromisoformat(day), limit.last_day
    return Text(
        f"还没有登记：{in_words(received)}收到，在{limit.words.zh}（{in_words(last)}）之后，登记后将按逾期办理。"
        "收到日期写错的，请改正；确实是这一天收到、要登记的，请按“仍然登记”。",
        f"Not entered yet: received on {full(received).en}, after {limit.words.en} on {full(last).en}; it will count as late. "
        "Correct the day if it is wrong, or press “Enter it all the same”.",
    )


def _over(last: date) -> Text:
    return Text(f"申报已截止（{in_words(last)}）。", f"Applications closed on {full(last).en}.")


def late_note(parent: CaseRow | None, today: date) -> Text | None:
    """Return the warning shown before an application is started after its window has closed."""
    last = passed(parent, today) if parent is not None else None
    if last is None:
        return None
    note = _over(last)
    return Text(
        f"{note.zh}只有截止前已经收到的纸质材料可以补录；现在网上发起的按逾期处理。",
        f"{note.en} Only papers received before may still be entered; what is started online now counts as late.",
    )
