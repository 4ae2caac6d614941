"""The scenarios of a place after each of them was changed alike."""

from __future__ import annotations

from collections.abc import Callable

from service.catalog.package import Package
from service.catalog.source.yaml import YamlMistake, parse_yaml
from service.catalog.tree import Files, below


def in_seasons(filled: Files, package: Package, changed: Callable[[str], str]) -> dict[str, bytes]:
    """Return the place's scenarios that read otherwise with ``changed``."""
    seasons = below(filled, f"processes/{package.key}/scenarios", ".yaml")
    made = {path: changed(filled[path].decode()).encode() for path in seasons if _reads(filled[path], path)}
    return {path: content for path, content in made.items() if content != filled[path]}


def _reads(content: bytes, path: str) -> bool:
    """Tell whether a file is YAML; what is wrong with one that is not is said where it is played."""
    try:
        parse_yaml(content, path)
    except YamlMistake:
        return False
    return True
