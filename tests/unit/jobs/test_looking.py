"""Trying on while the database is away: one line when it begins, one when it is over, and no traceback."""

from __future__ import annotations

import logging

import pytest

from service.jobs.away import AwaySpell
from service.store import Busy, Unreachable

LOG = logging.getLogger("laurel.test")


def test_a_database_that_is_away_is_told_once_and_once_when_it_is_back(caplog: pytest.LogCaptureFixture) -> None:
    away = AwaySpell(LOG, "not looked again")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            with away.survived():
                raise Unreachable
        assert [(r.levelname, r.exc_info) for r in caplog.records] == [("ERROR", None)]
        assert caplog.messages[0].startswith("not looked again: 暂时连接不上数据库")
        for _ in range(2):
            with away.survived():
                pass
    assert caplog.messages[1:] == ["the database answers again"]


def test_what_is_told_by_hand_is_told_once_for_each_reason(caplog: pytest.LogCaptureFixture) -> None:
    away = AwaySpell(LOG, "not done")
    assert [away.noted(error) for error in (Unreachable(), Unreachable(), Busy(), ZeroDivisionError())] == [
        True,
        True,
        True,
        False,
    ]
    assert len(caplog.messages) == 2


def test_what_else_goes_wrong_is_not_kept_quiet() -> None:
    with pytest.raises(ZeroDivisionError), AwaySpell(LOG, "not looked again").survived():
        raise ZeroDivisionError
