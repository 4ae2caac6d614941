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
from service.catalog.source.yaml import YamlList, YamlMap, YamlMistake, YamlValue, parse_yaml, to_plain_value
from service.catalog.tree import Files, get_file_stem, iterate_folder_files
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
    return package.proved_by(lambda: tuple(_iterate_proofs(package, tree)))


def check_proofs(package: Package, path: str, root: YamlMap) -> Iterator[Problem]:
    """Yield what is wrong with the proofs of the scenario at ``path``: unknown clauses, words only, the wrong place."""
    for row in _iterate_rows(root):
        if PROVES not in row.values:
            continue
        if not row.may:
            yield _build_problem(path, row, "proves_nothing", *_MISPLACED)
        for clause in proved(row.values):
            clause_entry = package.law.clauses.get(clause)
            if clause_entry is None:
                message = Text(f"条款登记中没有“{clause}”。", f"The register has no clause “{clause}”.")
                yield _build_problem(path, row, "unknown_clause", message, did_you_mean(clause, package.law.clauses))
            elif clause_entry.words_only:
                message = Text(
                    f"“{clause}”登记为文字体现，又说有期望证明它。",
                    f"“{clause}” is registered as words only, and an expectation says that it proves it.",
                )
                remedy = Text(
                    "清空“文字体现，理由”（words_only），或者去掉这里的条款。",
                    "Empty “Words only, because” (words_only), or take the clause away here.",
                )
                yield _build_problem(path, row, "words_only_proved", message, remedy)


def proved(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the clauses that an expectation, or a step that must be refused, says it proves."""
    proves = row.get(PROVES)
    return tuple(map(str, proves)) if isinstance(proves, list | tuple) else () if proves is None else (str(proves),)


_MISPLACED = (
    Text("这一步什么也没有断言，不能证明条款。", "This step asserts nothing and can prove no clause."),
    Text(
        "把 proves 写在期望或者应被拒绝的步骤上。", "Write proves on an expectation, or on a step that must be refused."
    ),
)


def _build_problem(path: str, row: _Row, rule: str, message: Text, remedy: Text) -> Problem:
    return Problem(path, PROVES, rule, message, remedy, line=row.line)


def _iterate_proofs(package: Package, tree: Files) -> Iterator[Proof]:
    terms = ScenarioTerms(package)
    for path in iterate_folder_files(tree, f"processes/{package.key}/scenarios", ".yaml"):
        try:
            root = parse_yaml(tree[path], path) if PROVES.encode() in tree[path] else None
        except YamlMistake:  # what is wrong with it, the check says
            continue
        if isinstance(root, YamlMap):
            title = str(root.entries.get("title") or get_file_stem(path))
            values: Any = to_plain_value(root.entries.get("parameters"))
            beyond = tuple(beyond_law(package, values)) if isinstance(values, Mapping) else ()
            steps = len(list(_list_maps(root.entries.get("steps"))))
            for row in _iterate_rows(root):
                for clause in proved(row.values) if row.may else ():
                    row_words = row_text(row.values, terms)
                    yield Proof(
                        clause, path, title, row.line, row_words.zh, _is_bare_step(row), beyond, steps, row_words.en
                    )


def _iterate_rows(root: YamlMap) -> Iterator[_Row]:
    for step in _list_maps(root.entries.get("steps")):
        inner = step.entries.get("expect")
        if isinstance(inner, YamlMap):
            yield _build_row(inner)
        elif PROVES in step.entries:
            refused = "refused" in step.entries
            yield replace(_build_row(step), refused=refused, may=refused)
    for row in _list_maps(root.entries.get("expect")):
        yield _build_row(row)


def _list_maps(value: YamlValue) -> Iterable[YamlMap]:
    return [item for item in value.items if isinstance(item, YamlMap)] if isinstance(value, YamlList) else []


def _build_row(node: YamlMap) -> _Row:
    values: Any = to_plain_value(node)
    return _Row(values, node.line)


def _is_bare_step(row: _Row) -> bool:
    """Tell whether the expectation says no more than that a step is there, not what came of it."""
    return not row.refused and not row.values.keys() - _SAYS_NO_RESULT and bool(row.values.keys() & _STEP_ALONE)
