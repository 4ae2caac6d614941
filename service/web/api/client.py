"""A client of the interface for programs, as one file of Python that needs nothing but its standard library.

``python -m service.web.api.client > laurel_client.py`` writes it; a method stands for each operation of the
OpenAPI document, under the operation's id, with the fields of its body as arguments; ``pages`` reads long lists.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import Any, Final

from marshmallow import Schema, fields

from service.web.api.arguments import argument
from service.web.api.blueprint import API
from service.web.api.list_bounds import is_paged
from service.web.api.operation import ROUTES, ApiOperation

assert API  # importing it registers the routes
_PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")
_TYPES: Final = (
    (fields.Integer, "int"),
    (fields.Boolean, "bool"),
    (fields.Float, "float"),
    (fields.List, "list[Any]"),
    (fields.Dict, "dict[str, Any]"),
    (fields.Nested, "dict[str, Any]"),
    (fields.Raw, "Any"),
    (fields.Field, "str"),
)
_HEAD = '''"""Client of the interface of 桂冠 Laurel for programs, version 1. Made by a program: do not edit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

_UNSAID: Any = object()


class Refused(Exception):
    """A refusal: HTTP status, ``code`` for programs, the sentence in both languages, faults of single fields."""

    def __init__(self, status: int, told: dict[str, Any]) -> None:
        self.status, self.code = status, told.get("code", "")
        self.zh, self.en = told.get("detail_zh", ""), told.get("detail_en", "")
        self.errors: list[Any] = told.get("errors", [])
        super().__init__(f"{status} {self.code}: {self.zh or told.get('detail', '')}")


class Laurel:
    """One person's session: ``begin_session`` gives the token; every method raises `Refused`."""

    def __init__(self, address: str, token: str = "", timeout: float = 60) -> None:
        self.address, self.token, self.timeout = address.rstrip("/"), token, timeout

    def _send(self, method: str, path: str, query: dict[str, Any], body: dict[str, Any] | None, key: str, words: str | None = None) -> Any:
        asked = urlencode({name: value for name, value in query.items() if value is not None})
        headers = {"Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        if words is not None:
            headers["Laurel-Words"] = quote(words)
        sent = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            sent = json.dumps({k: v for k, v in body.items() if v is not _UNSAID}).encode()
        address = f"{self.address}/api/v1{path}" + (f"?{asked}" if asked else "")
        try:
            with urlopen(Request(address, sent, headers, method=method), timeout=self.timeout) as answer:
                content = answer.read()
        except HTTPError as refusal:
            with refusal:
                raise Refused(refusal.code, _told(refusal.read())) from None
        return json.loads(content) if content else None

    def pages(self, operation: str, *place: Any, **query: Any) -> Iterator[Any]:
        """Yield every page of a list that a cursor continues: ``for page in laurel.pages("cases", live="1")``."""
        if operation not in _PAGED:
            raise ValueError(f"{operation} answers at once: call it by its name")
        more = dict(query)
        while True:
            page = getattr(self, operation)(*place, **more)
            yield page
            if page.get("next") is None:
                return
            more["after"] = str(page["next"])
'''
_TAIL = """

def _told(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
"""


def client_source() -> str:
    """Return the client as Python."""
    return _HEAD + "".join(_method(route) for route in ROUTES) + _TAIL + _paged()


def _paged() -> str:
    """Return the operations that answer page by page."""
    paged = [route.id for route in ROUTES if is_paged(route.query)]
    return "\n\n_PAGED = {\n" + "".join(f'    "{name}",\n' for name in paged) + "}\n"


def _method(route: ApiOperation) -> str:
    places = [(name, "int" if kind == "int" else "str") for kind, name in _PLACE.findall(route.path)]
    named = [f"{_safe(name)}: str | None = None" for name in route.query or {}]
    named = [*_arguments(route.body), *named, *(["key: str = ''"] if route.takes_key else [])]
    given = ", ".join(["self", *(f"{name}: {kind}" for name, kind in places), *(["*", *named] if named else [])])
    path = _PLACE.sub(lambda found: "{quote(str(" + found[2] + "), safe='')}", route.path)
    path = f'f"{path}"' if places else f'"{path}"'
    asked = {name: argument(told).header for name, told in (route.query or {}).items()}
    query = ", ".join(f"{name!r}: {_safe(name)}" for name, header in asked.items() if not header)
    words = "".join(f", {_safe(name)}" for name, header in asked.items() if header)
    body = "None" if route.body is None else "{" + ", ".join(f"{n!r}: {_safe(n)}" for n in _names(route.body)) + "}"
    key = "key" if route.takes_key else "''"
    return (
        f"\n    def {route.id}({given}) -> Any:\n"
        f'        """{route.summary.rstrip(".")}."""\n'
        f'        return self._send("{route.method}", {path}, {{{query}}}, {body}, {key}{words})\n'
    )


def _arguments(body: type[Schema] | None) -> Iterator[str]:
    """Return the fields of a body as arguments: those without a default must be given."""
    for name, field in _fields(body).items():
        kind = next(word for base, word in _TYPES if isinstance(field, base))
        kind += " | None" if field.allow_none and kind != "Any" else ""
        yield f"{_safe(name)}: {kind}" + ("" if field.required else " = _UNSAID")


def _names(body: type[Schema]) -> list[str]:
    return list(_fields(body))


def _fields(body: type[Schema] | None) -> dict[str, fields.Field[Any]]:
    found: dict[str, fields.Field[Any]] = body().fields if body else {}
    return {field.data_key or name: field for name, field in found.items()}


def _safe(name: str) -> str:
    """Return a name that Python takes for an argument and that is none of the client's own."""
    return f"{name}_" if keyword.iskeyword(name) or name in ("key", "self") else name


if __name__ == "__main__":
    print(client_source(), end="")
