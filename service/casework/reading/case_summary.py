"""The summary of a case, shown beside a task and at the top of its own page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from service.casework.access.secrets import IDENTITY
from service.casework.desk.desk import Desk
from service.casework.reading.history import EventView, events_of
from service.casework.reading.stages import StageView, stages_of_case
from service.catalog import Kind, Package
from service.catalog.form_fields.uploads import label_of_upload
from service.domain.text import Text
from service.domain.values.bounds import CaseStatus
from service.store import CaseFile, Surroundings, Transaction
from service.store.models import CaseRow, TaskRow
from service.store.queries.case_tree import TERMINATED

LAST_EVENTS = 6
_PLATFORM_OUTCOMES = {TERMINATED: "终止办理"}


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a case: an issued document or an upload."""

    name: str
    href: str | None
    size: int | None
    kind: Text
    at: datetime
    by: str
    pdf: str | None = None
    """Where the same document is offered as PDF."""
    upload: str | None = None
    """Id of the upload, where it is one."""
    document: int | None = None
    """Id of the issued document, where it is one."""


@dataclass(frozen=True, slots=True)
class Party:
    """A body that takes part, and as what."""

    role: Text
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The summary of a case for everyone who may see it."""

    id: int
    title: str
    number: str | None
    process: str
    process_name: Text
    package: Package
    jurisdiction: str
    status: CaseStatus
    outcome: str
    parent_id: int | None
    parent_title: str
    started_at: datetime
    ended_at: datetime | None
    stages: tuple[StageView, ...]
    parties: tuple[Party, ...]
    events: tuple[EventView, ...]
    files: tuple[FileView, ...]
    suspended: bool
    reviewed: bool
    """Whether a panel reviews it, or one that it formed does."""
    code: str = ""
    """The unified code of the organisation it is about."""
    ended_because: str = ""
    """Why the case ended, where its end says so."""
    personal: Mapping[str, str] = field(default_factory=dict)
    """Elements assigned to one named person, with what the history says of them to others."""


def brief_of(
    desk: Desk,
    tx: Transaction,
    case: CaseRow,
    events: int = LAST_EVENTS,
    around: Surroundings | None = None,
    tasks: Sequence[TaskRow] | None = None,
) -> Brief:
    """Return the brief of ``case``; ``around`` are the names beside it and ``tasks`` its open ones, where they are known already."""
    package = desk.packages.get(case.definition, tx)
    info = package.process(case.process)
    around = around or tx.cases.around(case.id)
    event_views = events_of(tx.history.newest(case.id, events), package)
    return Brief(
        id=case.id,
        title=case.title,
        number=case.number,
        process=case.process,
        process_name=info.text,
        package=package,
        jurisdiction=case.jurisdiction,
        status=case.status,
        outcome=outcome_name(package, case),
        parent_id=case.parent_id,
        parent_title=around.above or "",
        started_at=case.started_at,
        ended_at=case.ended_at,
        stages=stages_of_case(tx, package, case, tasks),
        parties=_list_parties(tx, package, case, around.about),
        events=event_views,
        files=files_of(tx, package, case),
        suspended=case.status == "suspended",
        reviewed=around.reviewed,
        code=around.code or "",
        ended_because=next((e.reason for e in event_views if e.action == "ended"), ""),
        personal=package.derived("personal elements", lambda: _map_personal_steps(package)),
    )


def _map_personal_steps(package: Package) -> Mapping[str, str]:
    return {
        e.id: f"{e.name}：已提交"
        for d in package.processes.values()
        for e in d.of(Kind.USER_TASK)
        if "assignee" in e.properties
    }


def outcome_name(package: Package, case: CaseRow) -> str:
    """Return the outcome in words, "" while the case runs."""
    return "" if case.outcome is None else outcome_words(package, case.process, case.outcome)


def outcome_words(package: Package, process: str, outcome: str) -> str:
    """Return what an outcome of a kind of case is called."""
    diagram = package.diagram(package.process(process).process)
    named = (e.outcome_name for e in diagram.elements.values() if e.outcome == outcome)
    return next(named, _PLATFORM_OUTCOMES.get(outcome, outcome))


def _list_parties(tx: Transaction, package: Package, case: CaseRow, about: str | None) -> tuple[Party, ...]:
    roles = package.jurisdiction.roles
    bound = {role: [body.name for body in bodies] for role, bodies in tx.cases.parties(case.id).items()}
    if about is not None:
        subject = next((r.id for r in roles.values() if r.subject), "applicant")
        bound = {subject: [about], **{r: b for r, b in bound.items() if r != subject}}
    return tuple(
        Party(roles[role].text if role in roles else Text(role, role), tuple(names)) for role, names in bound.items()
    )


def files_of(tx: Transaction, package: Package, case: CaseRow) -> tuple[FileView, ...]:
    """Return documents and uploads of a case, newest first; what reveals the objector stands in the form alone."""
    return tuple(
        _build_file_view(package, case, row) for row in tx.documents.files_of(case.id) if row.secret != IDENTITY
    )


def list_visible_uploads(
    tx: Transaction, package: Package, case: CaseRow, readable: frozenset[str] | None
) -> tuple[FileView, ...]:
    """Return the uploads of a case, of those ``readable`` alone where that is known."""
    uploaded_files = (file for file in files_of(tx, package, case) if file.upload is not None)
    return tuple(file for file in uploaded_files if readable is None or file.upload in readable)


def _build_file_view(package: Package, case: CaseRow, row: CaseFile) -> FileView:
    if row.upload is not None:
        kind = label_of_upload(package, case.process, row.form, row.place) or Text("附件", "upload")
        return FileView(row.name, f"/uploads/{row.upload}", row.size, kind, row.at, "", upload=row.upload)
    name = f"{row.name}（{row.number}）" if row.number else row.name
    href = f"/documents/{row.document}"
    return FileView(name, href, row.size, Text("文书", "document"), row.at, "", f"{href}/pdf", document=row.document)
