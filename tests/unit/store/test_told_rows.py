"""Whoever writes thousands of rows beside the program fills no disk with lines of the log."""

from __future__ import annotations

import pytest

from service.store.seals.told_rows import HOUR, NAMED, ToldRows


def test_of_many_rows_some_are_named_within_an_hour_and_the_others_counted(caplog: pytest.LogCaptureFixture) -> None:
    now = [5.0]
    told = ToldRows(lambda: now[0])
    for number in range(3 * NAMED):
        told.tell("work_item", f"message:{number}")
    told.tell("mail", 1)
    first = [record.getMessage() for record in caplog.records]
    assert [line.startswith("a row of table work_item (message:") for line in first[:NAMED]] == [True] * NAMED
    assert "not named here for an hour" in first[NAMED]
    assert [line.partition(" was")[0] for line in first[NAMED + 1 :]] == ["a row of table mail (1)"]
    now[0] += HOUR
    told.tell("work_item", "message:later")
    counted, named = [record.getMessage() for record in caplog.records][len(first) :]
    assert counted.startswith(f"{2 * NAMED} more rows of table work_item")
    assert named.startswith("a row of table work_item (message:later)")
