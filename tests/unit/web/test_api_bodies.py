"""What JSON tells apart is told apart: a fraction or a text is no whole number, 0 is not false, a week is no day."""

from __future__ import annotations

import pytest
from marshmallow import Schema, fields

from service.web.api.blueprint import API
from service.web.api.operation import ROUTES

assert API  # importing it registers the routes


def bodies() -> list[type[Schema]]:
    return list(dict.fromkeys(route.body for route in ROUTES if route.body is not None))


def wrong_values(field: object) -> tuple[object, ...]:
    if isinstance(field, fields.Integer):
        return 2.5, 2e-42, "2", True
    if isinstance(field, fields.Boolean):
        return 0, 1, "yes", "off"
    if isinstance(field, fields.AwareDateTime):
        return "20260605T090000Z", "2026-W23-5T09:00:00Z", "2026-06-05T09:00:00", "2026-06-05", 5
    if isinstance(field, fields.Date):
        return "20260605", "2026-W23-5", "2026-02-30", "２０２６-06-05", 20260605
    if isinstance(field, fields.List):
        return tuple([wrong] for wrong in wrong_values(field.inner))
    return ()


@pytest.mark.parametrize("body", bodies(), ids=lambda body: body.__name__)
def test_numbers_and_answers_are_taken_as_written(body: type[Schema]) -> None:
    schema = body()
    for name, field in schema.fields.items():
        for wrong in wrong_values(field):
            assert name in schema.validate({name: wrong}), (name, wrong)
