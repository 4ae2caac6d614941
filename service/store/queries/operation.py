"""Messages to people, signs of life, the hold under which no due work is begun, and the colours of checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from service.store.models import HealthColourRow, HeartbeatRow, HoldRow, InstallationRow, MailRow
from service.store.models.work import health_colour, hold, mail
from service.store.owner import finish_restore
from service.store.queries.base import values_of
from service.store.queries.rows import Rows

SWEEPER = "sweeper"
"""Name of the sweeper's heartbeat."""

RESTORED, CLOCK = "restored", "clock"
"""Why an installation is on hold."""

_SAME = timedelta(minutes=5)
"""Processes that notice the same jump of the clock differ by less, in when they notice it and in how far it went."""

ON_HOLD = sa.exists(sa.select(hold.c.id))
"""Whether the installation is on hold, as a condition of other statements."""


def lane_beat(lane: str) -> str:
    """Return the name of the heartbeat of the workers of a lane."""
    return f"lane:{lane}"


class OperationRepository(Rows[HeartbeatRow]):
    """Whether work goes on, and whether it may."""

    def last_beat(self, name: str) -> datetime | None:
        """Return the newest sign of life of the worker ``name``."""
        row = self.find(name=name)
        return row.at if row else None

    def beat(self, name: str, at: datetime) -> None:
        """Note that the worker ``name`` lives."""
        self.put(HeartbeatRow(name=name, at=at))

    def hold(self) -> HoldRow | None:
        """Return the hold that the installation is on; usually None."""
        return self._first(HoldRow, sa.select(hold))

    def hold_restored(self, now: datetime, seen: Mapping[str, Any]) -> None:
        """Put the installation on hold after a restore, whatever it was on hold for."""
        finish_restore(self._connection)
        self._put_hold(HoldRow(reason=RESTORED, since=now, seen={**seen, "jumps": []}))

    def hold_for_clock(self, expected: datetime, now: datetime) -> None:
        """Put the installation on hold because the clock says ``now``; what another process noticed already is the same."""
        self._put_hold(HoldRow(reason=CLOCK, since=now, seen={"jumps": [[expected.isoformat(), now.isoformat()]]}))

    def end_hold(self, version: int) -> bool:
        """Let due work begin again; returns whether the hold was still the one that a person saw."""
        return self._change(sa.delete(hold).where(hold.c.version == version)) == 1

    def _put_hold(self, row: HoldRow) -> None:
        before = self._first(HoldRow, sa.select(hold).with_for_update())
        if before is None:  # where another process puts it at this moment, it noticed the same jump
            self._put_unless_there(hold, [row])
            return
        jumps = [jump for jump in row.seen["jumps"] if not any(_is_same(jump, other) for other in before.seen["jumps"])]
        if not jumps and row.reason == CLOCK:
            return
        first = row if row.reason == RESTORED else before
        seen = {**first.seen, "jumps": [*before.seen["jumps"], *jumps]}
        after = replace(first, seen=seen, version=before.version + 1)
        self._change(sa.update(hold).values(values_of(after)))


def _is_same(jump: list[str], other: list[str]) -> bool:
    """Return whether two processes noticed the same jump."""
    (expected, now), (expected_too, now_too) = map(_parse_instants, (jump, other))
    return abs((now - expected) - (now_too - expected_too)) <= _SAME and abs(now - now_too) <= _SAME


def _parse_instants(jump: list[str]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(jump[0]), datetime.fromisoformat(jump[1])


class ColourRepository(Rows[HealthColourRow]):
    """The colour of every check as it was seen last."""

    def lock_all(self, names: Sequence[str], now: datetime) -> list[HealthColourRow]:
        """Return the colours of these checks, green where none was seen yet, and keep other processes from changing them."""
        for name in names:
            self.insert_new(HealthColourRow(name=name, since=now))
        return self._all(HealthColourRow, sa.select(health_colour).order_by(health_colour.c.name).with_for_update())


class InstallationRepository(Rows[InstallationRow]):
    """The one row of the installation."""

    def settle(self, row: InstallationRow) -> InstallationRow:
        """Keep ``row`` unless one is kept already; returns the one that holds."""
        self.insert_new(replace(row, id=1))
        return self.get(1)


MOST_UNREAD = 99
"""So many unread messages are counted: nobody reads a larger number off the head of a page."""


class MailRepository(Rows[MailRow]):
    """Messages, once per effect key."""

    def queue_many(self, messages: Sequence[MailRow]) -> list[str]:
        """Add those messages whose ``effect_key`` is new, in one statement; returns the keys that were."""
        return self._insert_new(mail, messages, "effect_key")

    def unsent_of(self, person_id: int, prefixes: Iterable[str]) -> list[MailRow]:
        """Return a person's unsent mails whose effect key starts with one of ``prefixes``, oldest first."""
        where = (mail.c.person_id == person_id, mail.c.sent_at.is_(None), mail.c.address.is_not(None))
        keyed = sa.or_(*(mail.c.effect_key.startswith(each, autoescape=True) for each in prefixes))
        return self._all(MailRow, sa.select(mail).where(*where, keyed).order_by(mail.c.id))

    def unread(self, person_id: int) -> int:
        """Return how many messages a person has not read, at most `MOST_UNREAD`."""
        theirs = sa.select(mail.c.id).where(mail.c.person_id == person_id, mail.c.read_at.is_(None)).limit(MOST_UNREAD)
        return int(self._scalar(sa.select(sa.func.count()).select_from(theirs.subquery())))
