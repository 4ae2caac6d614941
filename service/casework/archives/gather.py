"""Gather an archive case by case: whatever kills the program, what is gathered stays, and the rest goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.access.secrets import STATE
from service.casework.archives.first_page import case_page, first_page, list_page
from service.casework.archives.own_archive import ARCHIVED, manifest_sums
from service.casework.archives.score_book import write_score_book
from service.casework.audit.heads import SECRET, countersign_head
from service.casework.desk.desk import Desk
from service.casework.reading.case_summary import outcome_name
from service.casework.reading.clause_record import clause_lines, record_clauses
from service.casework.step.history import append_case_event
from service.casework.subjects.case_subjects import INDIVIDUAL
from service.domain.audit.archive_check import MANIFEST, SIGNATURE, SUMS, sign_manifest
from service.domain.calendar import CHINA
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.forms import Form, masked
from service.domain.forms.model import Computed, FormNode, Group, Input, Rows, key_of, same_object
from service.domain.proof.audit_chain import ERASURE
from service.domain.proof.fact_changes import erased_changes
from service.domain.text import Text
from service.domain.values.value_at import texts_at
from service.domain.wording.numbers import counted
from service.store import NewWork, Transaction
from service.store.models import (
    ArchivePartRow,
    ArchiveRow,
    AuditRow,
    BodyRow,
    CaseRow,
    DocumentRow,
    UploadRow,
    WorkItemRow,
)

_SHORTEST = 2
"""A single letter says nothing about anybody, and stands everywhere."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
"""A fingerprint, which tells nothing of anybody whatever digits it has."""


class Masks:
    """Knows the ``values`` of personal and secret fields, as people typed them; the longest come first.

    ``shown`` is what stands in the place of one.
    """

    def __init__(
        self,
        forms: Sequence[tuple[Form, Mapping[str, Any]]],
        names: Iterable[str] = (),
        shown: Callable[[object], str] = masked,
    ) -> None:
        values = {value for form, data in forms for path in form.guarded_paths for value in texts_at(data, path)}
        values |= set(names)
        self._shown = shown
        self.values = sorted((v for v in values if len(v) >= _SHORTEST), key=len, reverse=True)
        lines = {"".join(line.split()) for value in self.values for line in value.splitlines()}
        self._lines = [line for line in lines if len(line) >= _SHORTEST]

    def text(self, text: str) -> str:
        """Return ``text`` with every personal value in it masked."""
        if _DIGEST.fullmatch(text):
            return text
        for value in self.values:
            if value in text:
                text = text.replace(value, self._shown(value))
        return text

    def anywhere(self, value: Any) -> Any:
        """Return a JSON value with the texts in it masked; names of fields stay."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            masked_fields: dict[Any, Any] = {}
            for name, inner in value.items():
                masked_name = self._mask_field_name(name)
                while masked_name in masked_fields:  # two people whose names look the same once masked
                    masked_name += "′"
                masked_fields[masked_name] = self.anywhere(inner)
            return masked_fields
        if isinstance(value, list | tuple):
            return [self.anywhere(inner) for inner in value]
        return self._shown(str(value)) if not isinstance(value, bool) and str(value) in self.values else value

    def touch(self, value: Any) -> bool:
        """Return whether a personal value stands anywhere in ``value``."""
        return bool(self.anywhere(value) != value)

    def stands_in_document(self, content: Any) -> bool:
        """Return whether any line of a personal value stands in what a document says, however its lines are broken."""
        texts = ["".join(text.split()) for text in _iterate_texts(content)]
        return any(line in text for text in texts for line in self._lines)

    def _mask_field_name(self, name: Any) -> Any:
        """Return the name of a field as it is, and a name that a person has, masked."""
        plain = not isinstance(name, str) or (name.isascii() and name.isidentifier())
        return name if plain else self.text(name)


def _iterate_texts(value: Any) -> Iterator[str]:
    """Yield every text and number of a JSON value as it is written, names of fields too."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield str(name)
            yield from _iterate_texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _iterate_texts(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


_SAID = ("actor", "text", "data")
"""What people wrote in an event; the data of an erasure are numbers and hashes, by which the chain is verified."""
_PERSONAL = "含个人信息，本归档不含"
_STATE = "涉及国家秘密，已停止流转"
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
    masks = Masks([], []) if full else _build_masks(desk, tx, case, individuals)
    content = CaseContent()
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
             "labels": {path: node.label.zh for path, node in _iterate_value_nodes(forms[row.form].nodes)},
             "choices": _collect_choices(forms[row.form].with_chosen(row.choices if full else {}))}
            for row in rows
        ],
        "评分": [
            {"stage": row.stage, "kind": row.kind, "points": row.points, "state": row.state, "scores": row.scores, "at": row.at}
            for row in tx.sheets.select(case_id=case.id)
        ],
        "评审结果": [
            {"stage": row.stage, "points": row.points, "how": row.how, "details": row.details}
            for row in tx.stage_scores.select(case_id=case.id)
        ],
        "表决": list(_iterate_ballots(tx, case)),
        "公示": [
            {"kind": row.kind, "title": row.title, "content": row.content, "state": row.state,
             "first_day": row.first_day, "last_day": row.last_day, "fingerprint": row.fingerprint}
            for row in tx.notices.select(case_id=case.id)
        ],
        "会议": list(_iterate_sittings(tx, case)),
    }  # fmt: skip
    content.written["数据.json"] = as_json({name: _mask_records(record, masks) for name, record in data.items()})
    history = tx.history.select(case_id=case.id)
    content.written["办理记录.json"] = as_json([_build_event(row, masks) for row in history])
    for row in tx.documents.select(case_id=case.id):
        _add_document(content, row, masks)
    for upload in tx.uploads.list_of_case(case.id):
        _add_upload(content, upload, masks, full=full)
    return content


def _collect_choices(form: Form) -> dict[str, dict[str, str]]:
    """Return what each field offers to choose from, by its path: value and words."""
    return {
        path: {str(option.value): option.label.zh for option in node.options}
        for path, node in _iterate_value_nodes(form.nodes)
        if isinstance(node, Input) and isinstance(node.options, tuple) and node.options
    }


def _iterate_value_nodes(
    nodes: tuple[FormNode, ...], above: str = ""
) -> Iterator[tuple[str, Input | Computed | Group | Rows]]:
    """Yield what has a value, by its path (``organisation.name``, ``staff[].name``), groups and rows themselves too."""
    for node in same_object(nodes):
        path = f"{above}{key_of(node)}"
        yield path, node
        if isinstance(node, Group | Rows):
            yield from _iterate_value_nodes(node.children, f"{path}{'[]' if isinstance(node, Rows) else ''}.")


def as_json(value: object) -> bytes:
    """Return ``value`` as it is kept: readable, with a stable order."""
    return (json.dumps(value, ensure_ascii=False, indent=1, default=_to_plain_value) + "\n").encode()


def safe_name(name: str) -> str:
    """Return a name that every file system takes."""
    clean_name = "".join("_" if c in '/\\:*?"<>|' or not c.isprintable() else c for c in name).strip(". ")
    return clean_name[:60].strip(". ") or "_"


def _mask_records(record: Any, masks: Masks) -> Any:
    """Return records with whatever people wrote masked, and what the program wrote as it is."""
    if isinstance(record, list):
        return [_mask_records(item, masks) for item in record]
    return {**masks.anywhere(record), **{name: value for name, value in record.items() if name in _PLAIN}}


def _iterate_ballots(tx: Transaction, case: CaseRow) -> Iterator[Mapping[str, Any]]:
    for ballot in tx.ballots.select(case_id=case.id):
        result = tx.ballot_results.find(ballot_id=ballot.id)
        yield {
            "title": ballot.title, "state": ballot.state, "rules": ballot.rules, "issued": ballot.issued,
            "cast": ballot.cast, "opened_at": ballot.opened_at,
            "outcome": result.outcome if result else None,
            "record": result.record if result else None,
            "fingerprint": result.fingerprint if result else None,
        }  # fmt: skip


def _iterate_sittings(tx: Transaction, case: CaseRow) -> Iterator[Mapping[str, Any]]:
    """Yield the sittings about a case in their order, with who came and what was said."""
    for row in reversed(tx.sittings.select(case_id=case.id)):
        yield {
            "title": row.title, "room": row.room, "state": row.state, "starts_at": row.starts_at,
            "closed_at": row.closed_at, "agenda": row.agenda, "papers": row.papers, "words": row.words,
            "members": [
                {"name": member.name, "body": member.body, "came": member.state, "noted_at": member.at, "by_office": member.by_office}
                for member in tx.sitting_members.select(sitting_id=row.id)
            ],
        }  # fmt: skip


def _build_masks(desk: Desk, tx: Transaction, case: CaseRow, individuals: Iterable[BodyRow]) -> Masks:
    """Return the masks of a case: of its forms and those above and below it, and of all individuals of its round."""
    cases, above = tx.cases.tree(case.id), case
    while above.parent_id is not None:
        above = tx.cases.get(above.parent_id)
        cases.append(above)
    typed = [
        (desk.packages.form(desk.packages.get(related_case.definition, tx), row.form), row.data)
        for related_case in cases
        for row in tx.forms.of_case(related_case.id, taken_back=True)
    ]
    return Masks(typed, {word for body in individuals for word in (body.name, body.key)})


def _build_event(row: AuditRow, masks: Masks) -> dict[str, Any]:
    """Return an event with all that its hash is made of, and the changes of facts beside it.

    What was masked says so, and keeps its place in the chain.
    """
    names = ("seq", "at", "actor", "person_id", "action", "element", "text", "data", "previous", "hash")
    event = {name: getattr(row, name) for name in names}
    written_fields = {name: event[name] for name in _SAID if row.action != ERASURE or name != "data"}
    if row.changed is not None:
        masked_changes = erased_changes(row.changed, masks.anywhere, _LEFT_OUT, whole=False) if masks.values else None
        event |= (
            {"changed": row.changed} if masked_changes is None else {"changed": masked_changes, "changed_masked": True}
        )
    return {**event, **masks.anywhere(written_fields), "masked": True} if masks.touch(written_fields) else event


def _add_document(content: CaseContent, row: DocumentRow, masks: Masks) -> None:
    base = f"文书/{row.id} {safe_name(masks.text(row.title))}"
    files = ((f"{base}.docx", row.sha256, row.size), (f"{base}.pdf", row.pdf_sha256, row.pdf_size))
    for path, sha256, size in files:
        if sha256 is None:
            continue
        if masks.stands_in_document([row.title, row.content]):
            content.left_out.append({"path": path, "sha256": sha256, "why": _PERSONAL})
        else:
            content.stored[path] = (sha256, size or 0)


def _add_upload(content: CaseContent, row: UploadRow, masks: Masks, *, full: bool) -> None:
    path = f"附件/{row.id[:8]} {safe_name(masks.text(row.name))}"
    if row.secret == STATE:
        content.left_out.append({"path": path, "sha256": row.sha256, "why": _STATE})
    elif not full:
        content.left_out.append({"path": path, "sha256": row.sha256, "why": _PERSONAL})
    else:
        content.stored[path] = (row.sha256, row.size)


def _to_plain_value(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else str(value)


WORK = "archive"
"""Kind of the work items, one per case of an archive and one that seals it."""

FORMAT = "laurel-archive 1"
SCORES = "核分表.xlsx"
CLAUSES = "依法办理清单.html"
_MOST_PURPOSE = 300


@guarded("archive.make")
def start_archive(desk: Desk, actor: Actor, round_id: int, purpose: str, *, full: bool) -> int:
    """Begin an archive of a finished round and return its number; the work goes on by itself.

    Raises:
        NotFound, NotAllowed: the round is not there or not the actor's to archive, or the actor is recused from a case
            of it; ``full`` is for its office alone.
        Conflict: a case of it is still running, or the same archive is being gathered.
        Invalid: no purpose.
    """
    purpose = purpose.strip()
    if not 1 <= len(purpose) <= _MOST_PURPOSE:
        raise Invalid(
            Text(
                f"请写明归档用途，不超过{_MOST_PURPOSE}字。",
                f"Say what the archive is for, in {_MOST_PURPOSE} characters.",
            )
        )
    now = desk.clock.now()
    with desk.store.write() as tx:
        root = tx.cases.lock(round_id)
        require_archivist(actor, root, full=full)
        cases = tx.cases.tree(root.id)
        require_none_recused(actor, root, cases)
        _require_ended(cases)
        if any(row.sealed_at is None and row.full == full for row in tx.archives.select("-id", case_id=round_id)):
            raise Conflict(
                Text("这一届正在归档，请等它完成。", "This round is being archived: wait until that is done.")
            )
        row = ArchiveRow(
            case_id=root.id, jurisdiction=root.jurisdiction, title=root.title, full=full, purpose=purpose,
            cases=len(cases), begun_at=now, begun_by=actor.person_id,
        )  # fmt: skip
        ident = tx.archives.insert(row)
        work = [
            NewWork(WORK, None, f"archive:{ident}:{case.id}", {"archive": ident, "case": case.id}, now)
            for case in cases
        ]
        tx.work.enqueue_many(work, now)
    return ident


def keeps_records(actor: Actor, place: str) -> bool:
    """Return whether the actor administers the place or is of its office."""
    return actor.administers(place) or actor.in_office(place)


def require_archivist(actor: Actor, root: CaseRow, *, full: bool) -> None:
    """Raise NotAllowed unless the actor administers the place, or is of its office, who alone may have personal data."""
    office = actor.in_office(root.jurisdiction)
    if office or (actor.administers(root.jurisdiction) and not full) or not (actor.seats or actor.person_id):
        return
    if actor.administers(root.jurisdiction):
        raise NotAllowed(
            Text(
                "含个人信息的归档由办公室人员办理；管理员可以做不含个人信息的归档。",
                "An archive with personal data is made by people of the office; administrators make one without.",
            )
        )
    raise NotAllowed(
        Text("这一届由其所在地的办公室或管理员归档。", "Its own office or administrator archives this round.")
    )


def require_none_recused(actor: Actor, root: CaseRow, cases: Sequence[CaseRow]) -> None:
    """Raise NotAllowed where the actor is recused from a case of the round: the archive holds all of them."""
    away = next((case for case in cases if is_recused(actor, case)), None)
    if away is not None:
        raise NotAllowed(
            Text(
                f"您（{actor.name}）对“{root.title}”中的“{away.title}”已经回避，不能归档或取出这一届的档案。"
                "请由没有回避的同事办理。",
                f"You ({actor.name}) are recused from “{away.title}” of “{root.title}” and may not archive this round or"
                " take its archive out. Let a colleague who is not recused do it.",
            )
        )


_NAMED = 3


def _require_ended(cases: Sequence[CaseRow]) -> None:
    running = [case for case in cases if case.status != "ended"]
    if running:
        names = [f"“{case.title}”" for case in running[:_NAMED]]
        more = len(running) > _NAMED
        have = counted(len(running), "case has", "cases have")
        raise Conflict(
            Text(
                f"还有 {len(running)} 件没有办结（{'、'.join(names)}{'等' if more else ''}），办结以后才能归档。",
                f"{have} not ended ({', '.join(names)}{', …' if more else ''}): a round is archived when all have.",
            )
        )


def run_part(desk: Desk, item: WorkItemRow) -> None:
    """Do one work item of an archive."""
    ident, case_id = int(item.payload["archive"]), int(item.payload["case"])
    if case_id:
        gather_case(desk, ident, case_id)
    else:
        seal_archive(desk, ident)
    with desk.store.write() as tx:
        tx.work.finish(item, desk.clock.now())


def missing_cases(desk: Desk, ident: int) -> list[int]:
    """Return the cases of an archive that are not gathered yet."""
    with desk.store.read() as tx:
        row = tx.archives.get(ident)
        every = tx.cases.tree(row.case_id)
        gathered = tx.archive_parts.pick("place", archive_id=ident)
    return [case.id for case in every if case.id not in gathered]


def gather_case(desk: Desk, ident: int, case_id: int) -> None:
    """Gather one case, unless it is; the last one lets the archive be sealed."""
    with desk.store.read() as tx:
        row = tx.archives.get(ident)
        done = row.sealed_at is not None or tx.archive_parts.count_rows(archive_id=ident, place=case_id)
    part = None if done else _build_part(desk, row, case_id)
    now = desk.clock.now()
    with desk.store.write() as tx:
        tx.archives.lock(ident)
        if part is not None:
            tx.archive_parts.insert_new(part)
        if tx.archive_parts.count_rows(archive_id=ident, place__gt=0) == row.cases and row.sealed_at is None:
            seal = NewWork(WORK, None, f"archive:{ident}:0", {"archive": ident, "case": 0}, now)
            tx.work.enqueue_many([seal], now)


def _build_part(desk: Desk, row: ArchiveRow, case_id: int) -> ArchivePartRow:
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        individuals = [] if row.full else tx.cases.bodies_in_tree(row.case_id, INDIVIDUAL)
        content = case_content(desk, tx, case, full=row.full, individuals=individuals)
        outcome = outcome_name(desk.packages.get(case.definition, tx), case)
    data = json.loads(content.written["数据.json"])
    title = str(data["办件"]["title"])
    folder = f"办件/{case.id:06d} {safe_name(title)}"
    names = [*content.written, *content.stored]
    history = json.loads(content.written["办理记录.json"])
    content.written["index.html"] = case_page(title, data, history, names)
    files = []
    for path, whole in content.written.items():
        sha256, size = desk.store.files.put(whole)
        files.append({"path": f"{folder}/{path}", "sha256": sha256, "size": size})
    files += [{"path": f"{folder}/{path}", "sha256": s, "size": n} for path, (s, n) in content.stored.items()]
    omissions = [{**omission, "path": f"{folder}/{omission['path']}"} for omission in content.left_out]
    last = history[-1] if history else {"seq": 0, "hash": ""}
    head = {"case": case.id, "number": case.number, "title": title, "folder": folder, "outcome": str(outcome or ""),
            "seq": last["seq"], "hash": last["hash"]}  # fmt: skip
    return ArchivePartRow(archive_id=row.id, place=case_id, files=files, left_out=omissions, head=head)


def seal_archive(desk: Desk, ident: int) -> None:
    """Write the manifest over everything that is gathered, sign it, and put its fingerprint on record in the round's chain."""
    with desk.store.read() as tx:
        row, parts = tx.archives.get(ident), [part for part in tx.archive_parts.select(archive_id=ident) if part.place]
    if row.sealed_at is not None or len(parts) < row.cases:
        return
    now = desk.clock.now()
    case_title = next(
        str(part.head["title"]) for part in parts if part.place == row.case_id
    )  # masked where it has to be
    row = replace(row, title=case_title)
    top = {"index.html": first_page(row, parts, _describe_archive(row, now))}
    with desk.store.read() as tx:
        book = write_score_book(desk, tx, tx.cases.tree(row.case_id), {p.place: str(p.head["title"]) for p in parts})
    if book is not None:
        top[SCORES] = book
    top[CLAUSES] = _clauses_page(desk, row)
    files = [_store_file(desk, path, whole) for path, whole in top.items()]
    below = [file for part in parts for file in part.files]
    manifest = {
        "format": FORMAT, "archive": row.id, "round": row.case_id, "jurisdiction": row.jurisdiction, "title": row.title,
        "personal_data": row.full, "purpose": row.purpose, "sealed_at": now.isoformat(),
        "cases": [part.head for part in parts],
        "files": [*files, *below],
        "left_out": [omission for part in parts for omission in part.left_out],
    }  # fmt: skip
    whole = as_json(manifest)
    sealed = _store_file(desk, MANIFEST, whole)
    sums = manifest_sums(manifest, str(sealed["sha256"]))
    signature = sign_manifest(whole, desk.ballot_keys.secret(SECRET), countersign_head(desk, whole))
    files = [sealed, _store_file(desk, SIGNATURE, signature), _store_file(desk, SUMS, sums), *files]
    with desk.store.write() as tx:
        if tx.archives.lock(ident).sealed_at is not None:
            return
        tx.archive_parts.insert_new(ArchivePartRow(archive_id=ident, place=0, files=files))
        tx.archives.change(ident, seal=str(sealed["sha256"]), sealed_at=now)
        author = tx.people.named({row.begun_by})[row.begun_by] if row.begun_by else "系统"
        words = f"{author}将本届归档（{'含' if row.full else '不含'}个人信息），{row.cases}件，用途：{row.purpose}"
        append_case_event(desk, tx, row.case_id, Actor(row.begun_by, author), ARCHIVED, words, None,
             {"archive": ident, "manifest": sealed["sha256"]})  # fmt: skip


def _clauses_page(desk: Desk, row: ArchiveRow) -> bytes:
    with desk.store.read() as tx:
        root = tx.cases.get(row.case_id)
        individuals = [] if row.full else tx.cases.bodies_in_tree(root.id, INDIVIDUAL)
        masks = Masks([], {word for body in individuals for word in (body.name, body.key)})
        head, rows = clause_lines(record_clauses(desk, tx, root, masks.text))
    return list_page(f"{row.title} 依法办理清单", head, rows)


def _store_file(desk: Desk, path: str, whole: bytes) -> dict[str, object]:
    sha256, size = desk.store.files.put(whole)
    return {"path": path, "sha256": sha256, "size": size}


def _describe_archive(row: ArchiveRow, now: datetime) -> dict[str, str]:
    return {
        "归档编号": str(row.id),
        "归档时间": f"{now.astimezone(CHINA):%Y-%m-%d %H:%M}（北京时间）",
        "用途": row.purpose,
        "个人信息": "含" if row.full else "不含：个人信息已遮盖，附件和写有个人信息的文书没有归入",
    }
