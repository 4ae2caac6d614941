"""An award on record, and who holds one besides, count with the seal of this installation alone; what is missing is missed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.access.altered_state import ALTERED_ROW, reporting
from service.casework.people.seals.renew_seals import renew_taken_back
from service.casework.people.seals.row_seals import seal_rows_beside, unsealed
from service.casework.register.import_awards import import_awards
from service.casework.subjects.register_facts import register_of
from service.casework.subjects.rounds import Rounds
from service.store.rows import AwardRow, CasePartyRow
from service.store.rows.cases import case_party
from service.store.rows.columns import metadata
from service.store.seals.counted_rows import RowsMissing
from service.store.seals.row_seals import _OF_TABLE, SEALED
from tests.support.first_start import first_start
from tests.support.review import ReviewBench

HEADINGS = ["组织名称", "统一社会信用代码", "届次", "类别", "授奖日期"]


def sql(here: ReviewBench, statement: str) -> None:
    with here.desk.store.write() as tx:
        tx._connection.exec_driver_sql(statement)


def bodies(here: ReviewBench) -> tuple[int, int]:
    """Put an award of the applicant on record that another organisation holds, too; returns both."""
    first_start(here.desk)
    with here.desk.store.write() as tx:
        own = tx.cases.get(here.case()).subject_id or 0
        other = tx.people.upsert_body("*", "9137X", kind="organisation", name="丙公司")
        row = AwardRow(
            jurisdiction="riverton", award="prize", tier="prize", body_id=own, round="2020", decided_on=date(2020, 5, 6)
        )
        tx.register.add_holder(tx.register.insert_award(row), other, "partner")
    return own, other


def asked(here: ReviewBench, body: int) -> list[Any]:
    """Ask the register as a step does."""

    def work() -> list[Any]:
        with here.desk.store.write() as tx:
            return list(register_of(tx, [body], tx.cases.get(here.case("届")))["awards"])

    return reporting(lambda: here.desk, work)


def read(here: ReviewBench, body: int) -> list[AwardRow]:
    with here.desk.store.read() as tx:
        return tx.register.awards(body)


COPIED = "jurisdiction, award, tier, body_id, round, decided_on, number, details, revoked_on, seal"


def test_a_written_award_counts_for_nothing_and_hides_no_deleted_one(here: ReviewBench) -> None:
    own, _ = bodies(here)
    sql(here, f"insert into award_record ({COPIED}) select {COPIED} from award_record")
    assert len(asked(here, own)) == len(read(here, own)) == 1
    with here.desk.store.read() as tx:
        assert len(tx.register.public("riverton", limit=1)) == 1  # and shortens no page
        assert len(tx.register.conferred("riverton", "prize", date.min)) == 1
    assert any("award_record" in said.en for said in unsealed(here.desk))
    with here.desk.store.write() as tx:
        tx._connection.exec_driver_sql("delete from award_holder")
        tx._connection.exec_driver_sql("delete from award_record where id = (select min(id) from award_record)")
    with pytest.raises(RowsMissing, match=r"表 award_record 中 body_id 为 .* 的应有 1 行，现有 0 行"):
        asked(here, own)


@pytest.mark.parametrize("change", ["revoked_on = '2021-01-01'", "tier = 'gold'", "decided_on = '2010-01-01'"])
def test_a_changed_award_counts_for_nothing_and_is_missed(here: ReviewBench, change: str) -> None:
    own, other = bodies(here)
    [kept] = read(here, own)
    sql(here, f"update award_record set {change}")
    assert read(here, own) == []
    for body in (own, other):
        with pytest.raises(RowsMissing, match="award_record"):
            asked(here, body)
    with here.desk.store.write() as tx, pytest.raises(RowsMissing, match="id 为"):
        tx.register.revoke_award(kept.id, date(2021, 2, 3))


def test_what_the_program_changes_of_an_award_holds_and_its_row_of_before_does_not(here: ReviewBench) -> None:
    own, other = bodies(here)
    award = metadata.tables["award_record"]
    [before] = read(here, own)
    with here.desk.store.write() as tx:
        assert tx.register.revoke_award(before.id, date(2021, 2, 3))
        assert not tx.register.revoke_award(before.id, date(2021, 2, 4))
        tx.register.add_details(before.id, {"revoked_because": "弄虚作假"})
    [now] = asked(here, own)
    assert (now["revoked_on"], now["details"]["revoked_because"]) == ("2021-02-03", "弄虚作假")
    with here.desk.store.write() as tx:
        tx._connection.execute(sa.update(award).values(revoked_on=None, details=before.details, seal=before.seal))
    with pytest.raises(RowsMissing):
        asked(here, own)
    with here.desk.store.write() as tx:  # a backup of before is as good as it was
        renew_taken_back(here.desk, tx)
    assert len(asked(here, own)) == len(asked(here, other)) == 1


def test_a_holder_that_is_deleted_is_missed_and_a_written_one_holds_nothing(here: ReviewBench) -> None:
    own, other = bodies(here)
    [row] = asked(here, other)
    store = here.desk.store
    with store.write() as tx:
        stranger = tx.people.upsert_body("*", "9137Y", kind="organisation", name="丁公司")
        tx._connection.exec_driver_sql(
            f"insert into award_holder (award_id, body_id, kind, seal) select award_id, {stranger}, kind, seal from award_holder"
        )
    assert asked(here, stranger) == read(here, stranger) == []
    with store.read() as tx:
        assert [one.body_id for one in tx.register.holders([row["id"]])] == [other]
    sql(here, f"delete from award_holder where body_id = {other}")
    with pytest.raises(RowsMissing, match=f"表 award_holder 中 body_id 为 {other} 的应有 1 行，现有 0 行"):
        asked(here, other)
    with store.write() as tx, pytest.raises(RowsMissing, match=r"表 award_holder 中 award_id 为 .*现有 0 行"):
        tx.register.holders([row["id"]])
    assert len(asked(here, own)) == 1


def test_who_passed_an_award_on_and_who_has_it_are_known(here: ReviewBench) -> None:
    own, other = bodies(here)
    [award] = read(here, own)
    with here.desk.store.write() as tx:
        tx.register.pass_on(award.id, other, date(2022, 1, 31))
        tx.register.add_holder(award.id, own, "former", date(2022, 1, 30))
    assert [one["id"] for one in (*asked(here, own), *asked(here, other))] == [award.id] * 2
    with here.desk.store.read() as tx:
        assert [(one.body_id, one.until) for one in tx.register.holders([award.id])] == [(own, date(2022, 1, 30))]


def test_an_import_tells_its_city_where_the_winner_is_of_none(here: ReviewBench) -> None:
    bodies(here)
    with here.desk.store.write() as tx:
        body = tx.people.upsert_body("*", "91350100M000100Y43", kind="organisation", name="戊公司")
        row = AwardRow(
            jurisdiction="riverton",
            award="prize",
            tier="prize",
            body_id=body,
            round="2010",
            decided_on=date(2010, 1, 2),
        )
        tx.register.insert_award(row)
    sql(here, f"delete from award_record where body_id = {body}")
    line = ["戊公司", "91350100M000100Y43", "2012", "prize", "2012-01-02"]
    with pytest.raises(RowsMissing):
        import_awards(here.desk, here.actor("office"), "riverton/prize", [HEADINGS, line])
    with here.desk.store.read() as tx:
        [told] = [one for one in tx.incidents.list_open() if one.kind == ALTERED_ROW]
    assert (told.jurisdiction, told.case_id) == ("riverton", None)
    assert "“戊公司”的获奖记录" in str(told.what["zh"])


def test_rounds_are_not_counted_while_a_case_or_an_award_of_the_place_is_missing(here: ReviewBench) -> None:
    bodies(here)
    round_of = here.case("届")

    def counted() -> int:
        with here.desk.store.write() as tx:
            return len(Rounds.before(tx, tx.cases.get(round_of)).began)

    assert counted() == 2
    with here.desk.store.write() as tx:
        row = tx.cases.get(round_of)
        earlier = tx.cases.insert(_like(row, started_at=row.started_at - timedelta(days=400)))
    assert counted() == 3
    sql(here, f"delete from case_instance where id = {earlier}")
    with pytest.raises(RowsMissing, match="表 case_instance 中 jurisdiction 为 riverton"):
        counted()


def _like(row: Any, **changes: Any) -> Any:
    values = {name: getattr(row, name) for name in type(row).__slots__}
    return type(row)(**{**values, "id": 0, "number": None, "title": "前一届", **changes})


def test_taking_a_foreign_row_out_of_a_case_counts_nothing_less(here: ReviewBench) -> None:
    """Else an honest one could be deleted afterwards, and nobody would miss it."""
    own, other = bodies(here)
    case, store = here.case(), here.desk.store
    with store.write() as tx:
        tx.cases.bind(case, "partner", own)
    row = CasePartyRow(case_id=case, role="partner", body_id=other, seal="x.y")
    with store.write() as tx:
        tx._connection.execute(sa.insert(case_party), {name: getattr(row, name) for name in case_party.c.keys()})  # noqa: SIM118
        tx.cases.unbind(case, "partner", other)
    with store.write() as tx:
        assert [one.id for one in tx.cases.parties(case)["partner"]] == [own]
    sql(here, f"delete from case_party where case_id = {case} and role = 'partner'")
    with store.write() as tx, pytest.raises(RowsMissing):
        tx.cases.parties(case)


def test_awards_of_a_program_before_are_sealed_and_their_holders_counted(here: ReviewBench) -> None:
    """An installation of the version before: counts are asked for already, awards have no seal."""
    seals, store = here.desk.store.seals, here.desk.store
    assert seals is not None
    for name in {SEALED, *_OF_TABLE.values()} - {_OF_TABLE["award_record"]}:
        seals._keys.secret(name)
    with store.write() as tx:
        own = tx.cases.get(here.case()).subject_id or 0
        other = tx.people.upsert_body("*", "9137X", kind="organisation", name="丙公司")
    kept, store.seals = store.seals, None  # an older program seals and counts no award
    with store.write() as tx:
        row = AwardRow(
            jurisdiction="riverton", award="prize", tier="prize", body_id=own, round="2020", decided_on=date(2020, 5, 6)
        )
        tx.register.add_holder(tx.register.insert_award(row), other, "partner")
    store.seals = kept
    assert len(read(here, own)) == len(read(here, other)) == len(asked(here, other)) == 1
    seal_rows_beside(here.desk, SYSTEM)
    here.stage.clock.move_to(here.desk.clock.now() + timedelta(hours=25))
    seal_rows_beside(here.desk, SYSTEM)
    assert seals.asked_for
    assert len(read(here, own)) == len(read(here, other)) == len(asked(here, other)) == 1
    sql(here, "delete from award_holder")
    with pytest.raises(RowsMissing):
        asked(here, other)


def test_the_years_of_the_register_are_those_of_its_awards(here: ReviewBench) -> None:
    own, _ = bodies(here)
    entered = AwardRow(
        jurisdiction="riverton", award="prize", tier="prize", body_id=own, round="1999", decided_on=date(1999, 5, 6)
    )
    with here.desk.store.write() as tx:
        tx.register.insert_award(entered)
    copied = COPIED.replace("decided_on", "'{0}'")
    for day in ("1987-01-01", "1999-12-31"):
        sql(here, f"insert into award_record ({COPIED}) select {copied.format(day)} from award_record where id = 1")
    with here.desk.store.read() as tx:
        years = tx.register.years("riverton")
        assert years == tx.register.years() == [2020, 1999]
        assert all(tx.register.public("riverton", year=year) for year in years)
