"""The OpenAPI document says of each operation what it takes, what it gives and who may call it."""

from __future__ import annotations

import base64
import re
from typing import Any

from service.casework.access.actions import Who
from service.casework.access.guards import GUARDED, GUARDS
from service.casework.spreadsheets import applicants, experts, people, scores
from service.domain.spreadsheets.lists import read_lines, unread_columns
from service.web.api import API
from service.web.api.derive import describe, make_schema
from service.web.api.openapi import build_openapi_document
from service.web.api.operation import ROUTES, Operation
from service.web.frame.requests.refusals import list_error_kinds

RESPONSES = "#/components/responses/"
assert API  # importing it registers the routes


def described(route: Operation) -> dict[str, Any]:
    place = "/api/v1" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)
    found: dict[str, Any] = build_openapi_document()["paths"][place][route.method.lower()]
    return found


def test_every_route_is_described_with_what_it_takes_and_gives() -> None:
    for route in ROUTES:
        told = described(route)
        assert told["summary"]
        assert ("requestBody" in told) == (route.body is not None)
    names = [route.id for route in ROUTES]
    assert len(names) == len(set(names))


def test_who_needs_no_account_needs_no_token() -> None:
    """The document says of each operation what it really asks for."""
    for route in ROUTES:
        cookie: dict[str, list[Any]] = {"session": []} if route.method == "GET" else {"session": [], "mark": []}
        wanted: list[dict[str, list[Any]]] = [{"bearer": []}, cookie]
        assert described(route)["security"] == ([] if Who.ANYBODY in GUARDS[route.action].who else wanted), route.path


def test_each_operation_tells_how_it_may_refuse() -> None:
    schemas = build_openapi_document()["components"]["schemas"]
    assert {"code", "message", "request", "detail_zh", "detail_en"} <= set(schemas["Refusal"]["required"])
    assert set(schemas["Mistake"]["required"]) == {"path", "zh", "en"}
    for route in ROUTES:
        told = {
            status: response["$ref"] for status, response in described(route)["responses"].items() if "$ref" in response
        }
        public = Who.ANYBODY in GUARDS[route.action].who
        assert ({"401", "403"} <= set(told)) is (not public or route.id == "begin_session"), route.call
        named = "{" in route.call or route.body is not None or "NotFound" in route.raised
        assert ("404" in told) is named, route.call
        assert ("409" in told) is (route.method != "GET"), route.call
        assert {told["429"], told["default"]} == {f"{RESPONSES}Refused429", f"{RESPONSES}RefusedDefault"}
    assert "Retry-After" in build_openapi_document()["components"]["responses"]["Refused429"]["headers"]


def test_each_code_of_a_refusal_is_listed_with_what_it_means() -> None:
    """A program tells conflicts apart by their code, so that none may be missing, and none stand without its meaning."""
    responses = build_openapi_document()["components"]["responses"]
    listed = {name: dict(re.findall(r"\* `(\w+)`: (.+)", each["description"])) for name, each in responses.items()}
    assert all(meaning.strip() for codes in listed.values() for meaning in codes.values())
    assert all(
        "* `" not in line or ": " in line for each in responses.values() for line in each["description"].split("\n")
    )
    conflicts = {
        "done_by_you",
        "task_over",
        "task_changed",
        "task_claimed",
        "case_suspended",
        "case_ended",
        "live_case",
    }
    assert conflicts <= set(listed["Refused409"])
    for kind in list_error_kinds():
        if kind.__module__.startswith(("service.casework.", "service.domain.")) and ".simulate." not in kind.__module__:
            assert any(kind.code in codes for codes in listed.values()), kind
    told = described(next(route for route in ROUTES if route.id == "complete_task"))["description"]
    codes = {"done_by_you", "done_otherwise", "task_reopened", "task_changed", "form_invalid", "key_used"}
    assert codes <= set(re.findall(r"`(\w+)`", told))
    assert "kept as the caller's own draft" in told
    uploads = [route for route in ROUTES if route.path.endswith("/uploads")]
    assert len(uploads) == 4
    assert all("`upload_refused`" in described(route)["description"] for route in uploads)
    enumerated = build_openapi_document()["components"]["schemas"]["Refusal"]["properties"]["code"]["enum"]
    assert set(enumerated) == {code for codes in listed.values() for code in codes}


def test_values_of_which_there_are_few_and_what_is_meant_stand_with_the_field() -> None:
    schemas = build_openapi_document()["components"]["schemas"]
    few = {("LineReport", "outcome"): "UNREAD", ("WantedValue", "kind"): "day", ("CheckState", "colour"): "red"}
    for (schema, name), value in few.items():
        assert value in schemas[schema]["properties"][name]["enum"], schema
    for schema, name, meaning in (
        ("LineReport", "outcome", "not read"),  # of the docstring
        ("TaskLine", "element", "process/element"),  # under another name
        ("TrainingRow", "valid_until", "last day"),  # of a column
        ("GetTaskAnswer", "may_act", "Whether the reader may do the task"),  # of a property
        ("EnterApplicantsBody", "receipt", "scan of the counter"),  # of an operation
    ):
        assert meaning in schemas[schema]["properties"][name]["description"], (schema, name)
    told = [
        field for each in schemas.values() for field in each.get("properties", {}).values() if "description" in field
    ]
    assert len(told) > 190
    assert [field["description"] for field in told if field["description"].startswith(("or ", "and "))] == []
    log = described(next(route for route in ROUTES if route.id == "get_event_log"))
    assert "404" in log["responses"]


def list_names(part: Any, document: Any, seen: set[str]) -> set[str]:
    """Return the names and the few values that stand in a part of the document and in the schemas it refers to."""
    if isinstance(part, list):
        return {name for each in part for name in list_names(each, document, seen)}
    if not isinstance(part, dict):
        return set()
    names = {*part.get("properties", ()), *part.get("headers", ()), *map(str, part.get("enum", ()))}
    names |= {part["name"]} if isinstance(part.get("name"), str) else set()
    reference = part.get("$ref", "")
    if reference and reference not in seen:
        seen.add(reference)
        _, _, kind, name = reference.split("/")
        names |= list_names(document["components"][kind][name], document, seen)
    return names.union(*(list_names(each, document, seen) for each in part.values()))


def test_what_is_named_in_a_description_is_in_the_document() -> None:
    """A name that nothing bears any more sends a stranger looking for it."""
    document = build_openapi_document()
    codes = {
        c for r in document["components"]["responses"].values() for c in re.findall(r"\* `(\w+)`", r["description"])
    }
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    everything = list_names(document, document, set()) | codes
    parts = [
        (each["operationId"], f"{each['summary']} {each.get('description', '')}", each, codes) for each in operations
    ]
    schemas = document["components"]["schemas"].items()
    parts += [(name, each.get("description", ""), each, set()) for name, each in schemas]
    parts += [("introduction", document["info"]["description"], document, everything)]
    for place, text, part, more in parts:
        names = list_names(part, document, set()) | more
        for named in re.findall(r"`+([^`]+)`+", text):
            assert named in names or not named.isidentifier(), (place, named)
        assert not re.search(r"(?<!-)\b(Raises|None|actor)\b", text), (place, text)


def test_a_sentence_ends_before_a_name_that_programs_do_not_know() -> None:
    text = "Get what ``actor`` may do; ``inner`` is None where the actor\n  may not. ``sent`` says so.\n\n``inner`` is ours."
    assert describe(text, {"given"}, {"sent": "given"}) == "Get what the caller may do. `given` says so."


def test_an_example_says_more_than_the_name_of_its_field() -> None:
    for route in ROUTES:
        if route.body is not None:
            example = described(route)["requestBody"]["content"]["application/json"]["example"]
            assert [name for name, value in example.items() if value in (name, "", "样例", "string")] == [], route.call


def test_the_example_of_a_list_has_the_headings_of_that_list() -> None:
    for name, columns in (
        ("enter_experts", experts.COLUMNS),
        ("enter_people", people.COLUMNS),
        ("enter_applicants", (applicants.NAME, applicants.CODE)),
        ("enter_scores", scores.COLUMNS),
    ):
        body = described(next(route for route in ROUTES if route.id == name))["requestBody"]["content"]
        content = base64.b64decode(body["application/json"]["example"]["content"]).decode()
        rows = [row.split(",") for row in content.split("\n")]
        [line] = read_lines(rows, columns)
        assert (line.mistakes, unread_columns(rows, columns)) == ((), ()), name


def test_what_a_program_must_know_before_it_sends_is_in_the_document() -> None:
    start = described(next(route for route in ROUTES if route.id == "get_start_form"))
    [parent] = [each for each in start["parameters"] if each["name"] == "parent"]
    assert "needed" in parent["description"]
    schemas = build_openapi_document()["components"]["schemas"]
    assert "needed" in schemas["StartCaseBody"]["properties"]["parent_id"]["description"]
    content = schemas["AttachToTaskBody"]["properties"]["content"]["description"]
    assert all(word in content for word in ("20 MB", "PDF", "JPG", "PNG", "DOCX"))


def test_the_example_of_each_body_is_read_as_one() -> None:
    for route in ROUTES:
        if route.body is not None:
            example = described(route)["requestBody"]["content"]["application/json"]["example"]
            assert make_schema(route.body).validate(example) == {}, route.call


def test_each_operation_stands_behind_the_guard_of_its_use_case() -> None:
    direct = [(route, GUARDED.get(f"{route.work.__module__}.{route.work.__qualname__}")) for route in ROUTES]
    assert [route.call for route, action in direct if action not in (None, route.action)] == []
    assert sum(action is not None for _, action in direct) > 50
