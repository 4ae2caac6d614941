"""One unit of work: everything in it is committed together, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from service.store.database import translated
from service.store.repositories.ballots import Ballots
from service.store.repositories.base import Repository
from service.store.repositories.cases import Cases
from service.store.repositories.counters import Counters
from service.store.repositories.definitions import Definitions
from service.store.repositories.documents import Documents
from service.store.repositories.experts import Experts
from service.store.repositories.findings import Findings
from service.store.repositories.forms import Forms
from service.store.repositories.history import History
from service.store.repositories.inbox import Inbox
from service.store.repositories.incidents import Incidents
from service.store.repositories.mail import Mail
from service.store.repositories.notices import Notices
from service.store.repositories.panels import Panels
from service.store.repositories.people import People
from service.store.repositories.receipts import Receipts
from service.store.repositories.register import Register
from service.store.repositories.settings import Settings
from service.store.repositories.tasks import Tasks
from service.store.repositories.uploads import Uploads
from service.store.repositories.work import Work

Kind = TypeVar("Kind", bound=Repository)


class _Part(Generic[Kind]):
    """A repository of the transaction, made when it is first asked for: most units of work need three or four."""

    def __init__(self, kind: type[Kind]) -> None:
        self._kind = kind

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, transaction: Transaction, _owner: type) -> Kind:
        made = self._kind(transaction._connection)
        transaction.__dict__[self._name] = made  # found there from now on, sooner than here
        return made


class Transaction:
    """The repositories over one open transaction; made by `Store.write` and `Store.read`."""

    cases = _Part(Cases)
    tasks = _Part(Tasks)
    forms = _Part(Forms)
    uploads = _Part(Uploads)
    findings = _Part(Findings)
    notices = _Part(Notices)
    documents = _Part(Documents)
    register = _Part(Register)
    receipts = _Part(Receipts)
    ballots = _Part(Ballots)
    people = _Part(People)
    experts = _Part(Experts)
    panels = _Part(Panels)
    definitions = _Part(Definitions)
    settings = _Part(Settings)
    history = _Part(History)
    incidents = _Part(Incidents)
    work = _Part(Work)
    mail = _Part(Mail)
    inbox = _Part(Inbox)
    counters = _Part(Counters)

    def __init__(self, connection: sa.Connection, crash: Callable[[str], None]) -> None:
        self._connection = connection
        self._hooks: list[Callable[[], object]] = []
        self._depth = 0
        self.crash = crash
        """Names a point of the code where the process may be killed in a test."""

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what happens inside when it raises; the rest of the unit of work stays good."""
        hooks = len(self._hooks)
        try:
            with translated(), self._nested():
                yield
                self.crash("savepoint-done")
        except BaseException:
            del self._hooks[hooks:]
            raise

    @contextmanager
    def _nested(self) -> Iterator[None]:
        """On SQLite say it to the driver: SQLAlchemy puts each of these statements together anew."""
        if self._connection.dialect.name != "sqlite":
            with self._connection.begin_nested():
                yield
            return
        driver: Any = self._connection.connection.driver_connection
        self._depth += 1
        name = f"laurel_{self._depth}"
        driver.execute(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            if driver.in_transaction:  # a full disk ends the whole transaction
                driver.execute(f"ROLLBACK TO {name}")
            raise
        finally:
            self._depth -= 1
            if driver.in_transaction:
                driver.execute(f"RELEASE {name}")

    def after_commit(self, hook: Callable[[], object]) -> None:
        """Call ``hook`` once the unit of work is committed; never when it is rolled back."""
        self._hooks.append(hook)

    def run_hooks(self) -> None:
        """Call what `after_commit` collected, in that order."""
        for hook in self._hooks:
            hook()
