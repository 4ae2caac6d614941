"""Looking again while the database is away: one line when it begins, one when it is over, and no traceback."""

from __future__ import annotations

import logging

import pytest

from service.jobs.scheduler import Looking
from service.store import Unreachable


def test_a_database_that_is_away_is_told_once_and_once_when_it_is_back(caplog: pytest.LogCaptureFixture) -> None:
    away, looked = [True], []

    def look() -> None:
        if away[0]:
            raise Unreachable
        looked.append(True)

    looking = Looking(look)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            looking()
        assert [(r.levelname, r.exc_info) for r in caplog.records] == [("ERROR", None)]
        away[0] = False
        looking()
        looking()
    assert [r.getMessage() for r in caplog.records[1:]] == ["the database answers again"]
    assert len(looked) == 2


def test_what_else_goes_wrong_is_not_kept_quiet() -> None:
    def look() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Looking(look)()
