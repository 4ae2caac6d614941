"""Alarms: whoever looks after the installation is told once of what went wrong, and once when it is over."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.casework.access.actor import ADMINISTRATOR, Actor
from service.casework.access.guards import guarded
from service.casework.desk.channels import Channel, Inbox, Outgoing
from service.casework.desk.desk import Desk
from service.casework.health.checks import look_at_all
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits, limits_in
from service.domain.errors import Invalid, NotAllowed
from service.domain.text import Text, text_of
from service.store import Transaction
from service.store.rows import AlarmRow

log = logging.getLogger(__name__)

CALM = timedelta(minutes=10)
"""So long a check must be fine before people are told that it is over: what comes and goes is one alarm."""

PATIENCE = timedelta(minutes=5)
"""So long a process may take to tell people; then, or after a failure, another tries."""

_WORDS = {
    Level.WARNING: Text("提醒", "Warning"),
    Level.FAULT: Text("故障", "Fault"),
    Level.FINE: Text("已恢复", "Over"),
}


@dataclass(frozen=True, slots=True)
class _Wire:
    """A way to somebody; the gateway knows itself whom to tell."""

    channel: Channel
    address: str


@guarded("work.run")
def sound_alarms(desk: Desk, actor: Actor) -> int:
    """Look, keep what changed, and tell people of it in one message; returns of how many checks they were told.

    Any number of processes may do this: each change is told by one of them. It does not wait in the queue of work,
    which may be what stands still.
    """
    now = desk.clock.now()
    findings = {found.name: found for found in look_at_all(desk, actor)}
    with desk.store.read() as tx:
        known = tx.health.alarms()
        quiet = not _changed(findings, {row.name: row for row in known}, now)
    if quiet and not any(_untold(row, now) for row in known):
        return 0
    with desk.store.write() as tx:
        limits = limits_in(tx)
        rows = {row.name: row for row in tx.health.lock_alarms()}
        rows |= {row.name: row for row in _changed(findings, rows, now)}
        telling = [replace(row, telling_until=now + PATIENCE) for row in rows.values() if _untold(row, now)]
        for row in (rows | {row.name: row for row in telling}).values():
            tx.health.note(row)
        wires = _wires(desk, tx, limits, now)
    if telling:
        _tell(desk, telling, wires)
    return len(telling)


@guarded("health.view")
def list_alarms(desk: Desk, actor: Actor) -> Sequence[AlarmRow]:  # noqa: ARG001  the guard reads it
    """Return the alarms that are not over, the worst first."""
    with desk.store.read() as tx:
        return sorted((row for row in tx.health.alarms() if row.level or row.told), key=lambda row: -row.level)


@guarded("health.choose")
def try_alarm(desk: Desk, actor: Actor) -> tuple[str, ...]:
    """Send a message that says it is a trial to everybody who would be told; returns to whom. Raises Invalid, NotAllowed."""
    if not actor.administers("*"):
        raise NotAllowed(Text("由全系统管理员试发。", "An administrator of the whole system tries it."))
    now = desk.clock.now()
    with desk.store.read() as tx:
        wires = _wires(desk, tx, limits_in(tx), now)
    if not wires:
        raise Invalid(
            Text(
                "没有可以通知的人：请填写邮箱，或者为全系统管理员登记邮箱；并核对邮件服务器或消息网关的设置。",
                "Nobody can be told: name an address, or give the administrators one; see the settings of mail and gateway.",
            )
        )
    text = Text("这是试发的告警，不用处理。", "This is a trial; nothing is wrong.")
    failed = _send(
        desk, wires, Text("桂冠系统告警试发", "Laurel: trial of an alarm"), text, f"alarm:trial:{now.isoformat()}"
    )
    if failed:
        raise Invalid(Text(f"没有发出：{failed}", f"It could not be sent: {failed}"))
    return tuple(wire.address or wire.channel.label.zh for wire in wires)


def _changed(findings: Mapping[str, HealthFinding], known: Mapping[str, AlarmRow], now: datetime) -> list[AlarmRow]:
    """Return the rows of checks whose level is another than last time; a check that is gone is fine."""
    gone = {name: _no_longer(row) for name, row in known.items() if name not in findings}
    rows = []
    for name, found in {**findings, **gone}.items():
        level = found.level if found.level >= found.alarms_from else Level.FINE
        before = known.get(name)
        if level == (before.level if before else Level.FINE):
            continue
        told = before.told if before else 0
        rows.append(
            AlarmRow(
                name=name, level=level, told=told, what=found.what.as_json(), found=found.found.as_json(), since=now,
                telling_until=before.telling_until if before else None,
            )
        )  # fmt: skip
    return rows


def _no_longer(row: AlarmRow) -> HealthFinding:
    """Return what a check that is no longer made says: nothing is wrong with it."""
    return HealthFinding(row.name, text_of(row.what), Level.FINE, Text("不再检查", "no longer checked"))


def _untold(row: AlarmRow, now: datetime) -> bool:
    """Return whether people do not know of it yet: of a worse level at once, of its end after a while."""
    if row.telling_until is not None and row.telling_until > now:
        return False
    return row.level > row.told or (row.level == Level.FINE < row.told and now - row.since >= CALM)


def _wires(desk: Desk, tx: Transaction, limits: Limits, now: datetime) -> list[_Wire]:
    """Return how people are reached: by mail at the chosen addresses, else the administrators', and by the gateway."""
    mails = limits.mails or tuple(
        dict.fromkeys(p.email for p in tx.people.people_with("*", ADMINISTRATOR, None, now) if p.email)
    )
    wires = []
    for channel in desk.channels:
        if isinstance(channel, Inbox) or not channel.leaves:
            continue
        if channel.name == "mail":
            wires += [_Wire(channel, address) for address in mails]
        elif limits.webhook:
            wires.append(_Wire(channel, ""))
    return wires


def _tell(desk: Desk, rows: Sequence[AlarmRow], wires: Sequence[_Wire]) -> None:
    worst = max(rows, key=lambda row: row.level)
    word, name = _WORDS[Level(worst.level)], text_of(worst.what)
    more = len(rows) - 1
    title = Text(
        f"桂冠系统{word.zh}：{name.zh}{f'等 {more + 1} 项' if more else ''}",
        f"Laurel, {word.en.lower()}: {name.en}{f' and {more} more' if more else ''}",
    )
    lines = [(_WORDS[Level(row.level)], text_of(row.what), text_of(row.found)) for row in rows]
    text = Text(
        "\n".join(f"【{level.zh}】{what.zh}：{found.zh}。" for level, what, found in lines),
        "\n".join(f"[{level.en}] {what.en}: {found.en}." for level, what, found in lines),
    )
    key = f"alarm:{worst.name}:{worst.level}:{worst.since.isoformat()}"
    failed = _send(desk, wires, title, text, key)
    with desk.store.write() as tx:
        now_known = {row.name: row for row in tx.health.lock_alarms()}
        for row in rows:
            kept = now_known[row.name]
            if failed:
                tx.health.note(replace(kept, trouble=failed))
            else:
                tx.health.note(replace(kept, told=row.level, telling_until=None, trouble=""))


def _send(desk: Desk, wires: Sequence[_Wire], title: Text, text: Text, key: str) -> str:
    """Send one message over every wire; returns what went wrong where none of them took it."""
    if not wires:
        return "没有可以通知的渠道或邮箱"
    troubles = []
    for wire in wires:
        message = Outgoing(
            key=f"{key}:{wire.address or wire.channel.name}",
            address=wire.address,
            subject=f"{title.zh} / {title.en}",
            text=f"{text.zh}\n\n{text.en}\n",
            case=None,
            queued_at=desk.clock.now(),
            person=None,
            attachments=dict,
        )
        try:
            wire.channel.send(message)
        except OSError as error:
            log.warning("an alarm could not be sent by %s: %s", wire.channel.name, error)
            troubles.append(f"{wire.channel.label.zh}（{str(error) or type(error).__name__}）")
    return "；".join(troubles) if troubles and len(troubles) == len(wires) else ""
