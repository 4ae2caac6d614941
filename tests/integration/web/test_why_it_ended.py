"""An ended case says its ground where the result stands, and of what ended early nothing that was not so."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.verbs import DOERS
from service.store import Store
from tests.support.browsers import browser_of
from tests.support.half_seasons import season

Open = Callable[[str], Store]


def page(stage: PlayState, who: str, path: str) -> str:
    text = browser_of(stage, who).get(path).text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


def to_the_end(stage: PlayState) -> None:
    """Play what is left of the scenario, from the move at which its season stopped."""
    for move in stage.scenario.moves[len(stage.scenario.moves) - left(stage) :]:
        stage.pass_time(move)
        if move.verb in DOERS and "refused" not in move.keys:
            DOERS[move.verb](stage, move, stage.cast.actor(move.who or "office"))
            stage.drain()


def left(stage: PlayState) -> int:
    """Return how many moves follow the one that started the last of the stage's cases."""
    begun = [n for n, move in enumerate(stage.scenario.moves) if move.verb == "start"]
    return len(stage.scenario.moves) - begun[len(stage.cases) - 1] - 1


def test_a_round_that_may_not_start_says_when_it_may(sqlite_url: str, open_store: Open) -> None:
    stage = season("qingyuan/quality_award", "cycle_rules", open_store(sqlite_url), 1)
    shown = page(stage, "office", f"/cases/{stage.case('届')}")
    reason = "上一届是2025年的，每2年一届，2027年起才能启动（一（二））。"
    assert shown.count(reason) == 2  # where the end is said, and in the history


def test_an_applicant_reads_the_ground_where_the_result_stands(sqlite_url: str, open_store: Open) -> None:
    stage = season("ganzhou/quality_award", "conditions", open_store(sqlite_url), 5)
    to_the_end(stage)
    shown = page(stage, "乙", f"/cases/{stage.case('乙')}")
    result = shown.partition(" 结果 ")[2].partition("有关文书见下方")[0]
    assert "不符合的条件：合法生产经营不足3年" in result
    assert "第十三条第（一）项" in result
    assert "不符合的条件" not in page(stage, "甲", f"/cases/{stage.case('甲')}")


def test_whom_a_government_struck_reads_who_did_when_why_and_under_which_article(
    sqlite_url: str, open_store: Open
) -> None:
    stage = season("ganzhou/quality_award", "government_powers", open_store(sqlite_url), 4)
    to_the_end(stage)
    shown = page(stage, "乙", f"/cases/{stage.case('乙')}")
    why = shown.partition("为什么是这个结果")[2]
    assert "甘州区人民政府审定时未予批准，从拟获奖名单中划去" in why
    assert "第十六条第（六）项" in why
    assert "2027年1月5日（周二） · 甘政发〔2027〕2号 · 理由：" in why
    assert why.index("未予批准") < why.index("表决")
    assert "未予批准" not in page(stage, "甲", f"/cases/{stage.case('甲')}")


@pytest.fixture
def withdrawn(sqlite_store: Store) -> PlayState:
    """An application that was withdrawn on 23 March; its public notice was to run until 26 March."""
    stage = season("urumqi/quality_award", "withdrawn", sqlite_store, 2)
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
