"""Answers in JSON: words as they are, and numbers of any size."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from service.casework.reading.citations import CitedArticle
from service.web.api.bodies import made
from service.web.api.schemas.clauses import ClauseOut
from service.web.frame.requests.request_checks import register_intake


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
    told = made(ClauseOut).dump(clause)
    assert told == {"id": "art-8-1", "article": "第八条", "summary": "申报条件", "law": "《办法》"}
    told["summary"] = "改了"
    assert made(ClauseOut).dump(clause)["summary"] == "申报条件"
    assert made(ClauseOut).dump(replace(clause, summary="另一版"))["summary"] == "另一版"
    assert made(ClauseOut).dump([clause, clause], many=True) == [made(ClauseOut).dump(clause)] * 2
