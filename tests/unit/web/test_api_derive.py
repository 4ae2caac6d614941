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
from marshmallow import ValidationError

from service.domain.errors import Invalid
from service.domain.values import bounds
from service.web.api.derive import derive_answer, derive_body, make_schema, offer


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
        "note": None, "days": (),
    }  # fmt: skip
    more = {"values": {"a": 1}, "version": 3, "note": "好", "days": ["2026-06-05"]}
    read = body().load({**GOOD, **more})
    assert (read["submission"], read["version"], read["note"]) == ({"a": 1}, 3, "好".encode())
    assert read["days"] == (date(2026, 6, 5),)


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
