"""Gather an archive case by case: whatever kills the program, what is gathered stays, and the rest goes on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.archives.case_content import as_json, case_content, safe_name
from service.casework.archives.first_page import case_page, first_page
from service.casework.archives.own_archive import ARCHIVED, manifest_sums
from service.casework.archives.score_book import write_score_book
from service.casework.audit.heads import SECRET, countersign
from service.casework.desk.desk import Desk
from service.casework.reading.case_summary import outcome_name
from service.casework.step.history import note
from service.casework.subjects.individuals import INDIVIDUAL
from service.domain.audit.archive_check import MANIFEST, SIGNATURE, SUMS, sign_manifest
from service.domain.calendar import CHINA
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.domain.wording.counted import counted
from service.store import NewWork
from service.store.models import ArchivePartRow, ArchiveRow, CaseRow, WorkItemRow

WORK = "archive"
"""Kind of the work items, one per case of an archive and one that seals it."""

FORMAT = "laurel-archive 1"
SCORES = "核分表.xlsx"
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
        demand_archivist(actor, root, full=full)
        cases = tx.cases.tree(root.id)
        demand_none_recused(actor, root, cases)
        _demand_ended(cases)
        if any(row.sealed_at is None and row.full == full for row in tx.archives.of_round(round_id)):
            raise Conflict(
                Text("这一届正在归档，请等它完成。", "This round is being archived: wait until that is done.")
            )
        row = ArchiveRow(
            case_id=root.id, jurisdiction=root.jurisdiction, title=root.title, full=full, purpose=purpose,
            cases=len(cases), begun_at=now, begun_by=actor.person_id,
        )  # fmt: skip
        ident = tx.archives.begin(row)
        work = [
            NewWork(WORK, None, f"archive:{ident}:{case.id}", {"archive": ident, "case": case.id}, now)
            for case in cases
        ]
        tx.work.enqueue_many(work, now)
    return ident


def keeps_records(actor: Actor, place: str) -> bool:
    """Return whether the actor administers the place or is of its office."""
    return actor.administers(place) or actor.in_office(place)


def demand_archivist(actor: Actor, root: CaseRow, *, full: bool) -> None:
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


def demand_none_recused(actor: Actor, root: CaseRow, cases: Sequence[CaseRow]) -> None:
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


def _demand_ended(cases: Sequence[CaseRow]) -> None:
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
        gathered = tx.archives.gathered(ident)
    return [case.id for case in every if case.id not in gathered]


def gather_case(desk: Desk, ident: int, case_id: int) -> None:
    """Gather one case, unless it is; the last one lets the archive be sealed."""
    with desk.store.read() as tx:
        row = tx.archives.get(ident)
        done = row.sealed_at is not None or tx.archives.has(ident, case_id)
    part = None if done else _part(desk, row, case_id)
    now = desk.clock.now()
    with desk.store.write() as tx:
        tx.archives.lock(ident)
        if part is not None:
            tx.archives.add_part(part)
        if tx.archives.count_gathered(ident) == row.cases and row.sealed_at is None:
            seal = NewWork(WORK, None, f"archive:{ident}:0", {"archive": ident, "case": 0}, now)
            tx.work.enqueue_many([seal], now)


def _part(desk: Desk, row: ArchiveRow, case_id: int) -> ArchivePartRow:
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
    left_out = [{**one, "path": f"{folder}/{one['path']}"} for one in content.left_out]
    last = history[-1] if history else {"seq": 0, "hash": ""}
    head = {"case": case.id, "number": case.number, "title": title, "folder": folder, "outcome": str(outcome or ""),
            "seq": last["seq"], "hash": last["hash"]}  # fmt: skip
    return ArchivePartRow(archive_id=row.id, place=case_id, files=files, left_out=left_out, head=head)


def seal_archive(desk: Desk, ident: int) -> None:
    """Write the manifest over everything that is gathered, sign it, and put its fingerprint on record in the round's chain."""
    with desk.store.read() as tx:
        row, parts = tx.archives.get(ident), [part for part in tx.archives.parts(ident) if part.place]
    if row.sealed_at is not None or len(parts) < row.cases:
        return
    now = desk.clock.now()
    shown = next(str(part.head["title"]) for part in parts if part.place == row.case_id)  # masked where it has to be
    row = replace(row, title=shown)
    top = {"index.html": first_page(row, parts, _about(row, now))}
    with desk.store.read() as tx:
        book = write_score_book(desk, tx, tx.cases.tree(row.case_id), {p.place: str(p.head["title"]) for p in parts})
    if book is not None:
        top[SCORES] = book
    files = [_kept(desk, path, whole) for path, whole in top.items()]
    below = [file for part in parts for file in part.files]
    manifest = {
        "format": FORMAT, "archive": row.id, "round": row.case_id, "jurisdiction": row.jurisdiction, "title": row.title,
        "personal_data": row.full, "purpose": row.purpose, "sealed_at": now.isoformat(),
        "cases": [part.head for part in parts],
        "files": [*files, *below],
        "left_out": [one for part in parts for one in part.left_out],
    }  # fmt: skip
    whole = as_json(manifest)
    sealed = _kept(desk, MANIFEST, whole)
    sums = manifest_sums(manifest, str(sealed["sha256"]))
    signature = sign_manifest(whole, desk.ballot_keys.secret(SECRET), countersign(desk, whole))
    files = [sealed, _kept(desk, SIGNATURE, signature), _kept(desk, SUMS, sums), *files]
    with desk.store.write() as tx:
        if tx.archives.lock(ident).sealed_at is not None:
            return
        tx.archives.add_part(ArchivePartRow(archive_id=ident, place=0, files=files))
        tx.archives.close(ident, str(sealed["sha256"]), now)
        author = tx.people.named({row.begun_by})[row.begun_by] if row.begun_by else "系统"
        words = f"{author}将本届归档（{'含' if row.full else '不含'}个人信息），{row.cases}件，用途：{row.purpose}"
        note(desk, tx, row.case_id, Actor(row.begun_by, author), ARCHIVED, words, None,
             {"archive": ident, "manifest": sealed["sha256"]})  # fmt: skip


def _kept(desk: Desk, path: str, whole: bytes) -> dict[str, object]:
    sha256, size = desk.store.files.put(whole)
    return {"path": path, "sha256": sha256, "size": size}


def _about(row: ArchiveRow, now: datetime) -> dict[str, str]:
    return {
        "归档编号": str(row.id),
        "归档时间": f"{now.astimezone(CHINA):%Y-%m-%d %H:%M}（北京时间）",
        "用途": row.purpose,
        "个人信息": "含" if row.full else "不含：个人信息已遮盖，附件和写有个人信息的文书没有归入",
    }
