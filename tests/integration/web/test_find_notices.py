"""Whoever looks for a notice finds it by its title or by a name of its list, on the portal and by program."""

from dataclasses import replace

import pytest

from tests.integration.web.test_notices import posted  # noqa: F401  a fixture
from tests.support.browsers import Browse
from tests.support.desks import Bench


@pytest.fixture
def listed(bench: Bench, posted: str) -> str:  # noqa: F811
    """A running notice whose list names two organisations, and an internal one that names them, too."""
    with bench.desk.store.write() as tx:
        row = tx.notices.get(1)
        tx.notices.change(
            1, content={**row.content, "entries": [{"组织": "青山机械厂", "分数": 9}, {"组织": "长河纺织"}]}
        )
        tx.notices.insert(replace(tx.notices.get(1), id=0, title="内部通报", audience="internal"))
    return posted


def test_notices_of_the_same_days_stand_in_one_row(browse: Browse, bench: Bench, listed: str) -> None:
    with bench.desk.store.write() as tx:
        for _ in range(4):
            tx.notices.insert(replace(tx.notices.get(1), id=0))
    page = browse().get("/portal/testville").text
    assert page.count('<details class="notice-group">') == 1
    assert page.count(f'<li><a href="{listed}">') == 1


@pytest.mark.parametrize("words", ["青山", "长河 公示", "机械厂"])
@pytest.mark.parametrize("place", ["/portal?of=every-city&", "/portal/testville?"])
def test_a_notice_is_found_by_its_title_and_the_names_of_its_list(
    browse: Browse, listed: str, words: str, place: str
) -> None:
    page = browse().get(f"{place}q={words}").text
    assert f'href="{listed}"' in page
    assert "内部通报" not in page
    assert f'value="{words}"' in page  # what was typed stays
