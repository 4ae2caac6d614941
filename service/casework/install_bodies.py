"""The bodies of a jurisdiction, brought into the directory when its package is published."""

from __future__ import annotations

from service.catalog import Package
from service.store import Transaction


def install_bodies(tx: Transaction, package: Package) -> None:
    """Bring the bodies of jurisdiction.yaml and the roles they hold into the directory."""
    place = package.jurisdiction
    for body in place.bodies:
        details = {"area": body.area, "phone": body.phone, "roles": list(body.roles)}
        tx.people.upsert_body(
            place.id, body.id, kind=str(body.kind.value), name=body.name, name_en=body.name_en, details=details
        )
