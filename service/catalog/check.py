"""Check packages: all rules over one package, a catalog or a path."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

from service.catalog.bpmn import structure
from service.catalog.catalog import Catalog, build_catalog
from service.catalog.coverage.coverage import list_package_citations
from service.catalog.package import Package
from service.catalog.patterns.patterns import USES, pattern_of
from service.catalog.problems import Problem
from service.catalog.rules import RULES, Extent
from service.catalog.rules.context import prepare_check
from service.catalog.rules.follows import causes
from service.catalog.rules.places import add_place
from service.catalog.rules.scenarios import check_beside
from service.catalog.tree import no_files, read_sources
from service.catalog.uses.piece_users import check_unused
from service.domain.errors import NotFound
from service.domain.text import Text

_UNREADABLE = frozenset({"missing_file", "yaml", "xml", *structure.RULES})
_OF_SIBLINGS = {
    rule.id for rule_group in RULES if rule_group.extent is Extent.JURISDICTION for rule in rule_group.rules
}

Checker: TypeAlias = Callable[[Package], Iterable[Problem]]


def check_package(package: Package, memory: dict[object, Any] | None = None) -> tuple[Problem, ...]:
    """Return everything wrong with one package, mistakes in its files first.

    A file that cannot be read at all stands alone: whatever it should define would be missed everywhere else. Who checks
    a package again and again as its files change hands in the same ``memory``: what a change does not touch is not looked
    at again.
    """
    if is_unreadable(package):
        return package.problems
    checked = prepare_check(package, memory)
    problems = [_with_line(package, problem) for rule in RULES for problem in rule(checked)]
    return tuple(add_place(package, problem) for problem in causes(dict.fromkeys([*package.problems, *problems])))


def _with_line(package: Package, problem: Problem) -> Problem:
    """Return a problem of a diagram with the line of the element or flow that it names."""
    diagram = package.diagrams.get(problem.file)
    if diagram is None or problem.line is not None:
        return problem
    piece = diagram.elements.get(problem.element) or diagram.flows.get(problem.element)
    return replace(problem, line=(piece or diagram).line or None)


def is_unreadable(package: Package) -> bool:
    """Return whether a file of the package cannot be read: nothing more can be said of it, and nothing run."""
    return any(problem.rule in _UNREADABLE for problem in package.problems)


def check_catalog(
    catalog: Catalog, keys: Iterable[str] | None = None, checker: Checker = check_package
) -> tuple[Problem, ...]:
    """Return everything wrong with the packages ``keys`` (all without); a shared file's problem stands once.

    A clause that one award of a jurisdiction carries out is not missing from its others. ``checker``
    checks one package; callers that know more than the catalog pass a stricter one.
    """
    chosen = catalog.packages if keys is None else {key: catalog.packages[key] for key in keys}
    about = tuple(f"processes/{key}/" for key in chosen) + tuple(f"forms/{p.jurisdiction.id}/" for p in chosen.values())
    named = [p for p in catalog.problems if keys is None or p.file.startswith(about)]
    all_problems = dict.fromkeys(_of_pattern(catalog, problem) for problem in named)
    for package in chosen.values():
        siblings = [other for other in catalog.of(package.jurisdiction.id) if other.key != package.key]
        elsewhere = {citation.clause for other in siblings for citation in list_package_citations(other)}
        beside_problems = () if is_unreadable(package) else tuple(check_beside(package, catalog.tree))
        package_problems = tuple(checker(package))  # last: it may be found elsewhere meanwhile
        for problem in package_problems:
            if problem.rule not in _OF_SIBLINGS or problem.element not in elsewhere:
                all_problems[_of_pattern(catalog, problem)] = None
        all_problems.update(dict.fromkeys(beside_problems))
    return tuple(all_problems)


def _of_pattern(catalog: Catalog, problem: Problem) -> Problem:
    """Return a problem of a diagram that is made from a pattern with where to mend it: its file is nowhere to be edited."""
    pattern = pattern_of(catalog.tree, problem.file)
    if not pattern:
        return problem
    where = Text(
        f"{problem.remedy.zh}（此文件由范本 {pattern} 生成：改范本，或者改 {USES} 中的填写。）",
        f"{problem.remedy.en} (The file is made from {pattern}: change that, or what {USES} puts into its slots.)",
    )
    return replace(problem, remedy=where, line=None)


def catalog_around(path: Path) -> Catalog:
    """Return the catalog of the tree that ``path`` stands in, cities left out that it cannot be about.

    Raises NotFound when ``path`` is not inside a tree with a folder processes/.
    """
    root = find_root(path)
    return build_catalog(read_sources(root, _list_other_cities(root, _get_inner_path(root, path))))


def check_path(path: Path, checker: Checker = check_package, catalog: Catalog | None = None) -> tuple[Problem, ...]:
    """Return everything wrong below ``path``: a root, a jurisdiction, an award, or one file of it.

    ``catalog`` is `catalog_around` the path, for who has it already. Raises NotFound when ``path`` is not inside a tree
    with a folder processes/.
    """
    root = find_root(path)
    inside = _get_inner_path(root, path)
    unconcerned = _list_other_cities(root, inside)
    catalog = catalog or catalog_around(path)
    concerned = packages_below(catalog, inside)
    unused = check_unused(catalog, checker) if concerned is None or inside.parts[1] == "shared" else ()
    problems = (
        *map(_not_a_file, no_files(root, unconcerned)),
        *unused,
        *check_catalog(catalog, concerned, checker),
    )
    if path.is_file() and not _is_pattern(inside):
        return tuple(problem for problem in problems if problem.file == str(inside))
    return problems


def keys_around(catalog: Catalog, path: Path) -> list[str]:
    """Return the packages of `catalog_around` the path that a check of it is about."""
    package_keys = packages_below(catalog, _get_inner_path(find_root(path), path))
    return list(catalog.packages) if package_keys is None else package_keys


def _not_a_file(path: str) -> Problem:
    message = Text(
        "这不是普通文件（是文件夹、管道或断开的链接），没有读取。",
        "This is no regular file (a folder, a pipe or a broken link) and was not read.",
    )
    return Problem(
        path, "", "not_a_file", message, Text("换成文件，或改名、删除。", "Put a file there, or rename or remove it.")
    )


def _get_inner_path(root: Path, path: Path) -> PurePosixPath:
    return PurePosixPath(path.resolve().relative_to(root.resolve()).as_posix())


def _list_other_cities(root: Path, inside: PurePosixPath) -> frozenset[str]:
    """Return the other cities: ``inside`` can only be about its own jurisdiction and what all share."""
    cities = {file.parent.name for file in (root / "processes").glob("*/jurisdiction.yaml")}
    return frozenset(cities - {inside.parts[1]} if len(inside.parts) > 1 and inside.parts[1] in cities else ())


def find_root(path: Path) -> Path:
    """Return the folder above (or at) ``path`` that holds processes/; raises NotFound."""
    resolved = path.resolve()
    for folder in (resolved, *resolved.parents):
        if (folder / "processes").is_dir():
            return folder
    raise NotFound(
        Text(
            f"“{path}”不在含有 processes 文件夹的目录中。请给出程序包所在的文件夹。",
            f"“{path}” is not inside a folder that holds processes/. Name the folder of a package.",
        )
    )


def _is_pattern(inside: PurePosixPath) -> bool:
    """Tell whether ``inside`` is a pattern, or says which are used: its problems show in what is made of it."""
    return inside.parts[1:3] == ("shared", "patterns") or inside.name == USES


def packages_below(catalog: Catalog, inside: PurePosixPath) -> list[str] | None:
    """Return the keys of the packages that ``inside`` (relative to the root) is about; None for all."""
    parts = inside.parts
    if len(parts) < 2 or parts[0] not in ("processes", "forms"):
        return None
    if parts[1] in ("shared", "scoring"):
        whole = not inside.suffix or _is_pattern(inside)
        return [key for key, package in catalog.packages.items() if whole or str(inside) in package.files]
    city_keys = [key for key in catalog.packages if key.split("/")[0] == parts[1]]
    if parts[0] == "processes" and len(parts) > 2 and f"{parts[1]}/{parts[2]}" in catalog.packages:
        return [f"{parts[1]}/{parts[2]}"]
    return city_keys
