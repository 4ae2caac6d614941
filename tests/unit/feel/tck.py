"""Runs the test cases of the DMN Technology Compatibility Kit against the program's own language and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from service.domain.errors import LaurelError
from service.domain.feel import BUILTINS
from service.domain.feel.compare import is_equal_value
from service.domain.feel.limits import Meter
from service.domain.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from service.domain.feel.values import Function, to_feel_value
from tests.unit.feel.decision_models import DecisionModel, DecisionService, Evaluation, read_model

KIT = Path(__file__).parents[2] / "data" / "dmn-tck"
FUNCTIONS = BUILTINS.extended(
    [
        Function("now", (), lambda context: datetime(2026, 5, 1, 9, 30, tzinfo=UTC)),
        Function("today", (), lambda context: date(2026, 5, 1)),
    ]
)
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_FINEST = Decimal("0.00000001")


class Unreadable(Exception):
    """A value of the kit that this program has no place for."""


@dataclass(frozen=True)
class Miss:
    """A case that does not come out as the kit expects."""

    level: int
    case: str
    expected: object
    actual: object


@dataclass(frozen=True)
class Score:
    """How many cases of a level there are, and those missed."""

    level: int
    cases: int
    misses: tuple[Miss, ...]

    @property
    def passed(self) -> int:
        return self.cases - len({miss.case for miss in self.misses})


def run_level(level: int) -> Score:
    """Run all cases of a compliance level."""
    results = [result for folder in sorted(KIT.glob(f"compliance-level-{level}/*")) for result in _run(level, folder)]
    return Score(level, len(results), tuple(miss for _, miss in results if miss is not None))


def _run(level: int, folder: Path) -> Iterator[tuple[str, Miss | None]]:
    for file in sorted(folder.glob("*-test-*.xml")):
        root = etree.parse(str(file)).getroot()
        model = read_model((folder / _text(root, "modelName").strip()).read_bytes(), FUNCTIONS)
        for case in _all(root, "testCase"):
            name = f"{folder.name}/{case.get('id')}"
            yield name, _case(level, name, case, model)


def _case(level: int, name: str, case: Any, model: DecisionModel) -> Miss | None:
    inputs, unreadable = {}, None
    for node in _all(case, "inputNode"):
        try:
            inputs[node.get("name")] = value_in(node)
        except Unreadable as error:
            unreadable = str(error)
    for result in _all(case, "resultNode"):
        expected = next(_all(result, "expected"), None)
        try:
            wanted = None if expected is None else value_in(expected)
        except Unreadable as error:
            return Miss(level, name, str(error), "—")
        actual = unreadable or _ask(model, case, result, inputs)
        if not same(wanted, actual):
            return Miss(level, name, wanted, actual)
    return None


def _ask(model: DecisionModel, case: Any, result: Any, inputs: Mapping[str, object]) -> object:
    try:
        if case.get("type") == "decisionService":
            answer = _call_service(model, case.get("invocableName"), inputs)
            several = isinstance(answer, dict) and len(list(_all(case, "resultNode"))) > 1
            return answer.get(result.get("name")) if several else answer
        return model.evaluate(result.get("name"), inputs)
    except LaurelError as error:
        return None if result.get("errorResult") == "true" else error


def _call_service(model: DecisionModel, service: str, inputs: Mapping[str, object]) -> Any:
    """Call a decision service as the kit does; packages call decisions alone."""
    found = model.find(service)
    assert isinstance(found, DecisionService)
    names = [model.elements[ident].name for ident in found.inputs]
    return Evaluation(model, {}, Meter(None)).serve(found, [to_feel_value(inputs.get(name)) for name in names])


def same(expected: object, actual: object) -> bool:
    """Compare as the kit does: numbers to eight places, everything else by FEEL."""
    expected, actual = to_feel_value(expected), to_feel_value(actual)
    if isinstance(expected, Decimal) and isinstance(actual, Decimal):
        return abs(expected - actual) < _FINEST
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(same, expected, actual))
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return expected.keys() == actual.keys() and all(same(expected[key], actual[key]) for key in expected)
    if isinstance(expected, datetime) and isinstance(actual, datetime) and expected != actual:
        return False
    return is_equal_value(expected, actual, Meter()) is True


def value_in(node: Any) -> object:
    """Read the value, list or components inside a node; raise Unreadable where they do not fit Python's types."""
    listed = next(_all(node, "list"), None)
    if listed is not None:
        return None if _nil(listed) else [value_in(item) for item in _all(listed, "item")]
    components = list(_all(node, "component"))
    if components:
        return {part.get("name"): None if _nil(part) else value_in(part) for part in components}
    value = next(_all(node, "value"), None)
    return None if value is None or _nil(value) or _nil(node) else _scalar(value)


def _scalar(value: Any) -> object:
    text, kind = value.text or "", (value.get(f"{_XSI}type") or "xsd:string").rpartition(":")[2]
    if kind not in _SCALARS:
        return text
    result = _SCALARS[kind](text.strip())
    if result is None or _finer_than_microseconds(kind, text):
        raise Unreadable(text)
    return result


def _finer_than_microseconds(kind: str, text: str) -> bool:
    fraction = (
        text.partition(".")[2].rstrip("Z0S") if kind in ("time", "dateTime", "duration", "dayTimeDuration") else ""
    )
    return len(fraction.split("+")[0].split("-")[0].split("@")[0]) > 6


_SCALARS: dict[str, Any] = {
    "boolean": lambda text: text in ("true", "1"),
    "decimal": Decimal,
    "double": Decimal,
    "integer": Decimal,
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_date_time,
    "duration": parse_duration,
    "dayTimeDuration": parse_duration,
    "yearMonthDuration": parse_duration,
}


def _nil(node: Any) -> bool:
    return node.get(f"{_XSI}nil") == "true"


def _all(node: Any, name: str) -> Iterator[Any]:
    return (part for part in node if isinstance(part.tag, str) and part.tag.rpartition("}")[2] == name)


def _text(node: Any, name: str) -> str:
    return next(_all(node, name)).text
