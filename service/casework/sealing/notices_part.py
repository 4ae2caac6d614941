"""The public notices of a round: what was posted, its days, and by which length and rules they were counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from service.casework.sealing.counted_days import CountedDays, counted_calendars, counted_days, rest_day_rule
from service.casework.sealing.law_part import articles
from service.casework.sealing.round_read import RoundRead
from service.domain.calendar import WorkingCalendar, local_date
from service.store.rows import CaseRow, NoticeRow


def notices_part(read: RoundRead) -> list[dict[str, Any]]:
    """Return every public notice of the round and of the cases below it, oldest first."""
    cases, calendars = {case.id: case for case in read.cases}, counted_calendars(read)
    return [_notice(read, row, cases[row.case_id], calendars) for row in sorted(read.notices, key=lambda row: row.id)]


def _notice(read: RoundRead, row: NoticeRow, case: CaseRow, calendars: Sequence[WorkingCalendar]) -> dict[str, Any]:
    package, period, counted = read.package_of(case), row.period, counted_days(read, row)
    state = calendars.index(counted.calendar)
    return {
        "notice": row.id,
        "case": row.case_id,
        "kind": row.kind,
        "state": row.state,
        "content": row.content,
        "fingerprint": row.fingerprint,
        "former_fingerprints": _former(row),
        "replaces": row.replaces_id,
        "posted_at": row.posted_at.isoformat(),
        "posted_on": local_date(row.posted_at).isoformat(),
        "unit": period.get("unit"),
        "length": period.get("length"),
        "day_one": period.get("day_one"),
        "rest_day_rule": rest_day_rule(read, row, case).value,
        "first_day": row.first_day.isoformat(),
        "last_day": row.last_day.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "extended": _extended(read, row, counted),
        "former_calendar": state - 1 if state else None,
        "provisional": bool(period.get("provisional")),
        "clauses": list(row.clauses),
        "articles": articles(package, row.clauses),
        "length_from": _length_from(read, row),
    }


def _extended(read: RoundRead, row: NoticeRow, counted: CountedDays) -> dict[str, str] | None:
    """Return from which day to which a notice was extended and why; a reason that names who is not public is left out."""
    if counted.last >= row.last_day:
        return None
    why = {tongue: str(row.period.get(tongue) or "") for tongue in ("zh", "en")}
    if any(name in words for name in read.unnamed for words in why.values()):
        why = {"zh": "（理由未公开）", "en": "(the reason is not public)"}
    return {"from": counted.last.isoformat(), "to": row.last_day.isoformat(), **why}


def _former(row: NoticeRow) -> list[str]:
    """Return the fingerprint that the notice bore before its words were corrected."""
    before = (row.correction or {}).get("before") or {}
    return [str(before["fingerprint"])] if "fingerprint" in before else []


def _length_from(read: RoundRead, row: NoticeRow) -> list[str]:
    """Return the parameters that give the length by an article which the notice carries out."""
    frozen, length = read.root.parameters or {}, row.period.get("length")
    return sorted(
        ident
        for ident, parameter in read.package.award.parameters.items()
        if set(parameter.clauses) & set(row.clauses)
        and parameter.unit.value == row.period.get("unit")
        and frozen.get(ident) == length
    )
