"""Registration of an API route: guard, request and response schemas, description."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from service.casework.desk.repeated_requests import MarkedRequest, once
from service.casework.queries.demand_place import demand_place
from service.casework.step.submission import FormInvalid
from service.casework.studio.drafts.draft_tree import hash_of
from service.casework.studio.drafts.named_differences import named_conflicts
from service.casework.studio.drafts.save_file import DraftConflict
from service.casework.studio.pieces.remove_piece import PieceInUse
from service.catalog.merge import MergeConflict
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.web.api.arguments import Query, demand_in_header, demand_query, known_query
from service.web.api.bodies import BodyInvalid, made, read_body
from service.web.frame.requests.current import say, the_actor, the_desk
from service.web.frame.requests.failures import failure_of, problem
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.origin import origin
from service.web.frame.requests.refusals import note_refusal


@dataclass(frozen=True, slots=True)
class ApiOperation:
    """One route as the OpenAPI document lists it; ``query`` maps arguments to what they mean and take, ``id`` names it.

    ``told_once``: the answer holds a secret that is kept nowhere, also not for a repetition with the same key.
    ``unmarked``: nothing of the request may be kept, so that it takes no key: answers, the password of who signs in.
    ``secret``: the fields of the body of which nothing may be kept; a repetition is told by the others.
    """

    method: str
    path: str
    action: str
    summary: str
    out: type[Schema] | None
    body: type[Schema] | None = None
    query: Query | None = None
    id: str = ""
    told_once: bool = False
    unmarked: bool = False
    secret: tuple[str, ...] = ()

    @property
    def takes_key(self) -> bool:
        """Whether an Idempotency-Key lets a repetition take effect once."""
        return self.method == "POST" and not self.unmarked


_EMPTY = 204
ROUTES: list[ApiOperation] = []
"""Every route of the interface, in order."""


def add_route(api: Blueprint, route: ApiOperation, work: Callable[..., Any]) -> None:
    """Register ``work(body, **path values)`` as ``route``; its result is dumped by the route's schema."""

    @functools.wraps(work)
    def view(**place: Any) -> ResponseReturnValue:
        try:
            _demand_unconditional()
            demand_in_header(route.query, dict(parse_qsl(request.query_string.decode(errors="replace"))))
            request.args = known_query(route.query, request.args)
            demand_query(route.query, request.args)
            body = _body(route, place)
            status, found = _once(route, lambda: _answer(route, work, body, place))
        except BodyInvalid as wrong:
            note_refusal(wrong)
            return problem(failure_of(wrong), errors=wrong.errors)
        except FormInvalid as invalid:
            errors = [{"path": e.path, "zh": e.text.zh, "en": e.text.en} for e in invalid.errors]
            return problem(failure_of(invalid), errors=errors)
        except DraftConflict as conflict:
            return problem(failure_of(conflict), **_both(conflict))
        except PieceInUse as used:
            errors = [{"path": user.file, "place": user.place, **user.what.as_json()} for user in used.users]
            return problem(failure_of(used), errors=errors)
        return Response(status=204) if status == _EMPTY else _tagged(jsonify(found))

    endpoint = work.__name__
    guarded = route_guard(route.action)(view)
    api.add_url_rule(route.path, endpoint=endpoint, view_func=guarded, methods=[route.method])
    ROUTES.append(replace(route, id=endpoint))


def _tagged(answer: Response) -> Response:
    """Mark what was read by its content: who asks again with the mark is told that nothing changed (304)."""
    if request.method not in ("GET", "HEAD"):
        return answer
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _demand_unconditional() -> None:
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


def _answer(route: ApiOperation, work: Callable[..., Any], body: Any, place: Mapping[str, Any]) -> tuple[int, Any]:
    found = work(body, **place) if route.body else work(**place)
    return (_EMPTY, None) if route.out is None else (200, made(route.out).dump(found))


def _once(route: ApiOperation, work: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
    """Let a request that bears an Idempotency-Key take effect once, however often it is sent."""
    key = request.headers.get("Idempotency-Key")
    if key is None or route.method != "POST":
        return work()
    if not key:
        raise Invalid(
            Text(
                "Idempotency-Key 是空的，重发时不起作用，请填写或去掉。",
                "The Idempotency-Key is empty and would hold nothing back: give one or leave the header out.",
            )
        )
    if route.unmarked:
        raise Invalid(
            Text(
                "这项请求的内容不留任何痕迹，不接受 Idempotency-Key，请去掉后重新发送。",
                "Nothing of this request is kept anywhere, so it takes no Idempotency-Key: send it without.",
            )
        )
    actor = the_actor()
    sender = f"person {actor.person_id}" if actor.person_id is not None else origin()
    marked = MarkedRequest(sender, request.full_path, key, _content(route))
    return once(the_desk(), marked, work, told_once=route.told_once)


def _content(route: ApiOperation) -> bytes:
    """Return what was sent, as far as something of it may be kept."""
    if not route.secret:
        return request.get_data()
    told = {name: value for name, value in request.get_json().items() if name not in route.secret}
    return json.dumps(told, sort_keys=True).encode()


def _both(conflict: DraftConflict) -> dict[str, Any]:
    """Return both versions of a file that two people changed, with the mark that the next save carries."""
    return {
        "base": _readable(conflict.base),
        "ours": _readable(conflict.ours),
        "theirs": _readable(conflict.theirs),
        "hash": hash_of(conflict.theirs),
        "author": conflict.author,
        "held": conflict.held,
        "conflicts": [conflict_json(each) for each in _named(conflict)],
    }


def _named(conflict: DraftConflict) -> tuple[MergeConflict, ...]:
    if conflict.package is None:
        return conflict.conflicts
    return named_conflicts(conflict.conflicts, conflict.path, conflict.package, say)


def conflict_json(conflict: MergeConflict) -> dict[str, Any]:
    """Return a conflict as programs get it: ``id`` is what a choice names."""
    return {
        "id": conflict.id,
        "element": conflict.element,
        "subject": conflict.subject.as_json(),
        "removed": conflict.removed.value if conflict.removed else None,
        "fields": [
            {"name": f.name, "label": f.label.as_json(), "base": f.base, "ours": f.ours, "theirs": f.theirs}
            for f in conflict.fields
        ],
    }


def _readable(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "replace")


def _body(route: ApiOperation, place: Mapping[str, Any]) -> Any:
    """Read the body; who may not act there at all learns that, and not what is wrong with the fields."""
    try:
        return read_body(route.body)
    except Invalid:
        asked = {name: request.args[name] for name in ("jurisdiction", "package") if request.args.get(name)}
        with suppress(NotFound):
            demand_place(the_desk(), the_actor(), route.action, {**asked, **place})
        raise
