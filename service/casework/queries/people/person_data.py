"""What is stored of a person: read by themselves, or handed to them by who administers their account, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import GUARDS, guarded
from service.casework.access.secrets import may_know_objector
from service.casework.desk.desk import Desk
from service.casework.people.factors.sessions import ADDRESS, DEVICE
from service.casework.people.place_of import place_of
from service.casework.people.rights.people_shown import require_whole_person
from service.domain.errors import Invalid
from service.domain.forms import Form
from service.domain.text import Text
from service.store import ActFilter, Transaction
from service.store.models import FormResultRow

PAGE = 100
"""Lines of a part that are read at once."""

LONGEST_REASON = 500
_MOST_SESSIONS = 1_000
Line = dict[str, Any]

PARTS: Mapping[str, Text] = {
    "account": Text("账号", "Account"),
    "roles": Text("角色", "Roles"),
    "sessions": Text("登录设备", "Sessions"),
    "acts": Text("登录与操作记录", "Sign-ins and acts"),
    "messages": Text("消息", "Messages"),
    "forms": Text("提交的表单（个人信息）", "Submitted forms (personal data)"),
    "notes": Text("批注", "Notes"),
    "files": Text("上传的附件", "Uploaded files"),
}
"""The parts and what they are called, in the order in which they are handed out."""

OWN_ALONE: Mapping[str, frozenset[str]] = {"messages": frozenset({"text"}), "notes": frozenset({"words"})}
"""What only the person reads: messages may hold one-time links, notes speak of cases that no administrator handles."""


@dataclass(frozen=True, slots=True)
class DataPage:
    """Lines of one part, the newest first; ``resume`` is the ``after`` to go on with, None at the end."""

    lines: tuple[Line, ...]
    resume: int | None


@dataclass(frozen=True, slots=True)
class PersonData:
    """What is stored of the person ``person_id``, for ``reader``; each page is a unit of work of its own."""

    desk: Desk
    reader: Actor
    person_id: int

    @property
    def own(self) -> bool:
        """Whether people read about themselves."""
        return self.reader.person_id == self.person_id

    def page(self, part: str, after: int = 0) -> DataPage:
        """Return a page of one of `PARTS`; ``after`` is what the page before gave, 0 at the beginning."""
        with self.desk.store.read() as tx:
            lines, resume = _READ[part](self, tx, after)
        hidden = frozenset() if self.own else OWN_ALONE.get(part, frozenset())
        return DataPage(tuple({k: v for k, v in line.items() if k not in hidden} for line in lines), resume)

    def lines(self, part: str) -> Iterator[Line]:
        """Yield all lines of a part, a page at a time."""
        after: int | None = 0
        while after is not None:
            data_page = self.page(part, after)
            yield from data_page.lines
            after = data_page.resume


def as_json(line: Line) -> Line:
    """Return a line with its instants as ISO 8601 has them."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in line.items()}


@guarded("own_data.export")
def export_actor_data(desk: Desk, actor: Actor) -> PersonData:
    """Return what is stored of the actor; the book says that it was taken out."""
    return PersonData(desk, actor, actor.signed_in_id)


@guarded("person_data.export")
def data_of_person(desk: Desk, actor: Actor, person_id: int, reason: str) -> PersonData:
    """Return what is stored of a person who asked for it; the book says who took it out, and why.

    Left out is what is theirs alone (`OWN_ALONE`), and what they lodged where the reader may not know who did.

    Raises:
        Invalid: no reason is given, or one of more than 500 characters.
        NotAllowed: the person holds or held something that the actor does not administer.
    """
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(
            Text(
                f"请写明导出个人数据的理由（不超过 {LONGEST_REASON} 字），例如“本人于5月6日书面申请”。",
                f"Say why the data are taken out, in at most {LONGEST_REASON} characters, such as “asked for in writing”.",
            )
        )
    with desk.store.read() as tx:
        require_whole_person(tx, actor, person_id)
        person = tx.people.get(person_id)
        describe_current_act(
            f"导出个人数据：{person.name}（{person.login}）", place=place_of(tx, person_id, desk.clock.now())
        )
    return PersonData(desk, actor, person_id)


Read = tuple[list[Line], int | None]


def _read_account(data: PersonData, tx: Transaction, _after: int) -> Read:
    row = tx.people.get(data.person_id)
    names = ("login", "name", "email", "telephone", "language", "active")
    return [{**{name: getattr(row, name) for name in names}, "created_at": row.created_at}], None


def _read_roles(data: PersonData, tx: Transaction, _after: int) -> Read:
    memberships = tx.memberships.select(person_id=data.person_id)
    bodies = tx.bodies.by_id({membership.body_id for membership in memberships})
    return [
        {
            "role": membership.role, "jurisdiction": membership.jurisdiction, "body": bodies[membership.body_id].name,
            "since": membership.since, "until": membership.until,
        }
        for membership in reversed(memberships)
    ], None  # fmt: skip


def _read_sessions(data: PersonData, tx: Transaction, _after: int) -> Read:
    rows = tx.sessions.select(
        "-seen_at -id", limit=_MOST_SESSIONS, person_id=data.person_id, expires_at__gt=data.desk.clock.now()
    )
    return [
        {
            "device": row.details.get(DEVICE, ""), "address": row.details.get(ADDRESS, ""),
            "since": row.created_at, "used": row.seen_at, "ends": row.expires_at,
        }
        for row in rows
    ], None  # fmt: skip


def _read_acts(data: PersonData, tx: Transaction, after: int) -> Read:
    """Return acts without what they were about, which may name others."""
    acts = tx.acts.search(ActFilter(person_id=data.person_id), after or None, PAGE)
    return [
        {
            "at": row.at, "action": GUARDS[row.action].title.zh if row.action in GUARDS else row.action,
            "outcome": row.outcome, "address": row.origin,
        }
        for row in acts.rows
    ], acts.resume  # fmt: skip


def _read_messages(data: PersonData, tx: Transaction, after: int) -> Read:
    rows = tx.mail.select("-id", limit=PAGE, person_id=data.person_id, after=after or None)
    return [
        {"at": row.queued_at, "subject": row.subject, "text": row.text, "read_at": row.read_at} for row in rows
    ], rows[-1].id if len(rows) == PAGE else None


def _read_forms(data: PersonData, tx: Transaction, after: int) -> Read:
    rows = tx.forms.select("-id", after=after or None, limit=PAGE, person_id=data.person_id)
    lines = [line for row in rows if (line := _form_line(data, tx, row)) is not None]
    return lines, rows[-1].id if len(rows) == PAGE else None


def _form_line(data: PersonData, tx: Transaction, row: FormResultRow) -> Line | None:
    """Return a form with its personal fields; None where the reader may not know who lodged the case."""
    case = tx.cases.get(row.case_id)
    package = data.desk.packages.get(case.definition, tx)
    if not data.own and not may_know_objector(data.reader, package, case, tx):
        return None
    form = data.desk.packages.form(package, row.form)
    fields = list(_iterate_personal_fields(form, row.data))
    return {"at": row.at, "case_id": row.case_id, "form": form.title.zh, "fields": fields}


def _iterate_personal_fields(form: Form, answers: object) -> Iterator[Line]:
    """Yield the personal fields that were filled in: where each stands, what it is called, what was written."""
    labels = {info.path.replace("[]", ""): info.label.zh for info in form.fields() if info.personal}

    def walk_value(value: object, names: tuple[str, ...], place: tuple[str, ...]) -> Iterator[Line]:
        label = labels.get(".".join(names))
        if label is not None:
            if (text := _format_value(value)) != "":
                yield {"field": ".".join(place), "label": label, "value": text}
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                yield from walk_value(inner, (*names, key), (*place, key))
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                yield from walk_value(inner, names, (*place, str(number)))

    yield from walk_value(answers, (), ())


def _format_value(value: object) -> str:
    if isinstance(value, Mapping):
        return str(value.get("name", "")) or "，".join(filter(None, map(_format_value, value.values())))
    if isinstance(value, list):
        return "、".join(filter(None, map(_format_value, value)))
    return "" if value is None else str(value)


def _read_notes(data: PersonData, tx: Transaction, after: int) -> Read:
    rows = tx.case_notes.select("-id", after=after or None, limit=PAGE, person_id=data.person_id)
    return [
        {"at": row.at, "case_id": row.case_id, "words": row.words, "taken_back_at": row.removed_at} for row in rows
    ], rows[-1].id if len(rows) == PAGE else None


def _read_files(data: PersonData, tx: Transaction, after: int) -> Read:
    """Return files by name; their order has no numbers, so that ``after`` counts them."""
    rows = tx.uploads.list_of_person(data.person_id, after, PAGE)
    return [
        {
            "at": row.at, "case_id": row.case_id, "name": row.name, "size": row.size,
            "removed_at": row.removed_at, "erased_at": row.erased_at,
        }
        for row in rows
    ], after + PAGE if len(rows) == PAGE else None  # fmt: skip


_READ = {
    "account": _read_account, "roles": _read_roles, "sessions": _read_sessions, "acts": _read_acts, "messages": _read_messages,
    "forms": _read_forms, "notes": _read_notes, "files": _read_files,
}  # fmt: skip
