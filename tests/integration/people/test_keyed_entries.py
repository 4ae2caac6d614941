"""Entries that somebody who has the database alone puts into a chain: none counts as the program's, and each is located."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.casework.access.actor import SYSTEM
from service.casework.cases.start import start_case
from service.casework.definitions.package_events import record_event
from service.casework.desk.desk import Desk
from service.casework.health.checks import look_quietly
from service.casework.health.finding import Level
from service.casework.people.accounts.accounts import set_active
from service.casework.people.seals.row_seals import BESIDE, seal_rows, seal_rows_beside, tell_unsealed
from service.casework.queries.proof.verify_chains import verify_chains
from service.casework.records.foreign import foreign_ends
from service.casework.soundness.anchors import set_anchor
from service.casework.soundness.chains import chains
from service.casework.soundness.daily import newest_report
from service.casework.soundness.fault import Unsound
from service.casework.soundness.newest import note_newest
from service.cli.audit import audit
from service.domain.calendar import CHINA
from service.domain.proof.algorithms import SHA256, SM3, algorithm_of
from service.domain.proof.audit_chain import AuditEvent
from service.store import Store, event_of
from service.store.rows import ActRow
from service.store.seals.entry_macs import CHAIN_MARKS, EntryMacs
from tests.integration.people.test_book import Here
from tests.integration.people.test_daily_verification import verified
from tests.support.desks import PACKAGE, Bench, make_bench

pytestmark = pytest.mark.share(2)

ADDED = "别人的一条"
NOT_OURS = "was not written by this program: it lacks its keyed mark"


@contextmanager
def without_keys(desk: Desk) -> Iterator[None]:
    """Chain entries as anybody can who has the database and knows how they are hashed; an older program does the same."""
    seals, key = desk.store.seals, desk.store.key_of_digests
    desk.store.seals = desk.store.key_of_digests = None
    yield
    desk.store.seals, desk.store.key_of_digests = seals, key


def executed(desk: Desk, sql: str, **values: object) -> None:
    with desk.store.write() as tx:
        tx._connection.execute(sa.text(sql), values)


def acts(desk: Desk, chain: str = "account") -> list[ActRow]:
    with desk.store.read() as tx:
        return [row for row in tx.acts.after(0, 1_000) if row.chain == chain]


def add_act(desk: Desk, row: ActRow) -> None:
    """Append an entry to the book, without a MAC."""
    with without_keys(desk), desk.store.write() as tx:
        tx.acts.append(replace(row, id=0))


def put_mac(desk: Desk, mac: str, chain: str = "account") -> None:
    """Write a MAC beside the last entry of a chain."""
    last = acts(desk, chain)[-1]
    executed(desk, "update act set mac = :mac where id = :id", mac=mac, id=last.id)


def cut(desk: Desk, upto: int) -> None:
    """Take the end of a chain out, from entry ``upto`` + 1 on."""
    executed(desk, "delete from act where chain = 'account' and seq > :seq", seq=upto)
    head = "select hash from act where chain = 'account' and seq = :seq"
    executed(desk, f"update act_head set seq = :seq, hash = ({head}) where chain = 'account'", seq=upto)


@pytest.fixture
def place(store: Store) -> Bench:
    """An office whose entries must bear a MAC: three acts of accounts and a case; on SQLite and on PostgreSQL."""
    bench = make_bench(store)
    for active in (False, True, False):
        set_active(bench.desk, bench.admin, bench.stranger.person_id or 0, active)
    start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    with store.write() as tx:
        record_event(tx, bench.admin, bench.clock.now(), "testville/prize", "share", "分享")
    seal_rows(bench.desk, SYSTEM)
    assert verify_chains(bench.desk, SYSTEM).broken == ()
    return bench


def when(row: ActRow) -> str:
    return f"{row.at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def broken(desk: Desk) -> dict[str, str]:
    """Where chains do not hold, and what is said of it."""
    report = verify_chains(desk, SYSTEM)
    return {name: said.en for name, said in zip(report.broken, report.wrong, strict=True)}


def appended(place: Bench) -> None:
    add_act(place.desk, replace(acts(place.desk)[-1], about=ADDED))


def replaced(place: Bench) -> None:
    last = acts(place.desk)[-1]
    cut(place.desk, last.seq - 1)
    add_act(place.desk, replace(last, actor="别人"))
    put_mac(place.desk, last.mac)


def cut_and_grown(place: Bench) -> None:
    before = acts(place.desk)
    cut(place.desk, len(before) - 2)
    for row in before[-2:]:
        add_act(place.desk, replace(row, about=ADDED))
        put_mac(place.desk, row.mac)


def hashed_anew(place: Bench) -> None:
    before = acts(place.desk)
    for table in ("act", "act_head"):
        executed(place.desk, f"delete from {table} where chain = 'account'")
    for row in before:
        add_act(place.desk, replace(row, about=ADDED) if row.seq == 2 else row)
        put_mac(place.desk, row.mac)


def moved(place: Bench) -> None:
    """Put an entry of another chain at the end of this one, with all that it bears."""
    other = acts(place.desk, "record")[-1]
    add_act(place.desk, replace(other, chain="account"))
    put_mac(place.desk, other.mac)


def of_another_installation(place: Bench) -> None:
    appended(place)
    last = acts(place.desk)[-1]
    put_mac(
        place.desk, EntryMacs(lambda: b"the secret of another office....").made("book account", last.seq, last.hash)
    )


WAYS: dict[str, tuple[Callable[[Bench], None], int]] = {
    "appended": (appended, 4),
    "replaced last": (replaced, 3),
    "cut and grown": (cut_and_grown, 2),
    "hashed anew": (hashed_anew, 2),
    "moved from another chain": (moved, 4),
    "of another installation": (of_another_installation, 4),
}
"""Attacks, and the first entry of the chain of accounts that is none of this program's."""


@pytest.mark.parametrize("way", WAYS)
def test_an_entry_of_others_is_located_and_not_anchored(place: Bench, way: str) -> None:
    desk, (attack, wrong) = place.desk, WAYS[way]
    attack(place)
    (said,) = broken(desk).items()
    assert said == (f"book account: {wrong}", f"entry {wrong} ({when(acts(desk)[wrong - 1])}) {NOT_OURS}")
    assert next(one.found.en for one in chains(desk) if isinstance(one, Unsound)).startswith(f"entry {wrong} (")
    for signed in (set_anchor(desk, SYSTEM, now=True), note_newest(desk, SYSTEM)):
        heads = [head.seq for head in signed.anchor.heads if head.chain == "book account"] if signed else []
        assert all(seq < wrong for seq in heads), "nothing of others is signed"
    done = CliRunner().invoke(audit, ["verify"], obj=Here(place))
    assert (done.exit_code, f"✗ book account: {wrong} 第{wrong}条（" in done.output) == (1, True), done.output


def test_before_each_entry_must_have_a_mac_nobody_tells_an_entry_of_others(store: Store) -> None:
    """What an administrator of the database could do until now, and for a day after an upgrade."""
    bench = make_bench(store)
    set_active(bench.desk, bench.admin, bench.stranger.person_id or 0, False)
    appended(bench)
    assert broken(bench.desk) == {}
    signed = set_anchor(bench.desk, SYSTEM, now=True)
    assert signed is not None
    assert [head.seq for head in signed.anchor.heads if head.chain == "book account"] == [2]


def test_what_is_entered_after_it_is_signed_and_the_entry_of_others_stays_found(place: Bench) -> None:
    desk = place.desk
    appended(place)
    set_active(desk, place.admin, place.stranger.person_id or 0, True)
    signed = set_anchor(desk, SYSTEM, now=True)
    assert signed is not None
    assert [head.seq for head in signed.anchor.heads if head.chain == "book account"] == [5]
    assert [*broken(desk)] == ["book account: 4"]
    executed(desk, "update act set mac = '' where chain = 'account'")
    assert [*broken(desk)] == ["book account: 1"], "an entry covers none before it"


def test_an_event_of_others_in_a_case_or_a_package_is_located(place: Bench) -> None:
    desk = place.desk
    with without_keys(desk), desk.store.write() as tx:
        tx.history.record(1, [AuditEvent(place.clock.now(), "别人", "note", ADDED)])
        record_event(tx, place.admin, place.clock.now(), "testville/prize", "share", ADDED)
    with desk.store.read() as tx:
        last = tx.cases.get(1).audit_seq
    told = broken(desk)
    assert [*told] == ["package testville/prize: 2", f"case 1: {last}"]
    assert all(said.endswith(NOT_OURS) for said in told.values()), told
    found = [one.found.en for one in chains(desk) if isinstance(one, Unsound)]
    assert [NOT_OURS in one for one in found] == [True, True], found
    signed = set_anchor(desk, SYSTEM, now=True)
    assert signed is not None
    heads = {head.chain: head.seq for head in signed.anchor.heads}
    assert (heads["case 1"], heads["package testville/prize"]) == (last - 1, 1)


def test_an_event_of_one_case_is_none_of_another(place: Bench) -> None:
    desk = place.desk
    other = start_case(desk, place.applicant, PACKAGE, "application", None, {"ready": True})
    with desk.store.read() as tx:
        last = tx.history.whole(1)[-1]
    with without_keys(desk), desk.store.write() as tx:
        tx.history.record(other, [event_of(last)])
        tx._connection.execute(sa.text("update audit set mac = :mac where case_id = 2 and mac = ''"), {"mac": last.mac})
        seq = tx.cases.get(other).audit_seq
    assert [*broken(desk)] == [f"case {other}: {seq}"]


def test_people_and_the_book_are_told_within_the_minute(place: Bench) -> None:
    desk = place.desk
    assert [*foreign_ends(desk)] == []
    appended(place)
    (found,) = (one for one in look_quietly(desk, SYSTEM) if one.name == "seals")
    assert found.level is Level.FAULT
    assert f"chain book account: entry 4 ({when(acts(desk)[-1])}) {NOT_OURS}" in found.found.en
    assert [tell_unsealed(desk, SYSTEM) for _ in range(2)] == [1, 0], "once in a process"


def test_the_daily_comparison_says_it_and_believes_no_report_of_others(place: Bench) -> None:
    desk = place.desk
    assert verified(desk).level is Level.FINE
    appended(place)
    place.clock.move_to(place.clock.now() + timedelta(days=1))
    found = verified(desk)
    assert (found.level, f"chain book account: entry 4 ({when(acts(desk)[-1])}) {NOT_OURS}" in found.found.en) == (
        Level.FAULT, True,
    ), found  # fmt: skip
    with desk.store.read() as tx:
        report = newest_report(tx)
    assert report is not None
    fine = {**report.data, "after": {**report.data["after"], "count": 0, "wrong": []}}
    add_act(desk, replace(report, data=fine))
    with desk.store.read() as tx:
        assert newest_report(tx) == report


@pytest.mark.parametrize(
    "change",
    [
        "update act set data = :fine where id = :id",
        "update act set action = 'epoch.begin' where id = :id",
        "delete from act where id = :id",
    ],
)
def test_a_report_that_somebody_changed_hides_nothing(place: Bench, change: str) -> None:
    desk = place.desk
    assert verified(desk).level is Level.FINE
    with desk.store.read() as tx:
        before = newest_report(tx)
    executed(desk, "update act set about = '别的' where seq = 2 and chain = 'account'")
    place.clock.move_to(place.clock.now() + timedelta(days=1))
    assert "from entry 2 on" in verified(desk).found.en
    with desk.store.read() as tx:
        report = newest_report(tx)
    assert report is not None
    fine = {**report.data, "after": {**report.data["after"], "count": 0, "wrong": []}}
    statement = sa.text(change)
    if ":fine" in change:
        statement = statement.bindparams(sa.bindparam("fine", fine, sa.JSON))
    with desk.store.write() as tx:
        tx._connection.execute(statement, {"id": report.id})
    with desk.store.read() as tx:
        assert newest_report(tx) == before
    said = next(one for one in look_quietly(desk, SYSTEM) if one.name == "verified")
    assert said.level is Level.FAULT
    assert f"chain book operation was changed or cut from entry {report.seq} on" in said.found.en
    place.clock.move_to(place.clock.now() + timedelta(days=1))
    assert f"chain book operation was changed or cut from entry {report.seq} on" in verified(desk).found.en, (
        "and told on"
    )


def test_chains_of_before_are_marked_and_nothing_is_put_into_them(store: Store) -> None:
    bench = make_bench(store)
    desk = bench.desk
    with without_keys(desk):
        for active in (False, True, False):
            set_active(desk, bench.admin, bench.stranger.person_id or 0, active)
        start_case(desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    seal_rows(desk, SYSTEM)
    assert broken(desk) == {}
    with desk.store.read() as tx:
        marks = tx.entries.marks(["book account", "case 1", "book nothing"])
    assert {chain: mark.seq for chain, mark in marks.items()} == {"book account": 3, "case 1": marks["case 1"].seq}
    set_active(desk, bench.admin, bench.stranger.person_id or 0, True)
    assert broken(desk) == {}
    cut(desk, 2)
    assert [*broken(desk)] == ["book account: 3"], "its end is missing"
    executed(desk, "update chain_mark set seq = 2, hash = (select hash from act_head where chain = 'account')")
    assert "book account: 1" in broken(desk), "a mark of others says nothing"
    executed(desk, "delete from chain_mark")
    assert "case 1: 1" in broken(desk)
    seal_rows(desk, SYSTEM, again=True)
    assert broken(desk) == {}, "an administrator of the machine took them as they stand"
    assert [row.data["after"]["count"] for row in acts(desk, "record") if "按现状确认" in row.about] != []


def test_an_older_program_beside_this_one_is_marked_for_a_day_and_told_of(store: Store) -> None:
    bench = make_bench(store)
    desk, who = bench.desk, bench.stranger.person_id or 0
    for table in ("person", "membership"):
        executed(desk, f"update {table} set seal = ''")
    seal_rows_beside(desk, SYSTEM)
    assert desk.store.seals is not None
    assert not desk.store.seals.asks_for(CHAIN_MARKS)
    with without_keys(desk):
        set_active(desk, bench.admin, who, False)
    set_active(desk, bench.admin, who, True)
    seal_rows_beside(desk, SYSTEM)
    told = [row.data["after"] for row in acts(desk, "record") if "没有本系统的密钥印记" in row.about]
    assert told == [{"count": 1, "entries": ["book account: 1"]}]
    bench.clock.move_to(bench.clock.now() + BESIDE)
    seal_rows_beside(desk, SYSTEM)
    assert (desk.store.seals.asks_for(CHAIN_MARKS), broken(desk)) == (True, {})
    with without_keys(desk):
        set_active(desk, bench.admin, who, False)
    assert [*broken(desk)] == ["book account: 3"]


def test_macs_are_made_by_the_algorithm_of_the_setting_and_both_hold(place: Bench) -> None:
    place.desk.store.digest = SM3
    set_active(place.desk, place.admin, place.stranger.person_id or 0, True)
    assert [algorithm_of(row.mac) for row in acts(place.desk)] == [SHA256, SHA256, SHA256, SM3]
    assert broken(place.desk) == {}


def test_entries_cost_no_statement_and_are_made_while_the_folder_of_keys_is_away(place: Bench) -> None:
    desk = place.desk
    row = acts(desk)[-1]
    with desk.store.write() as tx:
        with desk.store.statements() as sent:
            tx.acts.append(replace(row, id=0))
        in_one = [["select", "insert", "update"], ["with"]]  # PostgreSQL writes and moves the head at once
        assert [sql.split()[0].lower() for sql, _ in sent] == in_one[desk.store.dialect == "postgresql"]
    folder = desk.ballot_keys.root
    folder.rename(folder.parent / "elsewhere")
    with desk.store.write() as tx:
        tx.acts.append(replace(row, id=0))
    (folder.parent / "elsewhere").rename(folder)
    assert broken(desk) == {}


def test_a_new_folder_of_keys_takes_the_chains_as_they_stand(store: Store) -> None:
    bench = make_bench(store)
    set_active(bench.desk, bench.admin, bench.stranger.person_id or 0, False)
    executed(bench.desk, "update act set mac = :mac where chain = 'account'", mac="0" * 64)
    seal_rows(bench.desk, SYSTEM)
    assert broken(bench.desk) == {}
    executed(bench.desk, "delete from chain_mark")
    assert [*broken(bench.desk)] == ["book account: 1"]
