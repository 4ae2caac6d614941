"""Colours as they were seen last, and the message to the administrators when one changes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.casework.access.actor import ADMINISTRATOR, SYSTEM_ADMINISTRATOR, Actor
from service.casework.access.guards import guarded
from service.casework.desk.channels import AddressRefused, Channel, Inbox, Outgoing
from service.casework.desk.clock import SystemClock
from service.casework.desk.desk import Desk
from service.casework.health.checks import CHECKS, CheckResult, Colour, has_room, run_checks
from service.domain.text import Text
from service.domain.wording.signs import add_full_stop
from service.store import SWEEPER, Transaction
from service.store.models import HealthColourRow

log = logging.getLogger(__name__)

CALM = timedelta(minutes=10)
"""So long a check must look better before people are told: what comes and goes is one message."""

PATIENCE = timedelta(minutes=5)
"""So long a process may take to send a message; then, or after a failure, another tries."""

COLOUR_WORDS = {
    Colour.GREY: Text("未检查", "not checked"),
    Colour.GREEN: Text("正常", "fine"),
    Colour.YELLOW: Text("提醒", "warning"),
    Colour.RED: Text("故障", "fault"),
}


@dataclass(frozen=True, slots=True)
class CheckState:
    """What a check finds now, and since when it has had this colour, where that is known."""

    result: CheckResult
    since: datetime | None


@guarded("health.view")
def view_health(desk: Desk, actor: Actor) -> list[CheckState]:
    """Return every check as it is now, the worst first; what is not set up and should be is a warning here."""
    results = [_warn_of_missing(result) for result in run_checks(desk, actor)]
    with desk.store.read() as tx:
        rows = {row.name: row for row in tx.colours.select()}
    states = []
    for result in results:
        row = rows.get(result.name)
        same = row is not None and row.colour == _get_stored_colour(result)
        states.append(CheckState(result, row.since if row is not None and same else None))
    return sorted(states, key=lambda state: -state.result.finding.colour)


def _warn_of_missing(result: CheckResult) -> CheckResult:
    missing = result.finding.colour is Colour.GREY and result.finding.remedy.zh
    return replace(result, finding=replace(result.finding, colour=Colour.YELLOW)) if missing else result


@guarded("work.run")
def report_health(desk: Desk, actor: Actor) -> int:
    """Note the colours, and send one message about those that changed; returns how many it was about.

    Any number of processes may do this: each change is sent by one of them. The message waits in no queue, for that may
    be what stands still, or on hold.
    """
    results = run_checks(desk, actor)
    now = desk.clock.now()
    with desk.store.write() as tx:
        rows = {row.name: row for row in tx.colours.lock_all([check.name for check in CHECKS], now)}
        changed = []
        for result in results:
            row = rows[result.name]
            if row.colour != _get_stored_colour(result):
                row = replace(row, colour=_get_stored_colour(result), since=now)
            if _has_news(row, now):
                row = replace(row, telling_until=now + PATIENCE)
                changed.append(result)
            if row != rows[result.name]:
                tx.colours.put(row)
        addresses = _find_addresses(tx, now) if changed else []
    if not changed or not _send_everywhere(desk, changed, addresses):
        return 0
    with desk.store.write() as tx:
        rows = {row.name: row for row in tx.colours.select()}
        for result in changed:
            tx.colours.put(replace(rows[result.name], told=_get_stored_colour(result), telling_until=None))
    return len(changed)


def _get_stored_colour(result: CheckResult) -> int:
    """Return the colour as it is kept: what has nothing to look at is no worse than green."""
    return max(result.finding.colour, Colour.GREEN)


def _has_news(row: HealthColourRow, now: datetime) -> bool:
    if row.telling_until is not None and row.telling_until > now:
        return False
    return row.colour > row.told or (row.colour < row.told and now - row.since >= CALM)


def _find_addresses(tx: Transaction, now: datetime) -> list[str]:
    """Return the addresses of the administrators of the whole system."""
    people = [p for role in (ADMINISTRATOR, SYSTEM_ADMINISTRATOR) for p in tx.people.people_with("*", role, None, now)]
    return list(dict.fromkeys(person.email for person in people if person.email))


def _send_everywhere(desk: Desk, changed: Sequence[CheckResult], addresses: Sequence[str]) -> bool:
    """Send one message by mail to each address and by the gateway; returns whether it reached anybody."""
    reached = []
    for channel in desk.channels:
        if isinstance(channel, Inbox) or not channel.leaves:
            continue
        reached += [
            _send_report(desk, channel, address, changed) for address in (addresses if channel.name == "mail" else [""])
        ]
    if not reached:
        log.warning(
            "nobody can be told of %s: no mail server or gateway, or no address of an administrator", changed[0].name
        )
    return any(reached)


def _send_report(desk: Desk, channel: Channel, address: str, changed: Sequence[CheckResult]) -> bool:
    worst = max(changed, key=lambda result: result.finding.colour)
    word, more, now = COLOUR_WORDS[worst.finding.colour], len(changed) - 1, desk.clock.now()
    zh, en = (
        "\n".join(_format_result_line(result).zh for result in changed),
        "\n".join(_format_result_line(result).en for result in changed),
    )
    message = Outgoing(
        key=f"health:{worst.name}:{int(worst.finding.colour)}:{now.isoformat()}:{address or channel.name}",
        address=address,
        subject=f"桂冠系统{word.zh}：{worst.label.zh}{f'等 {more + 1} 项' if more else ''}"
        f" / Laurel, {word.en}: {worst.label.en}{f' and {more} more' if more else ''}",
        text=f"{zh}\n\n{en}\n",
        case=None,
        queued_at=now,
        person=None,
        attachments=dict,
    )
    try:
        channel.send(message)
    except (AddressRefused, OSError) as error:
        log.warning("a message about %s could not be sent by %s: %s", worst.name, channel.name, type(error).__name__)
        return False
    return True


def _format_result_line(result: CheckResult) -> Text:
    finding, word = result.finding, COLOUR_WORDS[result.finding.colour]
    zh, en = (f"；{finding.remedy.zh}", f"; {finding.remedy.en}") if finding.remedy.zh else ("", "")
    return Text(
        f"【{word.zh}】{result.label.zh}：{add_full_stop(finding.sentence.zh + zh, '。')}",
        f"[{word.en}] {result.label.en}: {add_full_stop(finding.sentence.en + en, '.')}",
    )


STILL = timedelta(minutes=2)
"""Due work that waits longer where nobody is at work, or a sweeper of whom nothing was seen for longer, does not go on."""

_BESIDE = ("backups", "anchors")
"""Volumes without which everybody can still work."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """How much work is due, whether it is done, whether the installation is on hold, which volumes are ``full``, which checks were ``red``."""

    due: int
    stands_still: bool
    on_hold: bool
    full: tuple[str, ...]
    red: tuple[str, ...]


@guarded("vitals.read")
def read_readiness(desk: Desk, actor: Actor) -> Readiness:  # noqa: ARG001  the guard reads it
    """Return whether what people submit can be kept and due work goes on; writes nothing and waits for no lock."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        due, late = tx.work.due_count(now), tx.work.stands_still(now - STILL, now)
        beat, on_hold = tx.operation.last_beat(SWEEPER), tx.operation.hold() is not None
        red = tuple(row.name for row in tx.colours.select() if row.colour == Colour.RED)
    silent = isinstance(desk.clock, SystemClock) and beat is not None and now - beat > STILL
    full = tuple(v.name for v in desk.premises.volumes if v.name not in _BESIDE and not has_room(v))
    return Readiness(due, silent or (late and not on_hold), on_hold, full, red)
