"""Places by industry: each group keeps to its own number, whoever has none of its own competes for the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_clause import propose_assistance, write_assistance
from service.catalog.assistants.clause_reading import read_clause
from service.catalog.assistants.suggested_kind import suggested_kind
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.new_city.group_places import limits_as_drawn
from service.domain.errors import Invalid
from tests.integration.studio.test_drawn_clauses import DRAWN, OUTLINE, SEASON, played, tree
from tests.support.lakeside import Lakeside

FIRST = DRAWN["places_of_an_industry"]
SECOND = replace(
    FIRST, parameter="services", name="服务业名额", value="1", answers={"group": "服务业", "equals": "ballot"}
)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("制造业不超过3个。", {"value": "3", "unit": "count", "bound": "maximum", "group": "制造业"}),
        ("名额按行业分配：制造业不超过3个，服务业至多2个。", {}),
        ("小微企业名额不多于2家。", {"value": "2", "unit": "count", "bound": "maximum", "group": "小微企业"}),
    ],
)
def test_the_group_and_its_places_are_read(text: str, fields: dict[str, str]) -> None:
    assert suggested_kind("quota", text) is AssistKind.GROUP_PLACES
    assert dict(read_clause(AssistKind.GROUP_PLACES, text).fields) == fields


def test_two_groups_keep_to_their_own_numbers_and_equals_are_voted_on_again(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    with pytest.raises(Invalid, match="照条文填写"):
        propose_assistance(town.desk, town.designer, draft, replace(FIRST, answers={"group": "其他"}))
    for typed in (FIRST, SECOND):
        write_assistance(town.desk, town.designer, draft, typed)
    assert not [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    after = tree(town, draft)
    assert limits_as_drawn(after.package) == {"制造业": "manufacturers", "服务业": "services"}
    season = after.filled[SEASON].decode()
    assert season.count("group: 其他") == 2
    assert played(town, after.package, after.filled, SEASON).unmet == ()
    kept = [row.replace("group: 其他", "group: 服务业") for row in season.partition("expect:")[0].splitlines()]
    begun = next(n for n, row in enumerate(kept) if "start: application" in row)
    decided = next(n for n, row in enumerate(kept) if "complete: decide" in row)
    vote = next(n for n, row in enumerate(kept) if "vote:" in row)
    other = [kept[n].replace("甲", "丙") for n in (begun, decided)]
    both = kept[vote].replace("甲: yyy", "甲: yyy, 丙: yyy")
    rows = [*kept[: begun + 1], other[0], *kept[begun + 1 : decided + 1], other[1], *kept[decided + 1 : vote], both]
    text = "\n".join(rows).replace("乙: {name: 乙公司}", "乙: {name: 乙公司}, 丙: {name: 丙公司}")
    text += "\nexpect:\n  - {case: 届, reached: settle_equals}\n"
    assert [
        unmet.message.zh for unmet in played(town, after.package, {**after.filled, SEASON: text.encode()}, SEASON).unmet
    ] == []
