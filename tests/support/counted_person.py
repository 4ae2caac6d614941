"""A person with a browser and a token in the process of a test, and what their requests ask of the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lxml import html
from werkzeug.datastructures import MultiDict

from service.casework.desk.desk import Desk
from service.casework.people.factors.sessions import open_session
from service.store.models import TaskRow
from service.web import create_app
from service.web.frame.requests.cookies import SESSION
from tests.support.browsers import settings_for_tests
from tests.support.statements import statements_of


def named_values(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Yield what was typed under the names that fields of a page have."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from named_values(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", str(value)


class CountedPerson:
    """Somebody signed in as ``person``: ``client`` is their browser, ``program`` sends ``bearer`` along."""

    def __init__(self, desk: Desk, person: int) -> None:
        self.store = desk.store
        self.token = open_session(desk, person, 24)
        self.app = create_app(desk, settings_for_tests())
        self.client, self.program = self.app.test_client(), self.app.test_client()
        self.client.set_cookie(SESSION, self.token)
        self.bearer = {"Authorization": f"Bearer {self.token}"}

    def task(self, ident: int) -> TaskRow:
        """Return a task as the tables have it."""
        with self.store.read() as tx:
            return tx.tasks.get(ident)

    def filled_in(self, task: int, values: Mapping[str, Any], do: str = "submit") -> MultiDict[str, str]:
        """Return what the form of the page of ``task`` sends with ``values`` typed into it."""
        page = html.fromstring(self.client.get(f"/tasks/{task}").text)
        [drawn] = [form for form in page.forms if form.action == f"/tasks/{task}"]
        sent = MultiDict(drawn.form_values())
        sent.update({**dict(named_values(values)), "do": do})
        return MultiDict({name: sent.getlist(name)[-1] for name in sent})

    @contextmanager
    def counted(self) -> Iterator[dict[str, int]]:
        """Count statements, and units of work that write."""
        found = {"statements": 0, "writes": 0}

        def note(point: str) -> None:
            found["writes"] += point == "begun"

        usual, self.store.crash_point = self.store.crash_point, note
        with statements_of(self.store) as seen:
            yield found
        self.store.crash_point = usual
        found["statements"] = len([sql for sql, _ in seen if not sql.startswith("PRAGMA")])
