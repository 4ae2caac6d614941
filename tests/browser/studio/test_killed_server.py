"""The server dies while it saves, before or after the change is in the database: what was typed is in the draft once, whatever the editor."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from socket import create_server
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import view_history
from tests.browser.studio.test_nothing_is_lost import (
    FORM,
    LETTER,
    RENAME,
    TABLE,
    describe,
    diagram,
    form,
    label,
    letter,
    table,
    text_of,
    write_letter,
)
from tests.support.browsers import make_app
from tests.support.lakeside import DIAGRAM, KEY, Lakeside
from tests.support.ports import free_port
from tests.support.shots import shoot
from tests.support.waiting import until_on


@dataclass
class MortalServer:
    """Serves the town in a process of its own, at an address that it keeps."""

    town: Lakeside
    app: Flask
    port: int
    process: int = field(default=0)

    def begin(self, dies_at: str = "") -> None:
        """Serve; with ``dies_at`` until the first save comes to that point, at which the process is killed."""
        listening = create_server(("127.0.0.1", self.port))  # before the process begins: who calls at once waits for it
        self.process = os.fork()
        if self.process:
            listening.close()
            return
        try:
            store = self.town.desk.store
            store.forked()
            saving: list[str] = []  # other writings, such as who has the draft open, do not count

            def sent(_: Any, __: Any, statement: str, *___: Any) -> None:
                if re.match(r"insert into \W?draft_revision\b", statement, re.IGNORECASE):
                    saving.append(statement)

            sa.event.listen(store._engine, "before_cursor_execute", sent)
            store.crash_point = lambda point: shoot() if saving and point == dies_at else None
            make_server("127.0.0.1", self.port, self.app, threaded=True, fd=listening.fileno()).serve_forever()
        finally:
            os._exit(1)

    def died(self) -> bool:
        """Wait for its end; returns whether it was killed."""
        status = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        self.process = 0
        return status == -signal.SIGKILL

    def end(self) -> None:
        """Kill it, where it lives."""
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            self.died()


@pytest.fixture
def server(town: Lakeside) -> Iterator[MortalServer]:
    server = MortalServer(town, make_app(town), free_port())
    server.begin()
    yield server
    server.end()


@pytest.fixture
def base(server: MortalServer) -> str:
    """The address at which it is served."""
    return f"http://127.0.0.1:{server.port}"


def rename(page: Page, words: str) -> None:
    page.evaluate(RENAME, ["decide", words])


EDITORS = pytest.mark.parametrize(
    ("opened", "typed", "path"),
    [
        (diagram, rename, DIAGRAM),
        (form, lambda page, words: label(page).fill(words), FORM),
        (table, describe, TABLE),
        (letter, write_letter, LETTER),
    ],
    ids=["diagram", "form", "table", "letter"],
)


@EDITORS
@pytest.mark.parametrize("point", ["before-commit", "after-commit"])
def test_what_was_typed_is_in_the_draft_once(
    page: Page,
    town: Lakeside,
    server: MortalServer,
    base: str,
    opened: Callable[[Page, str, int], None],
    typed: Callable[[Page, str], None],
    path: str,
    point: str,
) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "保存时停机")
    opened(page, base, draft)
    server.end()
    server.begin(dies_at=point)
    typed(page, "停机前写的")
    assert server.died()
    expect(page.get_by_text("未连接，已留在本机")).to_be_visible()
    assert ("停机前写的" in text_of(town, draft, path)) == (point == "after-commit")
    typed(page, "停机后接着写的")  # the same place: nobody else changed it, so nothing is to be chosen
    server.begin()
    until_on(page, lambda: "停机后接着写的" in text_of(town, draft, path))
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert "停机前写的" not in text_of(town, draft, path)
    assert len(view_history(town.desk, town.designer, draft).lines) == 2
