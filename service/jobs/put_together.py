"""What works in a process, put together as the settings say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from service.casework.access.actor import SYSTEM
from service.casework.desk.calendars import refresh_calendars
from service.casework.desk.clock import SystemClock
from service.casework.desk.desk import Desk
from service.casework.desk.premises import OwnSpace, Premises, PublicSpace, SignInRules, Volume
from service.casework.queries.monitoring.vitals import unserved_lanes
from service.casework.studio.run_jobs import carry_out
from service.domain.running.lanes import INSIDE, LANES, MAIL, STUDIO
from service.domain.text import Text
from service.jobs.due_work import DueWork
from service.jobs.outages import ClockWatch
from service.jobs.process_lock import owner_name
from service.jobs.scheduler import looking_again, run_minute_watch, running
from service.jobs.sweeper import Sweeper
from service.office import Scanner
from service.settings import BadSetting, Settings
from service.store import DataKeys
from service.store.connections.database import sqlite_file
from service.store.models import WorkItemRow

if TYPE_CHECKING:
    from service.jobs.worker import LaneWorker


def sign_in_rules_of(settings: Settings) -> SignInRules:
    """Return the rules; where the clock is moved by hand, in a demonstration, no sign-in grows old."""
    if settings.demo:
        return SignInRules()
    return SignInRules(
        _to_minutes(settings.idle_minutes),
        _to_minutes(settings.step_up_minutes),
        timedelta(days=settings.password_days) if settings.password_days else None,
        settings.administrators_from,
    )


def _to_minutes(count: int) -> timedelta | None:
    return timedelta(minutes=count) if count else None


def premises_of(settings: Settings) -> Premises:
    """Return the folders and the certificate that are looked after."""
    volumes = [
        Volume("data", Text("数据目录", "Data"), settings.data),
        Volume("ballot-keys", Text("表决密钥目录", "Ballot keys"), settings.ballot_keys),
    ]
    if isinstance(settings.files, Path):
        volumes.insert(1, Volume("files", Text("附件目录", "Files"), settings.files))
    file = sqlite_file(settings.database)
    if file is not None and file.parent != settings.data.resolve():
        volumes.append(Volume("database", Text("数据库目录", "Database"), file.parent))
    if settings.backups is not None:
        volumes.append(Volume("backups", Text("备份目录", "Backups"), settings.backups))
    if settings.anchors is not None:
        volumes.append(Volume("anchors", Text("记录头目录", "Signed heads"), settings.anchors))
    return Premises(
        tuple(volumes),
        settings.backups,
        settings.certificate,
        settings.anchors,
        settings.digest,
        sign_in_rules_of(settings),
        DataKeys(settings.data_keys, settings.cipher),
        settings.exposed_secrets,
        settings.anchors_mail,
        settings.sign_command,
    )


def configure_desk(desk: Desk, settings: Settings) -> Desk:
    """Return a desk with the space for uploads, the time limits of its own and the scanner that its installation chose."""
    place = settings.scanner
    return replace(
        desk,
        public_space=PublicSpace(settings.public_address_bytes, settings.public_bytes, settings.public_hours),
        own_space=OwnSpace(settings.person_bytes, settings.case_bytes),
        rating_days=settings.rating_days,
        scanner=None if place is None else Scanner(place.path, place.host, place.port, place.needed),
    )


THREADS = 2
"""How many bells the process of the pages answers at once, where it answers any."""

Run = Callable[[WorkItemRow], None]


@contextmanager
def due_work_beside(desk: Desk, lock: Path, with_work: bool | None = None) -> Iterator[Sequence[str]]:
    """Do due work beside the pages until the end of the block; yields the lanes in which this process does.

    On SQLite these are all, and ``lock`` is the file that keeps a second process away. On PostgreSQL they are those
    that have no worker, or lose the last one later: all of them where ``with_work`` is true, none where it is false.
    """
    with ExitStack() as stack:
        lanes: list[str] = []

        def take_up(silent: Sequence[str]) -> None:
            if new := [lane for lane in silent if lane not in lanes]:
                lanes.extend(new)
                stack.enter_context(build_lane_worker(desk, new, THREADS).beside())

        if desk.store.bells is None:
            lanes.extend(LANES)
            stack.enter_context(running(build_sweepers(desk), desk.store, lock))
        elif with_work:
            take_up(LANES)
        elif with_work is None:
            take_up(unserved_lanes(desk, SYSTEM))
            stack.enter_context(looking_again(lambda: take_up(unserved_lanes(desk, SYSTEM)), seconds=5.0))
        stack.enter_context(looking_again(lambda: refresh_calendars(desk)))
        stack.enter_context(run_minute_watch(desk))
        yield lanes


def build_lane_worker(desk: Desk, lanes: Sequence[str], threads: int) -> LaneWorker:
    """Return a worker for ``lanes``; raises BadSetting where the database is not PostgreSQL."""
    bells = desk.store.bells
    if bells is None:
        raise BadSetting(
            Text(
                "在 SQLite 上由 laurel serve 自己处理到期事项；laurel work 需要 PostgreSQL，请核对 LAUREL_DATABASE。",
                "On SQLite laurel serve does the due work itself; laurel work needs PostgreSQL: look at LAUREL_DATABASE.",
            )
        )
    from service.jobs.worker import LaneWorker, Ticker

    watch = _create_watch(desk)
    work = DueWork(desk.store, _build_runner(desk), desk.clock.now, owner_name(), watch=watch)
    ticker = Ticker(desk.store, bells, desk.clock.now, lanes, watch, lambda: refresh_calendars(desk))
    return LaneWorker(desk.store, bells, work, ticker, lanes, threads)


def build_sweepers(desk: Desk) -> tuple[Sweeper, ...]:
    """Return what does due work on SQLite: mail and the studio by themselves, since both may let everybody wait."""
    run, now, owner = _build_runner(desk), desk.clock.now, owner_name()
    return (
        Sweeper(desk.store, run, now, owner, watch=_create_watch(desk), lanes=INSIDE),
        Sweeper(desk.store, run, now, owner, lanes=(MAIL,)),
        Sweeper(desk.store, run, now, owner, lanes=(STUDIO,)),
    )


def _build_runner(desk: Desk) -> Run:
    return partial(carry_out, desk, SYSTEM)


def _create_watch(desk: Desk) -> ClockWatch | None:
    """Return the watch over the clock; nobody watches the one of the demonstration."""
    return ClockWatch(desk.store, desk.clock.now) if isinstance(desk.clock, SystemClock) else None
