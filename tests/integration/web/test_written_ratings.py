"""Ratings that somebody wrote or changed in the database are neither shown nor counted, and are named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.cases.act_on_case import act_on_case
from service.casework.cases.rate import answer_rating, rate_case
from service.casework.cases.start import start_case
from service.casework.people.seals.missing_rows import missing_rows
from service.casework.people.seals.row_seals import seal_rows
from service.casework.queries.people.ratings import list_ratings, rating_tasks, waiting_ratings
from service.casework.soundness.digests import wrong_marks
from service.domain.errors import LaurelError
from service.store import Store
from service.store.repositories.cases.case_content import StoredContent
from service.store.seals.counted_rows import RowsMissing
from tests.support.browsers import Browser, make_app
from tests.support.desks import PACKAGE, Bench, make_bench

Browse = Callable[..., Browser]
BAD = "补正通知看不懂"


@pytest.fixture
def bench(store: Store) -> Bench:
    """The small award on both databases; seals are asked for."""
    bench = make_bench(store)
    seal_rows(bench.desk, SYSTEM)
    return bench


def ended(bench: Bench) -> int:
    case_id = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    act_on_case(bench.desk, bench.applicant, case_id, "withdraw", {"reason": "内部调整"})
    return case_id


def sql(bench: Bench, words: str) -> None:
    """Write as somebody does who has the database alone."""
    with bench.desk.store.write() as tx:
        assert tx._connection.execute(sa.text(words)).rowcount == 1


def named(bench: Bench) -> list[str]:
    return [mark.row for mark in wrong_marks(bench.desk) if mark.table == "rating"]


def figures(bench: Bench) -> tuple[int, int, int]:
    found = list_ratings(bench.desk, bench.office).figures
    return found.given, found.good, found.bad


CHANGES = (
    "grade = 5",
    "words = '很好'",
    "grade = 5, reply_by = null",
    "answer = '已整改', answered_at = at, answered_by = 1",
    "reply_by = '2030-01-01'",
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_bad_rating_that_somebody_changed_is_no_other_one(bench: Bench, change: str) -> None:
    case = ended(bench)
    rate_case(bench.desk, bench.applicant, case, 1, BAD)
    other = ended(bench)
    rate_case(bench.desk, bench.applicant, other, 4)
    assert (figures(bench), named(bench)) == ((2, 1, 1), [])
    sql(bench, f"update rating set {change} where case_id = {case}")
    assert figures(bench) == (1, 1, 0), "it is not counted as what it says"
    assert [line.case_id for line in list_ratings(bench.desk, bench.office).all] == [other]
    assert rating_tasks(bench.desk, bench.office) == ()
    with bench.desk.store.read() as tx:
        assert waiting_ratings(tx, ["testville"]) == (0, None)
    assert named(bench) == [f"{case}"]
    for act in (
        lambda: rate_case(bench.desk, bench.applicant, case, 5),
        lambda: answer_rating(bench.desk, bench.office, case, "已整改"),
    ):
        with pytest.raises(LaurelError, match="在系统之外被改动"):
            act()


def test_a_rating_that_somebody_deleted_is_missed_and_not_given_anew(bench: Bench) -> None:
    case = ended(bench)
    rate_case(bench.desk, bench.applicant, case, 1, BAD)
    assert [mark.zh for mark in missing_rows(bench.desk, daily=True)] == []
    sql(bench, f"delete from rating where case_id = {case}")
    (missed,) = missing_rows(bench.desk, daily=True)
    assert f"表 rating 中 case_id 为 {case} 的应有 1 行，现有 0 行" in missed.zh
    with pytest.raises(RowsMissing, match="数据在系统之外被删除"):
        rate_case(bench.desk, bench.applicant, case, 5)
    other = ended(bench)
    rate_case(bench.desk, bench.applicant, other, 4)
    assert figures(bench) == (1, 1, 0)


def test_a_rating_that_somebody_wrote_is_none(bench: Bench) -> None:
    case, mine = ended(bench), ended(bench)
    rate_case(bench.desk, bench.applicant, mine, 3)
    columns = "jurisdiction, body_id, person_id, grade, words, at, seal"
    sql(bench, f"insert into rating (case_id, {columns}) select {case}, {columns} from rating where case_id = {mine}")
    assert (figures(bench), named(bench)) == ((1, 1, 0), [f"{case}"])
    page = Browser(make_app(bench), bench, "office").get("/ratings")
    assert (page.status_code, page.text.count("基本满意")) == (200, page.text.count("基本满意"))


def test_more_of_them_than_a_page_hide_none_of_the_program(bench: Bench) -> None:
    mine = ended(bench)
    rate_case(bench.desk, bench.applicant, mine, 1, BAD)
    columns = "jurisdiction, body_id, person_id, grade, words, at, reply_by, reason, seal"
    with bench.desk.store.read() as tx:
        cases = [row for (row,) in tx._connection.execute(sa.text("select id from case_instance"))]
    others = [case for case in cases if case != mine]
    for case in others:
        sql(
            bench,
            f"insert into rating (case_id, {columns}) select {case}, {columns} from rating where case_id = {mine}",
        )
    with bench.desk.store.read() as tx:
        assert [row.case_id for row in tx.ratings.waiting(["testville"], 1)] == [mine]
        assert [row.case_id for row in tx.ratings.listed(["testville"], 1)] == [mine]


def test_what_the_office_answers_and_what_is_erased_keeps_its_seal(bench: Bench) -> None:
    case = ended(bench)
    rate_case(bench.desk, bench.applicant, case, 2, BAD)
    with bench.desk.store.read() as tx:
        before = tx._connection.execute(sa.text("select seal from rating")).scalar_one()
    answer_rating(bench.desk, bench.office, case, "已改写通知")
    assert (figures(bench), named(bench)) == ((1, 0, 1), [])
    sql(bench, f"update rating set answer = null, answered_at = null, answered_by = null, seal = '{before}'")
    assert named(bench) == [f"{case}"], "nor does the unanswered one come back with its seal"
    with bench.desk.store.write() as tx:
        tx._connection.execute(sa.text("delete from rating"))
    again = ended(bench)
    rate_case(bench.desk, bench.applicant, again, 2, BAD)
    with bench.desk.store.write() as tx:
        tx.case_content.replace(StoredContent("rating", {"case_id": again}, {}), {"words": "已清除", "answer": None})
    assert named(bench) == [f"case_id {case}"], "the one that was deleted, and not the one that was erased"
