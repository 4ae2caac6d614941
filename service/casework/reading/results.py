"""Where what became of an application is found again: the notices of its round, its entry in the register, its rating."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.reading.ratings import OwnRating, build_actor_rating
from service.casework.scope.record import case_facts
from service.catalog import Package, ProcessInfo
from service.catalog.bpmn.model import split_words
from service.domain.calendar import local_date
from service.store import Transaction
from service.store.models import CaseRow, NoticeRow

MOST = 8
"""The newest notices of a round."""


@dataclass(frozen=True, slots=True)
class NoticeLink:
    """A public notice; ``named`` when it names the organisation that reads."""

    id: int
    title: str
    posted_at: datetime
    named: bool


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What an applicant finds again on the page of its case.

    ``registered`` is the organisation whose page in the register holds an award decided since the case began, None where
    there is none.
    """

    notices: tuple[NoticeLink, ...]
    registered: int | None
    rating: OwnRating | None


def find_case_afterwards(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow) -> Afterwards | None:
    """Return what ``actor`` finds again of a case of its own organisation, None for anybody else."""
    subject = case.subject_id
    if subject is None or subject not in actor.body_ids:
        return None
    notices: tuple[NoticeLink, ...] = ()
    # the call to apply came before the case: it is no result
    if case.parent_id is not None and (
        posted := tx.notices.select(case_id=case.parent_id, posted_at__ge=case.started_at)
    ):
        notices = public_links(posted, tx.bodies.get(subject).name)
    began = local_date(case.started_at)
    has_award = case.status == "ended" and any(
        award.jurisdiction == case.jurisdiction and award.decided_on >= began
        for award in tx.awards.list_of_body(subject)
    )
    return Afterwards(notices, subject if has_award else None, build_actor_rating(desk, tx, actor, case))


def public_links(rows: Iterable[NoticeRow], name: str = "") -> tuple[NoticeLink, ...]:
    """Return the public ones of notices, newest first; those that name ``name`` are marked."""
    public_rows = [row for row in rows if row.audience == "public" and row.state != "recalled"][-MOST:]
    return tuple(
        NoticeLink(row.id, row.title, row.posted_at, bool(name) and names(row, name)) for row in reversed(public_rows)
    )


def names(row: NoticeRow, name: str) -> bool:
    """Return whether a cell of a notice's list is ``name``, or its title holds it: a longer name is another's."""
    cells = (cell for entry in (row.content or {}).get("entries", []) for cell in entry.values())
    return name in row.title or any(cell == name for cell in cells)


def is_announcement(content: Mapping[str, Any] | None) -> bool:
    """Return whether what was posted is an announcement (公告), which has no period of notice."""
    return bool((content or {}).get("announcement"))


def is_contestable_notice(row: NoticeRow) -> bool:
    """Return whether the notice is posted for objections (公示) and does not only announce (公告).

    One inside an organisation always is; in public its draft declares whether it only announces.
    """
    return row.audience != "public" or not is_announcement(row.content)


def would_show_objections(row: NoticeRow) -> bool:
    """Return whether objections to the notice come in here: of one inside an organisation the organisation tells later."""
    return row.audience == "public" and is_contestable_notice(row)


def find_contested_notice(tx: Transaction, case: CaseRow, day: date) -> NoticeRow | None:
    """Return the public notice to which an objection received on ``day`` belongs: the case's own, or its round's that names it."""
    body = tx.bodies.find(id=case.subject_id) if case.subject_id is not None else None
    called = {case.title, body.name if body else case.title}
    for place in (case.id, case.parent_id):
        for row in reversed(tx.notices.select(case_id=place, audience="public")):
            within = row.state in ("running", "closed") and local_date(row.posted_at) <= day <= row.last_day
            if within and is_contestable_notice(row) and (place == case.id or any(names(row, name) for name in called)):
                return row
    return None


def count_objection(tx: Transaction, notice: NoticeRow | None) -> None:
    """Count an objection at the notice to which it belongs, if any."""
    if notice is not None:
        tx.notices.change(notice.id, objections=notice.objections + 1)


def last_contestable_day(tx: Transaction, case: CaseRow) -> date | None:
    """Return the last day of the public notices for objections of a case and of the round it is in; None without any."""
    places = [case.id, *([case.parent_id] if case.parent_id is not None else [])]
    rows = [row for place in places for row in tx.notices.select(case_id=place) if row.audience == "public"]
    return max((row.last_day for row in rows if is_contestable_notice(row)), default=None)


def start_names(
    tx: Transaction, package: Package, info: ProcessInfo, parent: CaseRow | None, role: str
) -> dict[str, Any]:
    """Return what a start form reads besides its fields.

    The role of who enters; of a form that names the case above among its ``variables``, that case's facts; of what
    everybody may lodge, until when it is in time.
    """
    if parent is None or info.start_form is None:
        return {}
    names: dict[str, Any] = {"starter": role}
    if info.parent in split_words(str(package.form_properties(info.start_form).get("variables") or "")):
        names[str(info.parent)] = case_facts(parent)
    if info.public:
        last = last_contestable_day(tx, parent)
        names["notice_until"] = last.isoformat() if last is not None else None
    return names
