"""Scenarios: they can be read and cite clauses there are. They are no part of a package, so they are checked beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.catalog.package import Package
from service.catalog.problems import Problem
from service.catalog.rules.context import unknown_clause
from service.catalog.scenarios.proofs import check_proofs
from service.catalog.scenarios.scenario_words import scenario_faults
from service.catalog.source.newest import by_file, of_newest
from service.catalog.source.yaml import YamlMap, YamlMistake, parse_yaml, plain
from service.catalog.tree import Files, below
from service.domain.text import Text


def check_scenarios(package: Package, tree: Files) -> Iterator[Problem]:
    """Yield what is wrong with the scenarios of a package; ``tree`` holds all files."""
    for path in below(tree, f"processes/{package.key}/scenarios", ".yaml"):
        try:
            found = parse_yaml(tree[path], path)
        except YamlMistake as mistake:
            yield Problem(
                path, "", "yaml", mistake.message, Text("改正该行。", "Correct that line."), line=mistake.line
            )
            continue
        yield from _faults(tree[path], path)
        if isinstance(found, YamlMap):
            cited = plain(found.entries.get("clauses"))
            yield from _unknown(package, path, cited if isinstance(cited, list) else [])
            yield from check_proofs(package, path, found)


@of_newest(by_file)
def _faults(content: bytes, path: str) -> tuple[Problem, ...]:
    return tuple(scenario_faults(parse_yaml(content, path), path))


def _unknown(package: Package, path: str, cited: Iterable[object]) -> Iterator[Problem]:
    for clause in map(str, cited):
        if clause not in package.law.clauses:
            yield unknown_clause(path, "clauses", clause, package.law)
