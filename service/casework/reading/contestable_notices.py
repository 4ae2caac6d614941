"""Notices that are posted for objections, and the last day of those that concern a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.store import Transaction
from service.store.models import CaseRow, NoticeRow


def announces(content: Mapping[str, Any] | None) -> bool:
    """Return whether what was posted is an announcement (公告), which has no period of notice."""
    return bool((content or {}).get("announcement"))


def contestable(row: NoticeRow) -> bool:
    """Return whether the notice is posted for objections (公示) and does not only announce (公告).

    One inside an organisation always is; in public its draft declares whether it only announces.
    """
    return row.audience != "public" or not announces(row.content)


def last_contestable_day(tx: Transaction, case: CaseRow) -> date | None:
    """Return the last day of the public notices for objections of a case and of the round it is in; None without any."""
    places = [case.id, *([case.parent_id] if case.parent_id is not None else [])]
    rows = [row for place in places for row in tx.notices.of_case(place) if row.audience == "public"]
    return max((row.last_day for row in rows if contestable(row)), default=None)


def paper_names(tx: Transaction, parent: CaseRow | None, *, is_public: bool, role: str) -> Mapping[str, Any]:
    """Return what a start form reads where staff enter on paper what everybody may lodge: who enters, until when it is in time."""
    if parent is None or not is_public:
        return {}
    last = last_contestable_day(tx, parent)
    return {"starter": role, "notice_until": last.isoformat() if last is not None else None}
