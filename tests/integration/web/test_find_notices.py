"""Whoever looks for a notice finds it by its title or by a name of its list, on the portal and by program."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from service.casework.queries.monitoring.ending_notices import list_ending_notices
from service.domain.calendar import local_date
from tests.integration.web.test_notices import posted  # noqa: F401  a fixture
from tests.support.browsers import Browser
from tests.support.desks import Bench

Browse = Callable[..., Browser]


@pytest.fixture
def listed(bench: Bench, posted: str) -> str:  # noqa: F811
    """A running notice whose list names two organisations, and an internal one that names them, too."""
    with bench.desk.store.write() as tx:
        row = tx.notices.get(1)
        tx.notices.update(
            1, content={**row.content, "entries": [{"组织": "青山机械厂", "分数": 9}, {"组织": "长河纺织"}]}
        )
        tx.notices.insert(replace(tx.notices.get(1), id=0, title="内部通报", audience="internal"))
    return posted


@pytest.mark.parametrize("words", ["青山", "长河 公示", "机械厂"])
@pytest.mark.parametrize("place", ["/portal?of=every-city&", "/portal/testville?"])
def test_a_notice_is_found_by_its_title_and_the_names_of_its_list(
    browse: Browse, listed: str, words: str, place: str
) -> None:
    page = browse().get(f"{place}q={words}").text
    assert f'href="{listed}"' in page
    assert "内部通报" not in page
    assert f'value="{words}"' in page  # what was typed stays


def test_what_is_not_there_and_what_is_too_short_are_said(browse: Browse, listed: str) -> None:
    visitor = browse()
    assert "没有标题或名单中含“白云”的公示" in visitor.get("/portal?q=白云").text
    short = visitor.get("/portal?q=山")
    assert (short.status_code, "请至少输入两个字" in short.text) == (422, True)


def test_notices_that_end_this_week_go_on_page_by_page(
    browse: Browse,
    bench: Bench,
    posted: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("service.casework.queries.monitoring.ending_notices.PAGE", 2)
    with bench.desk.store.write() as tx:
        today = local_date(bench.clock.now())
        first = replace(tx.notices.get(1), id=0, last_day=today)
        for _ in range(4):
            tx.notices.insert(first)
    page = list_ending_notices(bench.desk, bench.admin)
    seen = [row.id for row in page.rows]
    while page.after:
        page = list_ending_notices(bench.desk, bench.admin, "", page.after)
        seen += [row.id for row in page.rows]
    shown = re.search(r"<b>(\d+)</b>\s*<span>本周届满公示", browse("admin").get("/monitor").text)
    figure = int(shown[1])  # type: ignore[index]
    assert len(seen) == len(set(seen)) == figure >= 4
