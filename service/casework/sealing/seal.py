"""Seal a finished round: its bundle is made, bound into its chain of records, anchored and signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.book.acting import tell
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.case_summary import outcome_name
from service.casework.records.signed_heads import SECRET, own_keys
from service.casework.sealing.chains_part import anchor_lines, chains_part, heads_of, known_anchors
from service.casework.sealing.draws_part import draws_part
from service.casework.sealing.law_part import calendar_part, law_part
from service.casework.sealing.notices_part import notices_part
from service.casework.sealing.read_me import WORDS
from service.casework.sealing.results_part import awards_part, counts_part, rankings_part
from service.casework.sealing.round_read import RoundRead, read_round
from service.casework.sealing.scores_part import scores_part
from service.casework.sealing.whole_records import demand_whole_records
from service.casework.soundness.anchors import anchor_within, keep_outside
from service.casework.soundness.stamps import stamps_that_hold
from service.casework.step.history import note
from service.domain.errors import Conflict, NotAllowed
from service.domain.proof.anchor import read_line
from service.domain.proof.sealed_bundle import (
    ANCHORS,
    MANIFEST,
    SEAL,
    SIGNATURE,
    as_json,
    content_digest,
    manifest_of,
    packed,
    signature_of,
)
from service.domain.proof.signing import public_key
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import CaseRow, SealedSeasonRow

SEALED = "season_sealed"
"""Action of the event that holds the digest of what a bundle tells."""
_TRIES = 3
"""So often it is gathered beside those who write, before they wait for it."""


@guarded("season.seal")
def seal_season(desk: Desk, actor: Actor, round_id: int, after: int | None = None) -> int:
    """Make the bundle of a finished round and return its number; it is public once it is published.

    It is gathered while others go on writing, and bound in a short unit of work. ``after`` is the newest bundle that the
    actor knows of, 0 for none: where there is a newer one, as after a second press, nothing is sealed.

    Raises:
        NotFound, NotAllowed: there is no such round, or it is not of the actor's office, or the actor is recused from a
            case of it.
        Conflict: the round has not ended, or it is no round, or its records are not what went on record, or it has been
            sealed since ``after``.
    """
    now = desk.clock.now()
    for _ in range(_TRIES):
        gathered = _gathered_beside(desk, actor, round_id, now)
        if gathered is None:
            break
        ident = _bind(desk, actor, gathered, round_id, now, after)
        if ident is not None:
            return ident
    ident = _bind(desk, actor, None, round_id, now, after)
    assert ident is not None, "it was gathered while nobody wrote"
    return ident


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What a bundle tells of a round, and what it was made from."""

    files: Mapping[str, bytes]
    read: RoundRead

    def still_stands(self, now: RoundRead) -> bool:
        """Return whether the round is as it was read."""
        return _stands(self.read) == _stands(now)


def _stands(read: RoundRead) -> tuple[object, ...]:
    return replace(read.root, state=b""), read.cases, read.notices, read.awards, read.named


def _gathered_beside(desk: Desk, actor: Actor, round_id: int, now: datetime) -> _Gathered | None:
    """Gather what a bundle tells while others go on writing; None where it must be looked at once more while none may."""
    try:
        with desk.store.read() as tx:
            gathered = _gather(desk, tx, actor, tx.cases.get(round_id), now)
            tx.crash("season-gathered")
            return gathered
    except Conflict:  # what seems changed may just be changing
        return None


def _gather(desk: Desk, tx: Transaction, actor: Actor, root: CaseRow, now: datetime) -> _Gathered:
    tell(root.title, place=root.jurisdiction)
    read = read_round(desk, tx, root)
    demand_office(actor, root, read.cases)
    _demand_ended(root)
    demand_whole_records(desk, tx, read.cases)
    return _Gathered(_content(read, now), read)


def _bind(
    desk: Desk, actor: Actor, gathered: _Gathered | None, round_id: int, now: datetime, after: int | None
) -> int | None:
    """Bind what was gathered into the round's chain, anchor and sign it; None where the round has changed since.

    Without ``gathered`` it is gathered here, while nobody else writes.
    """
    with desk.store.write() as tx:
        root = tx.cases.lock(round_id)
        gathered = gathered or _gather(desk, tx, actor, root, now)
        _demand_none_since(tx, root, after)
        if not gathered.still_stands(read_round(desk, tx, root)):
            return None
        files = dict(gathered.files)
        digest = content_digest(files)
        note(desk, tx, root.id, SYSTEM, SEALED, f"本届封存，内容摘要{digest}", None, {"content": digest})
        files |= _bound(desk, tx, root.id, digest)
        about = {"round": root.id, "jurisdiction": root.jurisdiction, "title": root.title, "content": digest}
        secret, by = desk.ballot_keys.secret(SECRET), desk.premises.signature
        former = _former_keys(desk, files[ANCHORS], public_key(secret, by))
        files[MANIFEST] = manifest_of(files, {**about, **former, "sealed_at": now.isoformat()})
        files[SIGNATURE] = signature_of(files[MANIFEST], secret, by)
        sha256, size = desk.store.files.put(packed(files))
        row = SealedSeasonRow(
            case_id=root.id, jurisdiction=root.jurisdiction, title=root.title, sha256=sha256, size=size, content=digest,
            key=public_key(secret, by), sealed_at=now, sealed_by=actor.person_id,
        )  # fmt: skip
        ident = tx.sealed_seasons.insert(row)
    keep_outside(desk)
    return ident


def _former_keys(desk: Desk, anchors: bytes, key: str) -> dict[str, list[str]]:
    """Return our other keys that anchors are signed with, where the setting named another algorithm when they were made."""
    keys = own_keys(desk)
    used = {read_line(line).key for line in anchors.decode().splitlines()} - {key}
    former = sorted(one for one in used if one in keys)
    return {"keys": former} if former else {}


def demand_office(actor: Actor, root: CaseRow, cases: tuple[CaseRow, ...]) -> None:
    """Raise NotAllowed unless the actor is of the office of the round, and not recused from a case of it."""
    if actor is SYSTEM:
        return
    if not actor.in_office(root.jurisdiction):
        raise NotAllowed(Text("这一届由其所在地的办公室封存。", "Its own office seals this round."))
    if any(is_recused(actor, case) for case in cases):
        raise NotAllowed(
            Text(
                f"您（{actor.name}）对本届的一件办件已经回避，请由没有回避的同事封存。",
                f"You ({actor.name}) are recused from a case of this round: let a colleague seal it who is not.",
            )
        )


def _demand_ended(root: CaseRow) -> None:
    if root.parent_id is not None:
        raise Conflict(Text("封存的是整届，请选择届次。", "A whole round is sealed: choose the round."))
    if root.status != "ended":
        raise Conflict(
            Text(f"“{root.title}”还没有办结，办结以后才能封存。", f"“{root.title}” has not ended: seal it when it has.")
        )


def _demand_none_since(tx: Transaction, root: CaseRow, after: int | None) -> None:
    newest = next(iter(tx.sealed_seasons.of_round(root.id)), None)
    if after is not None and newest is not None and newest.id > after:
        raise Conflict(
            Text(
                f"“{root.title}”已经封存（编号 {newest.id}），这一次没有再封。",
                f"“{root.title}” is sealed already (number {newest.id}): nothing was sealed this time.",
            )
        )


def _content(read: RoundRead, now: datetime) -> dict[str, bytes]:
    parts: Mapping[str, Any] = {
        "season.json": _season(read, now),
        "law.json": law_part(read),
        "calendar.json": calendar_part(read),
        "notices.json": notices_part(read),
        "draws.json": draws_part(read),
        "scores.json": scores_part(read),
        "rankings.json": rankings_part(read),
        "counts.json": counts_part(read),
        "awards.json": awards_part(read),
    }
    return {"README.txt": WORDS.encode(), **{path: as_json(part) for path, part in parts.items()}}


def _season(read: RoundRead, now: datetime) -> dict[str, Any]:
    root = read.root
    return {
        "round": root.id,
        "title": root.title,
        "number": root.number,
        "jurisdiction": root.jurisdiction,
        "award": root.award,
        "started_at": root.started_at.isoformat(),
        "ended_at": root.ended_at.isoformat() if root.ended_at else None,
        "sealed_at": now.isoformat(),
        "experts": "numbers",
        "cases": [
            {
                "case": case.id,
                "parent": case.parent_id,
                "process": case.process,
                "number": case.number,
                "name": read.named.get(case.id),
                "ended": case.status == "ended",
                "outcome": str(outcome_name(read.package_of(case), case) or ""),
                "version": case.definition,
            }
            for case in read.cases
        ],
    }


def _bound(desk: Desk, tx: Transaction, round_id: int, digest: str) -> dict[str, bytes]:
    """Return the event by which the content stands in the round's chain, and the anchors that hold the chains."""
    event = tx.history.whole(round_id)[-1]
    assert event.data.get("content") == digest, "the case is locked"
    heads = heads_of(tx.cases.tree(round_id))
    held = known_anchors(tx, heads)
    signed = anchor_within(desk, tx, now=True, also=[head for head in heads if head not in held])
    assert signed is not None, "the chain of the round has moved"
    held = {head: held.get(head, signed) for head in heads}
    seal = {
        "chain": f"case {round_id}", "case": round_id, "seq": event.seq, "previous": event.previous, "hash": event.hash,
        "at": event.at.isoformat(), "actor": event.actor, "person": event.person_id, "action": event.action,
        "element": event.element, "text": event.text, "data": event.data,
    }  # fmt: skip
    chains = as_json(chains_part(held))
    stamps = stamps_that_hold(desk, tx, [one.anchor for one in held.values()])
    return {SEAL: as_json(seal), "chains.json": chains, ANCHORS: anchor_lines(held, stamps)}
