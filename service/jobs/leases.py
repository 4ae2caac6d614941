"""Leases that last as long as the work does."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from service.jobs.outages import AwaySpell
from service.store import Store
from service.store.models import WorkItemRow

log = logging.getLogger(__name__)

LONGEST = 900.0
"""Seconds after which a lease is prolonged no more: whatever hangs so long is left to another process."""

_ROUNDS = 3
"""How often a lease is prolonged before it would run out."""


class LeaseKeeper:
    """Prolongs the leases of what this process is doing, so that no other takes it for abandoned.

    A process that is killed or stands still prolongs nothing: its leases run out.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime], lease: timedelta) -> None:
        self._store, self._clock, self._lease = store, clock, lease
        self._held: dict[int, tuple[WorkItemRow, float]] = {}
        self._stopped = threading.Event()
        self._away = AwaySpell(log, "leases could not be prolonged")

    def hold(self, items: Iterable[WorkItemRow]) -> None:
        """Prolong the leases of ``items`` until they are let go."""
        since = time.monotonic()
        self._held |= {item.id: (item, since) for item in items}

    def let_go(self, item: WorkItemRow) -> None:
        """Prolong the lease of ``item`` no more: it is done, or failed."""
        self._held.pop(item.id, None)

    def renew(self) -> None:
        """Prolong all leases once, each in a unit of work of its own; raises what the database raises."""
        for item, since in list(self._held.values()):
            if time.monotonic() - since > LONGEST:
                log.error("%s is being done for more than %s seconds: its lease runs out", item.effect_key, LONGEST)
                self.let_go(item)
                continue
            with self._store.write() as tx:
                ours = tx.work.renew(item, self._clock() + self._lease)
            if not ours:
                self.let_go(item)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Prolong leases in the background until the end of the block."""
        self._stopped.clear()
        thread = threading.Thread(target=self._keep_renewing, name="leases", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            thread.join()

    def _keep_renewing(self) -> None:
        while not self._stopped.wait(self._lease.total_seconds() / _ROUNDS):
            try:
                with self._away.survived():  # the next round tries again
                    self.renew()
            except Exception:
                log.exception("leases could not be prolonged")
