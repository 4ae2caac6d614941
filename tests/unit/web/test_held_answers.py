"""A good answer of the interface that is not as described fails the test that got it."""

from __future__ import annotations

import pytest
from flask import Flask, jsonify

from tests.conftest import pytest_runtest_call
from tests.support.held_answers import HELD, HeldAnswers, operations


def test_an_answer_of_another_shape_is_found_and_one_that_refuses_is_left_to_the_contract() -> None:
    app, held = Flask(__name__), HeldAnswers()
    app.add_url_rule(
        "/api/v1/cases/<int:case_id>/tasks", endpoint="one", view_func=lambda case_id: jsonify(tasks=case_id)
    )
    app.add_url_rule("/api/v1/tasks", endpoint="two", view_func=lambda: (jsonify(code="x"), 403))
    app.add_url_rule("/elsewhere", endpoint="three", view_func=lambda: jsonify(1))
    held.listen()
    client = app.test_client()
    for path in ("/api/v1/cases/7/tasks", "/api/v1/tasks", "/elsewhere"):
        client.get(path)
    HELD.faults()  # this answer was wrong on purpose
    HELD.seen.subtract(held.seen)
    [fault] = held.faults()
    assert fault.startswith("GET /api/v1/cases/{case_id}/tasks: 200 at tasks")
    assert set(held.seen) == {"GET /api/v1/cases/{case_id}/tasks"} <= operations()
    assert held.faults() == []


def test_faults_of_a_test_that_failed_are_not_told_of_the_next(request: pytest.FixtureRequest) -> None:
    running = pytest_runtest_call(request.node)
    next(running)
    HELD._faults.append("GET /api/v1/tasks: 200 at tasks")
    with pytest.raises(ZeroDivisionError):
        running.throw(ZeroDivisionError())
    assert HELD.faults() == []
