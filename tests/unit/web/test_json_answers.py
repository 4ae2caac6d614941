"""Answers in JSON: words as they are, and numbers of any size."""

from datetime import date

import pytest
from flask import Flask

from service.web.frame.request_checks import register_intake


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": "授奖"}, '{"a":"授奖","b":1}'),
        (date(2026, 3, 2), '"Mon, 02 Mar 2026 00:00:00 GMT"'),
        (2**70, "1180591620717411303424"),
    ],
)
def test_what_is_answered_is_written_as_flask_writes_it_in_utf8(value: object, text: str) -> None:
    app = Flask("answers")
    register_intake(app)
    assert app.json.dumps(value) == text
