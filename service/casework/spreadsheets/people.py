"""Import and export of the people whom an administrator manages; passwords never go by a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import MOST, Table
from service.casework.people.accounts.accounts import (
    NewAccount,
    add_account_without_password,
    give_seat,
    require_account_can_be,
)
from service.casework.people.accounts.profile import change_profile, good_email, good_telephone
from service.casework.people.rights.people_shown import (
    HeldSeat,
    PersonLine,
    lines_of,
    require_other_person,
    require_whole_person,
    resolve_people_scope,
    within,
)
from service.casework.people.rights.rights import waiting_request
from service.casework.people.rights.seats import APPLICANT, EVERYWHERE, SeatChoice, seat_choices
from service.casework.reading.published import Published, published
from service.domain.errors import Invalid, LaurelError
from service.domain.spreadsheets.import_report import (
    ImportReport,
    LineOutcome,
    LineReport,
    name_unread,
    refused,
    report_of,
)
from service.domain.spreadsheets.import_report import lines_of as read_lines
from service.domain.spreadsheets.lists import CellKind, Column, Line, unread_columns
from service.domain.text import Text

COLUMNS = (
    Column("login", Text("登录名", "Login name"), needed=True, kind=CellKind.WORD, longest=80,
           hint=Text("3至80个字母、数字或 . _ @ -；按登录名识别是否同一人。", "It tells who is who.")),
    Column("name", Text("姓名", "Name"), needed=True, longest=80),
    Column("place", Text("辖区", "Jurisdiction"), longest=100,
           hint=Text("申报组织的人员不填", "Empty for people of applicants")),
    Column("role", Text("角色", "Role"), longest=100,
           hint=Text("新账号必填；申报组织的人员写“申报组织”", "Needed for a new account; 申报组织 for people of applicants")),
    Column("body", Text("单位", "Body"), longest=200, hint=Text("新账号必填", "Needed for a new account")),
    Column("email", Text("邮箱", "E-mail"), kind=CellKind.WORD, longest=200),
    Column("telephone", Text("电话", "Telephone"), kind=CellKind.WORD, longest=40),
)  # fmt: skip
_STATE = Column("status", Text("账号状态", "State"), given=True)

_PASSWORDS = frozenset({"密码", "初始密码", "一次性密码", "口令", "password"})
_ALL_PLACES = "所有地方"


@guarded("people.export")
def export_people(desk: Desk, actor: Actor, text: str = "", place: str | None = None, body: int | None = None) -> Table:
    """Return the headings and a line for each seat of the people the actor administers, narrowed as their list; at most `MOST` people."""
    with desk.store.read() as tx:
        publications = published(desk, tx)
        narrowing = resolve_people_scope(tx, actor, publications, place, body)
        people_rows = tx.people.everybody(0, MOST, within(actor, narrowing), text, narrowing.body)
        people = lines_of(desk, tx, publications, people_rows)
    names = _place_names(publications)
    rows = [_seat_row(person, seat, names) for person in people for seat in person.seats or (None,)]
    return Table("人员", (*COLUMNS, _STATE), rows)


@guarded("people.manage")
def import_people(desk: Desk, actor: Actor, rows: Sequence[Sequence[str]], *, commit: bool = False) -> ImportReport:
    """Open accounts and bring those that exist up to date; people are identified by login name.

    Each line is one unit of work; whoever stands in several lines gets the role of each. Nobody can sign in before an
    administrator has set a one-time password.

    Raises:
        Invalid: the headings are not there, or one asks for passwords.
    """
    if any(cell.strip(" *＊").lower() in _PASSWORDS for cell in (rows[0] if rows else ())):
        raise Invalid(
            Text(
                "表格中有密码一列，没有导入。请删去该列：密码不写入表格，由管理员当面设一次性密码。",
                "The table has a column of passwords: nothing was taken. Take it out and set one-time passwords in person.",
            )
        )
    lines = read_lines(rows, (*COLUMNS, _STATE))
    with desk.store.read() as tx:
        publications = published(desk, tx)
        choices = tuple(seat_choices(tx, actor, publications))
    brought = _Brought(desk, actor, choices, publications, {})
    return report_of(
        [_take_line(brought, line, commit=commit) for line in lines], done=commit, unread=unread_columns(rows, COLUMNS)
    )


_ROLE_ADDED = Text("添加角色", "a role")


@dataclass(frozen=True, slots=True)
class _Brought:
    """What a list is brought in with; ``new`` has, by sign-in name, every account the list itself opens."""

    desk: Desk
    actor: Actor
    choices: tuple[SeatChoice, ...]
    known: Published
    new: dict[str, _OpenedAccount]


@dataclass(slots=True)
class _OpenedAccount:
    """An account that the ``line`` of a list opens, as it stands after the lines below it so far."""

    name: str
    line: int
    email: str
    telephone: str
    seats: list[SeatChoice]


def _take_line(brought: _Brought, line: Line, *, commit: bool) -> LineReport:
    name = line.text("name")
    if line.mistakes:
        return refused(line, name)
    try:
        before = _find_person(brought, line)
        outcome, reason = _put_person(brought, before, line, commit=commit)
    except LaurelError as refusal:
        return LineReport(line.number, name, LineOutcome.REFUSED, refusal.message)
    report = LineReport(line.number, name, outcome, reason)
    return report if before is None else _name_unread(brought, report, before, line)


def _name_unread(brought: _Brought, report: LineReport, before: PersonLine, line: Line) -> LineReport:
    names = _place_names(brought.known)
    seat_rows = [_seat_row(before, seat, names) for seat in before.seats or (None,)]
    place = next((row[2] for row in seat_rows if row[2] == line.text("place")), "")
    columns = (_STATE,) if line.text("role") else (COLUMNS[2], _STATE)  # a place alone names no seat
    return name_unread(report, columns, line.values, {COLUMNS[2].id: place, _STATE.id: seat_rows[0][-1]})


def _find_person(brought: _Brought, line: Line) -> PersonLine | None:
    with brought.desk.store.read() as tx:
        row = tx.people.by_login(line.text("login"))
        if row is None:
            return None
        require_whole_person(tx, brought.actor, row.id)
        return lines_of(brought.desk, tx, brought.known, [row])[0]


def _put_person(brought: _Brought, before: PersonLine | None, line: Line, *, commit: bool) -> tuple[LineOutcome, Text]:
    desk, actor, login = brought.desk, brought.actor, line.text("login")
    opened = brought.new.get(login.lower())
    if opened is not None and opened.name != line.text("name"):
        zh = f"登录名与第{opened.line}行相同，姓名不同。"
        raise Invalid(Text(zh, f"The login name is that of line {opened.line}, the name is another."))
    if before is not None:
        return _bring_up_to_date(brought, before, line, commit=commit)
    if opened is not None:
        return _add_to(opened, _find_seat(brought.choices, line), line)
    seat = _find_seat(brought.choices, line)
    if seat is None:
        raise Invalid(Text("新账号须填写角色和单位。", "A new account needs a role and a body."))
    account = NewAccount(login, line.text("name"), "", line.text("email"), line.text("telephone"))
    require_account_can_be(account)
    brought.new[login.lower()] = _OpenedAccount(account.name, line.number, account.email, account.telephone, [seat])
    if commit:
        made = add_account_without_password(desk, actor, account, seat.seat)
        if waiting_request(desk, actor, made) is not None:
            zh, en = "开通账号，角色已提请，待批", "a new account; its role waits for a second administrator"
            return LineOutcome.TAKEN, Text(zh, en)
    return LineOutcome.TAKEN, Text("开通账号，待设一次性密码", "a new account; set a one-time password")


def _add_to(opened: _OpenedAccount, seat: SeatChoice | None, line: Line) -> tuple[LineOutcome, Text]:
    """Say what a further line changes in an account that an earlier one would open; when it is done the account is there."""
    email = good_email(line.text("email")) or opened.email
    telephone = good_telephone(line.text("telephone")) or opened.telephone
    titles = _contact_changed(opened, email, telephone)
    opened.email, opened.telephone = email, telephone
    if seat is not None and seat not in opened.seats:
        opened.seats.append(seat)
        titles.append(_ROLE_ADDED)
    first = opened.line
    if not titles:
        return LineOutcome.KNOWN, Text(f"与第{first}行相同。", f"As line {first} says.")
    zh, en = "、".join(t.zh for t in titles), ", ".join(t.en for t in titles)
    return LineOutcome.TAKEN, Text(f"第{first}行的账号，{zh}", f"the account of line {first}: {en}")


def _contact_changed(before: PersonLine | _OpenedAccount, email: str, telephone: str) -> list[Text]:
    """Return the headings of the contacts that are others than before."""
    contact = {"email": email != before.email, "telephone": telephone != before.telephone}
    return [column.title for column in COLUMNS if contact.get(column.id)]


def _bring_up_to_date(brought: _Brought, before: PersonLine, line: Line, *, commit: bool) -> tuple[LineOutcome, Text]:
    desk, actor = brought.desk, brought.actor
    if line.text("name") != before.name:
        zh = f"登录名“{before.login}”已由另一姓名的人使用；改名请在其本人页上办理。"
        en = f"The login name {before.login!r} belongs to a person of another name; names are changed on their page."
        raise Invalid(Text(zh, en))
    email = good_email(line.text("email")) or before.email
    telephone = good_telephone(line.text("telephone")) or before.telephone
    changed = _contact_changed(before, email, telephone)
    seat = None if _has_line_seat(brought.known, before, line) else _find_seat(brought.choices, line)
    if seat is not None:
        require_other_person(actor, before.id)
    if commit and changed:
        change_profile(desk, actor, before.id, before.name, email, telephone)
    request_id = give_seat(desk, actor, before.id, seat.seat) if commit and seat is not None else None
    added = _ROLE_ADDED
    if request_id is not None:
        added = Text("添加角色（已提请，待批）", "a role (it waits for a second administrator)")
    titles = [*changed, *([added] if seat is not None else [])]
    if not titles:
        return LineOutcome.KNOWN, Text("与现有记录相同。", "As it is on record.")
    words = "更新：" + "、".join(t.zh for t in titles), "changes: " + ", ".join(t.en for t in titles)
    return LineOutcome.CHANGED, Text(*words)


def _has_line_seat(publications: Published, person: PersonLine, line: Line) -> bool:
    """Say whether the person holds what the line names, as an export names it."""
    names = _place_names(publications)
    wanted = [line.text("role"), line.text("body")]
    seat_rows = [_seat_row(person, seat, names) for seat in person.seats]
    return any(t[3:5] == wanted and line.text("place") in ("", t[2]) for t in seat_rows)


def _find_seat(choices: Sequence[SeatChoice], line: Line) -> SeatChoice | None:
    """Return the seat that a line names, None where it names none; raises Invalid where half of it, none or several fit."""
    place, role, body = (line.text(column) for column in ("place", "role", "body"))
    if not role and not body:
        return None
    if not role or not body:
        blank = Text("单位", "body") if role else Text("角色", "role")
        raise Invalid(
            Text(
                f"角色和单位须一起填写，这一行没有填写{blank.zh}（全称见“开通账号”中的选项）。",
                f"Role and body go together, and this line names no {blank.en}: take it from those offered with a new account.",
            )
        )
    fits = [c for c in choices if c.role == role and c.body == body and place in ("", c.place)]
    if not fits:
        raise Invalid(
            Text(
                f"没有“{role}·{body}”可以添加，请核对辖区、角色和单位的全称（见“开通账号”中的选项）。",
                f"There is no “{role} · {body}” to give: check the names against those offered with a new account.",
            )
        )
    if len({c.place for c in fits}) > 1:
        raise Invalid(Text("几个辖区都有这一角色和单位，请填写辖区。", "Several jurisdictions have it: enter which."))
    return fits[0]


def _seat_row(person: PersonLine, seat: HeldSeat | None, names: dict[str, str]) -> list[object]:
    place, role, body = "", "", ""
    if seat is not None and seat.everywhere:
        place, role, body = _ALL_PLACES, seat.role_name.zh, seat.body
    elif seat is not None and seat.jurisdiction == EVERYWHERE:
        role, body = APPLICANT, seat.body
    elif seat is not None:
        place, role, body = names.get(seat.jurisdiction, seat.jurisdiction), seat.role_name.zh, seat.body
    state = "停用" if not person.active else "启用" if person.may_sign_in else "待设密码"
    return [person.login, person.name, place, role, body, person.email, person.telephone, state]


def _place_names(publications: Published) -> dict[str, str]:
    return {p.jurisdiction.id: p.jurisdiction.name for p in publications.packages}
