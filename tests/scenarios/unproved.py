"""The clauses of each city that are cited and that no expectation of a scenario proves yet.

``python -m tests.scenarios.unproved`` takes out of the lists in ``tests/data/unproved`` what is proved by now, is words
only, or is gone; nothing may ever be added to them.
"""

from __future__ import annotations

from pathlib import Path

import handlers
from service.catalog import Catalog, load_catalog
from service.catalog.coverage.coverage import coverage
from service.catalog.scenarios.proofs import with_proofs

PROJECT = Path(__file__).parents[2]
KEPT = PROJECT / "tests" / "data" / "unproved"


def unproved(catalog: Catalog, city: str) -> list[str]:
    """Return the clauses of ``city`` that nothing proves, in the order of the text."""
    return list(coverage([with_proofs(package, catalog.tree) for package in catalog.of(city)]).unproved)


def kept(city: str) -> list[str]:
    """Return the clauses of ``city`` that were unproved when last written; a new city has none to spare."""
    path = KEPT / f"{city}.txt"
    return path.read_text().split() if path.exists() else []


def main() -> None:
    """Let every list shrink to what is still unproved."""
    handlers.load()
    catalog = load_catalog(PROJECT)
    for path in sorted(KEPT.glob("*.txt")):
        known, still = kept(path.stem), unproved(catalog, path.stem)
        path.write_text("".join(f"{clause}\n" for clause in still if clause in known))
        print(f"{path.stem}: {len(known)} → {len(kept(path.stem))}")


if __name__ == "__main__":
    main()
