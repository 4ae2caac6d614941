"""Publish an approved draft: today, or from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.deploy import PackageRefused
from service.casework.definitions.publish import (
    APPROVED,
    PUBLISHED,
    begin_on,
    begin_version,
    keep_version,
    places_in_force,
    record_event,
)
from service.casework.definitions.settings import settings_ended_by
from service.casework.desk.desk import Desk
from service.casework.people.rights.first_people import PUBLISHER, publishing_administrator, seat_first_people
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_access import demand_current, visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.scenarios.scenario_verdicts import on_record, standing, verdicts_of
from service.catalog import Package, Severity
from service.catalog.law.law import passages_of
from service.catalog.parameters.quoted_bounds import demand_in_force
from service.catalog.tree import sources_of
from service.domain.calendar import local_date
from service.domain.calendar.clock import full
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PackageDraftRow


@guarded("draft.publish")
def publish_draft(desk: Desk, actor: Actor, draft: int, day: date | None = None) -> str:
    """Let cases that start on ``day`` (today) or later use the draft, and return its version; running cases keep theirs.

    Raises:
        PackageRefused: the draft has errors.
        Conflict: it is not approved, waits for its day already, or somebody published meanwhile.
        NotAsApproved: it holds something else than its reviewer approved.
        Invalid: the day has passed, or lies before the one from which the regulation says that it is in force.
    """
    errors = tuple(p for p in check_draft(desk, actor, draft).problems if p.severity is Severity.ERROR)
    today = local_date(desk.clock.now())
    begins = day or today
    if begins < today:
        raise Invalid(Text("生效日期不能早于今天。", "The first day cannot lie before today."))
    with desk.store.write() as tx:
        row = visible_draft(tx, actor, draft, "draft.publish")
        details = dict(row.details or {})
        if row.state != APPROVED or details.get("from"):
            raise Conflict(
                Text(
                    "草稿还没有通过评审，或者已经排定发布，请刷新页面。",
                    "The draft is not approved, or waits for its day already: reload the page.",
                )
            )
        if errors:
            raise PackageRefused(row.package, errors)
        demand_current(tx, row)
        tree, now = tree_of(desk, tx, draft), desk.clock.now()
        package = tree.package
        demand_in_force(passages_of(package.law.clauses.values()), begins)
        ended = settings_ended_by(desk, tx, package, begins)
        keep_version(tx, package, now, actor.name, sources_of(tree.files, row.package), draft)
        _begin(desk, tx, actor, row, package, begins if begins > today else None)
        text = f"发布草稿“{row.title}”，自{full(begins).zh}起生效。"
        verdicts = verdicts_of(tx, draft, tree)
        if (how := standing(verdicts)) is not None:
            text += f"{how.zh}{_said(details)}"
        if ended:
            text += f"本地设定的{len(ended)}项随之不再算数：{'；'.join(one.sentence.zh for one in ended)}。"
        data = {"version": package.version, "from": begins.isoformat(), "scenarios": on_record(verdicts)}
        record_event(tx, actor, now, row.package, "published", text, draft, data)
    return package.version


def _begin(desk: Desk, tx: Transaction, actor: Actor, row: PackageDraftRow, package: Package, day: date | None) -> None:
    """Let a version that is kept begin, now or on ``day``."""
    now = desk.clock.now()
    publisher = publishing_administrator(actor, row)
    if day is None:
        tx.package_drafts.change(row.id, {"state": PUBLISHED, "changed_at": now})
        begin_version(tx, package, now, places_in_force(desk, tx, package))
        seat_first_people(tx, row, package, publisher, now)
        return
    details = {**(row.details or {}), "from": day.isoformat(), PUBLISHER: publisher}
    tx.package_drafts.change(row.id, {"details": details, "changed_at": now})
    begin_on(tx, row.id, package.version, day, now)


def _said(details: Mapping[str, Any]) -> str:
    """Return with what sentence the reviewer approved it all the same."""
    reviewed = details.get("reviewed") or {}
    return f"评审人{reviewed['by']}：{reviewed['reason'][:200]}" if reviewed.get("reason") else ""
