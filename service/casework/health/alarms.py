"""Alarms: whoever looks after the installation is told once of what went wrong, and once when it is over.

Told is who was reached: an address or gateway that did not take the message is tried again, the others are left in peace.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.casework.access.actor import ADMINISTRATOR, SYSTEM, SYSTEM_ADMINISTRATOR, Actor
from service.casework.access.guards import guarded
from service.casework.desk.channels import AddressRefused, Channel, Inbox, Outgoing
from service.casework.desk.desk import Desk
from service.casework.health.checks import look_at_all
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits, limits_in
from service.domain.errors import Invalid, NotAllowed
from service.domain.text import Text, text_of
from service.domain.wording.cause_words import cause_words
from service.domain.wording.sentence_end import ended
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

_NONE = Text("", "")
_NO_WAY = Text("没有可以通知的渠道或邮箱", "there is no channel or address by which to tell anybody")
_HIDDEN = Text("由全系统管理员查看", "shown to administrators of the whole system")
_TROUBLE_EN = "trouble_en"
"""Under this name an alarm keeps, beside what was found, the English of its trouble."""


@dataclass(frozen=True, slots=True)
class _Wire:
    """A way to somebody; the gateway knows itself whom to tell."""

    channel: Channel
    address: str

    @property
    def name(self) -> str:
        """What tells it from the others, in the list of those that were reached."""
        return self.address or self.channel.name


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
        untold = [_as_it_is(row, findings) for row in rows.values() if _untold(row, now)]
        telling = [replace(row, telling_until=now + PATIENCE) for row in untold]
        for row in (rows | {row.name: row for row in telling}).values():
            tx.health.note(row)
        wires = _wires(desk, tx, limits, now)
    if telling:
        _tell(desk, telling, wires)
    return len(telling)


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """An alarm that is not over: the level, and the level that people were told; ``trouble`` is empty where all were."""

    name: str
    what: Text
    level: int
    told: int
    since: datetime
    trouble: Text


@guarded("health.view")
def list_alarms(desk: Desk, actor: Actor) -> Sequence[OpenAlarm]:
    """Return the alarms that are not over, the worst first; who could not be told, to administrators of the whole system."""
    with desk.store.read() as tx:
        rows = sorted((row for row in tx.health.alarms() if row.level or row.told), key=lambda row: -row.level)
    shown = actor is SYSTEM or actor.administers("*")
    return [
        OpenAlarm(
            row.name, text_of(row.what), row.level, row.told, row.since,
            _trouble(row) if shown or not row.trouble else _HIDDEN,
        )
        for row in rows
    ]  # fmt: skip


@guarded("health.choose")
def try_alarm(desk: Desk, actor: Actor) -> tuple[Text, ...]:
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
    title, key = Text("桂冠系统告警试发", "Laurel: trial of an alarm"), f"alarm:trial:{now.isoformat()}"
    failed = _together(_send(desk, wire, title, text, key).trouble for wire in wires)
    if failed.zh:
        raise Invalid(Text(f"没有发出：{failed.zh}", f"It could not be sent: {failed.en}"))
    return tuple(Text(wire.address, wire.address) if wire.address else wire.channel.label for wire in wires)


def _changed(findings: Mapping[str, HealthFinding], known: Mapping[str, AlarmRow], now: datetime) -> list[AlarmRow]:
    """Return the rows of checks whose level is another than last time; a check that is gone is fine."""
    gone = {name: _no_longer(row) for name, row in known.items() if name not in findings}
    rows = []
    for name, found in {**findings, **gone}.items():
        level = found.level if found.level >= found.alarms_from else Level.FINE
        before = known.get(name)
        another = before is not None and level > Level.FINE and found.newest > before.found.get("newest", 0)
        if level == (before.level if before else Level.FINE) and not another:
            continue
        told = before.told if before and not another else 0
        rows.append(
            AlarmRow(
                name=name, level=level, told=told, what=found.what.as_json(), since=now,
                found={**found.found.as_json(), "newest": found.newest},
                telling_until=before.telling_until if before else None,
            )
        )  # fmt: skip
    return rows


def _as_it_is(row: AlarmRow, findings: Mapping[str, HealthFinding]) -> AlarmRow:
    """Return an alarm with what its check finds now: what nobody could be told of for days has other words by then."""
    found = findings.get(row.name)
    same = found is not None and found.level == row.level
    return replace(row, found={**row.found, **found.found.as_json()}) if found and same else row


def _no_longer(row: AlarmRow) -> HealthFinding:
    """Return what a check that is no longer made says: nothing is wrong with it."""
    return HealthFinding(row.name, text_of(row.what), Level.FINE, Text("不再检查", "no longer checked"))


def _untold(row: AlarmRow, now: datetime) -> bool:
    """Return whether somebody does not know of it yet: of a worse level at once, of its end after a while."""
    if row.telling_until is not None and row.telling_until > now:
        return False
    if row.level == Level.FINE < row.told:
        return now - row.since >= CALM
    return row.level > row.told or row.trouble != ""


def _wires(desk: Desk, tx: Transaction, limits: Limits, now: datetime) -> list[_Wire]:
    """Return how people are reached: by mail at the chosen addresses, else the administrators', and by the gateway."""
    mails = limits.mails or tuple(
        dict.fromkeys(
            person.email
            for role in (ADMINISTRATOR, SYSTEM_ADMINISTRATOR)
            for person in tx.people.people_with("*", role, None, now)
            if person.email
        )
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
    """Send over every wire what it did not take yet, and keep who was reached."""
    attempts: dict[str, _Attempt] = {}
    for wire in wires:
        untold = [row for row in rows if wire.name not in _reached(row)]
        if untold:
            attempts[wire.name] = _send(desk, wire, *_message(untold))
    with desk.store.write() as tx:
        now_known = {row.name: row for row in tx.health.lock_alarms()}
        for row in rows:
            if row.name in now_known:  # else somebody wrote it meanwhile, and it is told anew
                tx.health.note(_after(now_known[row.name], row, wires, attempts))


def _after(kept: AlarmRow, row: AlarmRow, wires: Sequence[_Wire], attempts: Mapping[str, _Attempt]) -> AlarmRow:
    """Return what is known of an alarm after it was sent: told once anybody was reached, in trouble while somebody was not.

    An address that takes no mail at all is left alone as soon as somebody else knows. What became another alarm while
    ``row`` was told is told by itself: who was reached knows ``row`` alone.
    """
    names = [wire.name for wire in wires]
    reached = {name for name in names if name in _reached(row) or attempts[name].trouble == _NONE}
    if (kept.level, kept.since) != (row.level, row.since):
        more = kept.level > Level.FINE and kept.found.get("newest", 0) > row.found.get("newest", 0)
        return replace(kept, told=row.level if reached and not more else kept.told, telling_until=None)
    if not reached:
        return _with_trouble(kept, _together(attempts[name].trouble for name in names) if names else _NO_WAY)
    failed = [attempts[name] for name in names if name not in reached]
    trouble = _together(attempt.trouble for attempt in failed if not attempt.for_good)
    found = {**kept.found, "reached": sorted(reached | {attempt.wire.name for attempt in failed if attempt.for_good})}
    again = kept.telling_until if trouble.zh else None
    return _with_trouble(replace(kept, told=row.level, telling_until=again, found=found), trouble)


def _with_trouble(row: AlarmRow, trouble: Text) -> AlarmRow:
    return replace(row, trouble=trouble.zh, found={**row.found, _TROUBLE_EN: trouble.en})


def _trouble(row: AlarmRow) -> Text:
    """Return why people could not be told; what a version before kept is Chinese alone."""
    return Text(row.trouble, row.found.get(_TROUBLE_EN) or row.trouble) if row.trouble else _NONE


def _together(troubles: Iterable[Text]) -> Text:
    said = [trouble for trouble in troubles if trouble.zh]
    return Text("；".join(one.zh for one in said), "; ".join(one.en for one in said))


def _reached(row: AlarmRow) -> list[str]:
    return list(row.found.get("reached", ()))


def _message(rows: Sequence[AlarmRow]) -> tuple[Text, Text, str]:
    """Return title, text and key of one message about ``rows``."""
    worst = max(rows, key=lambda row: row.level)
    word, name = _WORDS[Level(worst.level)], text_of(worst.what)
    more = len(rows) - 1
    title = Text(
        f"桂冠系统{word.zh}：{name.zh}{f'等 {more + 1} 项' if more else ''}",
        f"Laurel, {word.en.lower()}: {name.en}{f' and {more} more' if more else ''}",
    )
    lines = [(_WORDS[Level(row.level)], text_of(row.what), text_of(row.found)) for row in rows]
    text = Text(
        "\n".join(f"【{level.zh}】{what.zh}：{ended(found.zh, '。')}" for level, what, found in lines),
        "\n".join(f"[{level.en}] {what.en}: {ended(found.en, '.')}" for level, what, found in lines),
    )
    return title, text, f"alarm:{worst.name}:{worst.level}:{worst.since.isoformat()}"


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What became of a message on one wire: ``trouble`` is empty where it was taken; ``for_good``: it never will be."""

    wire: _Wire
    trouble: Text = _NONE
    for_good: bool = False


def _send(desk: Desk, wire: _Wire, title: Text, text: Text, key: str) -> _Attempt:
    message = Outgoing(
        key=f"{key}:{wire.name}",
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
    except AddressRefused as refused:
        log.warning("an alarm is not taken by %s at one address", wire.channel.name)
        return _Attempt(wire, refused.message, for_good=True)
    except OSError as error:
        log.warning("an alarm could not be sent by %s: %s", wire.channel.name, error)
        way, why = wire.channel.label, cause_words(error)
        return _Attempt(wire, Text(f"{way.zh}（{why.zh}）", f"{way.en} ({why.en})"))
    return _Attempt(wire)
