"""From when a time limit runs, as clauses say it."""

from __future__ import annotations

import pytest

from service.catalog.assistants.clause_reading import read_clause
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.limit_starts import LimitStart, limit_starts, start_said, start_to_choose


@pytest.mark.parametrize(
    ("text", "start", "words"),
    [
        ("办公室应当自申报截止之日起15个工作日内作出是否受理的决定。", LimitStart.DEADLINE, "申报截止之日起"),
        ("申报期限届满后，办公室应当在10个工作日内完成资格审查。", LimitStart.DEADLINE, "申报期限届满后"),
        ("自收到申报材料之日起5个工作日内审核。", LimitStart.TASK, "收到申报材料之日起"),
        ("公示期满后10日内报市人民政府审定。", LimitStart.NOTICE, "公示期满后"),
        ("自提交申报材料之日起十个工作日内告知。", LimitStart.FILED, "提交申报材料之日起"),
        ("评审办应当自受理之日起三十日内审查完毕。", None, "受理之日起"),
    ],
)
def test_a_clause_says_from_when_its_time_limit_runs(text: str, start: LimitStart | None, words: str) -> None:
    said = start_said(text)
    assert said is not None
    assert (said.start, said.words) == (start, words)
    assert start_to_choose(text) == (start or "")
    assert read_clause(AssistKind.TIME_LIMIT, text).fields.get("starts") == start


def test_where_no_day_is_named_it_runs_from_the_task_and_of_several_somebody_has_to_say() -> None:
    assert start_to_choose("办公室应当在5个工作日内答复。") == "task"
    assert limit_starts("本办法自公布之日起30日后施行。") == ()
    several = "自收到材料之日起5个工作日内初审，自申报截止之日起15个工作日内决定。"
    assert start_to_choose(several) == ""
    said = start_said(several, "15", "working_days")
    assert said is not None
    assert said.start is LimitStart.DEADLINE
