"""Operations of the interface for programs as its OpenAPI document has them: good requests, and what an answer is otherwise than described."""

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
Known = Mapping[str, Sequence[Any]]
"""Values that exist, by the name of the parameter or field."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request."""

    method: str
    address: str
    body: Any = None

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

    def good(self) -> Iterator[Attempt]:
        """Yield requests as described: the example, with all that may be said, with the least, over values that exist."""
        if self._schema:
            yield Attempt(self.method, self._address(0, full=False), self._schema["example"])
        for turn in range(3):
            yield Attempt(self.method, self._address(turn, full=turn == 0), self._body(turn, full=turn == 0))

    def faults(self, answer: TestResponse) -> Iterator[str]:
        """Yield what a good answer is that the document does not say."""
        status = answer.status_code
        if str(status) not in self.operation["responses"]:
            yield f"{status} is not described"
        elif status == 204:
            yield from ["a body with 204"] if answer.data else []
        else:
            yield from self._shape(answer, self.operation["responses"][str(status)]["content"])

    def _shape(self, answer: TestResponse, content: Mapping[str, Any]) -> Iterator[str]:
        if answer.mimetype != "application/json":
            yield f"{answer.status_code} as {answer.mimetype}"
            return
        schema = {**content[answer.mimetype]["schema"], "components": self.document["components"]}
        for error in itertools.islice(Draft202012Validator(schema).iter_errors(answer.get_json()), 3):
            yield f"{answer.status_code} at {'/'.join(map(str, error.absolute_path))}: {error.message[:120]}"

    @cached_property
    def _schema(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        return found

    def _address(self, turn: int, full: bool) -> str:
        path, asked = self.path, {}
        for told in self.operation["parameters"]:
            name = told["name"]
            value = self._value(name, told["schema"], turn)
            if told["in"] == "path":
                path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
            elif told["in"] == "query" and (full or told.get("required")):
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

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema or "anyOf" in schema:
            name = schema.get("$ref", "").rpartition("/")[2]
            schema = self.document["components"]["schemas"][name] if name else schema["anyOf"][0]
        return schema

    @staticmethod
    def _kind(schema: Mapping[str, Any]) -> str:
        kind = schema.get("type", "string" if schema else "")
        return next(one for one in kind if one != "null") if isinstance(kind, list) else str(kind)


def described(document: Mapping[str, Any], known: Known) -> list[Described]:
    """Return every operation of the document, in its order."""
    return [
        Described(document, path, method.upper(), known)
        for path, operations in document["paths"].items()
        for method in operations
        if method.upper() in METHODS
    ]
