"""The interface for programs tried against its own description: what it says is good is understood, what it says is wrong refused.

From the OpenAPI document alone: good requests with values that exist, and each single way to be wrong. Of every answer it is
asked whether status, kind of content and shape are as described.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PROBLEM = "application/problem+json"
NOT_UNDERSTOOD = ("The body is wrong: ", "Send a JSON object ", "The query argument ")
"""How a refusal begins that says of a request that it is not as described."""
Known = Mapping[str, Sequence[Any]]
"""Values that exist, by the name of the parameter or field."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request; ``wrong`` says in which way it is not as described, "" where it is."""

    method: str
    address: str
    body: Any = None
    wrong: str = ""

    def send(self, client: FlaskClient, headers: Mapping[str, str]) -> TestResponse:
        """Send it."""
        if self.body is None:
            return client.open(self.address, method=self.method, headers=headers)
        kind = {"Content-Type": "application/json", **headers}
        return client.open(self.address, method=self.method, data=json.dumps(self.body), headers=kind)


@dataclass(frozen=True)
class Described:
    """One operation as the document has it."""

    document: Mapping[str, Any]
    path: str
    method: str
    known: Known = field(default_factory=dict)

    @cached_property
    def operation(self) -> Mapping[str, Any]:
        """Its entry."""
        found: Mapping[str, Any] = self.document["paths"][self.path][self.method.lower()]
        return found

    @property
    def open_to_all(self) -> bool:
        """Whether nobody needs a token for it."""
        return self.operation["security"] == []

    def good(self) -> Iterator[Attempt]:
        """Yield requests as described: the example, with all that may be said, with the least, over values that exist."""
        if self._schema:
            yield Attempt(self.method, self._address(0, full=False), self._schema["example"])
        for turn in range(3):
            yield Attempt(self.method, self._address(turn, full=turn == 0), self._body(turn, full=turn == 0))

    def bad(self) -> Iterator[Attempt]:
        """Yield requests that are wrong in one way each."""
        body, address = self._body(0, full=False), self._address(0, full=False)
        for told in self.operation["parameters"]:
            for wrong in self._wrong(told["schema"]) if told["in"] in ("query", "path") else ():
                number = self._kind(told["schema"]) == "integer"
                if wrong not in ("", "1") and isinstance(wrong, int | float | str if number else str):
                    said = f"{told['in']} {told['name']}={str(wrong)[:40]!r}"
                    yield Attempt(self.method, self._address(0, False, {told["name"]: str(wrong)}), body, said)
            if told["in"] == "query" and told.get("required"):
                yield Attempt(
                    self.method, self._address(0, False, {told["name"]: None}), body, f"without {told['name']}"
                )
        if body is not None:
            for wrong in ([], "x", 1):
                yield Attempt(self.method, address, wrong, f"a body {wrong!r}")
            for said, sent in self._wrong_objects(self._schema["schema"], body):
                yield Attempt(self.method, address, sent, said)

    def faults(self, answer: TestResponse, attempt: Attempt, *, may: bool) -> Iterator[str]:
        """Yield what an answer is that the document does not say; ``may``: who asks may do this at all."""
        status = answer.status_code
        if status >= 500 and status != 503:
            yield f"{status}"
        if attempt.wrong and status < 400:
            yield f"{status}, though wrong: {attempt.wrong}"
        if not attempt.wrong and _not_understood(answer):
            yield f"{status}, though as described: {answer.get_json()['detail_en'][:200]}"
        if not may and status < 400 and not self.open_to_all:
            yield f"{status} without a token"
        if status >= 400:
            yield from self._shape(answer, self.operation["responses"]["default"]["content"], PROBLEM)
        elif str(status) not in self.operation["responses"]:
            yield f"{status} is not described"
        elif status == 204:
            yield from ["a body with 204"] if answer.data else []
        else:
            yield from self._shape(answer, self.operation["responses"][str(status)]["content"], "application/json")

    def _shape(self, answer: TestResponse, content: Mapping[str, Any], kind: str) -> Iterator[str]:
        if answer.mimetype != kind:
            yield f"{answer.status_code} as {answer.mimetype}"
            return
        schema = {**content[kind]["schema"], "components": self.document["components"]}
        for error in itertools.islice(Draft202012Validator(schema).iter_errors(answer.get_json()), 3):
            yield f"{answer.status_code} at {'/'.join(map(str, error.absolute_path))}: {error.message[:120]}"

    @cached_property
    def _schema(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        return found

    def _address(self, turn: int, full: bool, changed: Mapping[str, str | None] | None = None) -> str:
        path, asked = self.path, {}
        for told in self.operation["parameters"]:
            name = told["name"]
            value = (changed or {}).get(name, self._value(name, told["schema"], turn))
            if told["in"] == "path":
                path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
            elif (
                told["in"] == "query"
                and value is not None
                and (full or told.get("required") or name in (changed or {}))
            ):
                asked[name] = value
        return f"{path}?{urlencode(asked)}" if asked else path

    def _body(self, turn: int, full: bool) -> Any:
        return self._value("", self._schema["schema"], turn, full) if self._schema else None

    def _value(self, name: str, schema: Mapping[str, Any], turn: int, full: bool = False) -> Any:
        """Return a value as described, one that exists where some are known."""
        schema = self._resolved(schema)
        real = [one for one in self.known.get(name, ()) if Draft202012Validator(dict(schema)).is_valid(one)]
        if real:
            return real[turn % len(real)]
        if "enum" in schema:
            return schema["enum"][turn % len(schema["enum"])]
        kind = self._kind(schema)
        if kind == "object":
            needed = schema.get("required", ())
            fields = schema.get("properties", {}).items()
            made = {key: self._value(key, told, turn, full) for key, told in fields if full or key in needed}
            free = range(int(schema.get("minProperties", 0)) - len(made))
            return made | {str(n): self._value("", schema["additionalProperties"], turn, full) for n in free}
        if kind == "array":
            least = max(int(schema.get("minItems", 0)), int(full))
            return [self._value(name, schema.get("items", {}), turn + n, full) for n in range(least)]
        if kind == "integer":
            return max(int(schema.get("minimum", 1)), turn + 1)
        if kind in ("boolean", "number"):
            return turn % 2 == 1 if kind == "boolean" else 1.5
        return self._text(schema, turn)

    def _text(self, schema: Mapping[str, Any], turn: int) -> str:
        if "pattern" in schema:
            rule = Draft202012Validator(dict(schema))
            return next((one for one in ("2026-06-05_1", "1_1", "zh") if rule.is_valid(one)), "1")
        made = {"date": "2026-06-05", "date-time": "2026-06-05T09:30:00+08:00"}.get(
            schema.get("format", ""), "测试" * (turn + 1)
        )
        return made.ljust(int(schema.get("minLength", 0)), "0")[: int(schema.get("maxLength", 2000))]

    def _wrong(self, schema: Mapping[str, Any]) -> Iterator[Any]:
        """Yield values that are not as described."""
        schema = self._resolved(schema)
        tried = {
            "integer": (-1, 2**63, 2.5, True, "1", "x"),
            "boolean": ("yes", 0),
            "string": (5, [], "", "9" * 70, "20260605", "2026-W23-5", "x"),
            "array": ({}, "x", [], [None]),
            "object": ([], "x"),
        }.get(self._kind(schema), ())
        rules = Draft202012Validator({**schema, "components": self.document["components"]})
        days = schema.get("format") in ("date", "date-time")
        limit = [schema["maxLength"] * "长" + "长"] if schema.get("maxLength", 10**9) < 5000 else []
        yield from (one for one in (*tried, *limit, None) if not rules.is_valid(one) or (days and one not in (None,)))

    def _wrong_objects(self, schema: Mapping[str, Any], good: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        schema = self._resolved(schema)
        yield "an unknown field", {**good, "no_such_field": 1}
        for name in schema.get("required", ()):
            yield f"without {name}", {key: value for key, value in good.items() if key != name}
        for name, told in schema.get("properties", {}).items():
            for wrong in self._wrong(told):
                yield f"{name}={str(wrong)[:40]!r}", {**good, name: wrong}

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema or "anyOf" in schema:
            name = schema.get("$ref", "").rpartition("/")[2]
            schema = self.document["components"]["schemas"][name] if name else schema["anyOf"][0]
        return schema

    @staticmethod
    def _kind(schema: Mapping[str, Any]) -> str:
        kind = schema.get("type", "string" if schema else "")
        return next(one for one in kind if one != "null") if isinstance(kind, list) else str(kind)


def _not_understood(answer: TestResponse) -> bool:
    told = answer.get_json() if answer.status_code in (400, 422) and answer.mimetype == PROBLEM else {}
    return str(told.get("detail_en", "")).startswith(NOT_UNDERSTOOD)


def described(document: Mapping[str, Any], known: Known) -> list[Described]:
    """Return every operation of the document, in its order."""
    return [
        Described(document, path, method.upper(), known)
        for path, operations in document["paths"].items()
        for method in operations
        if method.upper() in METHODS
    ]
