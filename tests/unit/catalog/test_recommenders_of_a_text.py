"""Who recommends by the words of a regulation: authorities alone, the number where all have one."""

from __future__ import annotations

import pytest

from service.catalog.law_text.presets import presets_of
from service.catalog.law_text.recommenders import places_to_recommend, recommenders_of


@pytest.mark.parametrize(
    ("text", "names", "places"),
    [
        (
            "申报组织由所在县（市、区）市场监督管理局审核推荐，每个单位推荐不超过3个。",
            ["县（市、区）市场监督管理局"],
            3,
        ),
        (
            "各县区市场监督管理局负责本辖区申报组织的审核推荐，于10个工作日内报送推荐材料。",
            ["县区市场监督管理局"],
            None,
        ),
        ("经行业主管部门、行业协会择优推荐。", ["行业主管部门", "行业协会"], None),
        ("由所在地质量主管部门在8个工作日内审核并推荐。", ["质量主管部门"], None),
        ("由专家评审组推荐候选名单。", [], None),
        ("区级推荐不超过3个，市级推荐不超过5个。", [], None),
    ],
)
def test_authorities_and_their_number_are_read(text: str, names: list[str], places: int | None) -> None:
    passage = [("第一条", text)]
    assert [name for name, _ in recommenders_of(passage)] == names
    assert places_to_recommend(passage) == places


def test_the_time_to_recommend_is_read_and_not_that_of_an_objection() -> None:
    found = presets_of([("第一条", "收到异议后5个工作日内答复推荐单位。"), ("第二条", "在8个工作日内审核推荐。")])
    assert (found["recommend_days"].value, found["recommend_days"].article) == ("8", "第二条")
