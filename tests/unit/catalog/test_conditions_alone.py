"""A condition of applying that no assistant writes is not taken for a bar."""

from __future__ import annotations

import pytest

from service.catalog.assistants.suggested_kind import is_condition_alone, suggested_kind
from service.catalog.clause_kinds.clause_assistants import AssistKind


@pytest.mark.parametrize(
    "text", ["建立质量管理体系；", "（二）建立、实施并保持质量管理体系；", "拥护党和国家的路线、方针、政策；"]
)
def test_what_an_applicant_must_have_asks_for_no_assistant(text: str) -> None:
    assert is_condition_alone("eligibility", text)
    assert not is_condition_alone("time_limit", text)


@pytest.mark.parametrize(
    "text", ["近三年内无重大质量、安全、环保事故；", "获奖未满三年的组织不得申报；", "发布申报通知；"]
)
def test_what_names_years_or_an_act_keeps_its_assistant(text: str) -> None:
    assert not is_condition_alone("eligibility", text)


def test_other_kinds_are_told_as_before() -> None:
    assert suggested_kind("eligibility", "近三年内无重大质量事故；") is AssistKind.BAR
    assert suggested_kind("notice", "公示。") is AssistKind.NOTICE
