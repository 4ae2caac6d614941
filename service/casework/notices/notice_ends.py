"""The end of a notice in words: withdrawn, replaced, or with the number of objections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.domain.text import Text
from service.store.rows import NoticeRow


def announces(content: Mapping[str, Any] | None) -> bool:
    """Return whether what was posted is an announcement (公告), which has no period of notice."""
    return bool((content or {}).get("announcement"))


def contestable(row: NoticeRow) -> bool:
    """Return whether the notice is posted for objections (公示) and does not only announce (公告).

    One inside an organisation always is. In public, what it says itself decides; one that says nothing of objections is
    an announcement when it stands for a day.
    """
    if row.audience != "public":
        return True
    if announces(row.content):
        return False
    objections = str((row.content or {}).get("objections") or "")
    return "异议" in objections if objections else int((row.period or {}).get("length") or 0) > 1


def ended_early(row: NoticeRow) -> bool:
    """Return whether a notice was ended before its period was over, for example because the application was withdrawn."""
    return row.state == "closed" and row.closed_at is not None and row.closed_at < row.ends_at


def end_of(row: NoticeRow) -> Text:
    """Return in a few words how the notice ended; for one that is running, nothing."""
    if row.state == "running":
        return Text("", "")
    if row.state == "corrected":
        return Text("已更正，重新公示", "corrected and posted anew")
    if row.state == "recalled":
        return Text("已收回", "recalled")
    if announces(row.content):
        return Text("已公布", "announced")
    if ended_early(row):
        received = (
            Text(f"，收到异议 {row.objections} 件", f", {row.objections} objections")
            if row.objections
            else Text("", "")
        )
        return Text(f"期满前终止{received.zh}", f"ended before its last day{received.en}")
    if row.objections:
        return Text(f"已结束，收到异议 {row.objections} 件", f"closed, {row.objections} objections")
    return Text("已结束，无异议", "closed, no objection") if contestable(row) else Text("已公布", "announced")
