"""A test that stands still is broken off where it waits, and loops of tests have an end that says what they waited for."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.standing import at_most
from tests.support.waiting import as_long_as, until

_TESTS = Path(__file__).parents[1]
_PAGES = _TESTS / "browser"
_OWN_END = {"test_every_page.py", "draw.py", "manual_pictures.py"}
"""Files whose loops take from a list that they hold themselves, none of which waits for a page."""
_NO_THREADS = {"server.join()"}
"""Lines that read like a wait for a thread and are none: who is at work joins the others."""


def test_what_waits_for_a_thread_without_end_is_broken_off_and_told_with_what_the_thread_does() -> None:
    busy = Event()
    over: list[bool] = []  # an event is asked in a file of threading, where a thread counts as idle

    def compute() -> None:
        busy.set()
        while not over:
            sum(range(1000))

    thread = Thread(target=compute, name="computing", daemon=True)
    thread.start()
    assert busy.wait(120)
    try:
        with (
            pytest.raises(AssertionError, match=r"a play stood still for 0\.05 s(.|\n)*computing:(.|\n)*compute"),
            at_most(0.05, "a play"),
        ):
            thread.join()
    finally:
        over.append(True)
    with at_most(300, "what ends"):
        thread.join(120)
    assert not thread.is_alive()


def test_a_loop_says_what_it_waited_for() -> None:
    left = [1, 2, 3]
    for _ in as_long_as(lambda: left, "something is left"):
        left.pop()
    assert left == []
    with pytest.raises(AssertionError, match="something is left: still so after 5 times"):
        list(as_long_as(lambda: True, "something is left", most=5))
    with pytest.raises(AssertionError, match="the end has come: still not so"):
        until(lambda: False, seconds=0, what="the end has come")


def test_no_test_waits_for_another_thread_without_an_end() -> None:
    """`ended`, `happened` and `until` say what was waited for, long before a test is broken off."""
    waits = re.compile(r"[a-z_\]]\.(join|result|communicate)\(\)|while (not )?[a-z_]+\.is_alive")
    found = [
        f"{path.relative_to(_TESTS)}: {line.strip()}"
        for folder in ("unit", "integration", "scenarios", "chaos", "support")
        for path in sorted((_TESTS / folder).rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if waits.search(line) and line.strip() not in _NO_THREADS
    ]
    assert found == []


def test_no_test_of_pages_loops_without_an_end_or_lets_a_page_do_so() -> None:
    found = [
        f"{path.relative_to(_PAGES)}: {line.strip()}"
        for path in sorted(_PAGES.rglob("*.py"))
        if path.name not in _OWN_END
        for line in path.read_text("utf-8").splitlines()
        if re.match(r" *while ", line) or re.search(r"evaluate\(.*while ?\(", line)
    ]
    assert found == []
