"""The inside of a case: where it stands, why its timers fire when they do, what it waits for, and its variables."""

from __future__ import annotations

import re
from datetime import date

import pytest

from service.casework.reading.value_words import value_in_words
from service.casework.step.instants import explain_window
from service.domain.calendar import RestDayRule, named_day
from service.domain.forms.model import Input, InputType
from service.store import NewWork
from tests.support.browsers import Browse
from tests.support.desks import Bench


@pytest.fixture
def posted(bench: Bench) -> int:
    """An application whose notice runs."""
    return bench.decided()


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


def test_a_timer_says_when_it_fires_and_why(bench: Bench, browse: Browse, posted: int) -> None:
    page = words(browse("office").get(f"/cases/{posted}/process").text)
    with bench.desk.store.read() as tx:
        [notice] = tx.notices.select(case_id=posted)
    assert re.search(r"2026年3月1\d日（周.） 00:00 届满 ?，因为", page), page
    assert notice.period["zh"] in page
    assert "escalation" not in page


def test_a_fixed_day_names_who_set_it(bench: Bench, browse: Browse, posted: int) -> None:
    with bench.desk.store.write() as tx:
        [known] = [row for row in tx.work.of_case(posted, ("waiting",)) if row.kind == "timer" and row.element]
        named = bench.desk.calendar("cn")
        said = {**known.payload, **explain_window(named_day(named, date(2010, 5, 1), RestDayRule.NONE))}
        tx.work.enqueue_many([NewWork("timer", posted, "timer:fixed", said, known.due_at)], bench.clock.now())
    page = words(browse("office").get(f"/cases/{posted}/process").text)
    assert "2010年5月1日是办件中确定的固定日期，不按天数计算；由甲公司 · applicant在“" in page, page


def test_values_are_said_in_words_but_not_what_was_typed(bench: Bench, posted: int) -> None:
    with bench.desk.store.read() as tx:
        package = bench.desk.packages.get(tx.cases.get(posted).definition, tx)
    said = {
        value_in_words(package, value).zh
        for value in ("2026-03-09T16:00:00+00:00", True, None, ["a", "b"], {"name": "执照.pdf", "id": "x"}, [1] * 9)
    }
    assert said == {"2026年3月9日24时", "是", "—", "a、b", "执照.pdf", "9 项"}
    typed = Input(id="x", key="x", type=InputType.TEXTFIELD)
    assert value_in_words(package, "2026-03-09", typed).zh == "2026-03-09"
