"""Anchors: who has the database alone cannot change a record and hash it anew unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.cases.start import start_case
from service.casework.definitions.package_events import record_event
from service.casework.desk.desk import Desk
from service.casework.desk.premises import Premises
from service.casework.due.begin_epoch import begin_epoch
from service.casework.people.accounts.accounts import set_active
from service.casework.queries.proof.verify_chains import verify_chains
from service.casework.soundness.anchors import anchored, keep_outside, outside, set_anchor
from service.casework.soundness.newest import newest, note_newest
from service.domain.proof.algorithms import ED25519, SHA256, SM2, SM3, algorithm_of
from service.domain.proof.anchor import Anchor, ChainHead, SignedAnchor, read_line, sign
from service.domain.proof.audit_chain import ERASURE, AuditEvent
from service.domain.proof.merkle import merkle_root
from service.store import Stale, Transaction, event_of
from service.store.rows import ActRow, AnchorRow, AnchorStampRow
from tests.support.desks import PACKAGE, Bench


@pytest.fixture
def desk(bench: Bench, tmp_path: Path) -> Desk:
    """Return a desk that keeps its anchors outside, with three acts that are anchored."""
    folder = tmp_path / "anchors"
    folder.mkdir()
    held = replace(bench.desk, premises=Premises(anchors=folder))
    for active in (False, True, False):
        set_active(held, bench.admin, bench.stranger.person_id or 0, active)
    assert set_anchor(held, SYSTEM) is not None
    return held


def faults(desk: Desk) -> list[str]:
    return [found.en for found in anchored(desk)]


def hashed_anew(tx: Transaction, change: Callable[[ActRow], ActRow]) -> None:
    """Do what a clever administrator of the database does: change the book and hash its chain anew."""
    rows = [row for row in tx.acts.after(0, 100) if row.chain == "account"]
    tx._connection.execute(sa.text("delete from act where chain = 'account'"))
    tx._connection.execute(sa.text("delete from act_head where chain = 'account'"))
    for row in rows:
        tx.acts.append(change(replace(row, id=0)))


def test_what_was_hashed_anew_does_not_agree_with_its_anchor(desk: Desk) -> None:
    assert faults(desk) == []
    with desk.store.write() as tx:
        hashed_anew(tx, lambda row: replace(row, actor="别人"))
    assert verify_chains(desk, SYSTEM).broken == (), "the chain itself holds again"
    (found,) = faults(desk)
    assert found.startswith("entry 3 of book account is not what it was")


def test_a_digest_changed_beside_its_anchor_is_told_and_no_later_anchor_names_it(desk: Desk, bench: Bench) -> None:
    with desk.store.write() as tx:
        tx._connection.execute(sa.text("update anchor set digest = :digest"), {"digest": "0" * 64})
    assert faults(desk) == [
        "anchor 1: digest in row 1 of table anchor was changed: it is not of what was signed",
    ]
    keep_outside(desk)
    set_active(desk, bench.admin, bench.stranger.person_id or 0, True)
    assert set_anchor(desk, SYSTEM, now=True) is not None
    assert len(faults(desk)) == 1, "the line of anchors goes on, and nothing is written outside twice"
    assert desk.premises.anchors is not None
    assert [signed.anchor.seq for signed in outside(desk.premises.anchors)[0]] == [1, 2]


def test_a_whole_chain_that_is_taken_out_is_missed(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx._connection.execute(sa.text("delete from act"))
        tx._connection.execute(sa.text("delete from act_head"))
    assert any("book account" in found for found in faults(desk))


def test_an_anchor_cannot_be_signed_anew_nor_taken_out(desk: Desk) -> None:
    with desk.store.write() as tx:
        hashed_anew(tx, lambda row: replace(row, actor="别人"))
        (row,) = tx.anchors.whole()
        heads = [[h.chain, h.seq, h.hash] for h in tx.anchors.moved_since(0)]
        told = json.loads(row.line)
        told["anchor"]["heads"] = heads
        told["anchor"]["root"] = merkle_root([ChainHead(*head).leaf for head in heads])
        signed = read_line(json.dumps(told))
        change = sa.text("update anchor set line = :line, digest = :digest")
        tx._connection.execute(change, {"line": signed.line, "digest": signed.anchor.digest})
    assert any("not signed by this installation" in found for found in faults(desk))
    with desk.store.write() as tx:
        tx._connection.execute(sa.text("delete from anchor"))
    assert any("not the one that is kept outside" in found for found in faults(desk))


def test_one_an_hour_of_what_moved_and_each_once_outside(desk: Desk, bench: Bench) -> None:
    assert set_anchor(desk, SYSTEM) is None, "the hour is not over"
    bench.advance(bench.clock.now() + timedelta(hours=1))
    assert set_anchor(desk, SYSTEM) is None, "nothing moved"
    set_active(desk, bench.admin, bench.stranger.person_id or 0, True)
    second = set_anchor(desk, SYSTEM)
    assert second is not None
    assert [head.seq for head in second.anchor.heads if head.chain == "book account"] == [4]
    assert [signed.anchor.seq for signed in outside(desk.premises.anchors or Path())[0]] == [1, 2]
    assert faults(desk) == []


def test_what_was_anchored_between_a_backup_and_its_restore_is_a_gap_on_record(desk: Desk, bench: Bench) -> None:
    saved = bench.clock.now() - timedelta(minutes=1)
    with desk.store.write() as tx:  # as the backup was
        for table in ("act", "act_head", "anchor"):
            tx._connection.execute(sa.text(f"delete from {table}"))
    assert faults(desk) != []
    begin_epoch(desk, SYSTEM, saved, "硬盘损坏")
    assert faults(desk) == []
    assert set_anchor(desk, SYSTEM) is not None
    assert faults(desk) == []


def test_a_restore_that_nobody_with_the_keys_began_explains_nothing(desk: Desk, bench: Bench) -> None:
    with desk.store.write() as tx:
        for table in ("act", "act_head", "anchor"):
            tx._connection.execute(sa.text(f"delete from {table}"))
    begin_epoch(desk, SYSTEM, bench.clock.now() - timedelta(minutes=1), "硬盘损坏")
    with desk.store.write() as tx:
        (row,) = tx.epochs.every()
        tx.epochs.note(row.id, {**row.found, "seal": "0" * 64})
    assert any("not the one that is kept outside" in found for found in faults(desk))


def test_an_erasure_that_nobody_with_the_keys_made_is_told(bench: Bench) -> None:
    desk = bench.desk
    case = start_case(desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    assert set_anchor(desk, SYSTEM, now=True) is not None
    with desk.store.write() as tx:
        row = tx.history.whole(case)[0]
        left = tx.history.redact(row, replace(event_of(row), text="不同意〔已清除〕"))
        told = AuditEvent(bench.clock.now(), "王", ERASURE, "清除", data={"events": {str(row.seq): left}})
        tx.history.record(case, [told])
    assert verify_chains(desk, SYSTEM).broken == (), "the chain takes it for an erasure"
    assert [found for found in faults(desk) if f"of case {case} claims an erasure" in found]


def test_chains_of_packages_and_of_settings_are_anchored_too(bench: Bench) -> None:
    with bench.desk.store.write() as tx:
        record_event(tx, bench.admin, bench.clock.now(), PACKAGE, "published", "发布", None, {})
    signed = set_anchor(bench.desk, SYSTEM, now=True)
    assert signed is not None
    assert f"package {PACKAGE}" in {head.chain for head in signed.anchor.heads}
    with bench.desk.store.write() as tx:
        tx._connection.execute(sa.text("delete from package_event"))
    assert any(f"package {PACKAGE}" in found for found in faults(bench.desk))


def test_a_line_that_a_loss_of_power_tore_is_told_and_written_anew(desk: Desk) -> None:
    folder = desk.premises.anchors or Path()
    (file,) = folder.glob("anchors-*.jsonl")
    file.write_text(file.read_text(encoding="utf-8")[:100], encoding="utf-8")
    keep_outside(desk)
    kept, torn = outside(folder)
    assert ([signed.anchor.seq for signed in kept], torn) == ([1], [f"{file.name}:1"])
    assert [found for found in faults(desk) if "cannot be read" in found]


def test_what_was_erased_before_there_were_seals_is_no_tampering(bench: Bench) -> None:
    desk = bench.desk
    case = start_case(desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    with desk.store.write() as tx:
        told = AuditEvent(bench.clock.now(), "王", ERASURE, "清除", data={"events": {}})
        tx.history.record(case, [told])
    with desk.store.write() as tx:  # as the program before signed it
        anchor = Anchor(1, bench.clock.now(), "", tuple(tx.anchors.moved_since(0)))
        line = sign(anchor, desk.ballot_keys.secret("anchors")).line
        tx.anchors.insert(AnchorRow(seq=1, at=anchor.at, line=line, digest=anchor.digest, audit_id=2))
    assert faults(desk) == []
    with desk.store.write() as tx:
        tx.history.record(case, [AuditEvent(bench.clock.now(), "王", "note", "同意")])
    assert set_anchor(desk, SYSTEM, now=True) is not None
    assert faults(desk) == []
    with desk.store.write() as tx:
        tx.history.record(case, [told])
    assert [found for found in faults(desk) if "claims an erasure" in found]


def test_columns_beside_the_signed_line_steer_nothing(desk: Desk, bench: Bench) -> None:
    with desk.store.write() as tx:
        tx._connection.execute(sa.text("update anchor set at = '2999-01-01 00:00:00.000000', audit_id = 1000000000"))
    case = start_case(desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    bench.advance(bench.clock.now() + timedelta(hours=2))
    signed = set_anchor(desk, SYSTEM)
    assert signed is not None
    assert f"case {case}" in {head.chain for head in signed.anchor.heads}


def test_from_the_setting_on_records_and_anchors_are_made_by_sm3_and_those_of_before_hold(
    desk: Desk, bench: Bench
) -> None:
    desk.store.digest = SM3
    set_active(desk, bench.admin, bench.stranger.person_id or 0, True)
    signed = set_anchor(desk, SYSTEM, now=True)
    assert signed is not None
    assert signed.anchor.by == SM3
    with desk.store.read() as tx:
        made_by = [algorithm_of(row.hash) for row in tx.acts.after(0, 100) if row.chain == "account"]
    assert made_by == [SHA256, SHA256, SHA256, SM3]
    assert (verify_chains(desk, SYSTEM).broken, faults(desk)) == ((), [])
    with desk.store.write() as tx:
        tx._connection.execute(sa.text("update act set actor = '别人' where chain = 'account' and seq = 4"))
    assert verify_chains(desk, SYSTEM).broken == ("book account: 4",)
    with desk.store.write() as tx:
        hashed_anew(tx, lambda row: replace(row, actor="别人"))
    assert {found.split(" of the anchor")[0][:28] for found in faults(desk)} == {
        "entry 3 of book account is n", "entry 4 of book account is n",
    }  # fmt: skip


def test_from_the_setting_on_anchors_are_signed_by_sm2_the_change_is_in_the_book_and_those_of_before_hold(
    desk: Desk, bench: Bench
) -> None:
    def anchor(by: str, active: bool) -> SignedAnchor:
        chosen = replace(desk, premises=replace(desk.premises, signature=by))
        set_active(chosen, bench.admin, bench.stranger.person_id or 0, active)
        assert note_newest(chosen, SYSTEM) is not None
        assert [found.en for found in anchored(chosen, newest(chosen))] == []
        signed = set_anchor(chosen, SYSTEM, now=True)
        assert signed is not None
        return signed

    second, third, fourth = anchor(SM2, True), anchor(SM2, False), anchor(ED25519, True)
    assert [one.anchor.signed_by for one in (second, third, fourth)] == [SM2, SM2, ED25519]
    assert second.key == third.key
    assert second.key.startswith("sm2:")
    assert faults(desk) == faults(replace(desk, premises=replace(desk.premises, signature=SM2))) == []
    assert [one.anchor.signed_by for one in outside(desk.premises.anchors or Path())[0]] == [ED25519, SM2, SM2, ED25519]
    with desk.store.read() as tx:
        told = [(row.actor, row.data) for row in tx.acts.after(0, 100) if row.about.startswith("杂凑或签名算法已更换")]
    ed25519, sm2 = ({"digest": SHA256, "signature": by} for by in (ED25519, SM2))
    assert told == [
        (SYSTEM.name, {"before": ed25519, "after": sm2}),
        (SYSTEM.name, {"before": sm2, "after": ed25519}),
    ]
    with desk.store.write() as tx:
        line = sign(third.anchor, b"\x07" * 32).line
        tx._connection.execute(sa.text("update anchor set line = :line where seq = 3"), {"line": line})
    assert any("not signed by this installation" in found for found in faults(desk))


def test_what_was_entered_since_the_last_anchor_cannot_be_cut_off_unseen(desk: Desk, bench: Bench) -> None:
    def found() -> list[str]:
        return [one.en for one in anchored(desk, newest(desk))]

    assert note_newest(desk, SYSTEM) is None, "all of it is anchored"
    case = start_case(desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    first = note_newest(desk, SYSTEM)
    assert first is not None
    assert [head.chain for head in first.anchor.heads] == [f"case {case}"]
    set_active(desk, bench.admin, bench.stranger.person_id or 0, True)
    second = note_newest(desk, SYSTEM)
    assert second is not None
    assert [head.chain for head in second.anchor.heads] == ["book account"]
    assert (note_newest(desk, SYSTEM), found()) == (None, [])
    cut = "delete from act where chain = 'account' and seq = 4"
    head = "update act_head set seq = 3, hash = (select hash from act where chain = 'account' and seq = 3) where chain = 'account'"
    with desk.store.write() as tx:
        kept = tx._connection.execute(sa.text("select * from act where chain = 'account' and seq = 4")).mappings().one()
        for sql in (cut, head):
            tx._connection.execute(sa.text(sql))
    assert verify_chains(desk, SYSTEM).broken == (), "the chain itself holds"
    assert faults(desk) == [], "no anchor knows of it"
    (desk.premises.anchors or Path()).joinpath("newest.jsonl").unlink()
    (said,) = found()
    assert said.startswith("entry 4 of book account is not what it was"), "noted beside the keys as well"
    with desk.store.write() as tx:
        tx._connection.execute(sa.text(f"insert into act ({', '.join(kept)}) values (:{', :'.join(kept)})"), dict(kept))
        tx._connection.execute(sa.text("update act_head set seq = 4, hash = :hash where chain = 'account'"), dict(kept))
    bench.advance(bench.clock.now() + timedelta(hours=1))
    signed = set_anchor(desk, SYSTEM)
    note_newest(desk, SYSTEM)
    assert signed is not None
    assert [one for one in newest(desk) if one.anchor.at < signed.anchor.at] == [], "the notes begin anew"
    assert found() == []


def test_of_two_processes_that_anchor_at_once_the_second_looks_again(desk: Desk) -> None:
    """At their first minute two servers both set anchor 1: one of them failed, and watched nothing for a minute."""
    with desk.store.read() as tx:
        (first,) = tx.anchors.whole()
    with pytest.raises(Stale), desk.store.write() as tx:
        tx.anchors.insert(replace(first, id=0))
    stamp = AnchorStampRow(digest=first.digest, at=first.at, reply="")
    with desk.store.write() as tx:
        tx.anchors.put_stamp(stamp)
    with pytest.raises(Stale), desk.store.write() as tx:
        tx.anchors.put_stamp(stamp)
    with desk.store.read() as tx:
        assert tx.anchors.whole() == [first]
