"""What became of the notices of a past round, as steps of a season: corrected in wording or substance, or recalled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from service.store.rows import NoticeRow

_SAID = ("title", "text", "entries")


def notice_steps(row: NoticeRow, plain: Callable[[Any], Any]) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Yield when ``row`` was corrected or recalled, with the step that does so; ``plain`` masks what it says.

    Of several corrections a notice keeps the last, and none of them once it is recalled.
    """
    kept = row.correction or {}
    if not kept.get("at"):
        return
    at, reason = datetime.fromisoformat(str(kept["at"])), plain(str(kept.get("reason", "")))
    if kept.get("recalled"):
        yield at, {"as": "office", "recall": row.kind, "reason": reason}
        return
    content = kept.get("content") or row.content
    said = {name: plain(content[name]) for name in _SAID if content.get(name) is not None}
    yield (
        at,
        {
            "as": "office",
            "correct": row.kind,
            "of_substance": bool(kept.get("of_substance")),
            "reason": reason,
            **said,
        },
    )
