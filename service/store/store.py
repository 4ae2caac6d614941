"""The database and the files of one installation, and the bell that rings where work is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from service.domain.proof.algorithms import SHA256
from service.domain.running.lanes import TURNS
from service.settings import S3Place
from service.store.connections.database import (
    POSTGRES_LINE,
    Alone,
    address_of,
    create_database_engine,
    in_memory,
    require_server,
    sqlite_file,
    translate_database_errors,
    writer_lock,
)
from service.store.data_keys import DataKeys
from service.store.errors import Unreachable, Unusable
from service.store.files.folder_files import FilesInMemory, open_files
from service.store.models import WorkItemRow, metadata
from service.store.owner import rewrite_tables
from service.store.queries.claims import LEASE
from service.store.queries.work import WorkRepository
from service.store.transaction import Together, Transaction

CHANNEL = "laurel_due"
"""On this channel a commit tells that it left work that is due, or will be in a moment."""

TASK = "drain"
"""The task of Procrastinate that does the due work of a lane."""

_AT_ONCE = 4
"""How many bells of a lane wait at most."""

_A_BATCH = 20
"""So much due work of a lane that is claimed in batches is worth one bell."""

_WAITING = sa.text("select queue_name, count(*) from procrastinate_jobs where status = 'todo' group by queue_name")
_FORGET_JOBS = sa.text(
    "delete from procrastinate_jobs j where j.status <> 'todo' and not exists"
    " (select 1 from procrastinate_events e where e.job_id = j.id and e.at > now() - cast(:kept as interval))"
)
_FORGET_WORKERS = sa.text("delete from procrastinate_workers where last_heartbeat < now() - cast(:kept as interval)")


class Bells:
    """Rings for due work, and listens for commits that left some."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._app: Any = None

    def ring(self, now: datetime) -> Mapping[str, int]:
        """Ring once for each lane in which something is due at ``now``, more often for much; returns how often.

        Any number of processes may do so at once: bells that wait already are counted.
        """
        with translate_database_errors(), self._engine.begin() as connection:
            due = WorkRepository(connection).due_by_lane(now)
            if not due:
                return {}
            waiting = {row[0]: row[1] for row in connection.execute(_WAITING)}
            rung = {lane: _estimate_worth(lane, count) - waiting.get(lane, 0) for lane, count in due.items()}
            rung = {lane: count for lane, count in rung.items() if count > 0}
            for lane, count in rung.items():
                self._defer_task(connection, lane, count)
        return rung

    def forget(self, retention: timedelta = timedelta(days=1)) -> int:
        """Remove what killed workers left behind, and workers that are gone; returns how much that was."""
        with translate_database_errors(), self._engine.begin() as connection:
            gone = connection.execute(_FORGET_JOBS, {"kept": retention}).rowcount
            return gone + connection.execute(_FORGET_WORKERS, {"kept": retention}).rowcount

    @contextmanager
    def listening(self) -> Iterator[Callable[[float], bool]]:
        """Listen on a connection of its own; yields what waits so many seconds, or until a commit left work.

        It raises what the database raises: listen anew then, and look for work first.
        """
        with translate_database_errors(), _line_translated():
            raw = self._engine.raw_connection()
            line: Any = raw.driver_connection
            raw.detach()
            try:
                line.autocommit = True
                line.execute(f"listen {CHANNEL}")
                yield lambda seconds: _wait_for_notice(line, seconds)
            finally:
                line.close()

    def _defer_task(self, connection: sa.Connection, lane: str, count: int) -> None:
        if self._app is None:
            import procrastinate  # who does no work on PostgreSQL does without

            # Never opened: it defers on the connection it is given, in its transaction, also inside a worker.
            self._app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
        task = self._app.configure_task(TASK, queue=lane, connection=connection.connection.driver_connection)
        task.batch_defer(*[{"lane": lane}] * count)


@contextmanager
def _line_translated() -> Iterator[None]:
    """Say of a line without SQLAlchemy what `translated` says of the others: raises Unreachable where it broke."""
    import psycopg  # who does no work on PostgreSQL does without

    try:
        yield
    except psycopg.OperationalError as error:
        raise Unreachable from error


def _estimate_worth(lane: str, due: int) -> int:
    return min(_AT_ONCE, -(-due // _A_BATCH) if lane in TURNS else due)


def _wait_for_notice(line: Any, seconds: float) -> bool:
    """Wait for a notification; what came meanwhile is taken together."""
    for _ in line.notifies(timeout=max(0.0, seconds), stop_after=1):
        return True
    line.execute("select 1")  # a line that is dead says so here
    return False


_LOCK_OF_TASK = (0x4C_41_55_57, sa.func.hashtext(sa.bindparam("task", type_=sa.Text)))
_TRY_ALONE = sa.select(sa.func.pg_try_advisory_lock(*_LOCK_OF_TASK))
_LEAVE_ALONE = sa.select(sa.func.pg_advisory_unlock(*_LOCK_OF_TASK))
"""They take PostgreSQL's advisory lock of one task, and give it back: else the next waits for the closed connection."""


class Store:
    """Hands out units of work on a SQLite file or a PostgreSQL database.

    On SQLite writers of this process queue fairly for one lock, and readers have connections of their own that
    cannot write; on PostgreSQL rows are locked. ``sqlite://`` is a database in memory, for one thread alone.
    """

    def __init__(self, url: str, files: Path | S3Place, *, durable: bool = True, keys: DataKeys | None = None) -> None:
        self._engine = self._reader = create_database_engine(url, durable=durable, keys=keys)
        self._writer: Callable[[], AbstractContextManager[None]] = nullcontext
        self.files = open_files(files, durable=durable, crash=self._crash_at, keys=keys)
        self._begin: Callable[[], AbstractContextManager[sa.Connection]] = self._engine.begin
        self._begin_reading: Callable[[], AbstractContextManager[sa.Connection]] = self._read_in_transaction
        self.alone = Alone(self._engine) if in_memory(url) else None
        self.in_memory = self.alone is not None  # all is gone when it is closed
        if self.alone:
            self.files = FilesInMemory(files) if isinstance(files, Path) else self.files
            self._begin = self._begin_reading = self.alone.begin
        elif self.dialect == "sqlite":
            self._reader = create_database_engine(url, durable=durable, read_only=True, keys=keys)
            self._writer = lambda: writer_lock(self._engine.url.database or "")
        self.bells = Bells(self._engine) if self.dialect == "postgresql" else None
        self._group = Together()
        self.crash_point: Callable[[str], None] = _do_nothing
        self.digest = SHA256  # of what is added to chains of records from now on; what is there names its own
        self.wakeup: Callable[[], object] = _do_nothing  # called after each commit that left work due at once
        self.noting: Callable[[Transaction], object] = _do_nothing  # ends each unit of work that writes, within it
        self.log_key: Callable[[], bytes] | None = None  # of the hashes of decisive rows; None: none are kept
        self.demand_presence: Callable[[], object] = _do_nothing  # before each unit of work; raises `Displaced`

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @property
    def address(self) -> str:
        """Return where a PostgreSQL database is, with its password, for a library that connects by itself."""
        return address_of(self._engine.url)

    @property
    def line(self) -> dict[str, Any]:
        """Return the options of such a connection."""
        return dict(POSTGRES_LINE)

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Open a unit of work: committed at the end, rolled back on an exception.

        Raises:
            RuntimeError: on SQLite, if this thread already has one open.
            Busy, Occupied: after a deadlock; if others kept the database for too long.
            Displaced: while a command has the database for itself.
            StorageFull: if the disk is full.
        """
        if self._group.open is not None:
            with self._group.open.part() as part:
                self._crash_at("begun")
                yield part
                self.noting(part)
            return
        self.demand_presence()
        with translate_database_errors():
            with self._writer(), self._begin() as connection:
                tx = Transaction(connection, self._crash_at, self.digest, log_key=self.log_key)
                self._crash_at("begun")
                yield tx
                self.noting(tx)
                if self.bells and tx.work.has_due_work:
                    connection.exec_driver_sql(f"notify {CHANNEL}")
                self._crash_at("before-commit")
            self._crash_at("after-commit")
        tx.run_hooks()
        if tx.work.has_due_work:
            self.wakeup()
        self._crash_at("hooks-run")

    @contextmanager
    def together(self) -> Iterator[None]:
        """Commit the units of work that this thread opens until the end of the block as one: the disk is waited for once.

        One that fails is undone alone. On PostgreSQL, which would hold the rows of many cases meanwhile, and in memory
        each is committed by itself.
        """
        if self.alone or self.dialect != "sqlite":
            yield
            return
        with self.write() as tx:
            self._group.open = tx
            try:
                yield
            finally:
                self._group.open = None

    @contextmanager
    def read(self, *, once: bool = False) -> Iterator[Transaction]:
        """Open a unit of work that only reads; it waits for no lock, and asks the same question once.

        One that asks nothing but ``once`` is answered by PostgreSQL without being told of a transaction.
        """
        if self._group.open is not None:
            with self._group.open.part() as part:
                yield part
            return
        self.demand_presence()
        begin = self._open_reader if once and self.bells else self._begin_reading
        with translate_database_errors(), begin() as connection:
            tx = Transaction(connection, self._crash_at, reading=True)
            yield tx
        tx.run_hooks()

    @contextmanager
    def snapshot(self) -> Iterator[Transaction]:
        """Open a unit of work that reads what was committed at one instant, beside what this thread has open itself."""
        self.demand_presence()
        reading = self._begin_reading() if self.alone else self._read_in_transaction(isolation_level="REPEATABLE READ")
        with translate_database_errors(), reading as connection:
            yield Transaction(connection, self._crash_at, reading=True)

    def claim(self, now: datetime, owner: str, lease: timedelta = LEASE) -> WorkItemRow | None:
        """Take the next due work item for ``owner`` in a short transaction of its own; None when nothing is due.

        The commit is separate on purpose: the attempt must be counted even if its work kills the process.
        """
        with self.write() as tx:
            item = tx.work.claim(now, owner, lease)
        self._crash_at("after-claim")
        return item

    def claim_in(
        self, lane: str, now: datetime, owner: str, most: int = 1, lease: timedelta = LEASE
    ) -> list[WorkItemRow]:
        """Take due work of one lane as `claim` does, several items at once where it moves cases."""
        with self.write() as tx:
            items = tx.work.claim_in(lane, now, owner, most, lease)
        if items:
            self._crash_at("after-claim")
        return items

    @contextmanager
    def alone_at(self, task: str) -> Iterator[bool]:
        """Say whether this process alone does ``task`` of this database now, as it always does on SQLite; others leave it to it."""
        if self.dialect != "postgresql":
            yield True
            return
        with (
            translate_database_errors(),
            self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            try:
                alone = bool(connection.scalar(_TRY_ALONE, {"task": task}))
                yield alone
                if alone:
                    connection.execute(_LEAVE_ALONE, {"task": task})
            finally:
                connection.invalidate()  # after a failure the lock goes with the connection, which no pool may get

    def reset_running(self) -> int:
        """At the start of the only process that claims: let what ran wait again; returns how much waits."""
        with self.write() as tx:
            return tx.work.reset_running()

    def migrate(self, *, restoring: bool = False, program: str = "") -> None:
        """Bring the tables up to this version of the program, and give the role ``program`` its rights to them; safe to repeat.

        Raises:
            RestoreUnfinished: when a restore broke off, unless this is its continuation (``restoring``).
            Unreachable, Unusable: it went away; it cannot be opened, is damaged, locked, or of a newer program.
        """
        from service.store import migrations  # Alembic is slow to load

        try:
            with self._writer(), self._begin() as connection:
                migrations.bring_up(connection, restoring=restoring, program=program)
        except sa.exc.DBAPIError as error:
            require_server(error)
            file = sqlite_file(self._engine.url.render_as_string(hide_password=False))
            raise Unusable((str(error.orig).splitlines() or [""])[0], str(file.parent) if file else "") from error

    def knows_tables(self) -> bool | None:
        """Return whether this program can bring the tables up to date, or has; None where there are none yet."""
        from service.store import migrations

        with translate_database_errors(), self._begin_reading() as connection:
            return migrations.knows(connection)

    def create_tables(self) -> None:
        """Make the tables of an empty database that is thrown away: as migrations leave them, sooner (in memory: copied)."""
        if self.alone:
            self.alone.copy_tables()
            return
        with self._writer(), self._engine.begin() as connection:
            metadata.create_all(connection, checkfirst=False)

    def rewrite(self) -> None:
        """Write the whole database anew, so that its files hold nothing that was replaced; nobody else may use it.

        Raises:
            Occupied, StorageFull: as every unit of work; it needs room for a second copy.
            NotOwner: the database's account does not own the tables.
        """
        with translate_database_errors(), self._writer():
            rewrite_tables(self._engine)

    def close(self) -> None:
        """Close all connections; a database in memory is gone."""
        if self.alone:
            self.alone.close()
        self._engine.dispose()
        self._reader.dispose()

    def forked(self) -> None:
        """Leave the connections to the parent process: this one opens its own."""
        self._engine.dispose(close=False)
        self._reader.dispose(close=False)

    def _open_reader(self) -> AbstractContextManager[sa.Connection]:
        return self._reader.connect().execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def _read_in_transaction(self, **options: Any) -> Iterator[sa.Connection]:
        """Read in a transaction that cannot write, on PostgreSQL with ``options``: on SQLite it can read nothing but one state."""
        with self._reader.connect() as connection:
            if self.bells:
                connection.execution_options(postgresql_readonly=True, **options)
            with connection.begin():
                yield connection

    def _crash_at(self, name: str) -> None:
        self.crash_point(name)


def _do_nothing(*_: object) -> None:
    """Do nothing: only tests kill, and due work waits for the next sweep."""
