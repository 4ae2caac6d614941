"""Due work, done under a lease that is kept while it lasts."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from itertools import takewhile

from service.domain.errors import LaurelError
from service.domain.running.log_lines import about, kind_of, without_words
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.jobs.outages import AWAY, AwaySpell, ClockWatch
from service.store import LEASE, Stale, Store
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


BATCH = 20
"""How many items of a lane that moves cases are claimed at once."""

TOGETHER = 10
"""How many steps of single cases are committed as one where the disk is waited for: others who write wait as long."""

_SINGLE_STEP_KINDS = ("timer", "reminder", "message", "barrier")
"""Kinds of work that are one short step of one case; what goes over many cases commits as it goes."""

_RACES = 3
"""Lost races after which an item waits like a failed one, so that two losers cannot chase each other for ever."""


class DueWork:
    """Claims what is due and hands it to ``run_item``, which does the work and finishes it in its own unit of work.

    ``owner`` names this process in claims, which last for ``lease`` and are prolonged while the work goes on (see
    `at_work`). ``watch`` looks at the clock before each claim. Several threads may work at once.
    Nothing raised by an item leaves it; what the database raises does.
    """

    def __init__(
        self,
        store: Store,
        run_item: Callable[[WorkItemRow], None],
        clock: Callable[[], datetime],
        owner: str,
        lease: timedelta = LEASE,
        watch: ClockWatch | None = None,
    ) -> None:
        self._store, self._run_item, self.clock, self._owner, self._lease = store, run_item, clock, owner, lease
        self._watch = watch
        self._leases = LeaseKeeper(store, clock, lease)
        self.stopping = False

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Prolong the leases of long work until the end of the block."""
        with self._leases.at_work():
            yield

    def run_some(self, lane: str, now: datetime) -> int:
        """Claim what is due at ``now`` in a lane, as much as is claimed at once, and do it; returns how many items."""
        if self.stopping:
            return 0
        if self._watch:
            self._watch.look()  # after ``now`` was read: a clock that jumped until then is seen
        items = self._store.claim_in(lane, now, self._owner, BATCH, self._lease)
        self._leases.hold(items)
        try:
            done = 0
            while done < len(items):
                part = _select_batch(items[done:])
                with self._store.together() if len(part) > 1 else nullcontext():
                    done += self._run_part(part, now)
                for item in part:
                    self._leases.let_go(item)
                if self.stopping and done < len(items):
                    self._return_items(items[done:])
                    return done
        finally:
            for item in items:
                self._leases.let_go(item)
        return len(items)

    def _run_part(self, part: Sequence[WorkItemRow], now: datetime) -> int:
        """Do items until there are no more or the work is to stop; returns how many were done."""
        for count, item in enumerate(part):
            if self.stopping:
                return count
            self._run_with_context(item, now)
        return len(part)

    def _run_with_context(self, item: WorkItemRow, now: datetime) -> None:
        number, case = item.id, item.case_id
        with about(work=number, kind=item.kind, case=case):
            self._run_guarded(item, now)

    def _run_guarded(self, item: WorkItemRow, now: datetime) -> None:
        try:
            self._run_item(item)
            self._store.crash_point("item-done")
        except Stale:
            self._lost_race(item, now)
        except AWAY as error:  # where in the program it was noticed tells nothing
            self._fail_item(
                item, "".join(traceback.format_exception_only(error)).strip(), kind_of(error), now, error.message
            )
        except LaurelError as error:
            self._fail_item(item, traceback.format_exc(), without_words(error), now, error.message)
        except OSError as error:  # a line or a disk
            self._fail_item(item, traceback.format_exc(), without_words(error), now, cause_words(error))
        except Exception as error:
            self._fail_item(item, traceback.format_exc(), without_words(error), now)

    def _return_items(self, items: Sequence[WorkItemRow]) -> None:
        """Let what was claimed and not begun wait again."""
        with self._store.write() as tx:
            for item in items:
                tx.work.give_back(item, tried=False)

    def _lost_race(self, item: WorkItemRow, now: datetime) -> None:
        """After a write conflict try again at once. If the item was called off, this does nothing."""
        if item.attempts > _RACES:
            lost = "the case was changed by others during every attempt"
            self._fail_item(item, lost, lost, now)
            return
        with self._store.write() as tx:
            tx.work.give_back(item)

    def _fail_item(self, item: WorkItemRow, error: str, log_text: str, now: datetime, why: Text | None = None) -> None:
        """Note a failure: with its words in the item, for who may see the case; in the log as it is ``log_text`` there.

        ``why`` is for whoever settles the incident that it may become.
        """
        log_failure(f"{item.kind} {item.effect_key}: {log_text}")
        self._store.crash_point("item-failed")
        with self._store.write() as tx:
            tx.work.fail(item, error, now, why)


def log_failure(message: str) -> None:
    """Say a failure in the log as it is ``message`` there, of nobody."""
    log.error("due work failed: %s", message)


def _select_batch(items: Sequence[WorkItemRow]) -> Sequence[WorkItemRow]:
    """Return the items to be committed as one: short steps that follow each other, or the first item alone."""
    steps = list(takewhile(lambda item: item.kind in _SINGLE_STEP_KINDS, items[:TOGETHER]))
    return steps or items[:1]
