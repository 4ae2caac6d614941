"""What is handed to a called diagram: words it knows, rows with the keys it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.catalog.bpmn.model import Diagram, Element, split_words
from service.catalog.feel import compiled
from service.catalog.package import Package
from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, error
from service.catalog.rules.frames import TAKE
from service.catalog.rules.registry import Extent, check
from service.domain.feel import FeelLimitExceeded, FeelSyntaxError
from service.domain.text import Text

ROWS = "[]"
"""Behind a key in ``accepts``: a list of rows, and the words are the keys they may have."""


@check(Extent.PACKAGE, "handed_word_unknown")
def handed_words_known(checked: Checked) -> Iterator[Problem]:
    """What a caller hands to a shared diagram is one of the words it accepts, or rows with the keys it reads."""
    for diagram in checked.package.diagrams.values():
        accepted = {k: v for call in diagram.calls for k, v in _accepted(checked.package, call.called).items()}
        for element in diagram.elements.values():
            call = element.operation
            if call is None or call.operation != TAKE or not call.result:
                continue
            for key, value in sorted(_handed(checked.package, element), key=str):
                words = accepted.get(f"{call.result}.{key}"), accepted.get(f"{call.result}.{key}{ROWS}")
                strange = next(_strange(value, *words), None)
                if strange is not None:
                    yield _unknown(diagram, element, f"{call.result}.{key}", strange, words[0] or words[1] or ())


def accepted_words(diagram: Diagram) -> dict[str, tuple[str, ...]]:
    """Read ``tie.equals: chair ballot; selection.caps[]: per places`` of a process."""
    parts = (part.partition(":") for part in diagram.properties.get("accepts", "").split(";"))
    return {key.strip(): split_words(words) for key, _, words in parts if key.strip()}


def _accepted(package: Package, process: str) -> dict[str, tuple[str, ...]]:
    diagram = package.processes.get(process)
    return accepted_words(diagram) if diagram is not None else {}


def _handed(package: Package, element: Element) -> Iterator[tuple[str, Any]]:
    """Yield key and value of all that is known before a case runs: what is written, and every value of a parameter."""
    assert element.operation is not None
    for text in (element.operation.parameters.get("given", ""), element.operation.parameters.get("values", "")):
        as_text = text == element.operation.parameters.get("values", "")
        for entries in values_of(package, text):
            for key, value in entries.items() if isinstance(entries, Mapping) else ():
                if not as_text:
                    yield key, value
                elif isinstance(value, str):
                    yield from ((key, found) for found in values_of(package, value))


def values_of(package: Package, text: str) -> Iterator[Any]:
    """Yield what an expression comes to over the parameters alone, once for every value and choice of those it reads."""
    try:
        expression = compiled(text)
        read = {path[1] for path in expression.paths if len(path) > 1 and path[0] == "param"}
    except FeelSyntaxError:
        return  # reported as a formula
    known = package.award.parameters
    first = {name: known[name].values[0].value for name in read if name in known and known[name].values}
    plays = [first] + [
        {**first, name: value}
        for name in first
        for value in (*(v.value for v in known[name].values[1:]), *known[name].choices)
    ]
    for play in plays:
        try:
            yield expression.evaluate({"param": play})
        except FeelLimitExceeded:
            return


def _strange(value: Any, words: tuple[str, ...] | None, keys: tuple[str, ...] | None) -> Iterator[str]:
    if words is not None and isinstance(value, str) and value not in words:
        yield value
    if keys is not None and isinstance(value, list | tuple):
        for row in value:
            yield from sorted(str(key) for key in set(row) - set(keys)) if isinstance(row, Mapping) else (str(row),)


def _unknown(diagram: Diagram, element: Element, key: str, strange: str, words: tuple[str, ...]) -> Problem:
    meant = did_you_mean(strange, words)
    return error(
        diagram.file, element.id, "handed_word_unknown",
        f"“{element.name or element.id}”交给“{key}”的“{strange}”不是它认识的。",
        f"“{element.name or element.id}” hands “{strange}” to “{key}”, which does not know it.",
        Text(f"改为它认识的：{meant.zh}", f"Write what it knows: {meant.en}"),
    )  # fmt: skip
