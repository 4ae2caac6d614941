"""What is wrong with a formula at its place, and where in its text."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from service.catalog.feel import FUNCTIONS, compiled, compiled_tests
from service.catalog.formula_help.names import FormulaName, by_name
from service.catalog.formula_help.words import Words
from service.catalog.problems import Severity, did_you_mean
from service.catalog.rules.formulas import judge_path
from service.domain.feel import Expression, FeelSyntaxError, FunctionSet, UnaryTests, compile_expression
from service.domain.text import Text

Compiled = Expression | UnaryTests


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a text from ``start`` to ``end``; ``suggestion`` is what to write there instead, where that is known."""

    start: int
    end: int
    message: Text
    remedy: Text
    severity: Severity = Severity.ERROR
    suggestion: str = ""


def compile_text(text: str, *, tests: bool, functions: FunctionSet = FUNCTIONS) -> Compiled:
    """Compile a formula, or the condition of a cell; raises FeelSyntaxError."""
    if functions is not FUNCTIONS:
        return compile_expression(text, functions=functions)
    return compiled_tests(text) if tests else compiled(text)


def syntax_fault(text: str, mistake: FeelSyntaxError) -> Fault:
    """Say where a text stops being a formula."""
    start = min(mistake.position, max(len(text) - 1, 0))
    return Fault(start, min(start + 1, len(text)), mistake.problem, Text("", ""))


def faults_of(text: str, found: Compiled, words: Words) -> tuple[Fault, ...]:
    """Return what makes parts of a compiled formula null whatever the data, in the order of the text."""
    faults = [
        *_calls(text, found, words.callable),
        *(fault for path, span in found.reads.spots for fault in _path(path, span, words)),
    ]
    return tuple(sorted(faults, key=lambda fault: fault.start))


def _calls(text: str, found: Compiled, functions: FunctionSet) -> Iterator[Fault]:
    for message, (start, end) in zip(found.reads.problems, found.reads.faults, strict=True):
        word = text[start:end]
        unknown = word in found.functions and word not in functions
        suggestion = _nearest(word, functions.names) if unknown else ""
        remedy = did_you_mean(word, functions.names) if suggestion else Text("", "")
        yield Fault(start, end, message, remedy, suggestion=suggestion)


def _path(path: tuple[str, ...], span: tuple[int, int], words: Words) -> Iterator[Fault]:
    scope = words.scope
    for problem in judge_path("", "", "", path, scope):
        message = Text(problem.message.zh.removeprefix("："), problem.message.en.removeprefix(": "))
        first = path[0] not in scope.known
        better = _nearest(path[0], scope.known) if first else _nearest(path[1], scope.parts.get(path[0], ()))
        suggestion = ".".join((better, *path[1:]) if first else (path[0], better, *path[2:])) if better else ""
        yield Fault(*span, message, problem.remedy, suggestion=suggestion)
        return
    yield from _deeper(path, span, words.names)


def _deeper(path: tuple[str, ...], span: tuple[int, int], names: tuple[FormulaName, ...]) -> Iterator[Fault]:
    """Yield a warning where a path goes on in a form by what its group or list has not."""
    inside = by_name(names)
    for place, part in enumerate(path):
        name = inside.get(part)
        if name is None:
            known = tuple(inside)
            better = _nearest(part, known) if place > 1 else ""
            if place > 1:
                message = Text(
                    f"“{'.'.join(path[:place])}”中没有“{part}”。", f"“{'.'.join(path[:place])}” has no “{part}”."
                )
                suggestion = ".".join((*path[:place], better, *path[place + 1 :])) if better else ""
                yield Fault(*span, message, did_you_mean(part, known), Severity.WARNING, suggestion)
            return
        if not name.entries:
            return
        inside = by_name(name.entries)


def _nearest(word: str, known: object) -> str:
    names = sorted(known) if isinstance(known, frozenset | tuple | set) else []
    return next(iter(difflib.get_close_matches(word, names, n=1, cutoff=0.6)), "")
