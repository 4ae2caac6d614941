"""Erase what is due: tried first, confirmed by a person, then case by case, each in one unit of work."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_not_recused
from service.casework.access.guards import guarded
from service.casework.archives.gather import keeps_records
from service.casework.desk.desk import Desk
from service.casework.retention.due import DueCase, due_case, due_cases, require_reason
from service.casework.retention.words import ErasedWords, individuals_of, uploads_of, words_of
from service.casework.step.case_state import pack_case_state, unpack_case_state
from service.casework.step.facts import erased_among, findable_of
from service.casework.step.history import append_case_event
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.proof.audit_chain import ERASED, ERASURE
from service.domain.proof.fact_changes import changes_digest, erased_changes
from service.domain.retention import CONTENTS, INTERNAL, MAILS, PARTS, PERSONAL, SHEETS
from service.domain.text import Text
from service.engine import holds_any, without_data
from service.store import NewWork, StoredContent, Transaction, event_of
from service.store.models import CaseRow, ErasureRow, WorkItemRow

SECRET_NAME = "erasures"  # noqa: S105  the name of a secret, not a secret
_NO_FILES: Mapping[str, None] = {"sha256": None, "size": None, "pdf_sha256": None, "pdf_size": None}
_WHOLE: Mapping[str, Mapping[str, Any]] = {
    "form_result": {"data": {}, "choices": {}},
    "finding": {"text": ERASED, "details": {}},
    "inbox": {"payload": {}},
    "task": {"note": None},
    "case_note": {"words": ERASED},
    "sitting": {"agenda": [], "words": ERASED},
    "rating": {"words": ERASED, "answer": None},
    "sign_ask": {"words": ERASED, "data": None},
    "task_sign": {"words": ERASED},
    "page_note": {"quote": "", "words": ERASED},
    "work_item": {"payload": {}, "last_error": None},
    "incident": {"detail": "", "settled": "", "handed_note": ""},
    "appointment": {"note": ""},
    "document": {"content": {"erased": True}},
}
"""What is left of the rows whose contents are internal."""


@dataclass(slots=True)
class Erased:
    """What was replaced: rows by table, entries of histories, files by SHA-256, and a mark of what each row held."""

    rows: Counter[str] = field(default_factory=Counter)
    events: int = 0
    files: set[str] = field(default_factory=set)
    marks: dict[str, str] = field(default_factory=dict)
    above: list[tuple[int, str]] = field(default_factory=list)
    """Number and title of the documents of cases above that go because these words stand in them."""

    def as_json(self) -> dict[str, Any]:
        """Return the counts as they are kept and shown."""
        return {"rows": dict(sorted(self.rows.items())), "events": self.events, "files": len(self.files)}


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants these classes of data of a case erased, under which number, and why."""

    number: int
    parts: frozenset[str]
    reason: str
    actor: Actor


def erase_case(desk: Desk, tx: Transaction, case_id: int, wish: Wish) -> Erased:
    """Erase in a case, and in those above it what speaks of it; files are returned, to be dropped after the commit."""
    line = _lock_line(tx, case_id)
    case, root = line[-1], line[0]
    erasure, words = Erased(), words_of(desk, tx, case, root, wish.parts)
    files = uploads_of(tx, case, wish.parts)
    tx.erasures.mark_uploads(case.id, [ident for ident, *_ in files], ERASED, desk.clock.now())
    erasure.files |= {sha256 for _, _, sha256, _ in files}
    erasure.rows["upload"] += len(files)
    contents = bool(wish.parts & CONTENTS)
    if INTERNAL in wish.parts:
        _call_off_work(desk, tx, case.id)
    if contents:
        erasure.rows["draft"] += tx.case_content.drop_drafts(case.id)
    for each in line:
        is_target = each.id == case.id
        if contents and each.status == "ended":  # nothing undoes a move of a case that is over
            tx.moves.change_where({"case_id": each.id}, before=None)
        _empty_state(tx, each, words, own=is_target and contents)
        for row in tx.case_content.of_case(each.id):
            _replace_words(desk, tx, row, words, wish.parts if is_target else None, erasure)
    if contents:
        for archive in tx.archives.select(case_id=root.id, erased_at=None):
            if archive.full:
                erasure.files |= tx.archives.drop(archive.id, desk.clock.now())
    if contents:
        _refresh_search_terms(desk, tx, line)
    if PERSONAL in wish.parts:
        _forget_individuals(desk, tx, case, erasure)
    if tx.row_log is not None:  # the hash of what is left has a salt of its own
        tx.log.drop_salts([each.id for each in line], tx.row_log.names)
    for each in line:
        _record_erasure(desk, tx, each, case, words, wish, erasure)
    return erasure


def _call_off_work(desk: Desk, tx: Transaction, case_id: int) -> None:
    """Call off what still waits, as a reminder after the clock was set, or failed for good: it would be tried without its words."""
    now = desk.clock.now()
    for ident in tx.work.call_off_case(case_id, now):
        tx.incidents.change_where({"work_item_id": ident, "resolved_at": None}, resolved_at=now)


def _refresh_search_terms(desk: Desk, tx: Transaction, line: Sequence[CaseRow]) -> None:
    """Let no fact lead to the case itself any more, and those above it be found by what is left there."""
    erased = {line[-1].id, *erased_among(tx, [each.id for each in line])}
    for each in line:
        current = tx.cases.get(each.id)
        facts = {} if each.id in erased else current.facts
        tx.cases.change(each.id, findable=findable_of(desk.packages.get(current.definition, tx), facts))


def _lock_line(tx: Transaction, case_id: int) -> list[CaseRow]:
    """Return the case and those above it, the round first, locked in that order."""
    above = [case_id]
    while (parent := tx.cases.get(above[-1]).parent_id) is not None:
        above.append(parent)
    return [tx.cases.lock(ident) for ident in reversed(above)]


def _empty_state(tx: Transaction, case: CaseRow, words: ErasedWords, *, own: bool) -> None:
    """Leave of the engine's state of a case that is over only where it went."""
    projection, state = unpack_case_state(case.state)
    if state and case.status == "ended" and (own or holds_any(state, words.masks.values)):
        tx.cases.save(case, state=pack_case_state(projection, without_data(state)))


def _replace_words(
    desk: Desk, tx: Transaction, row: StoredContent, words: ErasedWords, parts: Collection[str] | None, erasure: Erased
) -> None:
    """Replace the words in a row, of the case itself with what else goes with ``parts`` (None: of a case above)."""
    new_values = {name: words.masks.anywhere(value) for name, value in _strip_row(row, words, parts or ()).items()}
    if row.table == "document" and _is_whole_document_erased(row, words, parts):
        new_values |= {"content": {"erased": True}}
        ident = int(row.key["id"])
        document = tx.documents.get(ident)
        if parts is None and document.erased_at is None:
            erasure.above.append((ident, document.title))
        erasure.files |= {sha256 for sha256 in (document.sha256, document.pdf_sha256) if sha256 is not None}
        tx.documents.change(ident, **_NO_FILES, erased_at=desk.clock.now())
    if new_values != dict(row.values):
        tx.case_content.replace(row, new_values)
        erasure.rows[row.table] += 1
        erasure.marks[row.name] = mark_of(desk, row.values)


def mark_of(desk: Desk, values: Mapping[str, Any]) -> str:
    """Return what proves that a row held these values, to whoever has them and the secret of the installation.

    Keyed (HMAC-SHA-256): names and telephone numbers can be guessed, so that a plain digest would tell them.
    """
    whole = json.dumps(dict(values), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(desk.ballot_keys.secret(SECRET_NAME), whole.encode(), hashlib.sha256).hexdigest()


def _is_whole_document_erased(row: StoredContent, words: ErasedWords, parts: Collection[str] | None) -> bool:
    document_texts = [row.values["title"], row.values["content"]]
    if parts is None:
        return words.above.stands_in_document(document_texts)
    return INTERNAL in parts or words.own.stands_in_document(document_texts)


def _strip_row(row: StoredContent, words: ErasedWords, parts: Collection[str]) -> dict[str, Any]:
    """Return what is left of a row of the case itself before single words are looked for in it."""
    new_values = dict(row.values)
    if INTERNAL in parts:
        new_values |= _WHOLE.get(row.table, {})
    elif row.table == "form_result" and parts:
        new_values |= {"data": words.blank(row.form, new_values["data"]), "choices": {}}
    if row.table == "mail" and MAILS in parts:
        new_values |= {"address": None, "subject": ERASED, "text": ERASED}
    elif row.table == "mail" and PERSONAL in parts:
        new_values["address"] = None
    if row.table == "score_sheet" and SHEETS in parts:
        new_values |= {"scores": _strip_scores(new_values["scores"]), "reason": ""}
    return new_values


def _strip_scores(scores: Any) -> Any:
    """Return the scores of a sheet without what its author wrote to them."""
    if not isinstance(scores, Mapping):
        return scores
    return {
        item: {name: value for name, value in score.items() if name in ("percent", "points")}
        if isinstance(score, Mapping)
        else score
        for item, score in scores.items()
    }


def _forget_individuals(desk: Desk, tx: Transaction, case: CaseRow, erasure: Erased) -> None:
    """Take the name of an individual out of the list of applicants once the last case about them was erased."""
    for body in individuals_of(tx, case):
        others = tx.erasures.others_about(body.id, case.id)
        erased = {
            row.case_id
            for row in tx.erasures.select(case_id=others, state__ne="refused")
            if PERSONAL in row.parts and row.state != "waiting"
        }
        if not others - erased:
            erasure.marks[f"body:{body.id}"] = mark_of(
                desk, {"name": body.name, "key": body.key, "details": body.details}
            )
            gone: dict[str, Any] = {
                "key": f"erased-{body.id}",
                "name": ERASED,
                "name_en": None,
                "details": {},
                "active": False,
            }
            tx.bodies.change(body.id, **gone)
            erasure.rows["body"] += 1


def _record_erasure(
    desk: Desk, tx: Transaction, each: CaseRow, case: CaseRow, words: ErasedWords, wish: Wish, erasure: Erased
) -> None:
    """Take the words out of the entries of a history, and add the entry that says so."""
    is_target = each.id == case.id
    events, facts = _redact_entries(tx, each.id, words, wish.parts, whole=is_target and INTERNAL in wish.parts)
    erasure.events += len(events.keys() | facts.keys())
    if not is_target and not events and not facts:
        return
    parts = "、".join(PARTS[part].zh for part in PARTS if part in wish.parts)
    of = "本件" if is_target else f"办件{case.id}"
    text = f"{wish.actor.name}按保存期限清除{of}的{parts}，理由：{wish.reason}"
    data: dict[str, Any] = {"erasure": wish.number, "case": case.id, "parts": sorted(wish.parts), "events": events}
    if facts:
        data |= {"facts": facts}
    if is_target:
        data |= {"rows": erasure.marks, "files": sorted(erasure.files)}
    append_case_event(desk, tx, each.id, wish.actor, ERASURE, text, None, data)


def _redact_entries(
    tx: Transaction, case_id: int, words: ErasedWords, parts: Collection[str], *, whole: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """Take the words out of the entries of a case; returns the hash of what is left of each, and of the facts beside it."""
    events, facts = dict[str, str](), dict[str, str]()
    for row in tx.history.select(case_id=case_id):
        event = event_of(row)
        event_parts = [event.actor, event.text, event.data]
        touched = event.action != ERASURE and words.masks.touch(event_parts)
        changed = None
        if event.changed is not None and CONTENTS & set(parts):
            changed = erased_changes(event.changed, words.masks.anywhere, ERASED, whole=whole)
        redacted_event = replace(event, changed=changed or event.changed)
        if touched:
            actor, text, data = (words.masks.anywhere(event_part) for event_part in event_parts)
            redacted_event = replace(redacted_event, actor=actor, text=text, data=data)
        if redacted_event != event:
            digest = tx.history.redact(row, redacted_event)
            if touched:
                events[str(row.seq)] = digest
            if changed is not None:
                facts[str(row.seq)] = changes_digest(changed)
    return events, facts


WORK = "erasure"
"""Kind of the work items, one per case."""

MOST_TRIED = 100
MOST_CASES = 2000
_AT_ONCE = 50
"""So many files are dropped in one unit of work."""

_AGAIN = timedelta(minutes=1)
_LEFT = Text("有文件在清除时又被写入，稍后再核对一次", "a file was written again meanwhile and is looked at once more")


@dataclass(frozen=True, slots=True)
class TriedErasure:
    """What erasing a case would come to: ``found``, or why it has to wait."""

    due: DueCase
    found: Erased | None


class _Undo(Exception):
    """Rolls a trial back."""


@guarded("retention.erase")
def try_erasures(desk: Desk, actor: Actor, case_ids: Sequence[int]) -> tuple[TriedErasure, ...]:
    """Erase what is due in each of these cases, count what was replaced, and roll all of it back.

    Raises:
        NotFound, NotAllowed: a case is not there, not of the actor's office, or the actor is recused from it.
        Invalid: nothing is due in a case, or too many are chosen.
    """
    _require_some(case_ids, MOST_TRIED)
    return tuple(_try_erasure(desk, actor, case_id) for case_id in dict.fromkeys(case_ids))


@guarded("retention.erase")
def ask_erasures(desk: Desk, actor: Actor, case_ids: Sequence[int], reason: str) -> int:
    """Let what is due in these cases be erased by itself, all of them or none; returns how many. It cannot be undone.

    Raises:
        NotFound, NotAllowed, Invalid: as `try_erasures`; and there is no reason.
        Conflict: one of them has to wait, and why; or the clock that says what is due is in doubt.
    """
    _require_some(case_ids, MOST_CASES)
    reason, now = require_reason(reason), desk.clock.now()
    with desk.store.write() as tx:
        _require_not_on_hold(tx)
        cases = [tx.cases.lock(case_id) for case_id in sorted(set(case_ids))]  # two confirmations at once wait here
        for due in _require_due_cases(desk, tx, actor, cases):
            if due.refusals:
                why = due.refusals[0]
                raise Conflict(
                    Text(f"“{due.case.title}”暂不能清除：{why.zh}", f"“{due.case.title}” has to wait: {why.en}")
                )
            row = ErasureRow(
                case_id=due.case.id, jurisdiction=due.case.jurisdiction, parts=sorted(due.due), reason=reason,
                person_id=actor.person_id, asked_at=now,
            )  # fmt: skip
            ident = tx.erasures.insert(row)
            payload = {"erasure": ident}
            tx.work.enqueue_many([NewWork(WORK, None, f"erasure:{ident}", payload, now)], now)
    return len(cases)


def run_erasure(desk: Desk, item: WorkItemRow) -> None:
    """Erase one case; begun again after a crash it drops the files that are still there.

    First the rows, in one unit of work that notes which files go; then each file that nothing else speaks of. One that was
    written again meanwhile, as by whoever encrypts it under a new key, is looked at once more a minute later.
    """
    ident = int(item.payload["erasure"])
    with desk.store.write() as tx:
        row = tx.erasures.lock(ident)
        if row.state == "waiting":
            row = _erase_or_refuse(desk, tx, row)
        tx.crash("erased-rows")
    remaining = _drop_files(desk, row)
    _drop_pdfs(desk, row)
    with desk.store.write() as tx:
        if remaining:
            tx.work.wait_on(item, _LEFT.zh, desk.clock.now() + _AGAIN)
            return
        if row.state == "erased":
            tx.erasures.change(ident, state="done", files=[], ended_at=desk.clock.now())
        tx.work.finish(item, desk.clock.now())


def _drop_files(desk: Desk, row: ErasureRow) -> list[str]:
    """Drop the files that an erasure noted, but for those that an archive or something else still speaks of; returns what is left."""
    stamps = {sha256: desk.store.files.stamp(sha256) for sha256 in row.files}
    with desk.store.read() as tx:
        above = tx.cases.get(row.case_id)
        while above.parent_id is not None:
            above = tx.cases.get(above.parent_id)
        archived = tx.archives.list_held(row.files, {row.jurisdiction, above.jurisdiction})
    going, remaining = [sha256 for sha256 in row.files if stamps[sha256] and sha256 not in archived], []
    for start in range(0, len(going), _AT_ONCE):
        some = going[start : start + _AT_ONCE]
        with desk.store.write() as tx:
            needed = tx.erasures.still_needed(some)
            remaining += [
                file_hash
                for file_hash in some
                if file_hash not in needed and not _is_gone(desk, file_hash, stamps[file_hash])
            ]
    return remaining


def _drop_pdfs(desk: Desk, row: ErasureRow) -> None:
    """Drop the PDFs that were made of files which nothing else speaks of: an archive keeps the file alone."""
    for start in range(0, len(row.files), _AT_ONCE):
        some = row.files[start : start + _AT_ONCE]
        with desk.store.write() as tx:
            pdfs = tx.shown_files.forget(set(some) - tx.erasures.still_needed(some))
            stamps = {sha256: desk.store.files.stamp(sha256) for sha256 in pdfs}
            for sha256 in pdfs - tx.erasures.still_needed(pdfs):
                desk.store.files.drop(sha256, stamps[sha256])


def _is_gone(desk: Desk, sha256: str, stamp: str) -> bool:
    return desk.store.files.drop(sha256, stamp) or not desk.store.files.stamp(sha256)


def _erase_or_refuse(desk: Desk, tx: Transaction, row: ErasureRow) -> ErasureRow:
    """Return the row as it is noted: erased, or refused where something began meanwhile that needs the case."""
    case, now = tx.cases.get(row.case_id), desk.clock.now()
    due = due_case(desk, tx, case, local_date(now), beside=row.id)
    if due is None or due.refusals or not set(row.parts) <= set(due.due):
        why = due.refusals[0] if due and due.refusals else Text("已不再到期。", "It is no longer due.")
        tx.erasures.change(row.id, state="refused", found=dict(why.as_json()), files=[], ended_at=now)
        return replace(row, state="refused", files=[])
    author = tx.people.named({row.person_id})[row.person_id] if row.person_id else "系统"
    wish = Wish(row.id, frozenset(row.parts), row.reason, Actor(row.person_id, author))
    erasure = erase_case(desk, tx, row.case_id, wish)
    tx.erasures.change(row.id, state="erased", found=dict(erasure.as_json()), files=sorted(erasure.files))
    return replace(row, state="erased", files=sorted(erasure.files))


def _try_erasure(desk: Desk, actor: Actor, case_id: int) -> TriedErasure:
    erasure: Erased | None = None
    due: DueCase
    try:
        with desk.store.write() as tx:
            [due] = _require_due_cases(desk, tx, actor, [tx.cases.get(case_id)])
            if not due.refusals:
                erasure = erase_case(desk, tx, case_id, Wish(0, frozenset(due.due), "…", actor))
            raise _Undo
    except _Undo:
        return TriedErasure(due, erasure)


def _require_due_cases(desk: Desk, tx: Transaction, actor: Actor, cases: Sequence[CaseRow]) -> list[DueCase]:
    for case in cases:
        if not keeps_records(actor, case.jurisdiction):
            raise NotAllowed(
                Text(
                    "由办件所在地的办公室或管理员清除。",
                    "The office or an administrator of the case's place erases it.",
                )
            )
        require_not_recused(actor, case)
    due = due_cases(desk, tx, cases, local_date(desk.clock.now()))
    for case in cases:
        if case.id not in due:
            raise Invalid(
                Text(
                    f"“{case.title}”没有到期的内容，或者已经在清除，请刷新后重新选择。",
                    f"Nothing of “{case.title}” is due, or it is being erased: reload and choose again.",
                )
            )
    return [due[case.id] for case in cases]


def _require_not_on_hold(tx: Transaction) -> None:
    if tx.operation.hold() is not None:
        raise Conflict(
            Text(
                "系统的到期事项暂停运行，什么也没有清除：是否到期由时间决定，清除后不能恢复。请全系统的系统管理员先在“监控—恢复运行”"
                "中核对并恢复。",
                "Due work is on hold, and nothing is erased: time says what is due, and what is gone stays gone. Let a system"
                " administrator of the whole system look at it and resume it in the monitor first.",
            )
        )


def _require_some(case_ids: Sequence[int], most: int) -> None:
    if not case_ids:
        raise Invalid(Text("请选择办件。", "Choose cases."))
    if len(case_ids) > most:
        raise Invalid(Text(f"一次最多选择{most}件，请分批办理。", f"At most {most} at once: choose fewer."))
