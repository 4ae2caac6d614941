"""Pages of a file that somebody wrote into the database are not shown: they are drawn anew, and named meanwhile."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.people.seals.row_seals import seal_rows
from service.casework.queries.downloads.file_pages import open_page, view_pages
from service.casework.soundness.digests import wrong_marks
from tests.integration.review.test_file_pages import hand_in, report
from tests.support.review import DECLARED, ReviewBench


@pytest.fixture
def expert(drawn: ReviewBench) -> ReviewBench:
    """An expert who scores, on both databases; seals are asked for."""
    bench = drawn
    bench.play(DECLARED)
    bench.people["expert"] = int(bench.tasks("score")[0].assignee_id or 0)
    seal_rows(bench.desk, SYSTEM)
    return bench


def sql(bench: ReviewBench, words: str) -> None:
    """Write as somebody does who has the database alone."""
    with bench.desk.store.write() as tx:
        assert tx._connection.execute(sa.text(words)).rowcount > 0


def seen(bench: ReviewBench) -> tuple[int, list[str], list[bytes]]:
    """Return how many pages an expert sees, their texts and their pictures."""
    who = bench.member(bench.people["expert"])
    shown = view_pages(bench.desk, who, "r1")
    pictures = [open_page(bench.desk, who, "r1", sheet.page).content.read() for sheet in shown.sheets]
    return shown.pages, [sheet.text.strip() for sheet in shown.sheets], pictures


def named(bench: ReviewBench) -> set[str]:
    return {mark.table for mark in wrong_marks(bench.desk) if mark.table in ("file_page", "paged_file")}


CHANGES = {
    "picture": "update file_page set picture = '{other}' where page = 1",
    "text": "update file_page set text = 'page 9' where page = 1",
    "another page": "update file_page set picture = (select picture from file_page p where p.page = 2 and p.sha256 = file_page.sha256)"
    " where page = 1",
    "fewer": "update paged_file set pages = 1",
    "none": 'update paged_file set pages = 0, why = \'{{"zh": "不能显示", "en": "none"}}\'',
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_page_that_somebody_wrote_is_drawn_anew(expert: ReviewBench, change: str) -> None:
    hand_in(expert, "r1", report())
    before = seen(expert)
    assert (before[0], before[1], named(expert)) == (3, ["page 1", "page 2", "page 3"], set())
    other = expert.desk.store.files.put(b"\x89PNG another picture")[0]
    sql(expert, CHANGES[change].format(other=other))
    assert named(expert) != set()
    assert seen(expert) == before
    assert named(expert) == set(), "what was drawn anew is the program's"
    with expert.desk.store.read() as tx:
        (told,) = tx.incidents.list_open()
        history = [row.text for row in tx.history.of_case(expert.case()) if row.action == "incident"]
    assert "附件 r1 的页面在系统之外被改动" in told.what["zh"]
    assert "没有操作被拒绝" in told.consequence["zh"]
    assert history == [told.what["zh"]]
