"""Make a version of a package the current one and bring its bodies into the directory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.book.enter import EVERYWHERE
from service.casework.desk.desk import Desk
from service.casework.desk.packages import VersionAltered, pack_files, pack_package
from service.casework.people.rights.first_people import leave_home
from service.casework.scope.named_members import install_members
from service.catalog import Package
from service.catalog.jurisdiction import Jurisdiction
from service.catalog.law.proof import Proof
from service.catalog.tree import Files
from service.domain.calendar import end_of_day
from service.store import NewWork, Stale, Transaction
from service.store.models import DefinitionRow, PackageEventRow


def publish_package(
    tx: Transaction,
    package: Package,
    at: datetime,
    by: str,
    sources: Files | None = None,
    *,
    said: Sequence[Jurisdiction] = (),
) -> None:
    """Let new cases use ``package``, which the caller has checked; running cases keep their version.

    ``sources`` are the files that it was made from, with which a draft of it begins.
    ``said`` is what was said of the place until now (`places_in_force`).
    """
    keep_version(tx, package, at, by, sources)
    begin_version(tx, package, at, said)


def places_in_force(desk: Desk, tx: Transaction, package: Package) -> tuple[Jurisdiction, ...]:
    """Return what the versions in force say of the place of ``package``, those of its other awards too."""
    place, jurisdictions = package.jurisdiction.id, []
    for row in tx.definitions.all_current():
        if row.package.partition("/")[0] == place:
            with suppress(VersionAltered):  # it says nothing that counts; a version published now heals it
                jurisdictions.append(desk.packages.get(row.version, tx).jurisdiction)
    return tuple(jurisdictions)


def current_in_turn(tx: Transaction, package: str) -> DefinitionRow | None:
    """Return the current version once nobody else is publishing one, and let nobody until the unit of work is over."""
    tx.turns.take(f"versions {package}")
    return tx.definitions.current(package)


def keep_version(
    tx: Transaction, package: Package, at: datetime, by: str, sources: Files | None = None, draft: int | None = None
) -> None:
    """Keep a version that no case uses yet, based on the current one; a version that is known is left alone."""
    before = tx.definitions.current(package.key)
    tx.definitions.insert_new(
        DefinitionRow(
            version=package.version,
            package=package.key,
            base=before.version if before else None,
            content=_pack_files(package),
            sources=pack_files(sources) if sources else None,
            draft_id=draft,
            published_at=at,
            published_by=by,
        )
    )


def begin_version(tx: Transaction, package: Package, at: datetime, former_places: Sequence[Jurisdiction] = ()) -> None:
    """Let new cases use a version that is kept, and bring its bodies into the directory.

    Seats that were ``former_places`` before in the same words are left as people have changed them since.
    """
    tx.definitions.set_current(package.key, package.version)
    leave_home(tx, package.jurisdiction.id)
    _install_bodies(tx, package)
    install_members(tx, package.jurisdiction, at, former_places)


_PACKED: dict[tuple[str, tuple[Proof, ...]], bytes] = {}
_MOST = 8


def _pack_files(package: Package) -> bytes:
    """Return the files of a version as they are stored; a process that plays many seasons packs them once."""
    key = (package.version, package.proofs)
    if key not in _PACKED:
        while len(_PACKED) >= _MOST:
            _PACKED.pop(next(iter(_PACKED)), None)
        _PACKED[key] = pack_package(package)
    return _PACKED[key]


def _install_bodies(tx: Transaction, package: Package) -> None:
    """Bring the bodies of jurisdiction.yaml and the roles they hold into the directory."""
    place = package.jurisdiction
    for body in place.bodies:
        details = {"area": body.area, "phone": body.phone, "roles": list(body.roles)}
        tx.bodies.upsert(
            place.id, body.id, kind=str(body.kind.value), name=body.name, name_en=body.name_en, details=details
        )


PUBLICATION = "publication"
"""The kind of work item that lets a version begin."""

APPROVED, PUBLISHED = "approved", "published"
"""States of a draft: reviewed and waiting, and taken by new cases."""


def begin_on(tx: Transaction, draft: int, version: str, day: date, now: datetime) -> None:
    """Let ``version`` of ``draft`` begin when ``day`` begins."""
    key, payload = f"{PUBLICATION}/{draft}/{now.isoformat()}", {"draft": draft, "version": version}
    due = end_of_day(day - timedelta(days=1))
    tx.work.enqueue_many([NewWork(PUBLICATION, None, key, payload, due)], now)


def record_event(
    tx: Transaction,
    actor: Actor,
    at: datetime,
    package: str,
    action: str,
    text: str,
    draft: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append what ``actor`` did; ``text`` are the words people read, ``data`` is what programs read."""
    describe_current_act(f"{package}：{text}", place=package.partition("/")[0] if "/" in package else EVERYWHERE)
    last = tx.package_events.find("-seq", package=package)
    row = PackageEventRow(
        package=package,
        seq=last.seq + 1 if last else 1,
        draft_id=draft,
        at=at,
        actor=actor.name,
        person_id=actor.person_id,
        action=action,
        text=text,
        data={"package": package, "draft": draft, **(data or {})},
    )
    if not tx.package_events.insert_new(row):
        raise Stale
