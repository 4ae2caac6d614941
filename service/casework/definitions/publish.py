"""Make a version of a package the current one and bring its bodies into the directory."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from service.casework.desk.altered_version import VersionAltered
from service.casework.desk.desk import Desk
from service.casework.desk.packages import pack_files, pack_package
from service.casework.people.rights.first_people import leave_home
from service.casework.scope.named_members import install_members
from service.catalog import Package
from service.catalog.jurisdiction import Jurisdiction
from service.catalog.law.proof import Proof
from service.catalog.tree import Files
from service.store import Transaction
from service.store.models import DefinitionRow


def publish(
    tx: Transaction,
    package: Package,
    at: datetime,
    by: str,
    sources: Files | None = None,
    draft: int | None = None,
    *,
    said: Sequence[Jurisdiction] = (),
) -> None:
    """Let new cases use ``package``, which the caller has checked; running cases keep their version.

    ``sources`` are the files that it was made from, with which a draft of it begins; ``draft`` is the one it comes from.
    ``said`` is what was said of the place until now (`places_in_force`).
    """
    keep_version(tx, package, at, by, sources, draft)
    begin_version(tx, package, at, said)


def places_in_force(desk: Desk, tx: Transaction, package: Package) -> tuple[Jurisdiction, ...]:
    """Return what the versions in force say of the place of ``package``, those of its other awards too."""
    place, found = package.jurisdiction.id, []
    for row in tx.definitions.currents():
        if row.package.partition("/")[0] == place:
            with suppress(VersionAltered):  # it says nothing that counts; a version published now heals it
                found.append(desk.packages.get(row.version, tx).jurisdiction)
    return tuple(found)


def keep_version(
    tx: Transaction, package: Package, at: datetime, by: str, sources: Files | None = None, draft: int | None = None
) -> None:
    """Keep a version that no case uses yet, based on the current one; a version that is known is left alone."""
    before = tx.definitions.current(package.key)
    tx.definitions.insert(
        DefinitionRow(
            version=package.version,
            package=package.key,
            base=before.version if before else None,
            content=_packed(package),
            sources=pack_files(sources) if sources else None,
            draft_id=draft,
            published_at=at,
            published_by=by,
        )
    )


def begin_version(tx: Transaction, package: Package, at: datetime, said: Sequence[Jurisdiction] = ()) -> None:
    """Let new cases use a version that is kept, and bring its bodies into the directory.

    Seats that were ``said`` before in the same words are left as people have changed them since.
    """
    tx.definitions.set_current(package.key, package.version)
    leave_home(tx, package.jurisdiction.id)
    _install_bodies(tx, package)
    install_members(tx, package.jurisdiction, at, said)


_PACKED: dict[tuple[str, tuple[Proof, ...]], bytes] = {}
_MOST = 8


def _packed(package: Package) -> bytes:
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
        tx.people.upsert_body(
            place.id, body.id, kind=str(body.kind.value), name=body.name, name_en=body.name_en, details=details
        )
