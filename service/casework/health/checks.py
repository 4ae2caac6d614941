"""Everything that is checked, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.health.at_hand import (
    ballot_keys,
    calendars,
    channels,
    channels_as_noted,
    database,
    files,
    fonts,
    identity,
    identity_as_noted,
    packages,
    scanner,
)
from service.casework.health.attacks import attacks
from service.casework.health.columns import columns
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits, limits_in
from service.casework.health.machine import anchors, backups, certificate, volumes
from service.casework.health.mailed_anchors import mailed_anchors
from service.casework.health.objects import objects
from service.casework.health.offices import offices
from service.casework.health.overdue import retention
from service.casework.health.program_files import program_files
from service.casework.health.running import (
    archives,
    clock,
    dead_work,
    epoch,
    incidents,
    queue,
    sweeper,
)
from service.casework.health.secret_ages import secret_ages
from service.casework.health.secrets import secrets
from service.casework.health.timestamps import timestamps
from service.casework.health.unsealed import seals
from service.casework.health.verified import verified
from service.casework.records.unreadable import readable, unreadable_cells
from service.domain.proof.row_mark import RowMark
from service.domain.text import Text

_NAMED = 3
Look = Callable[[Desk, Limits], Iterable[HealthFinding]]

QUIET: tuple[Look, ...] = (
    calendars,
    sweeper,
    clock,
    epoch,
    queue,
    dead_work,
    incidents,
    volumes,
    backups,
    certificate,
    anchors,
    timestamps,
    mailed_anchors,
    verified,
    archives,
    retention,
    offices,
    attacks,
    columns,
    seals,
    objects,
    secrets,
    secret_ages,
    program_files,
)
"""Looks that only read."""

AT_HAND: tuple[Look, ...] = (database, files, ballot_keys, packages, fonts, scanner)
"""Looks that try what they look at, and take milliseconds: made every minute too."""


@guarded("vitals.read")
def look_quietly(desk: Desk, actor: Actor) -> Sequence[HealthFinding]:  # noqa: ARG001  the guard reads it
    """Return every check without connecting to mail server, gateway and identity provider: of these, what the watchman found last."""
    return _look(desk, (*AT_HAND, channels_as_noted, identity_as_noted, *QUIET))


@guarded("health.view")
def look_at_all(desk: Desk, actor: Actor) -> Sequence[HealthFinding]:  # noqa: ARG001  the guard reads it
    """Return every check; mail server, gateway and identity provider are tried too, which may take half a minute."""
    return _look(desk, (*AT_HAND, channels, identity, *QUIET))


def _look(desk: Desk, looks: Sequence[Look]) -> list[HealthFinding]:
    with desk.store.read() as tx:
        limits = limits_in(tx)
    read: list[list[RowMark]] = []

    def once(of: Desk) -> list[RowMark]:  # whole tables are read for it
        if not read:
            read.append(unreadable_cells(of))
        return read[0]

    found = [one for look in looks for one in readable(desk, look(desk, limits), once)]
    cells = [*dict.fromkeys(one for one in found if isinstance(one, RowMark))]
    return [*(one for one in found if isinstance(one, HealthFinding)), *_unreadable(cells)]


def _unreadable(cells: Sequence[RowMark]) -> Iterator[HealthFinding]:
    """Say which cells kept checks from being made."""
    if not cells:
        return
    more = len(cells) - _NAMED
    yield HealthFinding(
        "unreadable",
        Text("数据库的内容", "What stands in the database"),
        Level.FAULT,
        Text(
            f"{'；'.join(one.zh for one in cells[:_NAMED])}{f'；另有 {more} 处' if more > 0 else ''}。请保留现状，由审计管理员查明是谁改动了数据库",
            f"{'; '.join(one.en for one in cells[:_NAMED])}{f'; and {more} more' if more > 0 else ''}. Keep things as they are;"
            " the audit administrator finds out who changed the database",
        ),
        newest=len(cells),
    )
