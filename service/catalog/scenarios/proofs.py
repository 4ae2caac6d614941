"""Proofs: expectations of scenarios that assert what a clause brings about, and would fail if it did not.

A proof stands in the scenario itself, as ``proves: [WQ-11-2b]`` on an expectation or on a step that must be refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.catalog.law.proof import PROVES, Proof
from service.catalog.package import Package
from service.catalog.parameters.units import beyond_bound
from service.catalog.problems import Problem, did_you_mean
from service.catalog.scenarios.expectation_words import row_text
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.catalog.source.yaml import YamlList, YamlMap, YamlMistake, YamlValue, parse_yaml, plain
from service.catalog.tree import Files, below, stem
from service.domain.text import Text


def beyond_law(package: Package, values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the parameters of which ``values``, by id, gives one beyond the bounds that the package states."""
    for ident, value in values.items():
        parameter = package.award.parameters.get(ident)
        if parameter is not None and beyond_bound(parameter, value):
            yield ident


_STEP_ALONE = {"reached", "task", "waiting", "timer"}
_SAYS_NO_RESULT = {"case", "times", "no", "why", "state", "kind", PROVES} | _STEP_ALONE


@dataclass(frozen=True, slots=True)
class _Row:
    """An expectation, or a step that must be refused, as it stands in the file; ``may`` is False elsewhere."""

    values: Mapping[str, Any]
    line: int
    refused: bool = False
    may: bool = True


def with_proofs(package: Package, tree: Files) -> Package:
    """Return ``package`` with what its scenarios prove, which is found when asked for; ``tree`` holds all files."""
    return package.proved_by(lambda: tuple(_proofs(package, tree)))


def check_proofs(package: Package, path: str, root: YamlMap) -> Iterator[Problem]:
    """Yield what is wrong with the proofs of the scenario at ``path``: unknown clauses, words only, the wrong place."""
    for row in _rows(root):
        if PROVES not in row.values:
            continue
        if not row.may:
            yield _problem(path, row, "proves_nothing", *_MISPLACED)
        for clause in proved(row.values):
            found = package.law.clauses.get(clause)
            if found is None:
                message = Text(f"条款登记中没有“{clause}”。", f"The register has no clause “{clause}”.")
                yield _problem(path, row, "unknown_clause", message, did_you_mean(clause, package.law.clauses))
            elif found.words_only:
                message = Text(
                    f"“{clause}”登记为文字体现，又说有期望证明它。",
                    f"“{clause}” is registered as words only, and an expectation says that it proves it.",
                )
                remedy = Text("删去 words_only，或者删去这里的编号。", "Remove words_only, or the id here.")
                yield _problem(path, row, "words_only_proved", message, remedy)


def proved(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the clauses that an expectation, or a step that must be refused, says it proves."""
    found = row.get(PROVES)
    return tuple(map(str, found)) if isinstance(found, list | tuple) else () if found is None else (str(found),)


_MISPLACED = (
    Text("这一步什么也没有断言，不能证明条款。", "This step asserts nothing and can prove no clause."),
    Text(
        "把 proves 写在期望或者应被拒绝的步骤上。", "Write proves on an expectation, or on a step that must be refused."
    ),
)


def _problem(path: str, row: _Row, rule: str, message: Text, remedy: Text) -> Problem:
    return Problem(path, PROVES, rule, message, remedy, line=row.line)


def _proofs(package: Package, tree: Files) -> Iterator[Proof]:
    terms = ScenarioTerms(package)
    for path in below(tree, f"processes/{package.key}/scenarios", ".yaml"):
        try:
            root = parse_yaml(tree[path], path) if PROVES.encode() in tree[path] else None
        except YamlMistake:  # what is wrong with it, the check says
            continue
        if isinstance(root, YamlMap):
            title = str(root.entries.get("title") or stem(path))
            values: Any = plain(root.entries.get("parameters"))
            beyond = tuple(beyond_law(package, values)) if isinstance(values, Mapping) else ()
            steps = len(list(_maps(root.entries.get("steps"))))
            for row in _rows(root):
                for clause in proved(row.values) if row.may else ():
                    told = row_text(row.values, terms)
                    yield Proof(clause, path, title, row.line, told.zh, _alone(row), beyond, steps, told.en)


def _rows(root: YamlMap) -> Iterator[_Row]:
    for step in _maps(root.entries.get("steps")):
        inner = step.entries.get("expect")
        if isinstance(inner, YamlMap):
            yield _row(inner)
        elif PROVES in step.entries:
            refused = "refused" in step.entries
            yield replace(_row(step), refused=refused, may=refused)
    for row in _maps(root.entries.get("expect")):
        yield _row(row)


def _maps(value: YamlValue) -> Iterable[YamlMap]:
    return [item for item in value.items if isinstance(item, YamlMap)] if isinstance(value, YamlList) else []


def _row(found: YamlMap) -> _Row:
    values: Any = plain(found)
    return _Row(values, found.line)


def _alone(row: _Row) -> bool:
    """Tell whether the expectation says no more than that a step is there, not what came of it."""
    return not row.refused and not row.values.keys() - _SAYS_NO_RESULT and bool(row.values.keys() & _STEP_ALONE)
