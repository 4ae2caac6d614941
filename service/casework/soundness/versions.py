"""Every published version holds the files that it is named after: a version is the hash of them."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.desk.altered_version import VersionAltered, words_of
from service.casework.desk.desk import Desk
from service.domain.text import Text
from service.store import Transaction


def altered_versions(desk: Desk) -> Iterator[Text]:
    """Yield, in words, the versions whose files were written beside the program."""
    for version in versions_stored(desk):
        yield from altered_version(desk, version)


def versions_stored(desk: Desk) -> list[str]:
    """Return the versions of every package that has one in force, in order."""
    with desk.store.read() as tx:
        return sorted(
            row.version for each in tx.definitions.currents() for row in tx.definitions.versions(each.package)
        )


def altered_version(desk: Desk, version: str) -> Iterator[Text]:
    """Yield what is wrong with the files of one version, if they are not its own."""
    with desk.store.read() as tx:
        try:
            desk.packages.demand_own(version, tx)
        except VersionAltered:
            yield words_of(_package(tx, version), version)


def _package(tx: Transaction, version: str) -> str:
    return tx.definitions.get(version).package
