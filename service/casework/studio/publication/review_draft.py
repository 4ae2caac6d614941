"""Submit a draft for review, take it back, and decide on it: by somebody who changed nothing in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.casework.access.actor import DESIGNER, SECURITY_ADMINISTRATOR, Actor
from service.casework.access.guards import guarded
from service.casework.definitions.deploy import PackageRefused
from service.casework.definitions.publish import APPROVED, record_event
from service.casework.desk.desk import Desk
from service.casework.people.rights.seats import EVERYWHERE
from service.casework.people.tell_person import tell_person
from service.casework.queries.law.versions import version_lines
from service.casework.step.post import add_page_link
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_access import (
    OPEN,
    REVIEW,
    authors_of,
    carry_over_details,
    may_review_draft,
    newer_version,
    open_for_change,
    require_current,
    visible_draft,
)
from service.casework.studio.drafts.draft_tree import DraftTree, tree_for_entry, tree_of
from service.casework.studio.drafts.save_file import FileChange, save_files, text_of
from service.casework.studio.scenarios.run_scenarios import describe_plays, on_record, plays_of
from service.catalog import Severity
from service.catalog.law.law import Amendment
from service.catalog.law_text.register import set_amendment
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import Stale, Transaction
from service.store.models import PackageDraftRow, PersonRow

SUBMITTED, AUTHORS = "submitted", "authors"
"""The event of a draft that is handed in, and what of it names everybody who had a part in the draft by then."""

OUTDATED = Text(
    "现行的不是这份草稿所依据的版本，通过以后也不能发布：请退回，由作者并入现行版本，再提交复核。",
    "Another version than the one that this draft rests on is in force, and approved it could not be published: return it, so that "
    "its author takes that version in and submits it again.",
)
"""What a reviewer is told of a draft that rests on an earlier version."""

_REVIEWERS = (DESIGNER, SECURITY_ADMINISTRATOR, "office")
"""Whom the guard ``draft.review`` admits, by role."""


@guarded("draft.review")
def review_draft(desk: Desk, actor: Actor, draft: int, approved: bool, reason: str, *, seen: str | None = None) -> None:
    """Approve ``draft``, or return it with a ``reason``; ``seen`` is the version that was submitted as the reviewer saw it.

    Raises:
        NotAllowed: the person opened it, submitted it or changed something in it.
        Conflict: it is not under review, what is under review is not what was seen, or an outdated draft is approved.
        Invalid: it is returned without a reason, or approved without one although scenarios failed or were not played.
    """
    with desk.store.write() as tx:
        row = visible_draft(tx, actor, draft, "draft.review")
        if row.state != REVIEW:
            raise Conflict(Text("草稿不在复核中，请刷新页面。", "The draft is not under review: reload the page."))
        require_seen(row, seen)
        if not may_review_draft(tx, actor, row) or actor.person_id in _on_record(tx, row):
            raise NotAllowed(
                Text(
                    "复核人不能是草稿的作者：您新建、修改或者提交过这份草稿，请由另一人复核。",
                    "Whoever opened, changed or submitted a draft cannot review it: ask another person.",
                )
            )
        if approved and newer_version(tx, row) is not None:
            raise Conflict(OUTDATED)
        tree = tree_of(desk, tx, draft)
        plays = plays_of(tx, draft, tree)
        how = describe_plays(plays)
        if not approved and not reason.strip():
            raise Invalid(Text("退回须写明理由。", "Say why the draft is returned."))
        if approved and not reason.strip() and how is not None:
            raise Invalid(
                Text(
                    f"{how.zh}请先运行；仍要通过的，写明理由。",
                    f"{how.en} Play them first, or say why it is approved all the same.",
                )
            )
        now = desk.clock.now()
        review_record = {"at": now.isoformat(), "by": actor.name, "person": actor.person_id, "approved": approved}
        review_record["reason"] = reason.strip()[:2000]
        details = {**(row.details or {}), "reviewed": review_record}
        state, action, word = (APPROVED, "approved", "通过") if approved else (OPEN, "returned", "退回")
        tx.package_drafts.change(draft, state=state, details=details, shared=True, changed_at=now)
        text = f"复核{word}草稿“{row.title}”{'：' + reason.strip()[:200] if reason.strip() else '。'}"
        if how is not None:
            text = f"{text}（{how.zh}）"
        data = {"version": details.get("version"), "revision": tree.revision, "scenarios": on_record(plays)}
        record_event(tx, actor, now, row.package, action, text, draft, data)
        subject = Text(f"复核{word}了草稿“{row.title}”", f"The draft “{row.title}” was {action}")
        told = Text(f"{actor.name}{text}", f"{actor.name} {action} it. {reason.strip()[:200]}".strip())
        sender = tx.people.get(details["submitted"]["person"])
        tell_person(desk, tx, sender, subject, add_page_link(told, _page_of(draft)), f"draft_{action}")


def _page_of(draft: int) -> str:
    """Return where a draft is reviewed and published."""
    return f"/studio/drafts/{draft}/publish"


def require_seen(row: PackageDraftRow, seen: str | None) -> None:
    """Raise Conflict where another version was submitted than the one that a page showed (None: no page)."""
    if seen is not None and seen != (row.details or {}).get("version"):
        raise Conflict(
            Text(
                "打开本页之后，作者取回草稿、改过并重新提交了。请看清现在的内容再决定；您写的意见还在本页。",
                "Since this page was opened, the author took the draft back, changed and submitted it again: look at what it "
                "holds now; what you wrote is still on this page.",
            )
        )


def list_holders(tx: Transaction, package: str, roles: Sequence[str], now: datetime) -> list[PersonRow]:
    """Return the active people who hold one of ``roles`` in the place of ``package``, or everywhere."""
    places = (package.partition("/")[0], EVERYWHERE)
    holders = [tx.people.people_with(place, role, None, now) for role in roles for place in places]
    return list({person.id: person for people in holders for person in people}.values())


def _on_record(tx: Transaction, row: PackageDraftRow) -> set[int]:
    """Return who had a part in a draft as its package has on record since it was submitted, whatever the rows say now."""
    events = [
        package_event
        for package_event in tx.package_events.select(package=row.package)
        if package_event.draft_id == row.id
    ]
    handed_in = [submitted_event for submitted_event in events if submitted_event.action == SUBMITTED]
    if not handed_in:
        raise Conflict(
            Text(
                "没有这份草稿提交复核的记录，暂不能复核。请取回草稿，重新提交。",
                "That this draft was submitted is not on record, and nobody reviews it: take it back and submit it again.",
            )
        )
    author_ids = {submitted_event.person_id for submitted_event in handed_in if submitted_event.person_id is not None}
    return author_ids.union(*(submitted_event.data.get(AUTHORS, ()) for submitted_event in handed_in))


_LONGEST = 500


@dataclass(frozen=True, slots=True)
class TypedAmendment:
    """What was typed: ``note`` names the decision, ``since`` is the first day, None at once."""

    applies: bool
    clauses: tuple[str, ...] = ()
    since: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class StatedAmendment:
    """What a draft says of running cases: ``said`` None where it says nothing of its own.

    ``wanted``: it changes clauses or values of the version it stands on, so that silence keeps cases where they are until
    a later version says that it applies to them.
    """

    said: Amendment | None
    wanted: bool


def stated_amendment(desk: Desk, tx: Transaction, row: PackageDraftRow, tree: DraftTree) -> StatedAmendment:
    """Return what a draft says of running cases, beside the version it stands on."""
    law = tree.package.law
    if row.base is None:
        return StatedAmendment(law.amendment, False)
    before = desk.packages.get(row.base, tx)
    new_amendment = law.amendment if law.amendment != before.law.amendment else None
    changed = (law.clauses, tree.package.award.parameters) != (before.law.clauses, before.award.parameters)
    return StatedAmendment(new_amendment, changed and new_amendment is None)


def require_stated(desk: Desk, tx: Transaction, row: PackageDraftRow, tree: DraftTree) -> None:
    """Raise Invalid where a draft changes clauses or values, cases run, and nothing is said of them."""
    if stated_amendment(desk, tx, row, tree).wanted and any(line.running for line in version_lines(tx, row.package)):
        raise Invalid(
            Text(
                "还没有提交：这一版改了条款或参数，而有办件正在办理。请先在“在办办件”中写明它们怎么办："
                "按启动时的版本办完，还是适用本次修订。",
                "Not submitted: this version changes clauses or values while cases are running. Say first, under “Running cases”, "
                "whether they keep the version they began under or the amendment applies to them.",
            )
        )


@guarded("draft.edit")
def state_amendment(desk: Desk, actor: Actor, draft: int, typed: TypedAmendment, opened: int | None = None) -> None:
    """Write into the register what the draft says of running cases, shown at revision ``opened``.

    Raises Invalid for what cannot be said, Conflict where another window said something since.
    """
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_for_entry(desk, tx, draft, opened, lambda tree: tree.package.law.amendment)
        before = desk.packages.get(row.base, tx).law.amendment if row.base else None
    _require_sound(tree, typed, before)
    path = f"processes/{row.package.partition('/')[0]}/law.yaml"
    text = text_of(tree, path)
    fields: dict[str, Any] = {"applies_to_running": typed.applies}
    fields |= {"clauses": list(typed.clauses)} if typed.clauses else {}
    fields |= {"from": typed.since} if typed.since and typed.applies else {}
    fields |= {"note": typed.note.strip()} if typed.note.strip() else {}
    note = "在办办件" + ("适用本次修订" if typed.applies else "按原版本办完")
    save_files(desk, actor, draft, [FileChange(path, text, set_amendment(text, fields))], note)


def _require_sound(tree: DraftTree, typed: TypedAmendment, before: Amendment | None) -> None:
    unknown = next((clause for clause in typed.clauses if clause not in tree.package.law.clauses), None)
    if unknown is not None:
        raise Invalid(Text(f"条款登记中没有“{unknown}”。", f"The register has no clause “{unknown}”."))
    if typed.applies and not typed.clauses:
        raise Invalid(
            Text(
                "适用于在办办件的，请选出作此规定的条款；没有这样规定的，在办的按原版本办完。",
                "Name the clause by which it applies to running cases; without one they keep their version.",
            )
        )
    if len(typed.note) > _LONGEST:
        raise Invalid(Text(f"说明最多{_LONGEST}字。", f"The note has at most {_LONGEST} characters."))
    wanted = Amendment(typed.since, typed.applies, typed.clauses, Text(typed.note.strip(), typed.note.strip()))
    if wanted == before:
        raise Invalid(
            Text(
                "这和上一版写的完全一样，不能作为这一版的依据：请写明这一次的《修改决定》或者条款、日期。",
                "This is what the version before says: name the decision, the clauses or the day of this one.",
            )
        )


@guarded("draft.edit")
def submit_draft(desk: Desk, actor: Actor, draft: int, note: str) -> tuple[str, ...]:
    """Hand ``draft`` to a second person, and return the names of those who may review it; each of them is told.

    ``note`` says what was changed and why. It cannot be changed until it is back.

    Raises:
        PackageRefused: the draft has errors.
        Conflict: it cannot be changed, nothing in it differs from what is published, or somebody published meanwhile.
        Invalid: there is no note, or nothing is said of cases that run while clauses or values change.
    """
    if not note.strip():
        raise Invalid(
            Text("请写明改了什么、为什么，供复核人阅读。", "Say what was changed and why: the reviewer reads it.")
        )
    checked = check_draft(desk, actor, draft)
    errors = tuple(p for p in checked.problems if p.severity is Severity.ERROR)
    with desk.store.write() as tx:
        row = open_for_change(desk, tx, actor, draft)
        if errors:
            raise PackageRefused(row.package, errors)
        require_current(tx, row)
        tree = tree_of(desk, tx, draft)
        if tree.revision != checked.revision:
            raise Stale
        if tree.package.version == row.base and dict(tree.files) == dict(tree.base):
            raise Conflict(
                Text("草稿与已发布的版本没有差别，无需复核。", "The draft does not differ from what is published.")
            )
        require_stated(desk, tx, row, tree)
        now = desk.clock.now()
        sent = {"at": now.isoformat(), "by": actor.name, "person": actor.person_id, "note": note.strip()[:2000]}
        details = {
            **carry_over_details(row),
            "submitted": sent,
            "version": tree.package.version,
            "revision": tree.revision,
        }
        tx.package_drafts.change(draft, state=REVIEW, details=details, changed_at=now)
        text = f"提交复核草稿“{row.title}”：{note.strip()[:200]}"
        data = {"version": tree.package.version, AUTHORS: sorted(authors_of(tx, row))}
        record_event(tx, actor, now, row.package, SUBMITTED, text, draft, data)
        reviewers = [
            p
            for p in list_holders(tx, row.package, _REVIEWERS, now)
            if p.id not in {actor.person_id, *authors_of(tx, row)}
        ]
        subject = Text(
            f"{actor.name}提交了草稿“{row.title}”，等您复核",
            f"{actor.name} submitted the draft “{row.title}”: please review it",
        )
        message = Text(
            f"{actor.name}说明：{note.strip()[:200]}\n没有参与修改的人，任何一位复核即可。",
            f"{actor.name}: {note.strip()[:200]}\nOne person who had no part in it is enough.",
        )
        for person in reviewers:
            tell_person(desk, tx, person, subject, add_page_link(message, _page_of(draft)), "draft_submitted")
    return tuple(person.name for person in reviewers)


@guarded("draft.edit")
def take_back_draft(desk: Desk, actor: Actor, draft: int) -> None:
    """Make a draft under review, or approved and not begun, one that can be changed again; the approval is void."""
    with desk.store.write() as tx:
        row = visible_draft(tx, actor, draft, "draft.edit")
        if row.state not in (REVIEW, "approved"):
            raise Conflict(
                Text("草稿不在复核中，无需取回。", "The draft is not under review: there is nothing to take back.")
            )
        now = desk.clock.now()
        details = carry_over_details(row) or None
        tx.package_drafts.change(draft, state=OPEN, details=details, shared=True, changed_at=now)
        record_event(tx, actor, now, row.package, "taken_back", f"取回草稿“{row.title}”。", draft)
