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
        if tx.definitions.lacks_sources(tx.definitions.get(version)):
            yield Text(
                f"表 definition 中“{_package(tx, version)}”的版本 {version[:8]}，sources 列在系统之外被改动，不能据以新建草稿",
                f"table definition, version {version[:8]} of “{_package(tx, version)}”: column sources was changed beside the"
                " program, and no draft begins with it",
            )
        try:
            desk.packages.demand_own(version, tx)
        except VersionAltered:
            yield words_of(_package(tx, version), version)


def _package(tx: Transaction, version: str) -> str:
    return tx.definitions.get(version).package
