"""Scenarios, and files that nothing reads: they are no part of a package, so they are checked beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.catalog.package import Package
from service.catalog.patterns.patterns import uses_of
from service.catalog.problems import Problem
from service.catalog.rules.context import unknown_clause
from service.catalog.scenarios.proofs import check_proofs
from service.catalog.scenarios.scenario_words import scenario_faults
from service.catalog.source.newest import by_file, of_newest
from service.catalog.source.yaml import YamlMap, YamlMistake, parse_yaml, to_plain_value
from service.catalog.tree import Files, Places, award_keys, iterate_folder_files
from service.domain.text import Text


def check_beside(package: Package, tree: Files) -> Iterator[Problem]:
    """Yield what is wrong with the scenarios of a package, and its files that nothing reads; ``tree`` holds all files."""
    yield from _find_strays(package, tree)
    plan = Places(tree, *package.key.split("/")).plan_file
    for path in (
        *iterate_folder_files(tree, f"processes/{package.key}/scenarios", ".yaml"),
        *([plan] if plan in tree else ()),
    ):
        try:
            scenario = parse_yaml(tree[path], path)
        except YamlMistake as mistake:
            yield Problem(
                path, "", "yaml", mistake.message, Text("改正该行。", "Correct that line."), line=mistake.line
            )
            continue
        yield from _list_faults(tree[path], path)
        if isinstance(scenario, YamlMap):
            cited = to_plain_value(scenario.entries.get("clauses"))
            yield from _check_clauses(package, path, cited if isinstance(cited, list) else [])
            yield from check_proofs(package, path, scenario)


def _find_strays(package: Package, tree: Files) -> Iterator[Problem]:
    """Yield the files of a city that no place of a package is for: copies, and what lies in a wrong folder."""
    city, award = package.key.split("/")
    places = Places(tree, city, award)
    read = {places.award_file, places.plan_file, places.parameters_file, places.jurisdiction_file, places.law_file}
    read |= {uses_of(places.award_file), *places.diagrams()[0], *places.tables()[0], *places.list_award_documents()}
    read |= {
        *places.list_award_forms(),
        *places.layouts().values(),
        *places.scoring().values(),
        *iterate_folder_files(tree, f"forms/{city}", ".json"),
    }
    read |= {*iterate_folder_files(tree, f"{places.award}/scenarios", ".yaml")}
    others = tuple(f"processes/{of}/{other}/" for of, other in award_keys(tree) if (of, other) != (city, award))
    for path in sorted(tree):
        if path.startswith((f"{places.city}/", f"forms/{city}/")) and path not in read and not path.startswith(others):
            yield Problem(
                path, "", "file_name",
                Text("没有人读这个文件：名称或文件夹不对，写在里面的都不起作用。",
                     "Nothing reads this file: its name or folder is none of a package's, so what it says has no effect."),
                Text("改成应有的名称（如 scenarios/名称.yaml），多余的副本删去。",
                     "Give it the name that it should have (such as scenarios/NAME.yaml), or remove the copy."),
            )  # fmt: skip


@of_newest(by_file)
def _list_faults(content: bytes, path: str) -> tuple[Problem, ...]:
    return tuple(scenario_faults(parse_yaml(content, path), path))


def _check_clauses(package: Package, path: str, cited: Iterable[object]) -> Iterator[Problem]:
    for clause in map(str, cited):
        if clause not in package.law.clauses:
            yield unknown_clause(path, "clauses", clause, package.law)
