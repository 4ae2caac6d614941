"""Make the handbook of a procedure for a meeting, as PDF or Word, beside the requests."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.documents.produce_document import NoPrinter
from service.casework.reading.published import version_name
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.work.jobs import Job, JobOrder, Run, latest_job, latest_result, start_job
from service.catalog import Package
from service.catalog.handbook import handbook_of
from service.domain.calendar import local_date
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PackageDraftRow

HANDBOOK = "handbook"
FORMS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
SIDES = {"draft": Text("本草稿", "This draft"), "published": Text("现行版本", "The current version")}


@dataclass(frozen=True, slots=True)
class MadeHandbook:
    """A handbook that was made: its name, which version it is of, and the file in base64."""

    name: str
    state: Text
    file: str


@dataclass(frozen=True, slots=True)
class HandbookView:
    """What the page of handbooks shows: for each form the newest job, and what the newest finished one is of."""

    jobs: tuple[tuple[str, Job | None], ...]
    made: tuple[tuple[str, Text], ...]
    published: bool


@guarded("draft.view")
def view_handbooks(desk: Desk, actor: Actor, draft: int) -> HandbookView:
    """Return which handbooks of ``draft`` were made, and which are being made."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        jobs = tuple((form, latest_job(tx, draft, _key(form))) for form in FORMS)
        results = ((form, latest_result(tx, draft, _key(form), MadeHandbook)) for form in FORMS)
        made = tuple((form, found.state) for form, found in results if found is not None)
        return HandbookView(jobs, made, tx.definitions.current(row.package) is not None)


@guarded("draft.view")
def make_handbook(desk: Desk, actor: Actor, draft: int, form: str, side: str = "draft", language: str = "zh") -> int:
    """Start making the handbook of ``draft`` or of the ``published`` version in a form; returns the job's number.

    Raises:
        Invalid: there is no such form or side.
        NotFound: nothing is published.
        NoPrinter: this installation sets no files.
    """
    if form not in FORMS or side not in SIDES:
        raise Invalid(
            Text(
                "请选择 PDF 或 Word，以及草稿或现行版本。", "Choose PDF or Word, and the draft or the current version."
            )
        )
    printer = desk.printer
    if printer is None:
        raise NoPrinter(Text("此处没有排版功能，不能生成手册。", "Nothing can be set here: no handbook is made."))
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        package, state = _side(desk, tx, row, side)
    day = local_date(desk.clock.now())
    name = f"{package.key.replace('/', '-')}-{day.isoformat()}.{form}"
    total = len(package.diagrams) + 2

    def work(job: Run) -> MadeHandbook:
        job.beat(0, total, Text("汇总流程、表单和条文", "gathering processes, forms and clauses"))
        book = handbook_of(package, state, day, language)
        book.demand_printable()
        job.beat(1, total, Text("绘图和排版", "drawing and setting"))
        made = printer.handbook(book, form, lambda done: job.beat(1 + done, total, Text("绘图", "drawing")))
        return MadeHandbook(name, state, b64encode(made).decode())

    asked = {"work": HANDBOOK, "form": form, "side": side, "language": language}
    return start_job(desk, actor, draft, JobOrder(_key(form), total, asked), work)


@guarded("draft.view")
def open_handbook(desk: Desk, actor: Actor, draft: int, form: str) -> tuple[str, bytes]:
    """Return the name and the bytes of the newest handbook of ``draft`` in a form; raises NotFound."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        found = latest_result(tx, draft, _key(form), MadeHandbook) if form in FORMS else None
    if found is None:
        raise NotFound(Text("这种手册还没有生成，请先生成。", "This handbook was not made yet: make it first."))
    return found.name, b64decode(found.file)


def _side(desk: Desk, tx: Transaction, row: PackageDraftRow, side: str) -> tuple[Package, Text]:
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


def _key(form: str) -> str:
    return f"{HANDBOOK} {form}"
