"""What the first start of a server does with what stands in a database: digests and seals where there are none."""

from __future__ import annotations

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.digests.before import record_before
from service.casework.people.seals.row_seals import seal_rows


def first_start(desk: Desk) -> None:
    """Enter digests and seal passwords, accounts and roles, as the service does beside its other work."""
    record_before(desk, SYSTEM)
    seal_rows(desk, SYSTEM)
