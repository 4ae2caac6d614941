"""When each version of an award was published: people know it by that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.law.studied_packages import studied_package


@guarded("amendment.preview")
def version_days(desk: Desk, actor: Actor, package: str) -> Mapping[str, datetime]:
    """Return when each version of ``package`` was published; raises NotFound."""
    with desk.store.read() as tx:
        studied_package(desk, tx, actor, package)
        return {row.version: row.published_at for row in tx.definitions.versions(package)}
