"""The page of one published version: how it came and went, and the cases that run under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.case_access import title_for
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.law.studied_packages import studied_package
from service.casework.queries.law.study_versions import VersionLine, version_lines
from service.catalog import Package
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PackageEventRow
from service.store.queries.case_filter import CaseFilter

PAGE = 50
"""Cases on a page."""


@dataclass(frozen=True, slots=True)
class VersionCase:
    """A running case: ``title`` as far as the reader may read it, ``opens`` whether they see its page."""

    id: int
    title: str
    kind: Text
    started_at: datetime
    opens: bool


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version of the published ``package`` with a page of the cases that run under it; ``after`` continues it.

    ``events`` are what the record says of it, newest first.
    """

    package: Package
    line: VersionLine
    events: tuple[PackageEventRow, ...]
    cases: tuple[VersionCase, ...]
    after: int | None


@guarded("law.study")
def view_version(desk: Desk, actor: Actor, package_key: str, version: str, after: int = 0) -> VersionView:
    """Return one version of ``package_key``; raises NotFound."""
    with desk.store.read() as tx:
        package = studied_package(desk, tx, actor, package_key)
        line = next((one for one in version_lines(tx, package_key) if one.version == version), None)
        if line is None:
            raise NotFound(Text("没有这个版本，可能已被删除。", "There is no such version: it may have been deleted."))
        ids = tx.cases.under(package.jurisdiction.id, package.award.id, version, after, PAGE + 1)
        events = tx.package_events.of_package(package_key)
        return VersionView(
            package,
            line,
            tuple(
                event for event in reversed(events) if version in (event.data.get("version"), event.data.get("instead"))
            ),
            _cases(desk, tx, actor, ids[:PAGE]),
            ids[PAGE - 1] if len(ids) > PAGE else None,
        )


def _cases(desk: Desk, tx: Transaction, actor: Actor, ids: list[int]) -> tuple[VersionCase, ...]:
    rows = reversed(tx.cases.search(CaseFilter(ids=ids, recused=sorted(actor.recused)), limit=PAGE))
    return tuple(
        VersionCase(
            row.id,
            title_for(actor, row),
            desk.packages.get(row.definition, tx).process(row.process).text,
            row.started_at,
            actor.oversees(row.jurisdiction),
        )
        for row in rows
    )
