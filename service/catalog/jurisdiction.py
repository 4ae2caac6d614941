"""A jurisdiction: its calendar, roles, bodies and bindings (jurisdiction.yaml)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType

from service.catalog.problems import did_you_mean
from service.catalog.source.fields import Fields
from service.domain.calendar import Counting, RestDayRule, StartRule
from service.domain.text import HasName, Text

BUILT_IN_ROLES = frozenset(
    {"administrator", "designer", "system_administrator", "security_administrator", "audit_administrator"}
)
"""Roles that the program has in every place: an administrator gives them to people, no package does."""


class BodyKind(StrEnum):
    """What a body is."""

    OFFICE = "office"
    AUTHORITY = "authority"
    DEPARTMENT = "department"
    COMMITTEE = "committee"
    GOVERNMENT = "government"
    SUPERVISOR = "supervisor"
    AGENCY = "agency"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Role(HasName):
    """Who acts. ``subject`` roles are held by the organisation a case is about; those that ``leads`` see how rounds stand.

    ``term`` is the parameter that says how long the role is held at a time, ``most_terms`` the one that says how many times
    in a row; "" where the regulation says nothing.
    """

    id: str
    text: Text
    subject: bool = False
    leads: bool = False
    term: str = ""
    most_terms: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A person named by the package as a member of a body, with a term where it is given.

    ``login`` is the account they act with: an account that exists, or one that is made when the package is published.
    """

    id: str
    name: str
    login: str
    title: str = ""
    roles: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Body(HasName):
    """An authority, department or committee and the roles it holds; ``members`` are those that the package names."""

    id: str
    text: Text
    kind: BodyKind
    roles: tuple[str, ...]
    area: str
    phone: str = ""
    address: str = ""
    email: str = ""
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class LawInForce:
    """The regulation and when it is in force; ``until`` is its last day, None without end."""

    title: str
    title_en: str
    issued: date | None
    since: date | None
    until: date | None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Jurisdiction(HasName):
    """A city, county or prefecture. ``bindings`` maps abstract roles of shared diagrams to roles here.

    ``office_closes`` is the hour at which office hours end, in Asia/Shanghai.
    """

    id: str
    text: Text
    calendar: str
    start_rule: StartRule
    roll: RestDayRule
    law: LawInForce
    roles: Mapping[str, Role]
    bodies: tuple[Body, ...]
    bindings: Mapping[str, str]
    office_closes: time = time(18)

    @property
    def counting(self) -> Counting:
        """How periods are counted where no setting of the award says otherwise."""
        return Counting(self.start_rule, self.start_rule, self.roll)

    def bodies_with(self, role: str) -> tuple[Body, ...]:
        """Return the bodies that hold ``role``."""
        return tuple(body for body in self.bodies if role in body.roles)

    def bind(self, role: str) -> str:
        """Return the role here that an abstract role stands for; a role of our own is itself."""
        return self.bindings.get(role, role)


def read_jurisdiction(fields: Fields, folder: str) -> Jurisdiction:
    """Read jurisdiction.yaml of ``folder``."""
    ident = fields.text("id")
    if ident and ident != folder:
        message = Text(
            f"id“{ident}”与文件夹名“{folder}”不同。", f"Id “{ident}” differs from the folder's name “{folder}”."
        )
        fields.problem("id", "folder_name", message, Text(f"改为“{folder}”。", f"Change it to “{folder}”."))
    jurisdiction = Jurisdiction(
        folder,
        fields.both(),
        fields.text("calendar"),
        fields.choice("start_rule", StartRule, StartRule.NEXT_DAY),
        fields.choice("roll", RestDayRule, RestDayRule.REST_DAY),
        _read_law(fields.mapping("law", required=True)),
        MappingProxyType({key: _read_role(key, row) for key, row in fields.named("roles", required=True)}),
        tuple(_read_body(row, folder) for row in fields.rows("bodies")),
        MappingProxyType(fields.strings("bindings")),
        _read_closing_time(fields),
    )
    fields.done()
    return jurisdiction


def _read_closing_time(fields: Fields) -> time:
    text = fields.text("office_closes", "18:00")
    try:
        return time.fromisoformat(text)
    except ValueError:
        message = Text(f"“{text}”不是时刻。", f"“{text}” is no time of day.")
        fields.problem("office_closes", "time", message, Text("写成“18:00”的样子。", "Write it like “18:00”."))
        return time(18)


def _read_law(fields: Fields) -> LawInForce:
    title = fields.both("title")
    law = LawInForce(
        title.zh,
        title.en,
        fields.day("issued", required=False),
        fields.day("from", required=False),
        fields.day("until", required=False),
        fields.text("number", ""),
    )
    fields.done()
    return law


def _read_role(ident: str, fields: Fields) -> Role:
    terms = (fields.text(key, "").removeprefix("param.") for key in ("term", "most_terms"))
    role = Role(ident, fields.both(), fields.flag("subject"), fields.flag("leads"), *terms)
    _require_none_built_in(fields, "", (ident,))
    fields.done()
    return role


def _require_none_built_in(fields: Fields, key: str, roles: Sequence[str]) -> None:
    for role in sorted(BUILT_IN_ROLES.intersection(roles)):
        message = Text(
            f"“{role}”是系统自带的角色，程序包不能声明，也不能授予单位和成员。",
            f"“{role}” is a role of the program: no package declares it or gives it to bodies and members.",
        )
        remedy = Text(
            "换一个角色编号；需要授权的，由管理员在“人员”中给予席位。",
            "Choose another id; an administrator gives that role to people, under “People”.",
        )
        fields.problem(key, "built_in_role", message, remedy)


def _read_body(fields: Fields, place: str) -> Body:
    roles = fields.texts("roles")
    _require_none_built_in(fields, "roles", roles)
    body = Body(
        fields.text("id"),
        fields.both(),
        fields.choice("kind", BodyKind),
        roles,
        fields.text("area", ""),
        fields.text("phone", ""),
        fields.text("address", ""),
        fields.text("email", ""),
        _read_members(fields, place, roles),
    )
    fields.done()
    return body


def _read_members(fields: Fields, place: str, body_roles: tuple[str, ...]) -> tuple[Member, ...]:
    """Read the named members: each once, with roles that the body holds, and a term that does not end before it begins."""
    members: list[Member] = []
    for row in fields.rows("members"):
        ident = row.text("id")
        member = Member(
            ident,
            row.text("name"),
            row.text("login", f"{place}.{ident}"),
            row.text("title", ""),
            row.texts("roles") or body_roles,
            row.day("from", required=False),
            row.day("until", required=False),
        )
        row.done()
        _check_member(row, member, body_roles, members)
        members.append(member)
    return tuple(members)


def _check_member(row: Fields, member: Member, body_roles: tuple[str, ...], before: Sequence[Member]) -> None:
    if any(member.id == other.id or member.login.lower() == other.login.lower() for other in before):
        message = Text(f"成员“{member.id}”列了两次。", f"Member “{member.id}” is listed twice.")
        row.problem("id", "member_twice", message, Text("每人只列一次，id 和 login 各不相同。", "List each once."))
    for role in member.roles:
        if role not in body_roles:
            message = Text(f"单位没有角色“{role}”，成员不能担任。", f"The body holds no role “{role}” for a member.")
            row.problem("roles", "member_role", message, did_you_mean(role, body_roles))
    if member.since and member.until and member.until < member.since:
        message = Text("任期截止日早于起始日。", "The term ends before it begins.")
        row.problem("until", "member_term", message, Text("改正 from 或 until。", "Correct from or until."))
