"""One operation of the interface: a use case with its address, guard, body and answer."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, get_type_hints
from urllib.parse import parse_qsl

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from service.casework.desk.repeated_requests import MarkedRequest, once
from service.casework.queries.require_place import require_place
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.web.api.arguments import Query, read_query_values, require_in_header, require_query, to_argument
from service.web.api.bodies import read_body
from service.web.api.derive import Body, collect_names, derive_answer, derive_body, describe, make_schema
from service.web.frame.requests.current import language, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.request_pace import hash_sender_network

_TAKEN: Mapping[str, Callable[[], Any]] = {
    "desk": the_desk,
    "actor": the_actor,
    "language": language,
    "origin": hash_sender_network,
    "by_program": lambda: True,
}
"""What a use case takes of whoever asks, by the name of its parameter."""
_PART = re.compile(r"{(\w+)}")
_RAISES = re.compile(r"(?s)\s*\bRaises:.*|(?:[;.]\s|\n\n)[Rr]aises .*?(?=\n\n|\Z)")
"""What a docstring says to callers in Python alone: its refusals, which the document says once for all."""
_EMPTY = 204


@dataclass(frozen=True)
class Operation:
    """One use case as programs call it: ``call`` such as "POST /tasks/{task_id}/claim", behind the guard ``action``.

    What ``work`` takes besides who asks comes from the path, from ``query``, and else from the body; ``answer`` names the
    parts of its result that leave ("" for none), or the one name under which a result that is no dataclass stands.
    The first paragraph of its docstring is its sentence in the document, the others say more.
    ``told_once``: the answer holds a secret that is kept nowhere, also not for a repetition with the same key.
    ``unmarked``: nothing of the request may be kept, so that it takes no key: answers, the password of who signs in.
    ``secret``: the fields of the body of which nothing may be kept; a repetition is told by the others.
    ``example``: what the example of the body has instead of what others of its kind have.
    """

    call: str
    action: str
    work: Callable[..., Any]
    answer: str | None = None
    query: Query = field(default_factory=dict)
    id: str = ""
    told_once: bool = False
    unmarked: bool = False
    secret: tuple[str, ...] = ()
    example: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", self.id or self.work.__name__)

    @cached_property
    def method(self) -> str:
        """Its method."""
        return self.call.partition(" ")[0]

    @cached_property
    def path(self) -> str:
        """Its address as Flask has it."""
        return _PART.sub(lambda part: f"<{self._get_converter(part[1])}{part[1]}>", self.call.partition(" ")[2])

    @cached_property
    def summary(self) -> str:
        """Its sentence in the document."""
        return self._doc_paragraphs[0].rstrip(".")

    @property
    def description(self) -> str:
        """What the document says of it besides."""
        return "\n\n".join(self._doc_paragraphs[1:])

    @cached_property
    def raised(self) -> frozenset[str]:
        """The names of classes in what the docstring says to callers in Python alone."""
        told = " ".join(match[0] for match in _RAISES.finditer(inspect.getdoc(self.work) or ""))
        return frozenset(re.findall(r"\w+", told))

    @cached_property
    def hints(self) -> Mapping[str, Any]:
        """The annotations of what it does."""
        return get_type_hints(self.work, include_extras=True)

    @cached_property
    def body(self) -> type[Body] | None:
        """The schema of its body."""
        docstring = _RAISES.sub("", inspect.getdoc(self.work) or "")
        read = derive_body(f"{self._schema_title}Body", self._body_parameters, docstring)
        return read if self.method != "GET" else None

    @cached_property
    def out(self) -> type[Schema] | None:
        """The schema of its answer."""
        return self._answer_schema[0]

    @property
    def takes_key(self) -> bool:
        """Whether an Idempotency-Key lets a repetition take effect once."""
        return self.method == "POST" and not self.unmarked

    def derive(self) -> None:
        """Derive both schemas before anybody asks: several threads would each derive their own."""
        _ = self.body, self.out

    def run(self, body: Mapping[str, Any], place: Mapping[str, Any]) -> tuple[int, Any]:
        """Do it with what was sent; returns the status and the answer."""
        values = {**place, **body, **self._read_query()} if self.query else {**place, **body}
        values |= {name: take() for name, take in self._request_arguments.items()}
        if self._package_parameter in self._work_parameters:
            values[self._package_parameter] = f"{place['jurisdiction']}/{place['award']}"
        names = self._work_parameters
        result = self.work(**{name: value for name, value in values.items() if name in names})
        schema, named = self._answer_schema
        if schema is None:
            return _EMPTY, None
        return 200, make_schema(schema).dump({"result": result} if named else result)

    @cached_property
    def _work_parameters(self) -> Mapping[str, inspect.Parameter]:
        return inspect.signature(self.work).parameters

    @cached_property
    def _request_arguments(self) -> Mapping[str, Callable[[], Any]]:
        return {name: take for name, take in _TAKEN.items() if name in self._work_parameters}

    @cached_property
    def _package_parameter(self) -> str:
        """The parameter that takes the award of a place, which two parts of the path name together."""
        named = "{jurisdiction}/{award}" in self.call
        return next((name for name in ("package_key", "package") if named and name in self._work_parameters), "")

    @cached_property
    def _doc_paragraphs(self) -> list[str]:
        query = {name: to_argument(each) for name, each in self.query.items()}
        renamed = {each.parameter or name: each.header or name for name, each in query.items()}
        names = {*_PART.findall(self.call), *renamed.values()}
        for schema in filter(None, (self.body, self.out)):
            collect_names(schema, names)
        sent = self.body.parts.items() if self.body else ()
        renamed |= {field.attribute: name for name, field in sent if field.attribute}
        docstring = _RAISES.sub("", inspect.getdoc(self.work) or "")
        return describe(docstring, names, renamed).split("\n\n")

    @cached_property
    def _schema_title(self) -> str:
        return "".join(part.capitalize() for part in self.id.split("_"))

    @cached_property
    def _answer_schema(self) -> tuple[type[Schema] | None, bool]:
        return derive_answer(f"{self._schema_title}Answer", self.hints.get("return"), self.answer)

    @cached_property
    def _body_parameters(self) -> Mapping[str, tuple[Any, Any]]:
        parts = set(_PART.findall(self.call))
        taken = parts | set(_TAKEN) | {to_argument(each).parameter or name for name, each in self.query.items()}
        taken |= {self._package_parameter}
        sent = {name: each for name, each in self._work_parameters.items() if name not in taken}
        return {name: (self.hints[name], each.default) for name, each in sent.items()}

    def _get_converter(self, name: str) -> str:
        return "int:" if self.hints.get(name) is int else ""

    def _read_query(self) -> dict[str, Any]:
        """Return what the query says, by the names of parameters."""
        arguments = {name: to_argument(each) for name, each in self.query.items() if request.args.get(name)}
        return {each.parameter or name: each.read(request.args[name]) for name, each in arguments.items()}


ROUTES: list[Operation] = []
"""Every operation of the interface, in order."""


def add_operation(api: Blueprint, operation: Operation) -> None:
    """Serve an operation."""

    def view(**place: Any) -> ResponseReturnValue:
        _require_unconditional()
        require_in_header(operation.query, dict(parse_qsl(request.query_string.decode(errors="replace"))))
        request.args = read_query_values(operation.query, request.args)
        require_query(operation.query, request.args)
        body = _read_body(operation, place)
        status, answer = _run_once(operation, lambda: operation.run(body, place))
        return Response(status=_EMPTY) if status == _EMPTY else _add_tag(jsonify(answer))

    operation.derive()
    guarded = route_guard(operation.action)(view)
    api.add_url_rule(operation.path, endpoint=operation.id, view_func=guarded, methods=[operation.method])
    ROUTES.append(operation)


def _add_tag(answer: Response) -> Response:
    """Mark what was read by its content: who asks again with the mark is told that nothing changed (304)."""
    if request.method not in ("GET", "HEAD"):
        return answer
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _require_unconditional() -> None:
    """Raise Invalid for a change that is to happen only if a mark still holds: versions in bodies say that here."""
    if request.method not in ("GET", "HEAD") and (
        "If-Match" in request.headers or "If-Unmodified-Since" in request.headers
    ):
        raise Invalid(
            Text(
                "这里不按 If-Match 或 If-Unmodified-Since 办理。请去掉后，用正文中的 version 或 base 写明所依据的版本。",
                "Nothing is changed by If-Match or If-Unmodified-Since here: leave them out and name the version"
                " that you saw in the body (version, base).",
            )
        )


def _run_once(operation: Operation, work: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
    """Let a request that bears an Idempotency-Key take effect once, however often it is sent."""
    key = request.headers.get("Idempotency-Key")
    if key is None or operation.method != "POST":
        return work()
    if not key:
        raise Invalid(
            Text(
                "Idempotency-Key 是空的，重发时不起作用，请填写或去掉。",
                "The Idempotency-Key is empty and would hold nothing back: give one or leave the header out.",
            )
        )
    if operation.unmarked:
        raise Invalid(
            Text(
                "这项请求的内容不留任何痕迹，不接受 Idempotency-Key，请去掉后重新发送。",
                "Nothing of this request is kept anywhere, so it takes no Idempotency-Key: send it without.",
            )
        )
    actor = the_actor()
    sender = f"person {actor.person_id}" if actor.person_id is not None else hash_sender_network()
    marked = MarkedRequest(sender, request.full_path, key, _read_content(operation))
    return once(the_desk(), marked, work, told_once=operation.told_once)


def _read_content(operation: Operation) -> bytes:
    """Return what was sent, as far as something of it may be kept."""
    if not operation.secret:
        return request.get_data()
    content = {name: value for name, value in request.get_json().items() if name not in operation.secret}
    return json.dumps(content, sort_keys=True).encode()


def _read_body(operation: Operation, place: Mapping[str, Any]) -> Any:
    """Read the body; who may not act there at all learns that, and not what is wrong with the fields."""
    try:
        return read_body(operation.body) or {}
    except Invalid:
        query = {name: request.args[name] for name in ("jurisdiction", "package") if request.args.get(name)}
        with suppress(NotFound):
            require_place(the_desk(), the_actor(), operation.action, {**query, **place})
        raise
