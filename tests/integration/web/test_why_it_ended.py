"""Who reads that a case has ended reads why beside it; steps of one name say where they belong."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.verbs import DOERS
from service.store import Store
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.half_seasons import season

Open = Callable[[str], Store]


def page(stage: PlayState, who: str, path: str) -> str:
    people = SimpleNamespace(desk=stage.desk, people={who: stage.cast.actor(who).person_id})
    text = Browser(create_app(stage.desk, settings_for_tests()), people, who).get(path).text  # type: ignore[arg-type]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


def to_the_end(stage: PlayState) -> None:
    """Play what is left of the scenario, from the move at which its season stopped."""
    for move in stage.scenario.moves[len(stage.scenario.moves) - left(stage) :]:
        stage.pass_time(move)
        if move.verb in DOERS:
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
