"""Composition root: the one place that knows every layer.

What a command does not need is not imported: checking a package loads neither web nor database.
"""

from __future__ import annotations

import atexit
import math
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

import handlers
from service.cli.main import laurel
from service.cli.tools import exit_with_refusal
from service.domain.errors import LaurelError
from service.domain.running.memory import collect_less
from service.domain.running.pace import set_turns
from service.domain.text import Text
from service.settings import BadSetting, Settings, make_folder, read_environment_file, read_settings

if TYPE_CHECKING:
    from flask import Flask

    from service.casework.desk.clock import Clock
    from service.casework.desk.desk import Desk

PROJECT = Path(__file__).parent.parent
_SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in which the processes of one machine count together."""


class Installation:
    """One installation: its settings, and the desk they lead to; ``restoring`` where a backup is being brought back."""

    def __init__(self, settings: Settings, root: Path = PROJECT, *, restoring: bool = False) -> None:
        self.settings, self.root, self._restoring = settings, root, restoring

    @cached_property
    def clock(self) -> Clock:
        """The machine's clock; in the demonstration one that can be moved."""
        if not self.settings.demo:
            from service.casework.desk.clock import SystemClock

            return SystemClock()
        from service.casework.desk.clock import START, DemoClock

        return DemoClock(self._demo_clock, START)

    @property
    def _demo_clock(self) -> Path:
        return self.settings.data / "demo-clock"

    def demo_is_prepared(self) -> bool:
        """Return whether the seasons were prepared to their end: their clock was left there.

        The clock itself is not made yet: it reads where it was left only once.
        """
        return self._demo_clock.is_file()

    def prepare_demo(self) -> None:
        """Prepare the seasons; the PDF of a document of the past is made when asked for, which keeps this short."""
        from service.jobs.channels import channels_of_preparation
        from service.web.demo.seasons import load_demo

        load_demo(replace(self.desk(), printer=None, channels=channels_of_preparation()), click.echo)

    def desk(self) -> Desk:
        """Return the desk, made once; the database's tables are brought up to date."""
        return self._current_desk

    @cached_property
    def _current_desk(self) -> Desk:
        from service.casework.assemble import open_desk
        from service.catalog.calendars.calendars import bundled_calendars, load_calendars
        from service.jobs.channels import channels_of
        from service.jobs.put_together import configure_desk, premises_of
        from service.office.pdf import Printer
        from service.sdk import operations

        settings = self.settings
        make_folder(settings.data)
        if (
            settings.database_owner
        ):  # whoever was given it brings the tables up to date before the program looks at them
            self._bring_up_by_owner()
        opened = open_desk(
            settings.database,
            settings.files,
            load_calendars(bundled_calendars()),
            operations(),
            clock=self.clock,
            channels=channels_of(settings),
            ballot_keys=settings.ballot_keys,
            identity=settings.identity,
            printer=Printer(settings.fonts),
            premises=premises_of(settings),
            restoring=self._restoring,
            program=settings.program_role,
        )
        return configure_desk(opened, settings)

    def _bring_up_by_owner(self) -> None:
        from service.store import Store

        settings = self.settings.as_owner()
        with closing(Store(settings.database, settings.files)) as store:
            store.migrate(restoring=self._restoring, program=settings.program_role)

    def as_owner(self) -> Installation:
        """Return the same installation by the role that owns its tables."""
        return Installation(self.settings.as_owner(), self.root, restoring=self._restoring)

    def over(self, database: str) -> Installation:
        """Return the same installation over another database."""
        return Installation(replace(self.settings, database=database), self.root)

    def stopped(self) -> AbstractContextManager[None]:
        """Keep servers and workers from starting meanwhile; raises InUse, naming who is at work."""
        from service.jobs.attendance import nobody_else

        make_folder(self._lock_file.parent)
        return nobody_else(self.settings.database, self._lock_file)

    @property
    def _lock_file(self) -> Path:
        """The lock file of the one process on SQLite: beside the database, as others may name another data folder."""
        from service.store.connections.database import sqlite_file

        file = sqlite_file(self.settings.database)
        return file.with_name(f"{file.name}.lock") if file else self.settings.data / "sweeper.lock"

    @contextmanager
    def _shared_desk(self) -> Iterator[Desk]:
        """Be at work with the desk beside other processes: what they share must be shared, and no command alone there."""
        from service.casework.desk.belonging import require_belonging
        from service.jobs.attendance import at_work
        from service.jobs.outages import wait_for_database

        with ExitStack() as stack:
            wait_for_database(self.settings.database, self.settings.database_wait)
            demand_presence = stack.enter_context(at_work(self.settings.database))
            desk = self.desk()
            desk.store.demand_presence = demand_presence
            if not desk.store.in_memory:
                require_belonging(desk)
            yield desk

    def serve(self, with_work: bool | None = None) -> None:
        """Serve pages until the process is told to stop, and do due work beside them (see `due_work_beside`)."""
        with self._shared_desk() as desk:  # who may not be at work here is told before the pages are loaded
            from service.jobs.put_together import due_work_beside
            from service.jobs.scheduler import keeping_small
            from service.web import create_app
            from service.web.serving import create_listening_server

            application = create_app(desk, self.settings)
            with due_work_beside(desk, self._lock_file, with_work):
                self._look_ahead()
                server = create_listening_server(application, self.settings)
                click.echo(f"Laurel 桂冠：{self.settings.public_url}")
                with keeping_small():
                    server.run()

    def serve_processes(self, count: int) -> None:
        """Serve pages by ``count`` processes until told to stop; due work is that of `laurel work`."""
        if not self.settings.database.startswith("postgresql"):
            raise BadSetting(
                Text(
                    "在 SQLite 上只能有一个进程；--processes 大于 1 需要 PostgreSQL，请核对 LAUREL_DATABASE。",
                    "On SQLite there is one process; --processes beyond 1 needs PostgreSQL: look at LAUREL_DATABASE.",
                )
            )
        counts, first = tempfile.mkdtemp(prefix="laurel-metrics-"), os.getpid()
        os.environ[_SHARED] = counts  # looked at when counters are imported, which is below
        try:
            self._serve_processes(count)
        finally:
            if os.getpid() == first:  # the others come by here too when they end
                shutil.rmtree(counts, ignore_errors=True)

    def _serve_processes(self, count: int) -> None:
        from service.web.serving import serve_processes

        with self._shared_desk() as desk:
            desk.store.close()
        click.echo(f"Laurel 桂冠：{self.settings.public_url}（{count}）")
        installation = Installation(self.settings, self.root)
        serve_processes(lambda: installation.build_process_application(count), self.settings, count)

    def build_process_application(self, count: int) -> Flask:
        """Return the application of one among ``count`` processes, which looks by itself for what others changed."""
        from service.casework.desk.calendars import refresh_calendars
        from service.jobs.attendance import at_work
        from service.jobs.scheduler import keeping_small, looking_again, run_minute_watch
        from service.web import create_app
        from service.web.frame.requests.request_pace import limit_requests

        stack = ExitStack()
        demand_presence = stack.enter_context(at_work(self.settings.database))
        (desk := self.desk()).store.demand_presence = demand_presence
        application = create_app(desk, self.settings)
        limit_requests(application, self.settings, processes=count)
        self._look_ahead()
        refreshing = looking_again(lambda: refresh_calendars(desk))
        for each in (refreshing, run_minute_watch(desk), keeping_small()):
            stack.enter_context(each)
        atexit.register(stack.close)
        return application

    def _look_ahead(self) -> None:
        """Settle what a new calendar settles, and load the published packages that the first visitors would wait for."""
        from service.casework.access.actor import SYSTEM
        from service.casework.due.provisional_dates import recompute_dates

        desk = self.desk()
        with desk.store.alone_at("dates") as alone:
            if alone:
                recompute_dates(desk, SYSTEM)
        with desk.store.read() as tx:
            desk.packages.all_current(tx)  # before the collector is told what stays
        collect_less()

    def wait_for_database(self, patience: float = math.inf) -> Text | None:
        """Return None once the database lets us in; after ``patience`` seconds, 0: where it does not at once, why not."""
        from service.jobs.outages import wait_for_database

        return wait_for_database(self.settings.database, patience)

    def work(self, lanes: Sequence[str], threads: int) -> None:
        """Do the due work of ``lanes`` until the process is told to stop; raises BadSetting on SQLite."""
        from service.jobs.scheduler import keeping_small

        with self._shared_desk() as desk, keeping_small():
            from service.jobs.put_together import build_lane_worker
            from service.jobs.worker import work_until_stopped

            desk.store.files.tidy(datetime.now(UTC))
            work_until_stopped(build_lane_worker(desk, lanes, threads))


def main() -> None:
    """Run the ``laurel`` command line."""
    set_turns()
    handlers.load()
    try:
        read_environment_file()
        installation = Installation(read_settings(os.environ))
    except LaurelError as error:
        exit_with_refusal(error)
    laurel(obj=installation)


if __name__ == "__main__":
    main()
