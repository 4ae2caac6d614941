"""Composition root: the one place that knows every layer.

What a command does not need is not imported: checking a package loads neither web nor database.
"""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import click

import handlers
from service.cli.main import laurel
from service.cli.tools import pass_tools, refuse
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.settings import BadSetting, Settings, read_settings

if TYPE_CHECKING:
    from service.casework.desk.clock import Clock
    from service.casework.desk.desk import Desk

PROJECT = Path(__file__).parent.parent


class Installation:
    """One installation: its settings, and the desk they lead to."""

    def __init__(self, settings: Settings, root: Path = PROJECT) -> None:
        self.settings, self.root = settings, root

    @cached_property
    def clock(self) -> Clock:
        """The machine's clock; in the demonstration one that can be moved."""
        if not self.settings.demo:
            from service.casework.desk.clock import SystemClock

            return SystemClock()
        from service.web.demo.clock import DemoClock

        return DemoClock(self._demo_clock)

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
        from service.web.demo.seasons import load_demo

        load_demo(replace(self.desk(), printer=None), click.echo)

    def desk(self) -> Desk:
        """Return the desk, made once; the database's tables are brought up to date."""
        return self._desk

    def look(self) -> Desk:
        """Return a desk over the database as it stands, tables of an earlier program included; it must write nothing.

        Raises BadSetting where there is no such file.
        """
        from service.casework.assemble import desk_over
        from service.catalog.calendars import bundled_calendars, load_calendars
        from service.sdk import operations
        from service.store import Store

        url = self.settings.database
        file = Path(url.removeprefix("sqlite:///"))
        if url.startswith("sqlite:") and not file.is_file():
            raise BadSetting(
                Text(f"没有数据库文件 {file}，请核对地址。", f"There is no database file {file}: check the address.")
            )
        store = Store(url, self.settings.data / "files")
        return desk_over(store, load_calendars(bundled_calendars()), operations(), clock=self.clock)

    @cached_property
    def _desk(self) -> Desk:
        from service.casework.assemble import open_desk
        from service.catalog.calendars import bundled_calendars, load_calendars
        from service.jobs.channels import channels_of
        from service.office.pdf import Printer
        from service.sdk import operations

        settings = self.settings
        _make_folder(settings.data)
        return open_desk(
            settings.database,
            settings.data / "files",
            load_calendars(bundled_calendars()),
            operations(),
            clock=self.clock,
            channels=channels_of(settings),
            ballot_keys=settings.ballot_keys,
            printer=Printer(settings.fonts),
        )

    def over(self, database: str) -> Installation:
        """Return the same installation over another database."""
        return Installation(replace(self.settings, database=database), self.root)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Keep the server from starting meanwhile; raises Conflict while it runs."""
        from service.jobs.process_lock import process_lock

        _make_folder(self.settings.data)
        with process_lock(self.settings.data / "sweeper.lock"):
            yield

    def serve(self) -> None:
        """Serve pages and sweep due work until the process is told to stop."""
        from service.casework.access.actor import SYSTEM
        from service.casework.desk.calendars import refresh_calendars
        from service.casework.desk.clock import SystemClock
        from service.casework.due.recompute_dates import recompute_dates
        from service.casework.due.run_item import run_item
        from service.casework.studio.warm_up import check_ahead, read_ahead
        from service.jobs.clock_watch import ClockWatch
        from service.jobs.scheduler import running
        from service.jobs.sweeper import Sweeper
        from service.web import create_app

        desk, settings = self.desk(), self.settings
        sweeper = Sweeper(
            desk.store,
            lambda item: run_item(desk, SYSTEM, item),
            desk.clock.now,
            f"server-{os.getpid()}",
            watch=ClockWatch(desk.store, desk.clock.now) if isinstance(desk.clock, SystemClock) else None,
        )
        application = create_app(desk, settings)
        with running(sweeper, desk.store, settings.data / "sweeper.lock", lambda: refresh_calendars(desk)):
            recompute_dates(desk, SYSTEM)
            drafts = read_ahead(desk)
            collect_less()
            server = listening(application, settings)
            Thread(target=check_ahead, args=(desk, drafts), name="check-ahead", daemon=True).start()
            click.echo(f"Laurel 桂冠：{settings.public_url}")
            server.run()


def collect_less() -> None:
    """Let the collector of garbage look less often, and never through what was loaded until now.

    What the program holds is made of small objects that stay: looking through them took a third of the time of a check.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _make_folder(data: Path) -> None:
    """Make the folder of the data where there is none; raises BadSetting."""
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(
            Text(
                f"数据目录 {data} 不能使用（{error.strerror}）。请用 LAUREL_DATA 指明可以读写的目录。",
                f"The data folder {data} cannot be used ({error.strerror}): name one that can be written in LAUREL_DATA.",
            )
        ) from error


def listening(application: object, settings: Settings) -> Any:
    """Return a server that listens where ``settings`` say; raises BadSetting when the port cannot be used.

    Only the trusted proxy may say for whom it asks: behind one, everybody would else seem to be one address.
    """
    import waitress

    proxy = {
        "trusted_proxy": settings.trusted_proxy,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }
    try:
        return waitress.create_server(
            application,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            clear_untrusted_proxy_headers=not settings.demo,  # the demonstration refuses who comes with them
            **(proxy if settings.trusted_proxy else {}),
        )
    except OSError as error:
        raise BadSetting(
            Text(
                f"端口 {settings.port} 不能使用（{error.strerror}）。请停止占用它的程序，或用 LAUREL_PORT 换一个端口。",
                f"Port {settings.port} cannot be used ({error.strerror}): stop what uses it or choose another with LAUREL_PORT.",
            )
        ) from error


@click.command("serve")
@pass_tools
def serve(tools: Installation) -> None:
    """Serve pages, API and timers."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        tools.serve()
    except LaurelError as error:
        refuse(error)


@click.command("demo")
@click.option("--prepare", is_flag=True, help="Only prepare the seasons; do not serve.")
@pass_tools
def demo(tools: Installation, prepare: bool) -> None:
    """Prepare a fictional season in every city, once, and serve them on this machine only (needs LAUREL_DEMO=1)."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        if not tools.settings.demo:
            raise BadSetting(
                Text(
                    "演示须先设置 LAUREL_DEMO=1（make demo 会代为设置）。",
                    "Set LAUREL_DEMO=1 first, as make demo does.",
                )
            )
        if prepare:
            tools.prepare_demo()
            return
        if not tools.demo_is_prepared():
            click.echo("正在准备演示数据，首次需要片刻…… / preparing the seasons …")
            # In a process of its own, which takes the memory that this needs with it when it ends.
            done = subprocess.run([sys.executable, "-m", "service.app", "demo", "--prepare"], check=False)
            if done.returncode:
                sys.exit(done.returncode)
        tools.serve()
    except LaurelError as error:
        refuse(error)


def main() -> None:
    """Run the ``laurel`` command line."""
    handlers.load()
    try:
        installation = Installation(read_settings(os.environ))
    except LaurelError as error:
        refuse(error)
    laurel.add_command(serve)
    laurel.add_command(demo)
    laurel(obj=installation)


if __name__ == "__main__":
    main()
