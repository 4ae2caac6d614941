"""The OpenAPI document of the API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import fields

from service.casework.access.actions import Who
from service.casework.access.guards import GUARDS
from service.casework.access.sign_in_proof import HANDED_OUT, PROVED_FIRST, ProofNeeded
from service.casework.desk.repeated_requests import LONGEST_KEY
from service.web.api.arguments import Argument, to_argument
from service.web.api.derive import Answer, make_example
from service.web.api.operation import ROUTES, Operation
from service.web.frame.requests.cookies import SAFE, SESSION
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import LARGEST_ID

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Any word of the sender: sent again within a day, the same request takes effect once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
}
_MARK = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of an answer that is still at hand: 304 without a body says that it holds.",
    "schema": {"type": "string"},
}
_FRESH = (
    f"Asks for a fresh sign-in: 403 `{ProofNeeded.code}` where the token is older than LAUREL_STEP_UP_MINUTES and "
    "POST /session/proof was not called within them; nothing was done then."
)
_MARKED = {
    "ETag": {"description": "Mark of this answer: another answer, another mark.", "schema": {"type": "string"}},
}


CURSOR = "after"
"""The parameter that continues a list."""

BOUNDED: Mapping[str, str] = {
    "/cases/": "what waits, runs and can be done in one case, and its last events",
    "/definitions": "the published awards, and the clauses, diagrams and elements of one of them",
    "/drafts/": "what the package of one draft holds",
    "/experts/": "what is on record of one expert",
    "/health": "the checks of one installation",
    "/monitor": "the steps and kinds of case of published awards, and sixty days",
    "/notices/": "the entries and files of one notice",
    "/objections": "the notices and cases that can be objected to at one time",
    "/people/bodies": "the bodies of the places that one administers",
    "/register/organisations/": "the awards of one organisation, and the newest notices that name it",
    "/search": "ten of each kind; more names the kinds that have more",
    "/signs": "the hundred oldest that are asked, the twenty newest that were given, and what stands in one",
    "/start": "the kinds of case of published awards, each below two hundred cases at most, and the reader's organisations",
    "/tasks/": "the fields of one form, and those who sign beside one task",
    "/versions/": "the published versions of one award",
}
"""By what a list without a cursor is bounded, by the beginning of its path; the longest that fits says it."""


class Refusal(Answer):
    """A refusal or failure (RFC 9457), with the sentence in both languages."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    detail_zh = fields.String()
    detail_en = fields.String()
    incident = fields.String()
    errors = fields.List(fields.Dict())


SCHEMES: Mapping[str, Mapping[str, str]] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token that POST /session hands out. It comes before a cookie sent beside it.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION,
        "description": "The cookie of a browser that signed in on the pages.",
    },
    "mark": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "The mark of that session, as its pages carry it; besides the cookie, for whatever changes anything.",
    },
}
"""Who asks is told by a bearer token, or by the session's cookie together with its mark."""
_NUMBER = {"type": "integer", "minimum": 0, "maximum": LARGEST_ID}
_WORD = {"type": "string", "minLength": 1}
_PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")


def add_openapi_route(api: Blueprint) -> None:
    """Add the route that hands out the document."""

    @api.get("/openapi.json")
    @route_guard("portal.view")
    def openapi() -> ResponseReturnValue:
        """Return the OpenAPI document."""
        return jsonify(build_openapi_document())


@cache
def build_openapi_document() -> dict[str, Any]:
    """Return the OpenAPI document of every route."""
    marshmallow = MarshmallowPlugin()
    spec = APISpec(
        title="桂冠 Laurel",
        version="1",
        openapi_version="3.1.0",
        plugins=[marshmallow],
        info={"description": "政府质量奖办理接口。与页面使用同样的权限；拒绝以 problem+json 返回中英文说明。"},
    )
    assert marshmallow.converter is not None
    marshmallow.converter.add_attribute_function(_describe_entries)  # type: ignore[no-untyped-call]
    for name, scheme in SCHEMES.items():
        spec.components.security_scheme(name, dict(scheme))
    for route in ROUTES:
        place = "/api/v1" + _PLACE.sub(r"{\2}", route.path)
        spec.path(path=place, operations={route.method.lower(): _describe_operation(route)})
    made: dict[str, Any] = spec.to_dict()
    return made


def _describe_entries(_: object, field: fields.Field[Any], ret: dict[str, Any]) -> dict[str, Any]:
    """Say how many entries a mapping has as JSON Schema does: lengths are of texts alone; ``ret`` is what was said so far."""
    if not isinstance(field, fields.Dict):
        return {}
    keyword_pairs = (("minLength", "minProperties"), ("maxLength", "maxProperties"))
    return {name: ret.pop(length) for length, name in keyword_pairs if length in ret}


def _describe_operation(route: Operation) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _NUMBER if kind == "int" else _WORD}
        for kind, name in _PLACE.findall(route.path)
    ]
    parameters += [_describe_argument(name, to_argument(spec)) for name, spec in (route.query or {}).items()]
    parameters += [_KEY] if route.takes_key else []
    good: dict[str, Any] = {"204": {"description": "Done"}}
    if route.out is not None:
        good = {"200": {"description": "OK", "content": {"application/json": {"schema": route.out}}}}
    refused = {"description": "Refused", "content": {"application/problem+json": {"schema": Refusal}}}
    operation: dict[str, Any] = {
        "operationId": route.id,
        "summary": route.summary,
        "parameters": parameters,
        "responses": {**good, "default": refused},
        "security": [] if Who.ANYBODY in GUARDS[route.action].who else _ways_in(route.method),
        "x-guard": route.action,
    }
    if route.method == "GET":
        operation |= _describe_length(route)
        parameters.append(_MARK)
        operation["responses"]["304"] = {
            "description": "As it was: the mark in If-None-Match still holds",
            "headers": _MARKED,
        }
        if route.out is not None:
            operation["responses"]["200"]["headers"] = _MARKED
    fresh = _FRESH if route.action in (HANDED_OUT if route.method == "GET" else PROVED_FIRST) else ""
    if route.description or fresh:
        operation["description"] = "\n\n".join(filter(None, (route.description, fresh)))
    if route.body is not None:
        body = {"schema": route.body, "example": make_example(route.body)}
        operation["requestBody"] = {"required": True, "content": {"application/json": body}}
    return operation


def _ways_in(method: str) -> list[dict[str, list[str]]]:
    """Return the ways in which an operation may be told who asks, each of them enough."""
    cookie: dict[str, list[str]] = {"session": []} if method in SAFE else {"session": [], "mark": []}
    return [{"bearer": []}, cookie]


def _describe_argument(name: str, spec: Argument) -> dict[str, Any]:
    place = {"name": spec.header, "in": "header"} if spec.header else {"name": name, "in": "query"}
    described = {**place, "description": spec.meaning, "schema": dict(spec.schema)}
    return {**described, "required": True} if spec.required else described


def _describe_length(route: Operation) -> dict[str, str]:
    """Say of an answer with lists how it is continued, or by what it is bounded."""
    lists = route.out is not None and any(isinstance(each, fields.List) for each in route.out().fields.values())
    if not lists:
        return {}
    if CURSOR in route.query:
        return {"x-cursor": CURSOR}
    begin = max((begin for begin in BOUNDED if route.path.startswith(begin)), key=len, default=None)
    return {"x-bounded": BOUNDED[begin]} if begin else {}
