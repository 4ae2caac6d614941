"""Starts the real parts that tests use: databases, files and a mail server."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from service.domain.running.memory import MemoryKeeper
from service.store import Store
from tests.prepare import browser_program
from tests.support import postgres as pg
from tests.support import smtp
from tests.support.compiled_once import compile_once
from tests.support.held_answers import HELD
from tests.support.quick_passwords import hash_quickly
from tests.support.samples import LONG

_TEMPLATE = "laurel_template"
compile_once()
_GROWN = 256 * 1024 * 1024
_MEMORY: list[MemoryKeeper] = []

PATIENCE = 60_000
"""Milliseconds a page is waited for: three processes of tests share two cores with their servers and browsers."""
PATIENCE_WITH_WORK = 240_000
"""Milliseconds a page is waited for that plays a season, prints, or checks a package meanwhile."""
BROWSER_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
NO_BROWSER = "没有找到 Chromium，驱动真实页面的测试无法运行。请安装：apt-get install chromium-headless-shell"


_WAIT_FOR_THE_DISK = ("store", "chaos")
"""Folders of tests whose databases and files are written as those of an installation."""


ON_BOTH = {"store", "jobs", "audit", "chaos"}
"""Folders whose tests run on both databases: what is written, claimed, proved and killed there."""


def pytest_sessionstart() -> None:
    """Hash passwords quickly; look for no garbage until all tests are there: of what is imported until then nothing becomes any.

    Here rather than where this file is read: bench and walks read it too, and measure a program that does look.
    """
    hash_quickly()
    gc.disable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let seasons and browsers, which take longest, come first; `--no-loadscope-reorder` keeps it so among several processes."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    items.sort(key=lambda item: {"scenarios", "browser"}.isdisjoint(item.path.parts))


def pytest_collection_finish() -> None:
    """Keep the thousands of tests and what they import out of the searches for garbage, which took as long as tests.

    What is made since is searched seldom: an eighth of a test's time went into that. But not as seldom as in a server,
    since every test leaves a desk with its definitions behind, rings of objects that only the collector takes away.
    """
    HELD.listen()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 5)
    gc.enable()
    _MEMORY.append(MemoryKeeper(_GROWN))


def pytest_runtest_logfinish() -> None:
    """Give back what tests left behind once it is much: what was frozen counts with the collector, which waits too long."""
    for keeper in _MEMORY:
        keeper.look()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Let a test fail in which the interface for programs answered otherwise than its document says."""
    try:
        yield
    finally:
        found = HELD.faults()  # those of a test that failed are not the next one's
    if found:
        pytest.fail("\n".join([f"{item.nodeid} got answers that are not as described:", *found]), pytrace=False)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, started once for all tests."""
    program = browser_program()
    if program is None:
        if os.geteuid() == 0:
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=BROWSER_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[pg.Cluster]:
    """A PostgreSQL server with one migrated database to copy from."""
    if pg.binaries() is None:
        if os.geteuid() == 0:
            pytest.fail(pg.ABSENT)
        pytest.skip(pg.ABSENT)
    with pg.data_folder(pg.in_memory()) as folder, pg.cluster(folder) as cluster:
        _migrate(cluster.create(_TEMPLATE), folder)
        yield cluster


@pytest.fixture
def postgres_url(postgres: pg.Cluster) -> Iterator[str]:
    """The address of a fresh, migrated PostgreSQL database, as the program connects to it."""
    name = postgres.fresh_name()
    postgres.create(name, _TEMPLATE)
    yield postgres.program_url(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    folder = tmp_path_factory.mktemp("sqlite")
    _migrate(f"sqlite:///{folder}/laurel.db", folder)
    return folder / "laurel.db"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh, migrated SQLite database."""
    shutil.copy(sqlite_template, tmp_path / "laurel.db")
    return f"sqlite:///{tmp_path}/laurel.db"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let what differs between the databases run on both: the folders `ON_BOTH`, and tests marked ``both_databases``."""
    if "database_url" not in metafunc.fixturenames:
        return
    on_both = metafunc.definition.get_closest_marker("both_databases") or ON_BOTH & {*metafunc.definition.path.parts}
    further = [pytest.param("postgresql", marks=pytest.mark.postgres)] if on_both or LONG else []
    metafunc.parametrize("database_url", ["sqlite", *further], indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, migrated database, on SQLite; where the databases differ, on PostgreSQL too."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bare.db"
    cluster: pg.Cluster = request.getfixturevalue("postgres")
    return cluster.create(cluster.fresh_name())


@pytest.fixture
def open_store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[str], Store]]:
    """Opens stores that are closed at the end of the test; only the tests of the store itself wait for the disk.

    What a process that is killed leaves behind is the same either way; only a loss of power tells the two apart.
    """
    durable = request.path.parent.name in _WAIT_FOR_THE_DISK
    with ExitStack() as stack:

        def opened(url: str) -> Store:
            store = Store(url, tmp_path / "files", durable=durable)
            stack.callback(store.close)
            return store

        yield opened


@pytest.fixture
def store(database_url: str, open_store: Callable[[str], Store]) -> Store:
    """An empty store, once on SQLite and once on PostgreSQL."""
    return open_store(database_url)


@pytest.fixture
def sqlite_store(sqlite_url: str, open_store: Callable[[str], Store]) -> Store:
    """An empty store on SQLite, for tests that only need one that works."""
    return open_store(sqlite_url)


@pytest.fixture
def mail_server() -> Iterator[smtp.MailServer]:
    """A mail server that keeps what it receives."""
    server = smtp.MailServer()
    controller = smtp.start(server)
    yield server
    controller.stop()


def _migrate(url: str, folder: Path) -> None:
    store = Store(url, folder / "files")
    store.migrate(program=pg.PROGRAM if store.dialect == "postgresql" else "")
    store.close()
