"""Periods: the words by which one says otherwise than the city how it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from service.catalog.feel import calls_of, constant
from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, error
from service.catalog.rules.formulas import Formula, diagram_formulas, formulas_beside
from service.catalog.rules.registry import Extent, check
from service.domain.calendar.rules import DAY_ONE, ROLLS
from service.domain.feel import nodes

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
        yield from _counted(diagram_formulas(checked, diagram))
    for diagram, element in checked.elements():
        call = element.operation
        for name, known in _OPERATIONS.get(call.operation, {}).items() if call else ():
            value = constant(call.parameters.get(name, "null")) if call else None
            if isinstance(value, str) and value and value not in known:
                yield _unknown(diagram.file, element.id, value, known)


@check(Extent.PACKAGE, "counting_word")
def counting_words_beside(checked: Checked) -> Iterator[Problem]:
    """A word that says how a single period counts, its first day or a last day of rest, is one the program knows."""
    yield from _counted(formulas_beside(checked))


def _counted(formulas: Iterable[Formula]) -> Iterator[Problem]:
    for formula in formulas:
        for word, known in _unknown_words(formula.text):
            yield _unknown(formula.file, formula.place, word, known)


def _unknown(file: str, place: str, word: str, known: tuple[str, ...]) -> Problem:
    return error(
        file, place, "counting_word", f"期限如何计算不能写“{word}”。", f"A period cannot be counted by “{word}”.",
        did_you_mean(word, known),
    )  # fmt: skip


def _unknown_words(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the words an expression writes that its functions of time do not know, with those they do."""
    for call in calls_of(text, _FUNCTIONS):
        assert isinstance(call.function, nodes.Name)
        yield from _of_call(call, _FUNCTIONS[call.function.name])


def _of_call(call: nodes.Call, words: Mapping[str | int, tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    places: tuple[str | int, ...] = call.names or tuple(range(len(call.arguments)))
    for place, argument in zip(places, call.arguments, strict=True):
        known = words.get(place)
        if (
            known
            and isinstance(argument, nodes.Literal)
            and isinstance(argument.value, str)
            and argument.value not in known
        ):
            yield argument.value, known
