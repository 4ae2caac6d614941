"""What an archive holds of one case: its data, its history, its documents and the files that came with it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from service.casework.archives.masks import Masks
from service.casework.desk.desk import Desk
from service.casework.reading.case_summary import outcome_name
from service.domain.calendar import CHINA
from service.domain.forms import Form
from service.domain.forms.model import Computed, FormNode, Group, Input, Rows, key_of, same_object
from service.domain.proof.audit_chain import ERASURE
from service.domain.proof.fact_changes import erased_changes
from service.domain.spreadsheets.spreadsheet_cells import inert
from service.store import Transaction
from service.store.models import AuditRow, BodyRow, CaseRow, DocumentRow, UploadRow

_QUARANTINE = "quarantine"
_SAID = ("actor", "text", "data")
"""What people wrote in an event; the data of an erasure are numbers and hashes, by which the chain is verified."""
_PERSONAL = "含个人信息，本归档不含"
_LEFT_OUT = "●●●"
_PLAIN = frozenset(
    (
        *("id", "process", "version", "started_at", "ended_at", "parent", "parameters", "element", "form", "at"),
        *("taken_back_at", "labels", "choices", "stage", "kind", "points", "state", "issued", "cast", "opened_at"),
        *("first_day", "last_day", "fingerprint"),
    )
)
"""Columns of what is kept that the program writes itself, so that no digits of a person are looked for in them."""


@dataclass(slots=True)
class CaseContent:
    """Files of a case by their path below its folder: written ones as bytes, stored ones as (SHA-256, size)."""

    written: dict[str, bytes] = field(default_factory=dict)
    stored: dict[str, tuple[str, int]] = field(default_factory=dict)
    left_out: list[dict[str, object]] = field(default_factory=list)


def case_content(
    desk: Desk, tx: Transaction, case: CaseRow, *, full: bool, individuals: Iterable[BodyRow] = ()
) -> CaseContent:
    """Return what is kept of a case; without ``full`` personal values, such as ``individuals`` of its round, are masked."""
    package = desk.packages.get(case.definition, tx)
    rows = tx.forms.of_case(case.id, taken_back=True)
    parties = tx.cases.parties(case.id)
    forms = {row.form: desk.packages.form(package, row.form) for row in rows}
    masks = Masks([], []) if full else _masks(desk, tx, case, individuals)
    found = CaseContent()
    data = {
        "办件": {
            "id": case.id, "title": case.title, "number": case.number, "process": case.process,
            "outcome": case.outcome, "outcome_name": outcome_name(package, case), "version": case.definition,
            "started_at": case.started_at, "ended_at": case.ended_at, "parent": case.parent_id,
            "parameters": case.parameters, "facts": case.facts,
        },
        "当事方": {role: [body.name for body in bodies] for role, bodies in parties.items()},
        "表单": [
            {"id": row.id, "element": row.element, "form": row.form, "title": forms[row.form].title.zh, "at": row.at,
             "taken_back_at": row.taken_back_at, "data": row.data,
             "labels": {path: node.label.zh for path, node in _named(forms[row.form].nodes)},
             "choices": _choices(forms[row.form])}
            for row in rows
        ],
        "评分": [
            {"stage": row.stage, "kind": row.kind, "points": row.points, "state": row.state, "scores": row.scores, "at": row.at}
            for row in tx.panels.sheets([case.id])
        ],
        "评审结果": [
            {"stage": row.stage, "points": row.points, "how": row.how, "details": row.details}
            for row in tx.panels.results([case.id])
        ],
        "表决": list(_ballots(tx, case)),
        "公示": [
            {"kind": row.kind, "title": row.title, "content": row.content, "state": row.state,
             "first_day": row.first_day, "last_day": row.last_day, "fingerprint": row.fingerprint}
            for row in tx.notices.of_case(case.id)
        ],
        "会议": list(_sittings(tx, case)),
    }  # fmt: skip
    found.written["数据.json"] = as_json({name: _masked(record, masks) for name, record in data.items()})
    history = tx.history.whole(case.id)
    found.written["办理记录.json"] = as_json([_event(row, masks) for row in history])
    found.written["办理记录.csv"] = _history_table(history, masks)
    for row in tx.documents.of_case(case.id):
        _document(found, row, masks)
    for upload in tx.uploads.of_case(case.id):
        _upload(found, upload, masks, full=full)
    return found


def _choices(form: Form) -> dict[str, dict[str, str]]:
    """Return what each field offers to choose from, by its path: value and words."""
    return {
        path: {str(one.value): one.label.zh for one in node.options}
        for path, node in _named(form.nodes)
        if isinstance(node, Input) and isinstance(node.options, tuple) and node.options
    }


def _named(nodes: tuple[FormNode, ...], above: str = "") -> Iterator[tuple[str, Input | Computed | Group | Rows]]:
    """Yield what has a value, by its path (``organisation.name``, ``staff[].name``), groups and rows themselves too."""
    for node in same_object(nodes):
        path = f"{above}{key_of(node)}"
        yield path, node
        if isinstance(node, Group | Rows):
            yield from _named(node.children, f"{path}{'[]' if isinstance(node, Rows) else ''}.")


def as_json(value: object) -> bytes:
    """Return ``value`` as it is kept: readable, with a stable order."""
    return (json.dumps(value, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def safe_name(name: str, most: int = 60) -> str:
    """Return a name that every file system takes."""
    kept = "".join("_" if c in '/\\:*?"<>|' or not c.isprintable() else c for c in name).strip(". ")
    return kept[:most].strip(". ") or "_"


def _masked(record: Any, masks: Masks) -> Any:
    """Return records with whatever people wrote masked, and what the program wrote as it is."""
    if isinstance(record, list):
        return [_masked(one, masks) for one in record]
    return {**masks.anywhere(record), **{name: value for name, value in record.items() if name in _PLAIN}}


def _ballots(tx: Transaction, case: CaseRow) -> Iterator[Mapping[str, Any]]:
    for ballot in tx.ballots.of_case(case.id):
        result = tx.ballots.result(ballot.id)
        yield {
            "title": ballot.title, "state": ballot.state, "rules": ballot.rules, "issued": ballot.issued,
            "cast": ballot.cast, "opened_at": ballot.opened_at,
            "outcome": result.outcome if result else None,
            "record": result.record if result else None,
            "fingerprint": result.fingerprint if result else None,
        }  # fmt: skip


def _sittings(tx: Transaction, case: CaseRow) -> Iterator[Mapping[str, Any]]:
    """Yield the sittings about a case in their order, with who came and what was said."""
    for row in reversed(tx.sittings.of_case(case.id)):
        yield {
            "title": row.title, "room": row.room, "state": row.state, "starts_at": row.starts_at,
            "closed_at": row.closed_at, "agenda": row.agenda, "papers": row.papers, "words": row.words,
            "members": [
                {"name": one.name, "body": one.body, "came": one.state, "noted_at": one.at, "by_office": one.by_office}
                for one in tx.sittings.members(row.id)
            ],
        }  # fmt: skip


def _masks(desk: Desk, tx: Transaction, case: CaseRow, individuals: Iterable[BodyRow]) -> Masks:
    """Return the masks of a case: of its forms and those above and below it, and of all individuals of its round."""
    cases, above = tx.cases.tree(case.id), case
    while above.parent_id is not None:
        above = tx.cases.get(above.parent_id)
        cases.append(above)
    typed = [
        (desk.packages.form(desk.packages.get(one.definition, tx), row.form), row.data)
        for one in cases
        for row in tx.forms.of_case(one.id, taken_back=True)
    ]
    return Masks(typed, {word for body in individuals for word in (body.name, body.key)})


def _event(row: AuditRow, masks: Masks) -> dict[str, Any]:
    """Return an event with all that its hash is made of, and the changes of facts beside it.

    What was masked says so, and keeps its place in the chain.
    """
    names = ("seq", "at", "actor", "person_id", "action", "element", "text", "data", "previous", "hash")
    event = {name: getattr(row, name) for name in names}
    said = {name: event[name] for name in _SAID if row.action != ERASURE or name != "data"}
    if row.changed is not None:
        shown = erased_changes(row.changed, masks.anywhere, _LEFT_OUT, whole=False) if masks.values else None
        event |= {"changed": row.changed} if shown is None else {"changed": shown, "changed_masked": True}
    return {**event, **masks.anywhere(said), "masked": True} if masks.touch(said) else event


def _history_table(rows: Sequence[AuditRow], masks: Masks) -> bytes:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("序号", "时间", "办理人", "事项", "内容", "指纹"))
    for row in rows:
        at = row.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
        table.writerow(
            [inert(str(v)) for v in (row.seq, at, masks.text(row.actor), row.action, masks.text(row.text), row.hash)]
        )
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _document(found: CaseContent, row: DocumentRow, masks: Masks) -> None:
    base = f"文书/{row.id} {safe_name(masks.text(row.title))}"
    files = ((f"{base}.docx", row.sha256, row.size), (f"{base}.pdf", row.pdf_sha256, row.pdf_size))
    for path, sha256, size in files:
        if sha256 is None:
            continue
        if masks.stands_in_document([row.title, row.content]):
            found.left_out.append({"path": path, "sha256": sha256, "why": _PERSONAL})
        else:
            found.stored[path] = (sha256, size or 0)


def _upload(found: CaseContent, row: UploadRow, masks: Masks, *, full: bool) -> None:
    path = f"附件/{row.id[:8]} {safe_name(masks.text(row.name))}"
    if row.secret == _QUARANTINE:
        found.left_out.append({"path": path, "sha256": row.sha256, "why": "已隔离，不归档"})
    elif not full:
        found.left_out.append({"path": path, "sha256": row.sha256, "why": _PERSONAL})
    else:
        found.stored[path] = (row.sha256, row.size)


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else str(value)
