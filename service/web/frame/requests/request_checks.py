"""What every request is held to: valid text, a line of the log, headers of its answer."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Flask, Response, g, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.routing import IntegerConverter, Map

from service.domain.errors import Invalid, NotAllowed
from service.domain.running.log_lines import begin_about, forget_about
from service.domain.text import Text
from service.domain.wording.signs import require_plain_direction
from service.settings import is_loopback
from service.web.frame.requests.current import requested_guard, the_settings
from service.web.frame.requests.list_query import open_words
from service.web.frame.requests.parse_values import LARGEST_ID

_FORWARDED = ("Forwarded", "Via", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP")
_FORWARDED_SO = ("x-forwarded", "x-original-forwarded")
"""Beginnings of the names that proxies make up for what they pass on."""

DEEPEST = 32
"""Levels of objects and lists in a JSON body; the deepest form of a package has six."""

LONGEST = 50_000
"""Characters of one text that is sent; the longest field of any form has 8,000, and each has its own bound besides."""

LONGEST_FILE = 4_000_000
"""The same where a text is a whole file: a draft's law, diagrams, tables, and what a page carries along in `_CARRIED`."""

_DRAFTS = "draft."
_CARRIED = frozenset({"rows", "kept"})
"""Fields in which a page carries the table that is imported, or the form that waits for a sign-in."""

_LARGEST = 2**63 - 1
"""The largest whole number that every database keeps."""


class RowNumber(IntegerConverter):
    """A number in an address; one that no row can have leads nowhere (404)."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_ID)


_AS_FLASK = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
"""Keys in order; dates and the like are left to ``default``, as Flask writes them."""


class StrictJson(DefaultJSONProvider):
    """Reads JSON as RFC 8259 has it: no lone surrogates, no NaN, nesting bounded by the parser itself."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Return JSON in UTF-8 without spaces; what orjson does not take (numbers beyond 64 bits) as Flask does."""
        try:
            return orjson.dumps(obj, self.default, _AS_FLASK).decode()
        except TypeError:
            return super().dumps(obj, **kwargs)

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        """Return the value; raises ValueError for anything that is not JSON."""
        return orjson.loads(s)


def register_intake(app: Flask) -> None:
    """Let ``app`` take only what it can work with; to be called before routes are added."""
    app.url_map.converters["int"] = RowNumber
    app.json = StrictJson(app)


def require_direct() -> None:
    """Raise NotAllowed where a proxy stands in front, or another name than this machine's own leads here.

    In demonstration mode any visitor may play any person: requests must come from this machine. A proxy may hide itself and
    call us by our own name; the browser behind it still says from which site it sends a form.
    """
    forwarded = any(name in request.headers for name in _FORWARDED)
    forwarded |= any(name.lower().startswith(_FORWARDED_SO) for name, _ in request.headers)
    site = request.headers.get("Origin", "null")
    elsewhere = site != "null" and not _is_local_host(site.partition("://")[2])
    if forwarded or elsewhere or not _is_local_host(request.host):
        raise NotAllowed(
            Text(
                "演示模式只能在本机直接打开，不能经反向代理或其他网址访问。请用 http://127.0.0.1 加端口号打开。",
                "The demonstration is opened on this machine only, never through a proxy or another name: "
                "use http://127.0.0.1 with its port.",
            )
        )


def _is_local_host(host: str) -> bool:
    """Return whether a host with its port, as browsers write it, names this machine only."""
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:  # brackets that hold no address
        return False


def require_storable() -> None:
    """Raise Invalid where the address or the form holds characters that no database keeps, that turn writing around, or too many.

    Fields are read only where there are any: a body of files is left to the code that stores them.
    """
    open_words()
    _require_storable(request.view_args.values() if request.view_args else ())
    _require_storable(text for pair in request.args.items(multi=True) for text in pair)
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        most = _get_limit()
        for name, text in request.form.items(multi=True):
            _require_storable((name,))
            _require_storable((text,), LONGEST_FILE if name in _CARRIED else most)


def require_storable_json(value: object) -> None:
    """Raise Invalid where a JSON body is nested too deep or holds characters or numbers that no database keeps."""
    level, most = [value], _get_limit()
    for _ in range(DEEPEST):
        _require_numbers(level)
        _require_storable((text for value in level for text in _iterate_texts(value)), most)
        level = [child for value in level for child in _iterate_children(value)]
        if not level:
            return
    raise Invalid(
        Text(
            f"请求正文嵌套超过 {DEEPEST} 层，请检查后重新发送。",
            f"The body is nested more than {DEEPEST} levels deep: check it and send it again.",
        )
    )


def _require_numbers(values: Iterable[object]) -> None:
    for value in values:
        if isinstance(value, int | float) and not -_LARGEST <= value <= _LARGEST:
            raise Invalid(
                Text(
                    "请求正文中有超出范围的数字，请检查后重新发送。",
                    "There is a number in the body beyond what can be stored: check it and send it again.",
                )
            )


def _iterate_texts(value: object) -> Iterable[object]:
    return (value, *value) if isinstance(value, dict) else (value,)


def _iterate_children(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _get_limit() -> int:
    guard = requested_guard()
    return LONGEST_FILE if guard is not None and guard.action.startswith(_DRAFTS) else LONGEST


def _require_storable(values: Iterable[object], most: int = LONGEST) -> None:
    for value in values:
        if not isinstance(value, str):
            continue
        if len(value) > most:
            raise Invalid(
                Text(
                    f"一项内容有 {len(value)} 个字符，超过 {most} 个，没有保存。请缩短后重新提交，篇幅长的作为附件上传。",
                    f"One text has {len(value)} characters, more than {most}, and nothing was saved: shorten it and send again,"
                    " or upload what is long as a file.",
                )
            )
        require_plain_direction(value)
        if not _is_storable(value):
            raise Invalid(
                Text(
                    "内容中含有不可见的控制字符，无法保存。请删去后重新提交（从其他文档复制的，先粘贴为纯文本）。",
                    "There are control characters that cannot be stored: remove them (paste as plain text) and send again.",
                )
            )


def _is_storable(text: str) -> bool:
    return (text.isascii() and "\0" not in text) or not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text)


LOG = logging.getLogger("laurel.request")
HEADER = "X-Request-ID"

_NUMBER = re.compile(r"[A-Za-z0-9._-]{8,64}")
_QUIET = ("static", "health.livez", "health.readyz", "health.metrics")
"""What is asked every few seconds by no person."""


def log_requests(app: Flask) -> None:
    """Number every request of ``app``, say the number in every line of the log, and write a line when it is answered.

    The number is the proxy's, where a trusted one gives any. Lines name the endpoint and never the address that was
    asked for, which may hold what only its reader should know.
    """

    def begin_request() -> None:
        g.request_id = _get_request_id()
        g.asked_at = time.perf_counter()
        forget_about()
        begin_about(request=g.request_id, **_find_subjects())

    def end_request(answer: Response) -> Response:
        if "request_id" in g:
            answer.headers[HEADER] = g.request_id
            if request.endpoint not in _QUIET:
                took = round((time.perf_counter() - g.asked_at) * 1000, 1)
                more = {
                    "endpoint": request.endpoint,
                    "method": request.method,
                    "status": answer.status_code,
                    "ms": took,
                }
                LOG.info("%s %s %s", request.method, request.endpoint, answer.status_code, extra={"more": more})
        return answer

    def forget_request(_error: BaseException | None) -> None:
        forget_about()

    app.before_request(begin_request)
    app.after_request(end_request)
    app.teardown_request(forget_request)


def request_number() -> str:
    """Return the number of this request; empty where it has none yet."""
    return str(g.get("request_id", ""))


def _get_request_id() -> str:
    header = request.headers.get(HEADER, "")
    trusted = the_settings().trusted_proxy
    return header if trusted and _NUMBER.fullmatch(header) else secrets.token_hex(8)


def _find_subjects() -> dict[str, Any]:
    """Return the case and the task that the address names."""
    named = request.view_args or {}
    subjects = {"case": named.get("case_id"), "task": named.get("task_id", named.get("task"))}
    return {name: value for name, value in subjects.items() if isinstance(value, int)}


POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types laurel"
)
"""What a page may load and where it may send: ours alone; text becomes elements by our own door alone."""

_USUAL = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
)
"""What every answer says, unless it says something stricter itself."""

_YEAR = 365 * 24 * 3600


def policy_of_contents() -> str:
    """Return the policy of the page that is answered: where diagrams are drawn, their library has a door as well."""
    return f"{POLICY} default" if g.get("draws") else POLICY


def harden_response(answer: Response) -> Response:
    """Add the policy of contents, sources, frames and caching to ``answer``: nothing but what is static is kept anywhere."""
    headers = answer.headers
    headers.setdefault("Content-Security-Policy", policy_of_contents())
    for name, value in _USUAL:
        headers.setdefault(name, value)
    if the_settings().https:
        whole = "; includeSubDomains" if the_settings().https_below else ""
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}{whole}"
    if request.path.startswith("/api/") and answer.is_json:
        headers.setdefault("Content-Disposition", 'attachment; filename="api.json"')  # nobody reads it as a page
    if request.endpoint == "static":
        # Bundles are addressed with the hash of what they hold.
        headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable" if request.args.get("v") else "no-cache"
    else:
        headers.setdefault("Cache-Control", "no-store")
        if headers["Cache-Control"] == "no-cache":  # what Flask says of a file that is handed out
            headers["Cache-Control"] = "no-store"
    if (request.endpoint or "").startswith("ballots."):
        headers["Cache-Control"] += ", no-transform"  # compressed, what fills as many bytes for every choice would not
    return answer
