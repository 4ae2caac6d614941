"""The end of a notice in words: withdrawn, replaced, or with the number of objections."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.reading.contestable_notices import announces, contestable
from service.domain.text import Text
from service.store.models import NoticeRow


def ended_early(row: NoticeRow) -> bool:
    """Return whether a notice was ended before its period was over, for example because the application was withdrawn."""
    return row.state == "closed" and row.closed_at is not None and row.closed_at < row.ends_at


def objections_before(row: NoticeRow, of_case: Sequence[NoticeRow]) -> int:
    """Return how many objections came in against the texts that this notice replaces, among those ``of_case``.

    A correction in substance posts a notice anew, and what was objected before is handled all the same.
    """
    known, found, number = {each.id: each for each in of_case}, 0, row.replaces_id
    while number is not None:
        found, number = found + known[number].objections, known[number].replaces_id
    return found


def end_of(row: NoticeRow, before: int = 0) -> Text:
    """Return in a few words how the notice ended; for one that is running, nothing.

    ``before`` is how many objections came in against what it replaces.
    """
    if row.state == "running":
        return Text("", "")
    received = _received(row.objections, before)
    if row.state == "corrected":
        return Text(f"已更正，重新公示{received.zh}", f"corrected and posted anew{received.en}")
    if row.state == "recalled":
        return Text("已收回", "recalled")
    if announces(row.content):
        return Text("已公布", "announced")
    if ended_early(row):
        return Text(f"期满前终止{received.zh}", f"ended before its last day{received.en}")
    if received.zh:
        return Text(f"已结束{received.zh}", f"closed{received.en}")
    return Text("已结束，无异议", "closed, no objection") if contestable(row) else Text("已公布", "announced")


def _received(objections: int, before: int) -> Text:
    if not before:
        return Text(f"，收到异议 {objections} 件", f", {objections} objections") if objections else Text("", "")
    if not objections:
        return Text(f"，更正前收到异议 {before} 件", f", {before} objections before it was corrected")
    both = objections + before
    return Text(
        f"，收到异议共 {both} 件（更正前 {before} 件）", f", {both} objections ({before} before it was corrected)"
    )
