"""Draws, panels, score sheets, results of stages, appointments and sittings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.models import (
    AppointmentRow,
    DrawRow,
    PanelCaseRow,
    PanelMemberRow,
    PanelRow,
    SheetRow,
    SittingMemberRow,
    SittingRow,
    StageScoreRow,
)
from service.store.models.cases import case
from service.store.models.register import document
from service.store.models.review import (
    appointment,
    expert_draw,
    panel,
    panel_case,
    panel_member,
    score_sheet,
    sitting,
    sitting_member,
    stage_score,
)
from service.store.queries.base import Repository, among, one, values_of, word
from service.store.usual_statements import upsert

_CASE: sa.BindParameter[int] = sa.bindparam("case")
_OF_CASE = (
    sa.select(panel)
    .where(
        sa.or_(
            panel.c.id.in_(sa.select(panel_case.c.panel_id).where(panel_case.c.case_id == _CASE)),
            panel.c.case_id == _CASE,
        )
    )
    .order_by(panel.c.id)
)
_PEOPLE = sa.select(panel_member.c.person_id).where(
    panel_member.c.panel_id.in_(
        sa.union_all(
            sa.select(panel_case.c.panel_id).where(panel_case.c.case_id == _CASE),
            sa.select(panel.c.id).where(panel.c.case_id == _CASE),
        )
    )
)
_MEMBERS = (
    sa.select(panel_member)
    .where(among(panel_member.c.panel_id, "panels"))
    .order_by(panel_member.c.draw_id, panel_member.c.person_id)
)
_STILL_REVIEWED = (
    sa.select(panel_case.c.case_id)
    .join(case, case.c.id == panel_case.c.case_id)
    .where(panel_case.c.panel_id == panel.c.id, case.c.status != word("ended"))
    .exists()
)
"""Of a panel: one of the applications that it reviews still runs. One that was withdrawn leaves its panel open."""
_BUSY = (
    sa.select(panel_member.c.person_id, sa.func.count(sa.distinct(sa.func.coalesce(panel.c.draw_id, -panel.c.id))))
    .join(panel, panel.c.id == panel_member.c.panel_id)
    .where(panel.c.jurisdiction == sa.bindparam("jurisdiction"), panel.c.state == word("open"))
    .where(panel_member.c.state == word("active"), _STILL_REVIEWED)
    .group_by(panel_member.c.person_id)
)
_BUSY_AT = _BUSY.where(panel.c.stage == sa.bindparam("stage")).where(
    sa.func.coalesce(panel.c.draw_id, 0) != sa.bindparam("beside", type_=panel.c.draw_id.type)
)
_OVERLAPPING = (
    one(appointment, "jurisdiction")
    .where(appointment.c.state == word("planned"))
    .where(appointment.c.starts_at < sa.bindparam("until", type_=appointment.c.starts_at.type))
    .where(appointment.c.ends_at > sa.bindparam("since", type_=appointment.c.ends_at.type))
    .order_by(appointment.c.starts_at, appointment.c.id)
)
_ABOVE, _TOP = case.alias(), case.alias()
_SERVED = (
    sa.select(sa.func.coalesce(_TOP.c.id, _ABOVE.c.id, case.c.id), panel_member.c.person_id, panel.c.formed_at)
    .select_from(case)
    .join(panel, panel.c.case_id == case.c.id)
    .join(panel_member, panel_member.c.panel_id == panel.c.id)
    .outerjoin(_ABOVE, _ABOVE.c.id == case.c.parent_id)
    .outerjoin(_TOP, _TOP.c.id == _ABOVE.c.parent_id)
    .where(case.c.jurisdiction == sa.bindparam("jurisdiction"), case.c.award == sa.bindparam("award"))
    .where(panel_member.c.state == word("active"))
)
_CASES = one(panel_case, "panel_id").order_by(panel_case.c.case_id)
_SHEETS = sa.select(score_sheet).where(among(score_sheet.c.case_id, "cases")).order_by(score_sheet.c.id)
_SHEETS_AT = _SHEETS.where(score_sheet.c.stage == sa.bindparam("stage"))
_CLOSED = (
    sa.select(panel_case.c.case_id, panel.c.stage)
    .join(panel, panel.c.id == panel_case.c.panel_id)
    .where(among(panel_case.c.case_id, "cases"), panel.c.state == word("closed"))
)
_SHEET_REPLACED = sa.update(score_sheet).where(
    score_sheet.c.task_id == sa.bindparam("task"), score_sheet.c.state == sa.bindparam("was")
)


class PanelRepository(Repository):
    """What happens between the draw and the result of a stage."""

    def insert_draw(self, row: DrawRow) -> int:
        """Keep a draw and return its id."""
        return self._insert(expert_draw, row)

    def draw(self, draw_id: int) -> DrawRow:
        """Return a draw; raises NotFound."""
        return self._existing(DrawRow, ("抽取记录", "draw"), one(expert_draw, "id"), draw_id)

    def draws(self, case_id: int, stage: str | None = None) -> list[DrawRow]:
        """Return the draws made in a case, oldest first."""
        statement = sa.select(expert_draw).where(expert_draw.c.case_id == case_id)
        if stage is not None:
            statement = statement.where(expert_draw.c.stage == stage)
        return self._all(DrawRow, statement.order_by(expert_draw.c.id))

    def form(self, cases: Sequence[tuple[int, int]], row: PanelRow) -> int:
        """Form a panel for ``cases`` (case id, applicant's body id) and return its id."""
        ident = self._insert(panel, row)
        self._put(panel_case, [PanelCaseRow(panel_id=ident, case_id=c, body_id=b) for c, b in cases])
        return ident

    def update(self, panel_id: int, **changes: object) -> None:
        """Change a panel whose case is locked."""
        self._alter(panel, panel_id, changes)

    def of_case(self, case_id: int) -> list[PanelRow]:
        """Return the panels that review an application, or that a round formed, oldest first."""
        return self._all(PanelRow, _OF_CASE, case=case_id)

    def at(self, case_id: int, stage: str) -> PanelRow | None:
        """Return the newest panel that reviews a case in ``stage``."""
        return next((p for p in reversed(self.of_case(case_id)) if p.stage == stage), None)

    def closed(self, case_ids: Collection[int]) -> set[tuple[int, str]]:
        """Return of which cases (id) and stages the panel is closed."""
        if not case_ids:
            return set()
        found = self._read(_CLOSED, {"cases": list(case_ids)})
        return {(int(row[0]), str(row[1])) for row in found}

    def of_draw(self, draw_id: int) -> list[PanelRow]:
        """Return the panels of a group: one for each application, all formed by one draw."""
        return self._all(PanelRow, sa.select(panel).where(panel.c.draw_id == draw_id).order_by(panel.c.id))

    def people_of_case(self, case_id: int) -> set[int]:
        """Return everybody who is or was on a panel that reviews a case, or that it formed."""
        return {row[0] for row in self._told_rows(_PEOPLE, case=case_id)}

    def members(self, panel_ids: Collection[int]) -> list[PanelMemberRow]:
        """Return the members of panels, those who left too, in the order they joined."""
        if not panel_ids:
            return []
        return self._all(PanelMemberRow, _MEMBERS, panels=list(panel_ids))

    def cases(self, panel_id: int) -> list[PanelCaseRow]:
        """Return the applications a panel reviews."""
        return self._all(PanelCaseRow, _CASES, panel_id=panel_id)

    def add_members(self, rows: Sequence[PanelMemberRow]) -> None:
        """Add members."""
        self._put(panel_member, rows)

    def change_member(self, panel_id: int, person_id: int, **changes: object) -> None:
        """Change a member's state."""
        where = (panel_member.c.panel_id == panel_id, panel_member.c.person_id == person_id)
        self._change(sa.update(panel_member).where(*where).values(changes))

    def reviews(self, person_id: int, case_id: int) -> bool:
        """Return whether a person is an active member of a panel that reviews a case (or that the case formed)."""
        return (
            self._scalar(
                sa.select(panel_member.c.panel_id)
                .join(panel, panel.c.id == panel_member.c.panel_id)
                .outerjoin(panel_case, panel_case.c.panel_id == panel.c.id)
                .where(panel_member.c.person_id == person_id, panel_member.c.state == "active")
                .where(sa.or_(panel_case.c.case_id == case_id, panel.c.case_id == case_id))
                .limit(1)
            )
            is not None
        )

    def cases_of(self, person_id: int) -> list[int]:
        """Return the applications that a person reviews."""
        statement = sa.select(panel_case.c.case_id).join(panel_member, panel_member.c.panel_id == panel_case.c.panel_id)
        where = (panel_member.c.person_id == person_id, panel_member.c.state == "active")
        return sorted({row.case_id for row in self._connection.execute(statement.where(*where))})

    def busy(self, jurisdiction: str, stage: str, beside: int | None = None) -> dict[int, int]:
        """Count the open panels of a stage on which each person sits, that of a group once, while an application runs.

        Those of the group that the draw ``beside`` formed are left out.
        """
        given = {"jurisdiction": jurisdiction, "stage": stage, "beside": -1 if beside is None else beside}
        return {int(person): int(count) for person, count in self._read(_BUSY_AT, given)}

    def busy_anywhere(self, jurisdiction: str) -> dict[int, int]:
        """Count the open panels of a jurisdiction on which each person sits, while an application of theirs runs."""
        return {int(person): int(count) for person, count in self._read(_BUSY, {"jurisdiction": jurisdiction})}

    def served(self, jurisdiction: str, award: str) -> list[tuple[int, int, datetime]]:
        """Return (case at the top, person, day the panel was formed) of everybody who stayed on a panel of an award."""
        rows = self._read(_SERVED, {"jurisdiction": jurisdiction, "award": award})
        return [(int(row[0]), int(row[1]), row[2]) for row in rows]

    def running_of(self, person_id: int, jurisdiction: str) -> list[tuple[int, int, str]]:
        """Return (panel, case, stage) of the running cases of a jurisdiction in whose panels a person sits."""
        statement = (
            sa.select(panel.c.id, panel_case.c.case_id, panel.c.stage)
            .join(panel_member, panel_member.c.panel_id == panel.c.id)
            .join(panel_case, panel_case.c.panel_id == panel.c.id)
            .join(case, case.c.id == panel_case.c.case_id)
            .where(panel_member.c.person_id == person_id, panel_member.c.state == "active", case.c.status != "ended")
            .where(case.c.jurisdiction == jurisdiction)
            .order_by(panel.c.id, panel_case.c.case_id)
        )
        return [(row[0], row[1], row[2]) for row in self._connection.execute(statement)]

    # sheets and results ------------------------------------------------------------------------
    def add_sheet(self, row: SheetRow) -> int:
        """Keep a score sheet and return its id."""
        return self._insert(score_sheet, row)

    def sheets(self, case_ids: Collection[int], stage: str | None = None) -> list[SheetRow]:
        """Return the sheets of cases, dropped ones too, oldest first."""
        if not case_ids:
            return []
        if stage is None:
            return self._all(SheetRow, _SHEETS, cases=list(case_ids))
        return self._all(SheetRow, _SHEETS_AT, cases=list(case_ids), stage=stage)

    def replace_sheet(self, task_id: int, state: str, reason: str) -> None:
        """Let the valid sheet of a task no longer count."""
        self._change(_SHEET_REPLACED, task=task_id, was="valid", state=state, reason=reason)

    def drop_sheets(self, person_id: int, case_ids: Collection[int], reason: str) -> int:
        """Let the sheets of a person in these cases no longer count; returns how many there were."""
        where = (
            score_sheet.c.person_id == person_id,
            score_sheet.c.case_id.in_(case_ids),
            score_sheet.c.state == "valid",
        )
        return self._change(sa.update(score_sheet).where(*where).values(state="dropped", reason=reason))

    def put_result(self, row: StageScoreRow) -> None:
        """Keep or replace what an application has in a stage."""
        self._change(_keeping_result(self._connection.dialect.name), **values_of(row))

    def results(self, case_ids: Collection[int]) -> list[StageScoreRow]:
        """Return what applications have in every stage."""
        if not case_ids:
            return []
        statement = sa.select(stage_score).where(stage_score.c.case_id.in_(case_ids))
        return self._all(
            StageScoreRow, statement.order_by(stage_score.c.case_id, stage_score.c.at, stage_score.c.stage)
        )

    # appointments ------------------------------------------------------------------------------
    def insert_appointment(self, row: AppointmentRow) -> int:
        """Make an appointment and return its id."""
        return self._insert(appointment, row)

    def appointment(self, appointment_id: int) -> AppointmentRow:
        """Return an appointment; raises NotFound."""
        return self._existing(AppointmentRow, ("安排", "appointment"), one(appointment, "id"), appointment_id)

    def appointments(self, jurisdiction: str, since: datetime, until: datetime) -> list[AppointmentRow]:
        """Return planned appointments that overlap a span of time, by time."""
        return self._all(AppointmentRow, _OVERLAPPING, jurisdiction=jurisdiction, since=since, until=until)

    def appointments_from(
        self, jurisdiction: str, since: datetime, until: datetime, after: tuple[datetime, int] | None, limit: int
    ) -> list[AppointmentRow]:
        """Return the next ``limit`` of them by beginning and number, behind ``after``."""
        statement = _OVERLAPPING.limit(limit)
        if after is not None:
            starts_at, number = after
            later = sa.and_(appointment.c.starts_at == starts_at, appointment.c.id > number)
            statement = statement.where(
                appointment.c.starts_at >= starts_at, sa.or_(appointment.c.starts_at > starts_at, later)
            )
        return self._all(AppointmentRow, statement, jurisdiction=jurisdiction, since=since, until=until)

    def appointments_of(self, case_id: int) -> list[AppointmentRow]:
        """Return the appointments of a case, cancelled ones too, by time."""
        statement = sa.select(appointment).where(appointment.c.case_id == case_id)
        return self._all(AppointmentRow, statement.order_by(appointment.c.starts_at, appointment.c.id))

    def change_appointment(self, appointment_id: int, version: int, **changes: object) -> None:
        """Change an appointment that still has ``version``; raises Stale."""
        self._step(appointment, appointment_id, version, changes)


@cache
def _keeping_result(dialect: str) -> sa.Executable:
    new = upsert(dialect, stage_score)
    changed = {name: new.excluded[name] for name in ("points", "how", "details", "at")}
    return new.on_conflict_do_update(index_elements=["case_id", "stage"], set_=changed)


_NAME = ("会议", "sitting")
_ONE = one(sitting, "id")
_SITTINGS_OF_CASE = one(sitting, "case_id").order_by(sitting.c.starts_at.desc(), sitting.c.id.desc())
_MEMBERS_OF_SITTING = one(sitting_member, "sitting_id").order_by(sitting_member.c.body, sitting_member.c.person_id)
_IN_ORDER = (sitting.c.starts_at, sitting.c.id)
_CALLED = (
    sa.select(sitting)
    .join(sitting_member, sitting_member.c.sitting_id == sitting.c.id)
    .where(
        sitting_member.c.person_id == sa.bindparam("person_id"),
        sitting.c.state == "called",
        sitting.c.starts_at >= sa.bindparam("since"),
    )
    .order_by(*_IN_ORDER)
    .limit(sa.bindparam("most"))
)
_NEXT = 5
_TO_COME = (sitting.c.state == word("called"), sitting.c.starts_at >= sa.bindparam("since"))
_OF_PLACES_OR_OWN = sa.union(
    sa.select(sitting.c.id).where(among(sitting.c.jurisdiction, "places"), *_TO_COME),
    sa.select(sitting_member.c.sitting_id).where(sitting_member.c.person_id == sa.bindparam("person_id")),
)
_COMING = (
    sa.select(sitting)
    .where(sitting.c.id.in_(_OF_PLACES_OR_OWN), *_TO_COME)
    .order_by(*_IN_ORDER)
    .limit(sa.bindparam("most"))
)
_CALLED_ABOUT = (
    sa.select(sitting)
    .join(sitting_member, sitting_member.c.sitting_id == sitting.c.id)
    .where(sitting_member.c.person_id == sa.bindparam("person_id"), among(sitting.c.case_id, "cases"))
)
_PAPER = sa.select(document.c.id, document.c.title, document.c.issued_at, document.c.case_id).where(
    document.c.erased_at.is_(None)
)
_PAPERS = _PAPER.where(among(document.c.id, "papers")).order_by(document.c.id)
_HERE: sa.BindParameter[int] = sa.bindparam("case_id", type_=case.c.id.type)
_CASES_OF_SITTING = sa.union_all(
    sa.select(case.c.id).where(case.c.id == _HERE), sa.select(case.c.id).where(case.c.parent_id == _HERE)
)
_AROUND = (
    _PAPER.where(document.c.case_id.in_(_CASES_OF_SITTING)).order_by(document.c.id.desc()).limit(sa.bindparam("most"))
)
_MATTERS = sa.select(case.c.id, case.c.parent_id, case.c.title, case.c.subject_id, case.c.facts).where(
    among(case.c.id, "cases")
)


class _Document(NamedTuple):
    id: int
    title: str
    issued_at: datetime
    case_id: int


@dataclass(frozen=True, slots=True)
class Matter:
    """What is told of a case: its title, the one above it, and whom it is about."""

    id: int
    parent_id: int | None
    title: str
    subject_id: int | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that is not erased, and the case it belongs to."""

    id: int
    title: str
    issued_at: datetime
    case: Matter


class SittingRepository(Repository):
    """Sittings, and who is called to them."""

    def add(self, row: SittingRow, members: Sequence[SittingMemberRow]) -> int:
        """Keep a sitting with its members (whose ``sitting_id`` is given here); returns its number."""
        number = self._insert(sitting, row)
        called = [
            SittingMemberRow(sitting_id=number, person_id=each.person_id, name=each.name, body=each.body)
            for each in members
        ]
        self._put(sitting_member, called)
        return number

    def get(self, sitting_id: int) -> SittingRow:
        """Return a sitting; raises NotFound."""
        return self._existing(SittingRow, _NAME, _ONE, sitting_id)

    def of_case(self, case_id: int) -> list[SittingRow]:
        """Return the sittings about a case, the latest first, as they are written."""
        return self._all(SittingRow, _SITTINGS_OF_CASE, case_id=case_id)

    def calling(self, person_id: int, since: datetime) -> list[SittingRow]:
        """Return the next five sittings to which somebody is called that begin after ``since``, the first first."""
        return self._all(SittingRow, _CALLED, person_id=person_id, since=since, most=_NEXT)

    def coming(self, person_id: int, places: Sequence[str], since: datetime, most: int) -> list[SittingRow]:
        """Return the sittings that begin after ``since``, of the places or to which somebody is called, the first first."""
        return self._all(SittingRow, _COMING, person_id=person_id, places=list(places), since=since, most=most)

    def calling_about(self, person_id: int, cases: Sequence[int]) -> list[SittingRow]:
        """Return the sittings about these cases to which somebody is called, in no order."""
        return self._all(SittingRow, _CALLED_ABOUT, person_id=person_id, cases=list(cases))

    def members(self, sitting_id: int) -> list[SittingMemberRow]:
        """Return who is called, by body."""
        return self._all(SittingMemberRow, _MEMBERS_OF_SITTING, sitting_id=sitting_id)

    def papers(self, documents: Sequence[int]) -> list[Paper]:
        """Return those of these documents that are not erased, in the order given."""
        found = {one.id: one for one in self._of(self._read(_PAPERS, {"papers": list(documents)}))} if documents else {}
        return [found[ident] for ident in documents if ident in found]

    def papers_around(self, case_id: int, most: int) -> list[Paper]:
        """Return the newest ``most`` documents of a case and of the cases right below it, the newest first."""
        return self._of(self._read(_AROUND, {"case_id": case_id, "most": most}))

    def _of(self, found: Sequence[Sequence[Any]]) -> list[Paper]:
        rows = [_Document._make(row) for row in found]
        cases = sorted({row.case_id for row in rows})
        matters = {one.id: one for one in self._all(Matter, _MATTERS, cases=cases)} if cases else {}
        return [Paper(row.id, row.title, row.issued_at, matters[row.case_id]) for row in rows]

    def lay(self, row: SittingRow, papers: Sequence[int]) -> None:
        """Lay these documents before a sitting that is still as ``row`` was read; raises Stale."""
        self._step(sitting, row.id, row.version, {"papers": list(papers)})

    def change(self, sitting_id: int, version: int, **changes: object) -> None:
        """Change a sitting that still has ``version``; raises Stale."""
        self._step(sitting, sitting_id, version, changes)

    def note(self, sitting_id: int, person_id: int, **changes: object) -> None:
        """Note whether a member came."""
        where = (sitting_member.c.sitting_id == sitting_id, sitting_member.c.person_id == person_id)
        self._change(sa.update(sitting_member).where(*where).values(changes))
