"""The OpenAPI document of the API."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from functools import cache
from itertools import chain
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from service.casework.access.actions import Who
from service.casework.access.guards import GUARDS
from service.casework.access.sign_in_proof import HANDED_OUT, PROVED_FIRST, ProofNeeded
from service.casework.desk.repeated_requests import LONGEST_KEY, KeyUsed
from service.casework.step.submission import FormInvalid
from service.casework.tasks.attach_upload import Attached
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed, NotFound
from service.domain.files.uploads import UploadRefused
from service.domain.values.bounds import OneOf
from service.web.api.arguments import Argument, to_argument
from service.web.api.derive import Answer, describe, make_example
from service.web.api.operation import ROUTES, Operation
from service.web.frame.requests.cookies import SAFE, SESSION
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import LARGEST_ID
from service.web.frame.requests.refusals import list_error_kinds, status_of_kind

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Any word of the sender. It counts for the caller (without an account, for their network), this method and address"
    " with its query, and 24 hours from the first time: the same body, byte by byte, takes effect once and gets the same answer"
    " again, but for a secret that is given once (409 `answer_given`); another body is refused (409 `key_used`), and nothing"
    " is done. A refusal leaves the key free.",
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


class Mistake(Answer):
    """What is wrong with one field, by its path in what was sent; of what is in use, where it is."""

    path = fields.String(required=True)
    code = fields.String(validate=validate.OneOf(("missing", "wrong", "rule")))
    zh = fields.String(required=True)
    en = fields.String(required=True)
    place = fields.String()


class Refusal(Answer):
    """A refusal or failure (RFC 9457), with the sentence in both languages.

    `code` is what a program tells refusals apart by; each response lists its codes. `message` repeats `detail`; `request` is
    the number under which the log has it, `incident` that of a failure on our side. `errors` say what is wrong with which
    field, those of a form with a code: missing, wrong (what was sent cannot stay), or rule (several fields break it together).
    `case_id` or `task_id` is what to go on with. Of a file of a draft that was saved meanwhile, `hash`, `author` and `at`
    tell the version that it has now.
    """

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    message = fields.String(required=True)
    request = fields.String(required=True)
    detail_zh = fields.String(required=True)
    detail_en = fields.String(required=True)
    incident = fields.String()
    errors = fields.List(fields.Nested(Mistake))
    hash = fields.String()
    author = fields.String()
    at = fields.String()
    case_id = fields.Integer()
    task_id = fields.Integer()


_REFUSALS = {
    "401": "Nobody is signed in: there is no token, or it has ended",
    "403": "The reader may not do this",
    "404": "What the address or the body names is not there, or not the reader's to know of",
    "409": "It does not go with how things stand: somebody was quicker, or it is over; read it again",
    "422": "What was sent breaks a rule; `errors` names the fields",
    "429": "Too much within a minute; nothing was done",
}
_CODES_OF_SERVER = {
    "http": "What was sent is no request that the server reads.",
    "not_served": "The address is not served by this method; the header Allow names those that are.",
    "too_large": "What was sent is larger than the server takes.",
    "broken": "Something went wrong on our side, and nothing was done; `incident` is its number.",
}
_GENERAL = (LaurelError, Conflict, Invalid, NotAllowed, NotFound)
_ELSEWHERE = ("service.cli", "service.settings", "service.casework.simulate", "service.web.demo")
"""What commands, settings and demonstrations refuse reaches no program."""
_LATER = {
    "Retry-After": {"description": "Seconds after which to try again.", "schema": {"type": "integer"}},
}
_PROBLEM = {"application/problem+json": {"schema": Refusal}}
INTRODUCTION = """The interface of Laurel (政府质量奖) for programs: the rights, checks and effects are those of the pages.

* **Sign in**: POST /session gives a `token`, sent as `Authorization: Bearer TOKEN`. On 401 `sign_in_needed` begin anew; on 403
  `step_up_needed` call POST /session/proof and send the request again.
* **Begin a case**: GET /start lists what the caller begins, closed or not; GET /start/{jurisdiction}/{award}/{process} gives the
  fields of its form, and `refusal` or `live_case` where it cannot begin now; POST /cases sends their `values` and answers with the number of the case.
* **Do a task**: GET /tasks with `scope` `to_do` lists what waits for the caller. GET /tasks/{task_id} gives `version`, `fields`
  and the `values` it begins with; POST /tasks/{task_id}/complete sends `version` and `values`. What conditions of fields read
  besides is in `context`, which is not sent: a name that is not there is null, and what is reckoned from other values is reckoned
  anew from those sent. Examples show the shape: numbers and values are those of one installation.
* **Values** are an object: a dot in a `path` is an object inside, `[]` a list of objects. A text, a number without quotes, a date (`2026-06-05`),
  time (`09:30`) or instant (`2026-06-05T09:30:00+08:00`) is sent as such, a box as true or false, a choice as the `value` of an
  option, several as their list, a file as the list of what POST …/uploads answered. Leave out what a condition
  of `hidden_when` hides, and what the program fills in (`locked_when`, or no `type`): other values there are refused (422).
* **Refusals** are problem+json; `code` says what for, and each status lists its codes. 409 `done_by_you`: your own request
  took effect before, with other values where it is `done_otherwise`; `task_reopened`: it was taken back or sent back since, and
  `task_id` waits in its place; `task_over` and `task_claimed`: somebody else was quicker, whom `detail` names where you may know;
  `task_changed`: read the task again, then send with its new `version`.
* **Again**: with an `Idempotency-Key` of its own, a POST without an answer is sent again as it was, and takes effect once.
* **Lists** are narrowed by the arguments of their query; there is no other order. Where `x-cursor` stands, `next` sent as
  `after` gives the next page, and is null on the last; the length of pages is set (only /cases/{round_id}/board takes `limit`).
  `x-bounded` says why a list has one page.
* **Spreadsheets**: GET /lists/…, /cases/{case_id}/applicants, /cases/{case_id}/scores and /cases/{round_id}/board/list answer
  `name`, `media_type` and `content`, an .xlsx in base64; /monitor/log a .csv. POST to them takes an .xlsx or .csv, and says what
  would become of each line until `commit` is true.
* **Unchanged**: a GET with `If-None-Match` of the last `ETag` is answered by 304. Instants are UTC, days those of Asia/Shanghai.
"""
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
        info={"description": INTRODUCTION},
    )
    assert marshmallow.converter is not None
    marshmallow.converter.add_attribute_function(_describe_entries)  # type: ignore[no-untyped-call]
    for name, scheme in SCHEMES.items():
        spec.components.security_scheme(name, dict(scheme))
    codes = _list_codes()
    for status, meaning in (*_REFUSALS.items(), ("default", "Refused otherwise, or failed; `status` says how")):
        refused: dict[str, Any] = {"description": meaning + _format_codes(codes[status]), "content": _PROBLEM}
        spec.components.response(f"Refused{status.title()}", refused | ({"headers": _LATER} if status == "429" else {}))
    for route in ROUTES:
        place = "/api/v1" + _PLACE.sub(r"{\2}", route.path)
        spec.path(path=place, operations={route.method.lower(): _describe_operation(route)})
    made: dict[str, Any] = spec.to_dict()
    refusal = made["components"]["schemas"]["Refusal"]
    refusal["description"] = describe(inspect.getdoc(Refusal) or "", Refusal._declared_fields)
    refusal["properties"]["code"]["enum"] = sorted({*chain.from_iterable(codes.values())})
    return made


def _describe_entries(_: object, field: fields.Field[Any], ret: dict[str, Any]) -> dict[str, Any]:
    """Say how many entries a mapping has as JSON Schema does: lengths are of texts alone; ``ret`` is what was said so far."""
    if not isinstance(field, fields.Dict):
        return {}
    keyword_pairs = (("minLength", "minProperties"), ("maxLength", "maxProperties"))
    return {name: ret.pop(length) for length, name in keyword_pairs if length in ret}


def _describe_operation(route: Operation) -> dict[str, Any]:
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _NUMBER if kind == "int" else _describe_word(route, name),
        }
        for kind, name in _PLACE.findall(route.path)
    ]
    parameters += [_describe_argument(name, to_argument(spec)) for name, spec in (route.query or {}).items()]
    parameters += [_KEY] if route.takes_key else []
    good: dict[str, Any] = {"204": {"description": "Done"}}
    if route.out is not None:
        good = {"200": {"description": "OK", "content": {"application/json": {"schema": route.out}}}}
    public = Who.ANYBODY in GUARDS[route.action].who
    operation: dict[str, Any] = {
        "operationId": route.id,
        "summary": route.summary,
        "parameters": parameters,
        "responses": {**good, **_describe_refusals(route, public)},
        "security": [] if public else _ways_in(route.method),
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
    names = route.raised | ({FormInvalid.__name__} if "submission" in route.hints else set())
    names |= {KeyUsed.__name__} if route.takes_key else set()
    names |= {UploadRefused.__name__} if route.hints.get("return") is Attached else set()
    raised = sorted(kind.code for kind in list_error_kinds() if kind.__name__ in names and kind not in _GENERAL)
    refusals = (
        f"Among its refusals, of which each status lists all there are: {', '.join(f'`{code}`' for code in raised)}."
        if raised
        else ""
    )
    if description := "\n\n".join(filter(None, (route.description, fresh, refusals))):
        operation["description"] = description
    if route.body is not None:
        body = {"schema": route.body, "example": {**make_example(route.body), **route.example}}
        operation["requestBody"] = {"required": True, "content": {"application/json": body}}
    return operation


def _describe_word(route: Operation, name: str) -> Mapping[str, Any]:
    marks = getattr(route.hints.get(name), "__metadata__", ())
    return next(({"type": "string", "enum": list(mark.words)} for mark in marks if isinstance(mark, OneOf)), _WORD)


def _describe_refusals(route: Operation, public: bool) -> dict[str, Any]:
    """Describe how an operation may refuse: for who asks, for what its address names, and for what is sent."""
    raised = {str(status_of_kind(kind)) for kind in list_error_kinds() if kind.__name__ in route.raised}
    named = bool(_PLACE.search(route.path) or route.body)
    possible = {
        "401": not public or "401" in raised,
        "403": not public or "403" in raised,
        "404": named or "404" in raised,
        "409": route.method not in SAFE,
        "422": bool(named or route.query),
        "429": True,
    }
    return {status: f"Refused{status}" for status, can in possible.items() if can} | {"default": "RefusedDefault"}


def _list_codes() -> Mapping[str, Mapping[str, str]]:
    """Return by status, or "default", what each code means: the first paragraph of the class of error that has it."""
    told = {*Refusal._declared_fields, *Mistake._declared_fields}
    codes: dict[str, dict[str, str]] = {status: {} for status in _REFUSALS} | {"default": dict(_CODES_OF_SERVER)}
    for kind in list_error_kinds():
        if not kind.__module__.startswith(_ELSEWHERE):
            status = str(status_of_kind(kind))
            meaning = describe((inspect.getdoc(kind) or "").partition("\n\n")[0], told)
            codes[status if status in codes else "default"][kind.code] = meaning
    return codes


def _format_codes(codes: Mapping[str, str]) -> str:
    """Return a list in Markdown."""
    return ".\n\n" + "\n".join(f"* `{code}`: {meaning}" for code, meaning in sorted(codes.items()))


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
