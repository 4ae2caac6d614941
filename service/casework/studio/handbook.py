"""Make the handbook of a procedure for a meeting, as PDF, beside the requests."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.documents.produce_document import NoPrinter
from service.casework.reading.published import version_name
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.jobs import Job, JobPart, latest_job, start_job
from service.catalog import Package
from service.catalog.handbook import handbook_of
from service.domain.calendar import local_date
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text, text_of
from service.store import Transaction
from service.store.models import PackageDraftRow, StudioJobRow

HANDBOOK = "handbook"
SIDES = {"draft": Text("本草稿", "This draft"), "published": Text("现行版本", "The current version")}


@dataclass(frozen=True, slots=True)
class HandbookView:
    """What the page of handbooks shows: the newest job, and what the newest finished one is of."""

    job: Job | None
    made: Text | None
    published: bool


@guarded("draft.view")
def view_handbooks(desk: Desk, actor: Actor, draft: int) -> HandbookView:
    """Return which handbooks of ``draft`` were made, and which are being made."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        job = tx.studio_jobs.find("-id", draft_id=draft, key=HANDBOOK, state="done")
        made = text_of(job.asked["state"]) if job is not None else None
        return HandbookView(latest_job(tx, draft, HANDBOOK), made, tx.definitions.current(row.package) is not None)


@guarded("draft.view")
def make_handbook(desk: Desk, actor: Actor, draft: int, side: str = "draft", language: str = "zh") -> int:
    """Start making the handbook of ``draft`` or of the ``published`` version; returns the job's number.

    Raises:
        Invalid: there is no such side.
        NotFound: nothing is published.
        NoPrinter: this installation sets no files.
    """
    if side not in SIDES:
        raise Invalid(Text("请选择草稿或现行版本。", "Choose the draft or the current version."))
    if desk.printer is None:
        raise NoPrinter(Text("此处没有排版功能，不能生成手册。", "Nothing can be set here: no handbook is made."))
    with desk.store.read() as tx:
        _, state = _get_side(desk, tx, visible_draft(tx, actor, draft), side)
    request = {"work": HANDBOOK, "side": side, "language": language, "state": state.as_json()}
    return start_job(desk, actor, draft, HANDBOOK, request, Text("绘图和排版", "drawing and setting"))


def print_part(desk: Desk, row: StudioJobRow) -> JobPart:
    """Print the handbook that a job asks for, of the draft or the version as it is now."""
    if desk.printer is None:
        raise NoPrinter(Text("此处没有排版功能，不能生成手册。", "Nothing can be set here: no handbook is made."))
    with desk.store.read() as tx:
        package, state = _get_side(desk, tx, tx.package_drafts.brief(row.draft_id), row.asked["side"])
    book = handbook_of(package, state, local_date(desk.clock.now()), row.asked["language"])
    book.require_printable()
    return JobPart(lambda _tx: None, Text("", ""), desk.printer.handbook(book))


@guarded("draft.view")
def open_handbook(desk: Desk, actor: Actor, draft: int) -> tuple[str, bytes]:
    """Return the name and the bytes of the newest handbook of ``draft``; raises NotFound."""
    with desk.store.read() as tx:
        draft_row = visible_draft(tx, actor, draft)
        row = tx.studio_jobs.find("-id", draft_id=draft, key=HANDBOOK, state="done")
    if row is None or row.result is None or row.ended_at is None:
        raise NotFound(Text("手册还没有生成，请先生成。", "The handbook was not made yet: make it first."))
    return f"{draft_row.package.replace('/', '-')}-{local_date(row.ended_at).isoformat()}.pdf", row.result


def _get_side(desk: Desk, tx: Transaction, row: PackageDraftRow, side: str) -> tuple[Package, Text]:
    if side == "draft":
        tree = tree_of(desk, tx, row.id)
        return tree.package, Text(
            f"草稿“{row.title}”（第 {tree.revision} 次修改）", f"Draft “{row.title}” (revision {tree.revision})"
        )
    current = tx.definitions.current(row.package)
    if current is None:
        raise NotFound(Text("这个奖项还没有发布过。", "This award was never published."))
    name = version_name(tx, row.package, current.version)
    state = Text(f"现行版本，即{name.zh}", f"The current version, {name.en}")
    return desk.packages.get(current.version, tx), state
