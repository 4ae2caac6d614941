"""The town on a cluster: people work through nginx by programs while one part after the other is taken away at any moment.

``python -m tests.cluster.season [FAULTS]``: forty without a word. Afterwards every case has ended as it must, every
effect came about once, nothing that was answered is lost, and ``laurel doctor --deep`` finds nothing.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

import handlers
from service.casework.access.actor import Actor
from service.casework.assemble import desk_over
from service.casework.desk.clock import Clock, DemoClock
from service.casework.people.factors.sessions import open_session
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import CaseFilter, Store
from service.store.connections.database import translate_database_errors
from service.store.errors import Unreachable
from service.store.models.work import work_item
from tests.chaos.invariants import broken
from tests.chaos.season import outside_world
from tests.chaos.town import START, found
from tests.chaos.townspeople import Townspeople, once
from tests.cluster.faults import Faults
from tests.cluster.programs import Answered, Programs
from tests.support import postgres as pg
from tests.support import smtp
from tests.support.cluster import laurel, running_cluster
from tests.support.keys import keys_beside

PROGRAM = "tests.chaos.program"

KEPT = Path(__file__).parents[2] / "build" / "cluster"
"""Where logs are kept when something is wrong."""

DAYS, LAST_DAY = 200, 275
"""Days the clock goes on while there are faults, and afterwards: then the calendars end."""

PATIENCE = 300.0
"""Seconds in which every case must end when the faults are over."""

SECONDS = 3.0
"""About so long one fault takes."""

SESSION_HOURS = 24 * 400


def play_town(server: pg.Cluster, folder: Path, kills: int, seed: int) -> list[str]:
    """Let the town work while ``kills`` faults come about, then let its cases end; returns what is wrong."""
    data, world = folder / "data", smtp.MailServer()
    data.mkdir(parents=True)
    environment = {
        "LAUREL_DEMO": "1",
        "LAUREL_DATA": str(data),
        "LAUREL_BALLOT_KEYS": str(data / "files-ballot-keys"),  # where a desk over these files looks for them
        "LAUREL_DATABASE": server.create("town"),
    }
    keys = keys_beside(data)
    store = Store(environment["LAUREL_DATABASE"], data / "files", keys=keys)
    controller = smtp.start(world)
    try:
        store.migrate()
        people, clock = found(store), DemoClock(data / "demo-clock", START)
        clock.move_to(START + timedelta(seconds=1))
        tokens = _tokens(store, clock, people)
        with running_cluster(folder / "run", {**environment, **_mail_to(world)}, program=PROGRAM) as cluster:
            programs = Programs(cluster.address, tokens)
            town = Townspeople(store, programs, people, folder / "closing")
            faults = Faults(cluster, server, clock, random.Random(seed))
            wrong = _under_fire(town, faults, clock, kills, random.Random(seed))
        _note(folder / "receiver.db", store, world)
        wrong += _lost(store, programs.answered)
        wrong += broken(store, environment["LAUREL_DATABASE"], folder / "receiver.db", faults.count, keys)
        if wrong:
            KEPT.mkdir(parents=True, exist_ok=True)
            for log in (folder / "run").glob("*.log"):
                shutil.copy(log, KEPT)
        print(
            f"town：{_season_words(store, programs.answered)}，{len(world.messages)} 封邮件；{dict(faults.counts)}",
            flush=True,
        )
    finally:
        controller.stop()
        store.close()
    try:
        laurel(environment, "doctor", "--deep", program=PROGRAM)
    except subprocess.CalledProcessError as failed:
        wrong.append(f"laurel doctor --deep left with {failed.returncode}")
    return wrong


def _under_fire(town: Townspeople, faults: Faults, clock: DemoClock, kills: int, chance: random.Random) -> list[str]:
    """Let people work while faults come about, then let the cases end; returns what went wrong meanwhile."""
    wrong: list[str] = []
    began, each_in_turn = time.monotonic(), faults.each_in_turn()
    with (
        faults.supervised(),
        _at_work(town, wrong),
        _passing_time(town.store, clock, DAYS / (kills * SECONDS)) as hurry,
    ):
        for number in range(1, kills + 1):
            time.sleep(chance.uniform(0.1, 1))
            next(each_in_turn)()
            if number % 10 == 0:
                print(f"  {number} / {kills}，{time.monotonic() - began:.0f} 秒", flush=True)
        town.closing.touch()
        hurry.set()
        wrong += _until_ended(town.store, clock)
    return wrong


def _season_words(store: Store, answered: Answered) -> str:
    with store.read() as tx:
        cases = len(tx.cases.search(CaseFilter(), limit=1_000_000))
    return (
        f"{cases} 个办件，{len(answered.tasks) + len(answered.withdrawn)} 次办理得到答复，"
        f"{answered.repeated} 次重发，{answered.refused} 次被拒"
    )


def _tokens(store: Store, clock: Clock, people: Mapping[str, Actor]) -> dict[str, str]:
    """Let everybody be signed in for as long as the season lasts."""
    desk = desk_over(store, load_calendars(bundled_calendars()), operations(), clock=clock)
    return {name: open_session(desk, actor.person_id or 0, SESSION_HOURS) for name, actor in people.items()}


def _mail_to(world: smtp.MailServer) -> dict[str, str]:
    return {"LAUREL_SMTP_HOST": world.host, "LAUREL_SMTP_PORT": str(world.port), "LAUREL_SMTP_SENDER": "a@example.cn"}


@contextmanager
def _at_work(town: Townspeople, errors: list[str]) -> Iterator[None]:
    """Let the town's people act in the background until the end of the block; an error of theirs is added to ``errors``."""
    over = threading.Event()

    def work(person: Callable[[], bool]) -> None:
        try:
            while not over.is_set():
                once(unless_away(person))
        except Exception:
            errors.append(traceback.format_exc())

    people = [threading.Thread(target=work, args=(p,)) for p in (town.applicant, town.office, town.office)]
    for each in people:
        each.start()
    try:
        yield
    finally:
        over.set()
        for each in people:
            each.join()


def unless_away(person: Callable[[], bool]) -> Callable[[], bool]:
    """Return ``person``, who waits while the database that this process looks into is away."""

    def there() -> bool:
        with suppress(Unreachable):
            return person()
        return False

    return there


@contextmanager
def _passing_time(store: Store, clock: DemoClock, speed: float) -> Iterator[threading.Event]:
    """Let ``speed`` days pass within a second, whenever nothing is due; yields what makes it four times as fast."""
    over, hurry = threading.Event(), threading.Event()

    def pass_time() -> None:
        last = time.monotonic()
        ends = {False: START + timedelta(days=DAYS), True: START + timedelta(days=LAST_DAY)}
        while not over.wait(0.1):
            now, passed = clock.now(), time.monotonic() - last
            with suppress(Unreachable):
                if now < ends[hurry.is_set()] and not due_now(store, now):
                    clock.move_to(now + timedelta(days=min(1.0, passed * speed * (4 if hurry.is_set() else 1))))
                    last = time.monotonic()

    thread = threading.Thread(target=pass_time)
    thread.start()
    try:
        yield hurry
    finally:
        over.set()
        thread.join()


def due_now(store: Store, now: datetime) -> list[str]:
    """Return what is due or being done, with how often it was tried; raises what a unit of work does."""
    due = sa.or_(work_item.c.state == "running", sa.and_(work_item.c.state == "waiting", work_item.c.due_at <= now))
    with translate_database_errors(), store._engine.connect() as connection:
        found = connection.execute(sa.select(work_item.c.effect_key, work_item.c.attempts).where(due))
        return [f"{key} ({attempts})" for key, attempts in found]


def _until_ended(store: Store, clock: Clock) -> list[str]:
    """Wait until no case is under way and nothing is due; returns what is left when patience ends."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with store.read() as tx:
            live = tx.cases.search(CaseFilter(live=True), limit=10)
        left = due_now(store, clock.now())
        if not live and not left:
            return []
        time.sleep(0.2)
    return [f"still under way: {[(row.id, row.process) for row in live]}, {left}"]


def _lost(store: Store, answered: Answered) -> list[str]:
    """Return what the product answered that it did, and what is not there."""
    with store.read() as tx:
        cases = {row.id: row for row in tx.cases.search(CaseFilter(), limit=1_000_000)}
        done = {number for number in answered.tasks if tx.tasks.get(number).state == "done"}
    lost = [f"case {number} was begun and is not there" for number in answered.cases - set(cases)]
    lost += [f"task {number} was completed and is not done" for number in answered.tasks - done]
    withdrawn = {number for number in answered.withdrawn if cases[number].outcome == "withdrawn"}
    return lost + [f"case {number} was withdrawn and is not" for number in answered.withdrawn - withdrawn]


def _note(receiver: Path, store: Store, world: smtp.MailServer) -> None:
    """Write down what arrived, by the key of its effect, which the Message-ID bears with dots."""
    with store._engine.connect() as connection:
        keys = connection.execute(sa.select(work_item.c.effect_key).where(work_item.c.kind == "mail")).scalars()
        by_id = {key.replace(":", "."): key for key in keys}
    outside_world(receiver)
    arrived = [str(message["Message-ID"]).strip("<>").rpartition("@")[0] for message in world.messages]
    with closing(sqlite3.connect(receiver)) as noted, noted:
        noted.executemany("INSERT INTO delivery (effect_key) VALUES (?)", [(by_id.get(key, key),) for key in arrived])


def main(words: list[str]) -> int:
    """Play the town; returns the exit code."""
    if pg.binaries() is None:
        print(pg.ABSENT, file=sys.stderr)
        return 1
    handlers.load()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # everything is taken down that was started, as by Ctrl-C
    seed = int(os.environ.get("LAUREL_SEED") or time.time())
    with (
        tempfile.TemporaryDirectory(prefix="laurel-cluster-") as name,
        pg.data_folder() as data,
        pg.cluster(data, durable=True) as server,
    ):
        wrong = play_town(server, Path(name), int(words[0]) if words else 40, seed)
    for sentence in wrong:
        print(f"  {sentence}", flush=True)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
