"""A small award whose applications are reviewed by experts, over the shared diagrams that every city uses."""

from __future__ import annotations

from pathlib import Path

from service.catalog import Package
from service.catalog.closure import closure
from service.catalog.tree import read_tree
from service.sdk import operations

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "review"


def review_package() -> Package:
    """Return the package, with the shared pieces and scoring editions of the product."""
    tree = {**read_tree(ROOT), **read_tree(DATA)}
    return Package.from_files(closure(tree, "riverton", "prize"), operations())
