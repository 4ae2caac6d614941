"""The catalog: every package found below a root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from service.catalog.closure import collect_award_files
from service.catalog.jurisdiction import Jurisdiction, read_jurisdiction
from service.catalog.package import Package
from service.catalog.patterns.patterns import fill_patterns
from service.catalog.problems import Problem
from service.catalog.source.fields import read_fields
from service.catalog.tree import Files, award_keys, jurisdiction_ids, read_tree
from service.domain.errors import NotFound
from service.domain.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """Packages by key ("jurisdiction/award"), jurisdictions by id, and what went wrong while reading."""

    packages: Mapping[str, Package]
    jurisdictions: Mapping[str, Jurisdiction]
    problems: tuple[Problem, ...]
    tree: Files

    def package(self, key: str) -> Package:
        """Return the package ``key``; raises NotFound."""
        try:
            return self.packages[key]
        except KeyError:
            raise NotFound(
                Text(f"没有程序包“{key}”。", f"There is no package “{key}”."),
            ) from None

    def of(self, jurisdiction: str) -> tuple[Package, ...]:
        """Return the packages of one jurisdiction."""
        return tuple(p for p in self.packages.values() if p.jurisdiction.id == jurisdiction)


def load_catalog(root: Path) -> Catalog:
    """Read every package below ``root`` (which holds processes/ and forms/).

    Mistakes in files never raise: they are in ``problems``.
    """
    return build_catalog(read_tree(root))


def load_package(root: Path, jurisdiction: str, award: str) -> Package:
    """Read one package below ``root`` and nothing of the other cities; mistakes are in its ``problems``."""
    others = {file.parent.name for file in (root / "processes").glob("*/jurisdiction.yaml")} - {jurisdiction}
    return Package.from_files(collect_award_files(read_tree(root, frozenset(others)), jurisdiction, award))


def build_catalog(tree: Files) -> Catalog:
    """Build the catalog from files that were read already."""
    tree, unfilled = fill_patterns(tree)
    packages = {}
    for jurisdiction, award in award_keys(tree):
        package = Package.from_files(collect_award_files(tree, jurisdiction, award))
        packages[package.key] = package
    jurisdictions = {package.jurisdiction.id: package.jurisdiction for package in packages.values()}
    problems = [*unfilled, *(problem for package in packages.values() for problem in package.problems)]
    for ident in jurisdiction_ids(tree):
        if ident not in jurisdictions:
            path = f"processes/{ident}/jurisdiction.yaml"
            jurisdictions[ident] = read_jurisdiction(read_fields(tree[path], path, problems.append), ident)
    unique = tuple(dict.fromkeys(problems))
    return Catalog(MappingProxyType(packages), MappingProxyType(jurisdictions), unique, tree)
