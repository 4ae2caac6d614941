"""The table of permissions: kinds of people × actions, derived from the guards."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from service.casework.access.actions import Who
from service.casework.access.actor import (
    ADMINISTRATOR,
    AUDIT_ADMINISTRATOR,
    DESIGNER,
    SECURITY_ADMINISTRATOR,
    SYSTEM_ADMINISTRATOR,
    Actor,
    Seat,
)
from service.casework.access.guards import GUARDS, Guard
from service.domain.text import Text


class Permission(Enum):
    """Whether one kind of person may do one action."""

    YES = Text("可以", "yes")
    OWN = Text("限本人角色或本单位办件", "where the role or the case is theirs")
    NO = Text("不可以", "no")


@dataclass(frozen=True, slots=True)
class PersonKind:
    """A kind of person, with a typical actor."""

    key: str
    title: Text
    typical: Actor


@dataclass(frozen=True, slots=True)
class PermissionRow:
    """One action with a cell for each kind of person, in the order of ``KINDS``."""

    guard: Guard
    cells: tuple[Permission, ...]


def _build_person_kind(key: str, zh: str, en: str, role: str, body: str) -> PersonKind:
    return PersonKind(key, Text(zh, en), Actor(1, zh, (Seat("*", role, 1, key, zh, body),)))


KINDS: tuple[PersonKind, ...] = (
    PersonKind("citizen", Text("公众", "Public"), Actor(None, "公众")),
    _build_person_kind("applicant", "申报组织", "Applicant", "applicant", "organisation"),
    _build_person_kind("authority", "审核推荐单位", "Recommending authority", "audit_unit", "authority"),
    _build_person_kind("department", "相关部门", "Department", "department", "department"),
    _build_person_kind("committee", "评审机构", "Reviewers", "reviewer", "committee"),
    _build_person_kind("office", "办公室", "Office", "office", "office"),
    _build_person_kind("supervisor", "监督机构", "Supervisor", "supervisor", "supervisor"),
    _build_person_kind("government", "政府", "Government", "leading_group", "government"),
    _build_person_kind("designer", "流程设计人员", "Designer", DESIGNER, "office"),
    _build_person_kind("system_administrator", "系统管理员", "System administrator", SYSTEM_ADMINISTRATOR, "office"),
    _build_person_kind(
        "security_administrator", "安全管理员", "Security administrator", SECURITY_ADMINISTRATOR, "office"
    ),
    _build_person_kind("audit_administrator", "审计管理员", "Audit administrator", AUDIT_ADMINISTRATOR, "office"),
    _build_person_kind("administrator", "管理员（一人兼任）", "Administrator (all three)", ADMINISTRATOR, "office"),
)
"""The kinds of people the table has a column for."""

_LIMITED = frozenset({Who.HOLDER, Who.PARTY})


def get_permission(guard: Guard, kind: PersonKind) -> Permission:
    """Return whether ``kind`` may do what ``guard`` admits."""
    if not guard.admits(kind.typical):
        return Permission.NO
    free = Guard(guard.action, guard.title, tuple(w for w in guard.who if w not in _LIMITED))
    return Permission.YES if free.admits(kind.typical) else Permission.OWN


def build_permission_matrix() -> tuple[PermissionRow, ...]:
    """Return the whole table, in the order in which the guards are declared."""
    return tuple(
        PermissionRow(guard, tuple(get_permission(guard, kind) for kind in KINDS)) for guard in GUARDS.values()
    )


def as_markdown() -> str:
    """Return the table as the Markdown page ``docs/permissions.md``."""
    signs = {Permission.YES: "●", Permission.OWN: "○", Permission.NO: "—"}
    head = ["动作 / action", *(f"{k.title.zh} {k.title.en}" for k in KINDS)]
    lines = [
        "# 权限表 · Who may do what",
        "",
        "由 `service/casework/access/actions.py` 生成（`python -m service.casework.access.permissions`）。"
        "Generated from the guards; a test compares the two.",
        "",
        f"● {Permission.YES.value.zh} {Permission.YES.value.en} · ○ {Permission.OWN.value.zh} {Permission.OWN.value.en} · "
        f"— {Permission.NO.value.zh} {Permission.NO.value.en}",
        "",
        _format_table_row(head),
        _format_table_row(["---"] * len(head)),
    ]
    for row in build_permission_matrix():
        title = f"{row.guard.title.zh} `{row.guard.action}`"
        lines.append(_format_table_row([title, *(signs[c] for c in row.cells)]))
    return "\n".join(lines) + "\n"


def _format_table_row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(as_markdown(), end="")
