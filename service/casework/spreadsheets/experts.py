"""Import and export of the register of experts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import Table
from service.casework.reading.published import choose_register, published
from service.casework.review.pool import EDUCATION_NAMES
from service.casework.review.register_of_experts import (
    RECORDED,
    NewExpert,
    add_expert,
    build_record,
    change_expert,
    may_keep_register,
    require_expert_can_be,
    require_office,
    train_expert,
)
from service.casework.review.who_may_serve import (
    DECLINED,
    INVITED,
    needs_consent,
    require_another_expert,
    require_may_serve,
)
from service.domain.errors import LaurelError
from service.domain.forms.masking import masked
from service.domain.spreadsheets.import_report import (
    ImportReport,
    LineOutcome,
    LineReport,
    lines_of,
    name_unread,
    refused,
    report_of,
)
from service.domain.spreadsheets.lists import CellKind, Column, Line, unread_columns
from service.domain.text import Text
from service.store.models import ExpertRow, PersonRow, TrainingRow

COLUMNS = (
    Column("name", Text("姓名", "Name"), needed=True, longest=80),
    Column(
        "login", Text("登录名", "Login name"), needed=True, kind=CellKind.WORD, longest=80,
        hint=Text("已有账号的写原登录名；新账号3至80个字符。按登录名识别是否同一人。", "Of an account that exists, or a new one; it tells who is who."),
    ),
    Column("employer", Text("工作单位", "Employer"), needed=True, longest=200),
    Column(
        "education", Text("学历", "Education"), needed=True, kind=CellKind.CHOICE,
        choices=tuple((key, name.zh) for key, name in EDUCATION_NAMES.items()),
    ),
    Column("practising_since", Text("从事质量工作起始日", "Practising since"), needed=True, kind=CellKind.DAY),
    Column("sectors", Text("熟悉行业", "Sectors"), kind=CellKind.WORDS, hint=Text("用顿号分开", "Separated by 、")),
    Column("qualifications", Text("职称与资格", "Qualifications"), kind=CellKind.WORDS, hint=Text("用顿号分开", "Separated by 、")),
    Column("term_from", Text("聘期起", "Term from"), kind=CellKind.DAY),
    Column("term_until", Text("聘期至", "Term until"), kind=CellKind.DAY),
    Column("email", Text("邮箱", "E-mail"), kind=CellKind.WORD, longest=200, hint=Text("只用于新账号", "For new accounts only")),
    Column("training", Text("最近培训", "Last training"), longest=200),
    Column("trained_on", Text("培训日期", "Training held on"), kind=CellKind.DAY),
    Column(
        "place", Text("所在地", "Place"), longest=100,
        hint=Text("省、市，例如甘肃省兰州市；按此认定外地专家。", "Province and city; it tells who is from outside."),
    ),
)  # fmt: skip
_STATE = Column("status", Text("状态", "State"), given=True)
Trainings: TypeAlias = Mapping[int, Sequence[TrainingRow]]
"""The trainings on record by entry."""


@guarded("experts.manage")
def import_experts(
    desk: Desk, actor: Actor, jurisdiction: str, rows: Sequence[Sequence[str]], *, commit: bool = False
) -> ImportReport:
    """Put experts on the register or bring their entries up to date; people are identified by login name.

    Each line is one unit of work, and what is on record already stays as it is: the same list may be imported again.

    Raises:
        NotAllowed: the office of another city.
        Invalid: the headings are not there.
    """
    require_office(actor, jurisdiction)
    lines = lines_of(rows, (*COLUMNS, _STATE))
    with desk.store.read() as tx:
        trainings = tx.trainings.list_of_register(jurisdiction)
    seen: dict[str, int] = {}
    reports = []
    for line in lines:
        first = seen.setdefault(line.text("login").lower(), line.number)
        reports.append(_take_line(desk, actor, _read_expert(jurisdiction, line), line, first, trainings, commit=commit))
    return report_of(reports, done=commit, unread=unread_columns(rows, COLUMNS))


@guarded("experts.export")
def export_experts(desk: Desk, actor: Actor, jurisdiction: str) -> Table:
    """Return the headings and lines of a register; e-mail and login are masked except for its keepers.

    They too see no e-mail of somebody who has not agreed: it is what another place knows.

    Raises:
        NotAllowed: the actor does not oversee this jurisdiction.
    """
    with desk.store.read() as tx:
        publications = published(desk, tx)
        jurisdiction, _ = choose_register(actor, publications, jurisdiction)
        rows = tx.experts.select(jurisdiction=jurisdiction)
        trainings = tx.trainings.list_of_register(jurisdiction)
        people = tx.people.by_id({row.person_id for row in rows})
    keeps = may_keep_register(actor, jurisdiction)
    export_rows: list[list[object]] = []
    for row in rows:
        person, last = people[row.person_id], next(iter(trainings.get(row.id, ())), None)
        export_rows.append(
            [
                person.name, person.login if keeps else masked(person.login), row.employer, _get_education_name(row),
                row.practising_since, row.sectors, row.qualifications, row.term_from, row.term_until,
                _get_email(row, person) if keeps else masked(person.email or ""),
                last.title if last else None, last.held_on if last else None, row.place, _STATES.get(row.status, row.status),
            ]
        )  # fmt: skip
    place = publications.of(jurisdiction)[0].jurisdiction.name
    return Table(f"{place}评审专家", (*COLUMNS, _STATE), export_rows)


_STATES = {
    INVITED: "待本人同意",
    DECLINED: "本人谢绝",
    "active": "在库",
    "suspended": "暂停",
    "disqualified": "取消资格",
}


def _get_email(row: ExpertRow, person: PersonRow) -> str | None:
    return masked(person.email or "") if row.status in (INVITED, DECLINED) else person.email


def _get_education_name(row: ExpertRow) -> str:
    return EDUCATION_NAMES[row.education].zh if row.education in EDUCATION_NAMES else row.education


def _take_line(
    desk: Desk, actor: Actor, new: NewExpert, line: Line, first: int, trainings: Trainings, *, commit: bool
) -> LineReport:
    if line.mistakes:
        return refused(line, new.name)
    if first != line.number and "*" not in new.login:
        return _of_another(line, Text(f"登录名与第{first}行相同。", f"The login name is that of line {first}."))
    try:
        return _put_expert(desk, actor, line, new, trainings, commit=commit)
    except LaurelError as refusal:
        return LineReport(line.number, new.name, LineOutcome.REFUSED, refusal.message)


def _put_expert(
    desk: Desk, actor: Actor, line: Line, new: NewExpert, trainings: Trainings, *, commit: bool
) -> LineReport:
    with desk.store.read() as tx:
        person = tx.people.by_login(new.login)
        row = tx.experts.find(jurisdiction=new.jurisdiction, person_id=person.id) if person else None
        needs_invitation = person is not None and needs_consent(tx, actor, new.jurisdiction, person.id)
        require_expert_can_be(desk, tx, new if row is None else _merge_expert(row, line, new), row)
    if person is not None and person.name != new.name:
        # Whose it is, is not said: login names are often telephone numbers, and a list may hold thousands.
        zh = f"登录名“{new.login}”已由另一姓名的人使用。"
        return _of_another(line, Text(zh, f"The login name {new.login!r} belongs to a person of another name."))
    if person is None and "*" in new.login + new.email:
        return _of_another(
            line,
            Text(
                "登录名或者邮箱是遮盖过的，无从识别。请用管理本库的办公室导出的表格，或者写完整。",
                "Login name or e-mail is masked and says nothing of who it is: use the list that the keeping office exports.",
            ),
        )
    if row is None or person is None:
        if person is not None:
            require_another_expert(actor, person.id)
            with desk.store.read() as tx:
                require_may_serve(tx, person.id, desk.clock.now())
        if commit:
            add_expert(desk, actor, new)
        invited = Text(
            "已有外地账号，邀请入库，等待本人同意", "an account of elsewhere: asked, and not yet on the register"
        )
        added = invited if needs_invitation else Text("新入库", "new on the register")
        return LineReport(line.number, new.name, LineOutcome.TAKEN, added)
    changes = _list_changes(row, line)
    titles_by_day = {training.held_on: training.title for training in trainings.get(row.id, ())}
    trained_on = new.trained_on if new.trained_on not in titles_by_day else None
    recorded = {"email": _get_email(row, person), "status": _STATES.get(row.status, row.status)}
    recorded["training"] = titles_by_day.get(new.trained_on, new.training) if new.trained_on else ""
    unread = [column for column in (*COLUMNS, _STATE) if column.id in recorded]
    if not changes and trained_on is None:
        known = LineReport(line.number, new.name, LineOutcome.KNOWN, Text("与库中记录相同。", "As it is on record."))
        return name_unread(known, unread, line.values, recorded)
    require_another_expert(actor, row.person_id)
    if commit and changes:
        change_expert(desk, actor, row.id, build_record(_merge_expert(row, line, new), row.version))
    if commit and trained_on is not None:
        train_expert(desk, actor, row.id, new.training or "评审员培训", trained_on, None, None)
    titles = [c.title for c in COLUMNS if c.id in changes] + ([Text("培训", "training")] if trained_on else [])
    words = "更新：" + "、".join(t.zh for t in titles), "changes: " + ", ".join(t.en for t in titles)
    changed = LineReport(line.number, new.name, LineOutcome.CHANGED, Text(*words))
    return name_unread(changed, unread, line.values, recorded)


def _of_another(line: Line, words: Text) -> LineReport:
    return LineReport(line.number, line.text("name"), LineOutcome.REFUSED, words, field=Text("登录名", "Login name"))


def _list_changes(row: ExpertRow, line: Line) -> list[str]:
    """Return the columns whose cell is filled in and differs from the record; an empty cell changes nothing."""
    return [
        c for c in RECORDED if c in line.values and _to_comparable(line.values[c]) != _to_comparable(getattr(row, c))
    ]


def _to_comparable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _merge_expert(row: ExpertRow, line: Line, new: NewExpert) -> NewExpert:
    merged_values: Mapping[str, object] = {c: line.values.get(c, _to_comparable(getattr(row, c))) for c in RECORDED}
    return replace(new, **merged_values)  # type: ignore[arg-type]


def _read_expert(jurisdiction: str, line: Line) -> NewExpert:
    return NewExpert(
        jurisdiction,
        line.text("login"),
        line.text("name"),
        line.text("employer"),
        line.text("education"),
        _read_day(line, "practising_since") or date.min,
        _read_words(line, "sectors"),
        _read_words(line, "qualifications"),
        _read_day(line, "term_from"),
        _read_day(line, "term_until"),
        place=line.text("place"),
        email=line.text("email"),
        training=line.text("training"),
        trained_on=_read_day(line, "trained_on"),
    )


def _read_day(line: Line, column: str) -> date | None:
    value = line.values.get(column)
    return value if isinstance(value, date) else None


def _read_words(line: Line, column: str) -> tuple[str, ...]:
    value = line.values.get(column)
    return value if isinstance(value, tuple) else ()
