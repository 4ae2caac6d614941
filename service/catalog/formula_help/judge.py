"""What is wrong with a formula at its place, and where in its text."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from service.catalog.feel import FUNCTIONS, compiled, compiled_tests
from service.catalog.formula_help.words import Words
from service.catalog.problems import Severity, did_you_mean
from service.catalog.rules.formulas import find_path_fault
from service.domain.feel import (
    Expression,
    FeelSyntaxError,
    FunctionSet,
    Inferred,
    TypeFault,
    UnaryTests,
    compile_expression,
)
from service.domain.feel.static_types import UNKNOWN
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


def faults_of(text: str, formula: Compiled, words: Words) -> tuple[Fault, ...]:
    """Return what makes parts of a compiled formula null whatever the data, in the order of the text."""
    faults = [
        *_check_calls(text, formula, words.callable),
        *(fault for path, span in formula.reads.spots for fault in _check_path(path, span, words)),
        *(_build_type_fault(text, fault) for fault in _infer_types(formula, words).faults),
    ]
    return tuple(sorted(faults, key=lambda fault: fault.start))


def _infer_types(formula: Compiled, words: Words) -> Inferred:
    return formula.infer(words.types) if isinstance(formula, Expression) else formula.infer(UNKNOWN, words.types)


def _check_calls(text: str, formula: Compiled, functions: FunctionSet) -> Iterator[Fault]:
    for message, (start, end) in zip(formula.reads.problems, formula.reads.faults, strict=True):
        word = text[start:end]
        unknown = word in formula.functions and word not in functions
        suggestion = _find_nearest(word, functions.names) if unknown else ""
        remedy = did_you_mean(word, functions.names) if suggestion else Text("", "")
        yield Fault(start, end, message, remedy, suggestion=suggestion)


def _check_path(path: tuple[str, ...], span: tuple[int, int], words: Words) -> Iterator[Fault]:
    if fault := find_path_fault(path, words.scope):
        _, message, remedy = fault
        better = _find_nearest(path[0], words.scope.known) if path[0] not in words.scope.known else ""
        yield Fault(*span, message, remedy, suggestion=".".join((better, *path[1:])) if better else "")


def _build_type_fault(text: str, fault: TypeFault) -> Fault:
    """Return a fault of types; a word that is strange is suggested as the nearest that is known."""
    start, end = fault.span
    better = _find_nearest(fault.word, fault.words) if fault.word else ""
    before, hit, after = text[start:end].rpartition(fault.word) if better else ("", "", "")
    remedy = fault.remedy if fault.remedy.zh else did_you_mean(fault.word, fault.words)
    return Fault(start, end, fault.message, remedy, suggestion=f"{before}{better}{after}" if hit else "")


def _find_nearest(word: str, candidates: object) -> str:
    names = sorted(candidates) if isinstance(candidates, frozenset | tuple | set) else []
    return next(iter(difflib.get_close_matches(word, names, n=1, cutoff=0.6)), "")
