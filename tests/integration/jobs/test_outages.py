"""Procrastinate logs an outage of the database with a trace; who waits for the database says it in a sentence."""

from __future__ import annotations

import logging

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException

from service.jobs.outages import quiet_procrastinate


def told(error: BaseException, cause: BaseException | None, caplog: pytest.LogCaptureFixture) -> bool:
    """Return whether Procrastinate's line of a failed listener is written."""
    quiet_procrastinate()
    error.__cause__ = cause
    logging.getLogger("procrastinate.utils").error("listener error", exc_info=error)
    return "listener error" in caplog.text


def test_that_a_server_went_away_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    assert not told(ConnectorException(), psycopg.OperationalError("the database system is shutting down"), caplog)


def test_a_fault_of_the_tables_keeps_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    assert told(ConnectorException(), psycopg.errors.UndefinedTable("no such table"), caplog)
