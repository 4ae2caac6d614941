"""Periods: the words by which one counts, and notices that end on the day that was posted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from service.catalog.bpmn.model import Diagram, Element, Kind
from service.catalog.feel import calls_of, find_constant_value
from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem
from service.catalog.rules.formulas import Formula, diagram_formulas, formulas_beside
from service.catalog.rules.places import label_of
from service.catalog.rules.registry import Extent, check
from service.domain.calendar.rules import DAY_ONE, ROLLS
from service.domain.feel import nodes
from service.domain.text import Text

_FIRST = ("notice", *DAY_ONE)
_FUNCTIONS: Mapping[str, Mapping[str | int, tuple[str, ...]]] = {
    "workdays": {2: _FIRST, "day one": _FIRST},
    "caldays": {2: _FIRST, "day one": _FIRST, 3: tuple(ROLLS), "roll": tuple(ROLLS)},
    "months": {2: tuple(ROLLS), "roll": tuple(ROLLS)},
    "day_end": {1: tuple(ROLLS), "roll": tuple(ROLLS)},
}
"""Function → place or name of an argument → the words it knows."""
_OPERATIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "notice.draft": {"roll": tuple(ROLLS), "day_one": _FIRST},
    "case.deadline": {"roll": tuple(ROLLS)},
}


@check(Extent.PROCESS, "counting_word")
def counting_words_of_diagrams(checked: Checked) -> Iterator[Problem]:
    """A word that says how a single period counts, its first day or a last day of rest, is one the program knows."""
    for diagram in checked.diagrams.values():
        yield from _check_counting(diagram_formulas(checked, diagram))
    for diagram, element in checked.elements():
        call = element.operation
        for name, words in _OPERATIONS.get(call.operation, {}).items() if call else ():
            value = find_constant_value(call.parameters.get(name, "null")) if call else None
            if isinstance(value, str) and value and value not in words:
                yield _build_unknown_word(diagram.file, element.id, value, words)


@check(Extent.PACKAGE, "counting_word")
def counting_words_beside(checked: Checked) -> Iterator[Problem]:
    """A word that says how a single period counts, its first day or a last day of rest, is one the program knows."""
    yield from _check_counting(formulas_beside(checked))


def _check_counting(formulas: Iterable[Formula]) -> Iterator[Problem]:
    for formula in formulas:
        for word, words in _unknown_words(formula.text):
            yield _build_unknown_word(formula.file, formula.place, word, words)


def _build_unknown_word(file: str, place: str, word: str, words: tuple[str, ...]) -> Problem:
    return build_error_problem(
        file, place, "counting_word", f"期限如何计算不能写“{word}”。", f"A period cannot be counted by “{word}”.",
        did_you_mean(word, words),
    )  # fmt: skip


def _unknown_words(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the words an expression writes that its functions of time do not know, with those they do."""
    for call in calls_of(text, _FUNCTIONS):
        assert isinstance(call.function, nodes.Name)
        yield from _of_call(call, _FUNCTIONS[call.function.name])


def _of_call(call: nodes.Call, words: Mapping[str | int, tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    places: tuple[str | int, ...] = call.names or tuple(range(len(call.arguments)))
    for place, argument in zip(places, call.arguments, strict=True):
        choices = words.get(place)
        if (
            choices
            and isinstance(argument, nodes.Literal)
            and isinstance(argument.value, str)
            and argument.value not in choices
        ):
            yield argument.value, choices


_GATEWAYS = (Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE, Kind.EVENT_GATEWAY)
_COUNTS = re.compile(r"\b(?:workdays|caldays|months|years|duration)\(")
_OF_RESULT = re.compile(r"([^\W\d]\w*)\.notice")


@check(Extent.DIAGRAM, "notice_end")
def notices_end_as_posted(checked: Checked) -> Iterator[Problem]:
    """A timer before the closing of a notice reads it, or its draft: a count of its own closes it on another day than posted."""
    for diagram in checked.diagrams.values():
        posted = {
            c.result: c.parameters.get("draft", "") for e in _calling(diagram, "notice.post") if (c := e.operation)
        }
        for closing in _calling(diagram, "notice.close"):
            notice_formula = closing.operation.parameters.get("notice", "") if closing.operation else ""
            named = _OF_RESULT.fullmatch(notice_formula.strip())
            if named is None or named[1] not in posted:
                continue
            for waiting in _timers_before(diagram, closing.id):
                formula = waiting.timer.expression if waiting.timer else ""
                counts_days = _COUNTS.search(formula) is not None
                if counts_days and not any(_reads(formula, name) for name in (named[1], posted[named[1]])):
                    yield _problem(diagram, waiting, formula, named[1])


def _problem(diagram: Diagram, waiting: Element, formula: str, result: str) -> Problem:
    label, end = label_of(diagram, waiting.id), f"date and time({result}.ends_at)"
    return build_warning_problem(
        diagram.file, waiting.id, "notice_end",
        f"“{label.zh}”等的是公示期满，却另按“{formula}”计算：公示期改了、延长了，或者自张贴之日起算，公示就不在公布的末日结束。",
        f"“{label.en}” waits for the end of a notice and counts “{formula}” instead: once the notice runs longer, or counts from "
        "another day, it is not closed on the last day that was posted.",
        Text(f"写 {end}，即这次公示公布的终止时刻。", f"Write {end}, the end of the notice as it was posted."),
        word=end,
    )  # fmt: skip


def _reads(formula: str, name: str) -> bool:
    return bool(name) and re.search(rf"(?<![\w.]){re.escape(name)}\.", formula) is not None


def _calling(diagram: Diagram, operation: str) -> Iterator[Element]:
    return (e for e in diagram.elements.values() if e.operation is not None and e.operation.operation == operation)


def _timers_before(diagram: Diagram, ident: str) -> Iterator[Element]:
    """Yield the timers after which nothing but gateways is passed before an element."""
    waiting, seen = [ident], {ident}
    while waiting:
        target_id = waiting.pop()
        for flow in diagram.flows.values():
            before = diagram.elements.get(flow.source)
            if flow.target != target_id or before is None or before.id in seen:
                continue
            seen.add(before.id)
            if before.timer is not None:
                yield before
            elif before.kind in _GATEWAYS:
                waiting.append(before.id)
