"""What is said of the log of events in a test."""

from __future__ import annotations

import sqlalchemy as sa

from service.casework.desk.desk import Desk
from service.casework.soundness.chains import broken_chains


def broken_in(desk: Desk) -> list[str]:
    """Return each chain that does not hold, with the number of its first wrong event."""
    return [f"{name}: {first}" for name, first in broken_chains(desk) if first is not None]


def executed(desk: Desk, sql: str, **values: object) -> None:
    """Do what somebody does who has the database alone."""
    with desk.store._engine.begin() as connection:
        assert connection.execute(sa.text(sql), values).rowcount >= 1
