"""Publish an approved draft: today, or from a day on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.access.actor import ADMINISTRATOR, DESIGNER, SECURITY_ADMINISTRATOR, Actor
from service.casework.access.guards import GUARDS, guarded
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
from service.casework.people.tell_person import tell_person
from service.casework.reading.published import WITHDRAWN, version_name
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_access import demand_current, visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.scenarios.run_scenarios import on_record, standing, verdicts_of
from service.catalog import Package, Severity
from service.catalog.law.law import passages_of
from service.catalog.parameters.quoted_bounds import demand_in_force
from service.catalog.tree import sources_of
from service.domain.calendar import local_date
from service.domain.calendar.clock import full
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, PackageDraftRow


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
            text += f"{how.zh}{_reviewer_words(details)}"
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


def _reviewer_words(details: Mapping[str, Any]) -> str:
    """Return with what sentence the reviewer approved it all the same."""
    reviewed = details.get("reviewed") or {}
    return f"评审人{reviewed['by']}：{reviewed['reason'][:200]}" if reviewed.get("reason") else ""


_TOLD = (DESIGNER, SECURITY_ADMINISTRATOR, ADMINISTRATOR, "office")


@guarded("draft.publish")
def withdraw_version(desk: Desk, actor: Actor, key: str, version: str, reason: str) -> tuple[CaseRow, ...]:
    """Let new cases of package ``key`` use the version before ``version``; returns the running cases that keep it.

    Raises:
        NotFound: nothing is published under ``key``.
        Conflict: ``version`` is not the current one, or there is none before it.
        Invalid: no reason is given.
        NotAllowed: the person does not design or administer the jurisdiction.
    """
    jurisdiction, _, award = key.partition("/")
    GUARDS["draft.publish"].demand(actor, jurisdiction)
    if not reason.strip():
        raise Invalid(Text("请写明撤回的理由，会记入发布记录。", "Say why; the reason goes on record."))
    with desk.store.write() as tx:
        current = tx.definitions.current(key)
        if current is None:
            raise NotFound(Text(f"“{key}”尚未发布。", f"“{key}” is not published."))
        if current.version != version:
            name = version_name(tx, key, current.version)
            raise Conflict(
                Text(
                    f"现行的已是{name.zh}，不是您要撤回的那一版，请刷新页面。",
                    f"In force is {name.en}, not the one that you would withdraw: reload the page.",
                )
            )
        if current.base is None:
            raise Conflict(
                Text(
                    "这是第一个版本，没有可以退回的版本。请另行修改后发布。",
                    "This is the first version: there is none to go back to. Publish a corrected one.",
                )
            )
        before, now = desk.packages.get(current.base, tx), desk.clock.now()
        begin_version(tx, before, now, places_in_force(desk, tx, before))
        running = tuple(r for r in tx.cases.running_under(jurisdiction, award) if r.definition == version)
        gone, instead = (version_name(tx, key, each).zh for each in (version, before.version))
        text = f"撤回{gone}，新办件改用{instead}：{reason.strip()[:200]}"
        data = {"version": version, "instead": before.version, "running": len(running)}
        record_event(tx, actor, now, key, WITHDRAWN, text, current.draft_id, data)
        _tell_others(desk, tx, actor, jurisdiction, before.award.text, text)
    return running


def _tell_others(desk: Desk, tx: Transaction, actor: Actor, place: str, award: Text, text: str) -> None:
    """Tell who designs, administers and applies the law of the place: one person alone withdraws, and others must see it."""
    now = desk.clock.now()
    held = [tx.people.people_with(where, role, None, now) for role in _TOLD for where in (place, "*")]
    others = {person.id: person for people in held for person in people if person.id != actor.person_id}
    subject = f"{award.zh}：现行版本已撤回 / The current version of {award.en} was withdrawn"
    said = (
        f"{actor.name}{text}\n如果不应撤回，请另行发布；理由不实的，请告诉审计管理员。\n"
        f"{actor.name} withdrew the current version of {award.en}: new cases use the one before. If that is wrong, publish"
        " another, and tell the audit administrator."
    )
    for person in others.values():
        tell_person(desk, tx, person, subject, said, "withdrawn")


@dataclass(frozen=True, slots=True)
class NextStart:
    """A kind of case that stands below no other, started by ``roles``; ``href`` leads there for who may start it."""

    process: str
    name: Text
    roles: tuple[Text, ...]
    may: bool
    href: str


def next_starts(actor: Actor, package: Package) -> Iterator[NextStart]:
    """Yield the kinds of cases with which everything else begins: rounds, before all."""
    place = package.jurisdiction
    for info in package.award.processes.values():
        if info.parent is None and not info.public and info.started_by:
            roles = tuple(place.roles[role].text for role in info.started_by if role in place.roles)
            may = any(actor.holds(place.id, role) is not None for role in info.started_by)
            yield NextStart(info.key, info.text, roles, may, f"/start/{package.key}/{info.key}")
