"""What goes wrong in a cluster: processes killed, a worker that stands still beyond its lease, the database restarted."""

from __future__ import annotations

import itertools
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from service.casework.desk.clock import DemoClock
from service.store.queries.claims import LEASE
from tests.support import postgres as pg
from tests.support.cluster import RunningCluster

AGAIN = "started again by their supervisor"


class Faults:
    """Takes one part of ``cluster`` away after the other, and gives it back.

    Leases are told by ``clock``: after each fault it goes on so far that what a dead worker held is free. ``counts``
    says how often each kind came about.
    """

    def __init__(self, cluster: RunningCluster, server: pg.Cluster, clock: DemoClock, chance: random.Random) -> None:
        self._cluster, self._server, self._clock, self._chance = cluster, server, clock, chance
        self._pages = itertools.cycle(range(len(cluster.pages)))
        self._workers = itertools.cycle(name for name in cluster.commands if name.startswith("worker"))
        self._one_begins = threading.Lock()
        self.counts: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """How many there were: what the supervisor did is none of them."""
        return self.counts.total() - self.counts[AGAIN]

    def each_in_turn(self) -> Iterator[Callable[[], None]]:
        """Yield one fault after the other for ever: each kind comes up, a worker killed most often."""
        kinds = (self.kill_pages, self.kill_worker, self.restart_database, self.kill_worker, self.pause_worker)
        return itertools.cycle(kinds)

    @contextmanager
    def supervised(self) -> Iterator[None]:
        """Start again what ends by itself, as an installation's supervisor does: it found no database when it began."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.5):
                with self._one_begins:
                    for name in self._cluster.fallen():
                        self._cluster.begin(name)
                        self.counts[AGAIN] += 1

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def kill_pages(self) -> None:
        """Kill a server of pages and start it again, once the others are ready: one of them is down at a time."""
        number = next(self._pages)
        for other, address in enumerate(self._cluster.pages):
            if other != number:
                self._cluster.until_served(address, supervised=True)
        self._again(f"web-{number}")
        self.counts["servers of pages killed"] += 1

    def kill_worker(self) -> None:
        """Kill a worker and start it again."""
        self._again(next(self._workers))
        self.counts["workers killed"] += 1
        self.pass_a_lease()

    def pause_worker(self) -> None:
        """Let a worker stand still until its leases are over and others have taken its work, then go on."""
        with self._standing_still(self._cluster.processes[next(self._workers)].pid):
            self.pass_a_lease()
            time.sleep(self._chance.uniform(1, 3))
        self.counts["workers paused beyond their lease"] += 1

    def restart_database(self) -> None:
        """Let PostgreSQL die as in a loss of power, and come back."""
        self._server.kill()
        time.sleep(self._chance.uniform(0, 1))
        self._server.start()
        self.counts["restarts of PostgreSQL"] += 1

    def pass_a_lease(self) -> None:
        """Let the clock go on so far that every lease of this moment is over."""
        self._clock.move_to(self._clock.now() + LEASE + timedelta(seconds=1))

    def _again(self, name: str) -> None:
        with self._one_begins:
            self._cluster.kill(name)
            self._cluster.begin(name)

    @contextmanager
    def _standing_still(self, pid: int) -> Iterator[None]:
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)
