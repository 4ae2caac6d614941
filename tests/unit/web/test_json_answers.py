"""Answers in JSON: words as they are, and numbers of any size."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from service.casework.reading.citations import CitedArticle
from service.web.api import API
from service.web.api.derive import derive_answer, make_schema
from service.web.frame.requests.request_checks import register_intake

assert API  # importing it says what leaves of a clause


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


def test_a_clause_is_told_by_what_it_says_and_to_each_by_itself() -> None:
    clause = CitedArticle("art-8-1", "第八条", "8条", "申报条件", "《办法》", "/portal/a/b/regulation#art-8-1")
    schema, _ = derive_answer("", CitedArticle, None)
    assert schema is not None
    written = make_schema(schema).dump
    told = written(clause)
    assert told == {"id": "art-8-1", "article": "第八条", "summary": "申报条件", "law": "《办法》"}
    told["summary"] = "改了"
    assert written(clause)["summary"] == "申报条件"
    assert written(replace(clause, summary="另一版"))["summary"] == "另一版"
    assert written([clause, clause], many=True) == [written(clause)] * 2
