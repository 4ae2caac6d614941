"""What somebody changes by SQL is named by the deep look, and no result is made of it; on both databases."""

from __future__ import annotations

import hashlib
import itertools
import re
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.audit.heads import compare_heads, read_heads, sign_daily, sign_now
from service.casework.audit.intact import SECRET, NotIntact, differing_rows, require_intact
from service.casework.desk.desk import Desk
from service.casework.retention.erase import Wish, erase_case
from service.casework.simulate.stage.stage import PlayState
from service.casework.soundness.nightly import enter_verification
from service.casework.soundness.prove import prove
from service.domain.audit.head import ChainHead, read_head
from service.domain.proof.audit_chain import AuditEvent, append_events
from service.domain.retention import PARTS
from service.domain.text import Text
from service.store import KeyFiles, Occupied, Store
from service.store.models.columns import metadata
from service.store.row_log import MAC, ORDER, RECORDS, ROWS
from tests.support.ballots import make_hall
from tests.support.log import beside, broken_in, executed
from tests.support.season import play_season
from tests.support.statements import statements_of

GATED = {
    "stage_score": {"points": "1/1"},
    "score_sheet": {"points": "1/1"},
    "finding": {"result": "not_met"},
    "form_result": {"data": {}},
    "ballot_roll": {"name": "别人"},
    "ballot": {"title": "别的"},
    "ballot_result": {"fingerprint": "0"},
    "panel_member": {"state": "left"},
    "notice": {"title": "别的公示"},
    "document": {"title": "别的文书"},
    "award_record": {"tier": "none"},
    "case_instance": {"parameters": {}},
}
"""Tables that a result of the round rests on, with what somebody writes there."""
_CANNOT_BE = {
    ("inserted", "case_instance"),
    ("inserted", "case_instance"),
    ("inserted", "ballot_result"),
    ("deleted", "case_instance"),
}
"""A ballot has one result, and without its round nothing is made."""
BESIDE = {"membership": {"role": "administrator"}, "person": {"password": "another"}, "definition": {"current": False}}
"""The same of tables that no result rests on: the deep look alone names it."""


@pytest.fixture
def season(store: Store, tmp_path: Path) -> PlayState:
    stage = play_season(store, tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir()
    return replace(stage, desk=replace(stage.desk, premises=replace(stage.desk.premises, anchors=outside)))


@pytest.mark.parametrize("how", ["changed", "deleted", "inserted"])
def test_a_row_written_by_sql_is_named_and_nothing_is_made_of_it(season: PlayState, how: str) -> None:
    desk, case = season.desk, season.case("届")
    assert (_named(desk), _refusal(desk, case)) == ([], None)
    for table, values in {**GATED, **BESIDE}.items():
        if (how, table) in _CANNOT_BE:
            continue
        with _written(desk, table, values, how) as row:
            found = _named(desk)
            assert [name for name in found if name.startswith(f"{table}:")] == [f"{table}:{row}"], (table, found)
            refusal = _refusal(desk, case)
            assert (refusal is not None) == (table in GATED), table
            assert refusal is None or f"表 {table} 第{row}行" in refusal.zh
    assert (_named(desk), _refusal(desk, case)) == ([], None)


@pytest.mark.parametrize("table", ["finding", "score_sheet", "form_result", "notice", "ballot", "panel"])
def test_a_row_that_is_moved_to_another_case_is_missed_where_it_was(season: PlayState, table: str) -> None:
    with _written(season.desk, table, {"case_id": 999_999}, "changed") as row:
        refusal = _refusal(season.desk, season.case("届"))
    assert refusal is not None
    assert f"表 {table} 第{row}行" in refusal.zh


def test_an_application_that_is_taken_out_of_its_round_or_deleted_is_missed_there(season: PlayState) -> None:
    desk, cases = season.desk, metadata.tables["case_instance"]
    one = cases.c.id == season.case("甲")
    for statement in (sa.update(cases).where(one).values(parent_id=None), sa.delete(cases).where(one)):
        _write(desk, statement)
        refusal = _refusal(desk, season.case("届"))
        assert refusal is not None
        assert f"表 case_instance 第{season.case('甲')}行" in refusal.zh


def test_a_row_that_cannot_be_read_is_named_and_hides_no_other(season: PlayState) -> None:
    no_day = "'infinity'" if season.desk.store.dialect == "postgresql" else "'x'"
    executed(
        season.desk, f"UPDATE award_record SET decided_on = {no_day} WHERE id = (SELECT min(id) FROM award_record)"
    )
    executed(season.desk, "UPDATE membership SET role = 'another' WHERE id = (SELECT min(id) FROM membership)")
    found = _named(season.desk)
    assert [name.partition(":")[0] for name in found] == ["award_record", "membership"]
    refusal = _refusal(season.desk, season.case("届"))
    assert refusal is not None
    assert f"表 award_record 第{found[0].partition(':')[2]}行" in refusal.zh


def test_no_result_is_made_without_the_key_of_the_log_and_the_deep_look_says_that_it_is_gone(
    season: PlayState, tmp_path: Path
) -> None:
    keyless = replace(season.desk, ballot_keys=KeyFiles(tmp_path / "empty"))
    refusal = _refusal(keyless, season.case("届"))
    rows = next(part for part in prove(keyless, SYSTEM) if part.name == "rows")
    assert refusal is not None
    for said in (refusal.zh, *(fault.found.zh for fault in rows.faults)):
        assert "没有 log.secret" in said
    assert rows.count == 1


def test_no_act_is_passed_over_whose_salts_were_dropped(season: PlayState) -> None:
    desk, acts, documents = season.desk, metadata.tables["act"], metadata.tables["document"]
    _write(desk, sa.update(acts).values(salts=sa.null()))
    _write(desk, sa.update(documents).values(sha256=None, size=None))
    refusal = _refusal(desk, season.case("届"))
    assert refusal is not None
    assert "book record" in refusal.zh


def test_who_acted_last_and_since_when_is_said(season: PlayState) -> None:
    with _written(season.desk, "award_record", {"tier": "none"}, "changed"), season.desk.store.snapshot() as tx:
        (one,) = differing_rows(season.desk, tx)
    assert one.event is not None
    assert f"由{one.event.actor}于" in one.words.zh
    assert one.event.chain.startswith("case ")


def test_a_round_rests_on_awards_that_another_round_made(season: PlayState) -> None:
    desk, conferring = season.desk, season.case("届")
    with desk.store.read() as tx:
        others = [case.id for case in tx.cases.tree(conferring) if case.id != conferring]
        assert others
        assert [one.name for one in differing_rows(desk, tx, others)] == []
    with _written(desk, "award_record", {"tier": "none"}, "changed") as row, desk.store.read() as tx:
        assert [one.name for one in differing_rows(desk, tx, others)] == [f"award_record:{row}"]


def test_the_gate_reads_no_event_of_others_however_many_there_are(season: PlayState) -> None:
    desk, case = season.desk, season.case("届")
    rows = "(SELECT generate_series(1, 100000) AS i)"
    if desk.store.dialect == "sqlite":
        rows = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT i FROM n)"
    held = f'{{"{RECORDS}": {{"{ROWS}": {{}}}}}}'
    with beside(desk.store) as connection:
        connection.execute(
            sa.text(
                "INSERT INTO audit (case_id, seq, at, actor, action, text, data, previous, hash, salts)"
                f" SELECT 1000000 + i % 5000, i, (SELECT max(at) FROM audit), 'x', 'x', 'x', :data, 'x', 'x', '{{}}' FROM {rows} AS n"
            ),
            {"data": held},
        )
        connection.execute(
            sa.text(
                "INSERT INTO act (chain, seq, at, jurisdiction, actor, origin, action, about, outcome, data, previous, hash)"
                f" SELECT 'other', i, (SELECT max(at) FROM audit), '*', 'x', '', 'x', '', 'done', '{{}}', 'x', 'x' FROM {rows} AS n"
            )
        )
        connection.exec_driver_sql("ANALYZE")
    with statements_of(desk.store) as sent:
        assert _refusal(desk, case) is None
    asked = [(sql, values) for sql, values in sent if re.search(r"(FROM|JOIN) (audit|act)\b", sql)]
    assert len(asked) >= 4, "chains, events of the round, events beside it, acts"
    explain = "EXPLAIN QUERY PLAN" if desk.store.dialect == "sqlite" else "EXPLAIN"
    with beside(desk.store) as connection:
        for sql, values in asked:
            plan = "\n".join(str(row) for row in connection.exec_driver_sql(f"{explain} {sql}", values))
            assert not re.search(r"SCAN (audit|act)\b(?! USING INDEX ix_)|Seq Scan on (audit|act)\b", plan), (sql, plan)


def test_a_step_is_stopped_by_an_incident_where_a_score_was_raised(season: PlayState) -> None:
    desk = season.desk
    with _written(desk, "score_sheet", {"points": "1000/1"}, "changed"), desk.store.write() as tx:
        with pytest.raises(NotIntact) as refused:
            require_intact(desk, tx, season.case("届"))
        assert "laurel doctor --deep" in refused.value.message.en


def test_what_another_process_issues_and_produces_meanwhile_looks_changed_to_nobody(season: PlayState) -> None:
    desk, case = season.desk, season.case("届")
    with _others_writing(desk, case):
        assert _named(desk) == []
        if desk.store.dialect == "postgresql":  # on SQLite nobody writes beside a step
            assert _refusal(desk, case) is None
    assert _named(desk) == []


def test_an_event_that_is_added_beside_the_program_lets_no_row_go_and_none_be_what_it_was(season: PlayState) -> None:
    desk, case = season.desk, season.case("届")
    with desk.store.read() as tx:
        older, newer = [one for one in tx.log.events(desk.ballot_keys.secret(SECRET)) if "document:1" in one.rows][-2:]
        sheet = next(iter(tx.log.rows(["score_sheet"]))).name
        mac = next(row.data[RECORDS][MAC] for row in tx.history.select(case_id=case) if RECORDS in row.data)
    assert (older.order < newer.order, older.rows["document:1"] != newer.rows["document:1"]) == (True, True)
    order = time.time_ns()
    forged = {"document:1": {**older.rows, "document:1": older.rows["document:1"]}, sheet: {sheet: None}}
    for name, rows in forged.items():
        records = {ROWS: rows, ORDER: order, MAC: mac}
        event = AuditEvent(desk.clock.now(), "系统", "note", "另加的一条", data={RECORDS: records}, salts=older.salts)
        with desk.store.write() as tx:
            tx.history.record(case, [event])
        with desk.store.read() as tx:
            assert tx.history.verify(case) is None, "nobody needs a key to add to a chain"
        documents, sheets = metadata.tables["document"], metadata.tables["score_sheet"]
        if name == sheet:
            _write(desk, sa.delete(sheets).where(sheets.c.id == int(sheet.partition(":")[2])))
        else:
            _write(desk, sa.update(documents).where(documents.c.id == 1).values(sha256=None, size=None))
        assert name in _named(desk)
    assert _refusal(desk, case) is not None


def test_the_log_rewritten_from_the_start_is_found_by_the_head_alone(season: PlayState) -> None:
    desk, case = season.desk, season.case("届")
    assert sign_now(desk, SYSTEM) is not None
    assert _heads(desk) == []
    _rewrite_chain(desk, case)
    assert broken_in(desk) == []
    assert any(f"case {case} " in one.zh for one in _heads(desk))
    blind = replace(desk, premises=replace(desk.premises, anchors=None))
    (heads,) = (part for part in prove(blind, SYSTEM) if part.name == "heads")
    assert (heads.count, "LAUREL_ANCHORS" in heads.underway[0].zh) == (0, True), "without heads it says so"
    refusal = _refusal(desk, case)
    assert refusal is not None
    assert "记录头" in refusal.zh


def test_a_head_is_signed_once_a_day_and_follows_the_one_before(season: PlayState) -> None:
    desk, folder = season.desk, season.desk.premises.anchors
    assert folder is not None
    first = sign_daily(desk, SYSTEM)
    assert first is not None
    assert sign_daily(desk, SYSTEM) is None
    enter_verification(desk, SYSTEM)
    second = sign_now(desk, SYSTEM)
    assert second is not None
    assert second.head.previous == first.head.digest
    assert read_head(second.line) == second
    assert [one.head.digest for one in read_heads(folder)[0]] == [first.head.digest, second.head.digest]
    file = next(folder.glob("heads-*.jsonl"))
    file.write_text(file.read_text(encoding="utf-8").replace(first.signature[:8], "00000000"), encoding="utf-8")
    assert any("不是本系统签名" in one.zh for one in _heads(desk))


def test_a_head_is_signed_at_each_gate(season: PlayState) -> None:
    desk, case = season.desk, season.case("届")
    with desk.store.write() as tx:
        require_intact(desk, tx, case)
        require_intact(desk, tx, case)
        tx.history.record(case, [AuditEvent(desk.clock.now(), "某人", "note", "排名以后的一条")])
    with desk.store.read() as tx:
        last = tx.history.select(case_id=case)[-1]
    season.drain()
    assert desk.premises.anchors is not None
    (signed,) = read_heads(desk.premises.anchors)[0]
    assert ChainHead(f"case {case}", last.seq, last.hash) in signed.head.ends


def test_heads_that_are_signed_at_once_follow_each_other(season: PlayState) -> None:
    desk, folder = season.desk, season.desk.premises.anchors
    assert folder is not None

    def sign(number: int) -> None:
        with desk.store.write() as tx:
            tx.history.record(season.case("届"), [AuditEvent(desk.clock.now(), "某人", "note", f"第{number}条")])
        with suppress(Occupied):
            sign_now(desk, SYSTEM)

    with ThreadPoolExecutor(4) as others:
        [*others.map(sign, range(12))]
    assert len(read_heads(folder)[0]) > 1
    assert _heads(desk) == []


def test_a_restored_backup_keeps_its_heads_apart(season: PlayState) -> None:
    desk, case = season.desk, season.case("届")
    sign_now(desk, SYSTEM)
    saved = desk.clock.now() + timedelta(hours=1)
    later = replace(desk, clock=_At(saved + timedelta(hours=1)))
    with later.store.write() as tx:
        tx.history.record(case, [AuditEvent(later.clock.now(), "某人", "note", "备份以后的一条")])
    sign_now(later, SYSTEM)
    _cut_last(desk, case)
    assert _heads(later) != []
    sign_now(replace(desk, clock=_At(saved + timedelta(hours=2))), SYSTEM, restored_to=saved)
    assert _heads(later) == []


def test_what_is_erased_leaves_a_chain_that_verifies_and_no_salt(season: PlayState) -> None:
    desk = season.desk
    with desk.store.write() as tx:
        ended = next(row for row in tx.cases.tree(season.case("届")) if row.parent_id is not None)
        before = _salts(tx._connection, ended.id)
        erase_case(desk, tx, ended.id, Wish(1, frozenset(PARTS), "期限届满", SYSTEM))
        erased = {name for name in before if name.startswith("form_result:")}
    with desk.store.read() as tx:
        newest = {name for name in _salts(tx._connection, ended.id, newest=True) if name in erased}
        kept = [name for name in _salts(tx._connection, ended.id) if name in erased]
    assert erased
    assert sorted(kept) == sorted(newest)
    assert broken_in(desk) == []
    assert _named(desk) == []


def test_no_paper_of_a_secret_ballot_is_in_the_log(season: PlayState) -> None:
    desk = season.desk
    with desk.store.read() as tx:
        tables = {
            name.partition(":")[0] for event in tx.log.events(desk.ballot_keys.secret(SECRET)) for name in event.rows
        }
        row = next(iter(tx.log.rows(["ballot_roll"])))
    assert "ballot_roll" in tables
    assert len(row.values) < len(metadata.tables["ballot_roll"].c)
    before = row.values
    _write(season.desk, sa.update(metadata.tables["ballot_roll"]).values(state=7))
    with season.desk.store.read() as tx:
        assert next(iter(tx.log.rows(["ballot_roll"]))).values == before


class _At:
    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


@contextmanager
def _others_writing(desk: Desk, case: int) -> Iterator[None]:
    """Let another process issue a document after each statement of this thread, and produce those of before anew."""
    reader, documents = threading.get_ident(), list[int]()

    def write(number: int) -> None:
        with desk.store.write() as tx:
            for before in documents:
                tx.documents.change(before, sha256=f"{number:064}", size=1, produced_at=desk.clock.now())
            (issued, *_) = tx.documents.select(case_id=tx.cases.tree(case)[-1].id) or tx.documents.select(case_id=case)
            documents.append(tx.documents.insert(replace(issued, id=0, number=f"{number}", sha256=None)))

    def after(*_: object) -> None:
        if threading.get_ident() == reader:
            with ThreadPoolExecutor(1) as another:
                another.submit(write, next(numbers)).result()

    numbers = itertools.count()
    engines = {desk.store._engine, desk.store._reader}
    for engine in engines:
        sa.event.listen(engine, "after_cursor_execute", after)
    try:
        yield
    finally:
        for engine in engines:
            sa.event.remove(engine, "after_cursor_execute", after)
    assert documents


def _named(desk: Desk) -> list[str]:
    with desk.store.snapshot() as tx:
        return [one.name for one in differing_rows(desk, tx)]


def _refusal(desk: Desk, case: int) -> Text | None:
    with desk.store.write() as tx:
        try:
            require_intact(desk, tx, case)
        except NotIntact as refused:
            return refused.message
    return None


def _heads(desk: Desk) -> list[Text]:
    return [one for one in compare_heads(desk) if isinstance(one, Text)]


def _write(desk: Desk, statement: Any) -> None:
    with beside(desk.store) as connection:
        connection.execute(statement)


@contextmanager
def _written(desk: Desk, table_name: str, values: Mapping[str, Any], how: str) -> Iterator[str]:
    """Change, delete or insert a row by SQL, yield its key as events name it, and put everything back."""
    table = metadata.tables[table_name]
    keys = [*table.primary_key]
    with beside(desk.store) as connection:
        row = connection.execute(sa.select(table).order_by(*keys)).mappings().first()
        assert row is not None, table_name
        here = sa.and_(*(column == row[column.name] for column in keys))
        other = _copied(table, dict(row))
        if how == "changed":
            connection.execute(sa.update(table).where(here).values(**values))
        elif how == "deleted":
            connection.execute(sa.delete(table).where(here))
        else:
            connection.execute(sa.insert(table).values(**other))
    named = other if how == "inserted" else row
    try:
        yield "/".join(str(named[column.name]) for column in keys)
    finally:
        with beside(desk.store) as connection:
            added = sa.and_(*(column == other[column.name] for column in keys))
            connection.execute(sa.delete(table).where(added if how == "inserted" else here))
            if how != "inserted":
                connection.execute(sa.insert(table).values(**row))


def _copied(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    changed = {
        "id": 900_001,
        "number": 901,
        "stage": "elsewhere",
        "fingerprint": "9",
        "box": "9",
        "code": "9",
        "expert_id": 1,
        "person_id": 1,
    }
    names = [*(column.name for column in table.primary_key), "number", "stage", "box"]
    copied = {**row, **{name: changed[name] for name in names if name in row and name in changed}}
    beside = {
        "panel_member": {"person_id": row.get("person_id", 0) % 2 + 1},
        "membership": {"role": "copied"},
        "person": {"login": "copied"},
        "definition": {"version": "copied", "current": False},
    }
    return {**copied, **beside.get(table.name, {})}


def _rewrite_chain(desk: Desk, case: int) -> None:
    """Change the first event of a case and hash the whole chain anew, as who knows how it is made can."""
    audit, cases = metadata.tables["audit"], metadata.tables["case_instance"]
    with desk.store.read() as tx:
        rows = tx.history.select(case_id=case)
    events = [AuditEvent(r.at, r.actor, r.action, r.text, r.person_id, r.element, r.data, r.changed) for r in rows]
    events[0] = replace(events[0], text="改写的第一条")
    links = append_events(case, 0, "", events)
    for row, link in zip(rows, links, strict=True):
        values = {"text": link.event.text, "previous": link.previous, "hash": link.hash}
        _write(desk, sa.update(audit).where(audit.c.id == row.id).values(**values))
    _write(desk, sa.update(cases).where(cases.c.id == case).values(audit_hash=links[-1].hash))


def _cut_last(desk: Desk, case: int) -> None:
    """Leave a case as it stood before its last event, as a restored backup does."""
    audit, cases = metadata.tables["audit"], metadata.tables["case_instance"]
    with desk.store.read() as tx:
        *_, before, last = tx.history.select(case_id=case)
    _write(desk, sa.delete(audit).where(audit.c.id == last.id))
    _write(desk, sa.update(cases).where(cases.c.id == case).values(audit_seq=before.seq, audit_hash=before.hash))


def _salts(connection: sa.Connection, case: int, *, newest: bool = False) -> list[str]:
    audit = metadata.tables["audit"]
    found = connection.execute(
        sa.select(audit.c.salts, audit.c.data).where(audit.c.case_id == case).order_by(audit.c.id)
    )
    rows = [(salts or {}, data) for salts, data in found if RECORDS in data]
    return [name for salts, _ in (rows[-1:] if newest else rows) for name in salts]


# The operator's command beside the installation's key: what a certified signature server says of a head.


@pytest.mark.parametrize("command", ["sha256sum", "no-such-server", "false"])
def test_the_operators_command_countersigns(sqlite_store: Store, tmp_path: Path, command: str) -> None:
    hall, outside = make_hall(sqlite_store, tmp_path / "keys"), tmp_path / "outside"
    outside.mkdir()
    hall.open()
    premises = replace(hall.desk.premises, anchors=outside, sign_command=command)
    desk = replace(hall.desk, premises=premises)
    signed = sign_now(desk, SYSTEM)
    assert signed is not None
    assert read_heads(outside) == ([signed], [])
    assert signed.holds
    digest = hashlib.sha256(signed.head.text.encode()).hexdigest()
    assert signed.countersign == (f"{digest}  -" if command == "sha256sum" else "")
    assert [found for found in compare_heads(desk) if isinstance(found, Text)] == []
