"""A body is what a use case takes, an answer what its result holds: nothing else is read, and nothing leaves by accident."""

from __future__ import annotations

import base64
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Annotated, Any, get_type_hints

import pytest
from marshmallow import Schema, ValidationError, fields

from service.domain.errors import Invalid
from service.domain.values import bounds
from service.web.api import arguments as told
from service.web.api.blueprint import API
from service.web.api.derive import derive_answer, derive_body, make_schema, offer
from service.web.api.operation import ROUTES


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Seat:
    role: Annotated[str, bounds.Length(1, 5)]
    body_id: bounds.RowId
    language: bounds.Inside[str] = "zh"


@dataclass(frozen=True)
class Leaf:
    name: str
    colour: Colour
    below: tuple[Leaf, ...] = ()
    secret: bounds.Inside[object] = None


@dataclass(frozen=True)
class Tree:
    """A tree."""

    root: Leaf | None
    since: datetime
    next: tuple[datetime, int] | None
    content: bounds.Content

    @property
    def height(self) -> int:
        return 3


class Engine:
    pass


@dataclass(frozen=True)
class Running:
    id: int
    engine: Engine


def work(
    person_id: int,
    seat: bounds.Spread[Seat],
    other: Seat,
    submission: bounds.Submission,
    words: Annotated[str, bounds.OneOf(("a", "b"))],
    content: bounds.Content,
    version: bounds.Version,
    note: bounds.Utf8 | None = None,
    days: Sequence[date] = (),
    chosen: Mapping[int, str] | None = None,
    going_on: bounds.Inside[bool] = False,
) -> None: ...


def body() -> Any:
    hints, parameters = get_type_hints(work, include_extras=True), inspect.signature(work).parameters
    schema = derive_body("Body", {name: (hints[name], parameters[name].default) for name in list(parameters)[1:]})
    assert schema is not None
    return make_schema(schema)


GOOD: Mapping[str, Any] = {
    "role": "head", "body_id": 1, "other": {"role": "x", "body_id": 2}, "words": "a", "content": base64.b64encode(b"x").decode()
}  # fmt: skip


def test_a_body_is_read_as_the_parameters_of_its_use_case() -> None:
    assert body().load(dict(GOOD)) == {
        "seat": Seat("head", 1), "other": Seat("x", 2), "submission": {}, "words": "a", "content": b"x", "version": None,
        "note": None, "days": (), "chosen": None,
    }  # fmt: skip
    more = {"values": {"a": 1}, "version": 3, "note": "好", "days": ["2026-06-05"], "chosen": {"2": "33"}}
    read = body().load({**GOOD, **more})
    assert (read["submission"], read["version"], read["note"]) == ({"a": 1}, 3, "好".encode())
    assert (read["days"], read["chosen"]) == ((date(2026, 6, 5),), {2: "33"})


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"role": "longer"}, "role"), ({"body_id": 0}, "body_id"), ({"body_id": True}, "body_id"), ({"words": "c"}, "words"),
        ({"other": {"role": "", "body_id": 1}}, "other"), ({"going_on": True}, "going_on"), ({"language": "en"}, "language"),
        ({"person_id": 1}, "person_id"), ({"version": 2**40}, "version"), ({"days": ["20260605"]}, "days"), ({"role": None}, "role"),
    ],
)  # fmt: skip
def test_what_is_not_as_annotated_is_refused_at_its_place(wrong: dict[str, Any], place: str) -> None:
    with pytest.raises(ValidationError) as refused:
        body().load({**GOOD, **wrong})
    assert list(refused.value.messages_dict) == [place]


def test_what_is_no_base64_is_refused_in_a_sentence() -> None:
    with pytest.raises(Invalid, match="base64"):
        body().load({**GOOD, "content": "?"})


def test_an_answer_is_what_a_result_holds() -> None:
    schema, named = derive_answer("Answer", Tree, None)
    assert schema is not None
    assert not named
    at = datetime(2026, 6, 5, tzinfo=UTC)
    tree = Tree(Leaf("a", Colour.RED, (Leaf("b", Colour.RED),), secret="x"), at, (at, 7), b"x")
    leaf = {"name": "b", "colour": "red", "below": []}
    assert make_schema(schema).dump(tree) == {
        "root": {"name": "a", "colour": "red", "below": [leaf]},
        "since": "2026-06-05T00:00:00+00:00", "next": "2026-06-05T00:00:00+00:00_7", "content": "eA==",
    }  # fmt: skip


def test_names_and_paths_say_what_leaves() -> None:
    schema, _ = derive_answer("Answer", Tree, "first=root.name colour=root.colour.value height")
    assert schema is not None
    write, at = make_schema(schema), datetime(2026, 6, 5, tzinfo=UTC)
    assert write.dump(Tree(Leaf("a", Colour.RED), at, None, b"")) == {"first": "a", "colour": "red", "height": 3}
    assert write.dump(Tree(None, at, None, b"")) == {"first": None, "colour": None, "height": 3}


def test_what_is_no_dataclass_stands_under_its_name() -> None:
    schema, named = derive_answer("Answer", int | None, "request")
    assert schema is not None
    assert named
    assert make_schema(schema).dump({"result": None}) == {"request": None}
    assert derive_answer("Answer", int, "") == (None, False)
    assert derive_answer("Answer", None, None) == (None, False)


def test_a_type_that_has_no_json_leaves_by_name_alone() -> None:
    with pytest.raises(TypeError, match="no JSON"):
        derive_answer("Answer", Running, None)
    offer(Running, "id")
    schema, _ = derive_answer("Answer", list[Running], "running")
    assert schema is not None
    assert make_schema(schema).dump({"result": [Running(1, Engine())]}) == {"running": [{"id": 1}]}


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


WRONG = (
    (told.whole("n", 1, 9), ("", "0", "10", "x", "1.0", "-1", "²", "9" * 30)),
    (told.words("w", "xes", "csv"), ("", "pdf", "CSV")),
    (
        told.calendar_day("d"),
        ("", "20260605", "2026-W23-5", "2026-02-30", "２０２６-06-05", "2026-06-05T00:00", "9999-12-31", "0001-01-01"),
    ),
    (told.due_within(), ("", "week", "20260605")),
    (told.build_text_argument("p"), ("",)),
    (told.row_place(), ("", "x", "-1", "9" * 30)),
    (told.instant_place(), ("", "1", "2026-06-05T00:00:00+00:00_" + "9" * 20)),
    (told.day_place(), ("", "1", "2026-02-30_1")),
)
TAKEN = (
    (told.whole("n", 1, 9), "9"),
    (told.words("w", "xes", "csv"), "csv"),
    (told.calendar_day("d"), "2026-06-05"),
    (told.due_within(), "late"),
    (told.due_within(), "2026-06-05"),
    (told.build_text_argument("p"), "x"),
    (told.row_place(), "0"),
    (told.instant_place(), "2026-06-05T01:00:00+00:00_17"),
    (told.day_place(), "2026-06-05_17"),
)


@pytest.mark.parametrize(("asked", "values"), WRONG)
def test_what_is_no_such_value_is_refused(asked: told.Argument, values: tuple[str, ...]) -> None:
    for value in values:
        with pytest.raises(Invalid) as refused:
            told.require_query({"name": asked}, {"name": value})
        assert refused.value.message.zh
        assert refused.value.message.en


@pytest.mark.parametrize(("asked", "value"), TAKEN)
def test_what_is_one_is_taken_and_may_be_left_out(asked: told.Argument, value: str) -> None:
    assert asked.wrong(value) is None
    told.require_query({"name": asked}, {"name": value} if asked.required else {})
