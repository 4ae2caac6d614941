"""Which groups of an outside identity provider stand for which roles here: a file of the machine, refused where unclear."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from service.settings.declared import BadSetting, refusal

_WORDS = ("group", "jurisdiction", "body", "role")
_ADMINISTRATORS = frozenset(
    {"administrator", "system_administrator", "security_administrator", "audit_administrator", "designer"}
)
"""Roles that no regulation names: an entry gives one only where it says ``administrator: true`` beside it."""


@dataclass(frozen=True, slots=True)
class GroupRole:
    """Members of ``group`` hold ``role`` for ``body`` (its id in jurisdiction.yaml, a credit code) in ``jurisdiction``."""

    group: str
    jurisdiction: str
    body: str
    role: str


def group_roles(name: str, raw: str) -> tuple[GroupRole, ...]:
    """Take the file that the setting ``name`` names; raises BadSetting, naming the entry."""
    if not raw:
        return ()
    try:
        entries = yaml.safe_load(Path(raw).read_text("utf-8")) or []
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise refusal(
            f"{name} 指明的组与角色对照文件 {raw} 读不出（{type(error).__name__}）。请核对路径、权限和 YAML 格式。",
            f"The file {raw} that {name} names cannot be read ({type(error).__name__}): check path, rights and YAML.",
        ) from None
    if not isinstance(entries, list):
        raise _unclear(name, 1)
    return tuple(_entry(name, number, entry) for number, entry in enumerate(entries, 1))


def _entry(name: str, number: int, entry: Any) -> GroupRole:
    if not isinstance(entry, dict) or not set(entry) <= {*_WORDS, "administrator"}:
        raise _unclear(name, number)
    values = [entry.get(word) for word in _WORDS]
    if not all(isinstance(value, str) and value.strip() for value in values):
        raise _unclear(name, number)
    found = GroupRole(*(str(value).strip() for value in values))
    if (found.role in _ADMINISTRATORS) is not (entry.get("administrator", False) is True):
        raise refusal(
            f"{name} 第 {number} 项：{found.role} 是管理员或流程设计人员的角色时，须写明 administrator: true；其他角色不写。",
            f"Entry {number} of {name}: a role of an administrator or designer needs administrator: true beside it,"
            f" no other has it; it is {found.role!r}.",
        )
    return found


def _unclear(name: str, number: int) -> BadSetting:
    return refusal(
        f"{name} 第 {number} 项看不懂：每项写 group、jurisdiction、body、role 四个词，管理员另写 administrator: true。",
        f"Entry {number} of {name} cannot be read: each has group, jurisdiction, body and role,"
        " an administrator's also administrator: true.",
    )
