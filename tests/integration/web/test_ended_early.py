"""Of a notice that ended before its last day, and of a case on which nobody voted, pages say nothing that was not so."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from service.casework.simulate.stage.stage import PlayState
from service.store import Store
from tests.integration.web.test_why_it_ended import page, to_the_end
from tests.support.half_seasons import season


@pytest.fixture
def withdrawn(sqlite_url: str, open_store: Callable[[str], Store]) -> PlayState:
    """An application that was withdrawn on 23 March; its public notice was to run until 26 March."""
    stage = season("urumqi/quality_award", "withdrawn", open_store(sqlite_url), 2)
    to_the_end(stage)
    return stage


def test_nobody_is_said_not_to_have_objected_before_the_last_day(withdrawn: PlayState) -> None:
    case = withdrawn.case("甲")
    with withdrawn.desk.store.read() as tx:
        notice = next(row for row in tx.notices.select(case_id=case) if row.audience == "public")
        kept = [event.text for event in tx.history.newest(case)]
    assert "期满前终止（原定公示至2026年3月26日）" in " ".join(kept)
    for who in ("甲", "office"):
        shown = page(withdrawn, who, f"/cases/{case}")
        assert set(re.findall(rf"{notice.title}[^“]{{0,60}}(无异议|期满前终止)", shown)) == {"期满前终止"}
    posted = page(withdrawn, "office", f"/notices/{notice.id}")
    assert "公示期满前已终止" in posted
    assert "终止于 2026年3月23日" in posted
    assert "没有收到异议" not in posted
