"""The day on which a window for applications closes, in words before and after it."""

from __future__ import annotations

import re
from datetime import date

from service.casework.step.fill import in_words
from service.domain.calendar.dates import full
from service.domain.text import Text
from service.store.rows import CaseRow

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def after_deadline(parent: CaseRow, today: date, why: Text) -> Text:
    """Return ``why`` behind the plain word that the window is closed, where its last day has passed."""
    last = passed(parent, today)
    return why if last is None else Text(f"{_over(last).zh}{why.zh}", f"{_over(last).en} {why.en}")


def passed(parent: CaseRow, today: date) -> date | None:
    """Return the last day of the window of ``parent`` when it has passed."""
    deadline = str((parent.facts or {}).get("deadline") or "")[:10]
    return date.fromisoformat(deadline) if _DAY.fullmatch(deadline) and date.fromisoformat(deadline) < today else None


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
