"""What the product's own deep look finds after a fault: `laurel doctor --deep` in a test."""

from __future__ import annotations

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.soundness.prove import prove


def faults_of(desk: Desk) -> list[str]:
    """Return a sentence for each fault of cases, chains, effects, files, sums and what is searched by."""
    return [f"{fault.what.en}: {fault.found.en}" for part in prove(desk, SYSTEM) for fault in part.faults]
