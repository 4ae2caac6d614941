"""Everything that is checked, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

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
from service.casework.health.finding import HealthFinding
from service.casework.health.limits import Limits, limits_in
from service.casework.health.machine import anchors, backups, certificate, volumes
from service.casework.health.offices import database_roles, offices
from service.casework.health.overdue import retention
from service.casework.health.running import (
    archives,
    dead_work,
    hold,
    incidents,
    queue,
    sweeper,
)
from service.casework.health.secrets import secrets
from service.casework.health.verified import verified

Look = Callable[[Desk, Limits], Iterable[HealthFinding]]

QUIET: tuple[Look, ...] = (
    calendars,
    sweeper,
    hold,
    queue,
    dead_work,
    incidents,
    volumes,
    backups,
    certificate,
    anchors,
    verified,
    archives,
    retention,
    offices,
    database_roles,
    attacks,
    columns,
    secrets,
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
    return [one for look in looks for one in look(desk, limits)]
