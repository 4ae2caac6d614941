"""Check a draft beside the requests: the first check of a large package takes many seconds, and its page answers at once."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.check_draft import (
    CheckedDraft,
    find_known_check,
    keep_check,
    last_check,
    load_draft_problems,
)
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.jobs import Job, JobPart, JobState, latest_job, start_job
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PackageDraftRow, StudioJobRow

if TYPE_CHECKING:
    from pydantic import TypeAdapter

CHECK = "check"
"""The key of the jobs that check a draft."""
_DOING = Text("正在检查最新的修改…", "Checking the newest change…")


@dataclass(frozen=True, slots=True)
class DraftFindings:
    """The newest check of a draft, None before the first; ``behind`` so many changes came after it.

    ``job`` is the check that runs beside, or that failed; None where nothing is behind.
    """

    checked: CheckedDraft | None
    behind: int
    job: Job | None


@guarded("draft.view")
def find_problems(desk: Desk, actor: Actor, draft: int) -> DraftFindings:
    """Return what is known of the problems of ``draft`` at once; where that is not of the newest change, a check begins beside."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        checked = _find_newest(desk, tx, row)
        job = latest_job(tx, draft, CHECK)
    last = last_check(row)
    if last is not None and last.current and not last.errors + last.warnings:
        checked = CheckedDraft(row.revision, (), whole=True)
    behind = row.revision - checked.revision if checked else row.revision
    if checked is not None and not behind:
        return DraftFindings(checked, 0, None)
    if job is None or job.state in (JobState.DONE, JobState.STOPPED) or (job.over and job.revision != row.revision):
        job = _begin(desk, actor, row)
    return DraftFindings(checked, behind, job)


@guarded("draft.view")
def start_check(desk: Desk, actor: Actor, draft: int, base: str | None) -> int:
    """Begin to check ``draft``, which stands on version ``base``, beside the requests; returns the job's number."""
    return start_job(desk, actor, draft, CHECK, {"work": CHECK, "base": base}, _DOING)


def check_part(desk: Desk, row: StudioJobRow) -> JobPart:
    """Check the draft of a job as it is now."""
    with desk.store.read() as tx:
        tree = tree_of(desk, tx, row.draft_id)
    checked = load_draft_problems(desk, row.draft_id, tree)
    keep_check(desk, row.draft_id, checked.problems, checked.revision)
    return JobPart(lambda _tx: None, Text("", ""), zlib.compress(_adapter().dump_json(checked)))


def _begin(desk: Desk, actor: Actor, row: PackageDraftRow) -> Job | None:
    """Begin a check; None where the person has too much begun already: the page says what was found last."""
    try:
        start_check(desk, actor, row.id, row.base)
    except Conflict:
        return None
    with desk.store.read() as tx:
        return latest_job(tx, row.id, CHECK)


def _find_newest(desk: Desk, tx: Transaction, row: PackageDraftRow) -> CheckedDraft | None:
    """Return the newest check that this process or a job made of a draft while it stood on the version that it stands on."""
    known = find_known_check(desk, row.id, row.base)
    kept = tx.studio_jobs.find("-id", draft_id=row.id, key=CHECK, state=JobState.DONE)
    if kept is None or kept.result is None or kept.asked.get("base") != row.base:
        return known
    if known is not None and known.revision >= kept.revision:
        return known
    from pydantic import ValidationError

    try:
        return _adapter().validate_json(zlib.decompress(kept.result))
    except ValidationError:  # a program that had other findings kept it
        return known


@cache
def _adapter() -> TypeAdapter[CheckedDraft]:
    from pydantic import TypeAdapter  # six megabytes, which a service without designers does without

    return TypeAdapter(CheckedDraft)
