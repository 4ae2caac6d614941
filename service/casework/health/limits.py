"""The limits an installation is watched by, and who is told: chosen by an administrator, with defaults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.domain.errors import Invalid, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import HealthLimitsRow

_ADDRESS = re.compile(r"[^@\s,;]{1,64}@[^@\s,;]{1,120}")
_MOST_ADDRESSES = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """Beyond these a check warns. ``mails`` are told of alarms; none: every administrator of the whole system."""

    heartbeat_minutes: int = 5
    incident_hours: int = 24
    disk_megabytes: int = 2000
    backup_days: int = 2
    certificate_days: int = 21
    calendar_days: int = 90
    archive_days: int = 90
    retention_days: int = 90
    refusals_hour: int = 30
    mails: tuple[str, ...] = ()
    webhook: bool = True


@dataclass(frozen=True, slots=True)
class LimitField:
    """How a limit is asked for: a whole number between two others."""

    name: str
    label: Text
    unit: Text
    least: int
    most: int


_DAYS = Text("天", "days")
LIMIT_FIELDS = (
    LimitField(
        "heartbeat_minutes",
        Text("后台多久没有动静即告警", "Background work silent for"),
        Text("分钟", "minutes"),
        2,
        1440,
    ),
    LimitField(
        "incident_hours", Text("异常多久未处理即告警", "Incident unsettled for"), Text("小时", "hours"), 1, 2160
    ),
    LimitField("disk_megabytes", Text("磁盘剩余少于", "Disk space below"), Text("MB", "MB"), 100, 10_000_000),
    LimitField("backup_days", Text("最近的备份早于", "Newest backup older than"), _DAYS, 1, 365),
    LimitField("certificate_days", Text("证书到期前", "Before a certificate ends"), _DAYS, 1, 365),
    LimitField(
        "calendar_days",
        Text("年底前仍无下一年日历", "No calendar of the next year, before the year's end"),
        _DAYS,
        1,
        365,
    ),
    LimitField("archive_days", Text("办结后仍未归档", "Round ended and not archived for"), _DAYS, 1, 3650),
    LimitField("retention_days", Text("期满后仍未清除", "Kept beyond its time for"), _DAYS, 1, 3650),
    LimitField(
        "refusals_hour",
        Text("一小时内被拒绝的次数达到", "Refusals within an hour"),
        Text("次（同一地址或同一人）", "by one address or person"),
        3,
        100_000,
    ),
)


def limits_in(tx: Transaction) -> Limits:
    """Return the limits in force; what a later program added has its default."""
    row = tx.health.limits()
    known = {field.name for field in fields(Limits)}
    values = {name: value for name, value in (row.values if row else {}).items() if name in known}
    return Limits(**{**values, "mails": tuple(values.get("mails", ()))})


@guarded("health.view")
def view_limits(desk: Desk, actor: Actor) -> Limits:
    """Return the limits in force, as every administrator may read them."""
    del actor
    with desk.store.read() as tx:
        return limits_in(tx)


@guarded("health.choose")
def choose_limits(desk: Desk, actor: Actor, typed: Mapping[str, str], mails: str, *, webhook: bool) -> Limits:
    """Let other limits hold; raises NotAllowed, and Invalid where something typed cannot be one."""
    if not actor.administers("*"):
        raise NotAllowed(
            Text(
                "监测限值由全系统管理员设置，请与其联系。",
                "The limits are chosen by an administrator of the whole system: ask one.",
            )
        )
    numbers = {field.name: _number(field, typed.get(field.name, "")) for field in LIMIT_FIELDS}
    chosen = Limits(**numbers, mails=_addresses(mails), webhook=webhook)
    with desk.store.write() as tx:
        values = {**asdict(chosen), "mails": list(chosen.mails)}
        tx.health.choose(HealthLimitsRow(values=values, changed_at=desk.clock.now(), changed_by=actor.person_id))
    return chosen


def _number(field: LimitField, raw: str) -> int:
    raw = raw.strip()
    if raw.isascii() and raw.isdigit() and len(raw) < 10 and field.least <= int(raw) <= field.most:
        return int(raw)
    raise Invalid(
        Text(
            f"“{field.label.zh}”应为 {field.least} 至 {field.most} 之间的整数（{field.unit.zh}）。",
            f"“{field.label.en}” is a whole number from {field.least} to {field.most} ({field.unit.en}).",
        )
    )


def _addresses(raw: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(part for part in re.split(r"[\s,;，；、]+", raw) if part))
    wrong = next((part for part in found if not _ADDRESS.fullmatch(part)), None)
    if wrong is not None:
        raise Invalid(Text(f"“{wrong[:80]}”不是邮箱地址。", f"“{wrong[:80]}” is no address of mail."))
    if len(found) > _MOST_ADDRESSES:
        raise Invalid(Text(f"最多填写 {_MOST_ADDRESSES} 个邮箱。", f"At most {_MOST_ADDRESSES} addresses."))
    return found
