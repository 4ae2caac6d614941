"""What a clause says of a period and of its own first day, read from its words."""

from __future__ import annotations

from datetime import date

import pytest

from service.catalog.law.law import Clause
from service.catalog.parameters.parameters import Unit
from service.catalog.parameters.quoted_bounds import demand_in_force, in_force_from, quoted_least
from service.domain.errors import Invalid


def clause(text: str) -> dict[str, Clause]:
    return {"A-1": Clause("A-1", "第一条", "notice", text, None, None)}


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("拟奖名单公示不少于三十日。", Unit.CALENDAR_DAYS, 30),
        ("公示期不得少于5个工作日。", Unit.WORKING_DAYS, 5),
        ("公示7日以上。", Unit.CALENDAR_DAYS, 7),
        ("公示至少10个工作日。", Unit.CALENDAR_DAYS, 10),
        ("公示不少于10个工作日，补充公示不少于5个工作日。", Unit.WORKING_DAYS, 5),
        ("存续不少于3年。", Unit.YEARS, 3),
    ],
)
def test_the_least_period_is_read(text: str, unit: Unit, number: int) -> None:
    least = quoted_least(clause(text), ["A-1", "A-9"], unit)
    assert least is not None
    assert (least.number, least.forbids(number - 1, unit), least.forbids(number, unit)) == (number, True, False)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("办公室10个工作日内答复。", Unit.WORKING_DAYS),
        ("评审组不少于5人。", Unit.WORKING_DAYS),
        ("公示不少于30日。", Unit.WORKING_DAYS),
        ("公示期满。", Unit.CALENDAR_DAYS),
    ],
)
def test_what_is_no_least_period_in_that_unit_is_not(text: str, unit: Unit) -> None:
    assert quoted_least(clause(text), ["A-1"], unit) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本办法自2026年1月1日起施行，其中第八条自2028年1月1日起施行。", date(2026, 1, 1)),
        ("本实施细则（试行）由办公室负责解释，自2026年1月1日起施行。", date(2026, 1, 1)),
        ("原办法自2020年1月1日起实施。本办法自2026年1月1日起施行。", date(2026, 1, 1)),
        ("本办法第八条自2028年1月1日起施行，其余自2026年1月1日起施行。", date(2026, 1, 1)),
        ("本办法自公布之日起施行，原规定（自2020年1月1日起施行）废止。", date(2020, 1, 1)),
    ],
)
def test_a_part_that_begins_later_does_not_hold_the_regulation(text: str, day: date) -> None:
    assert in_force_from([("第三十条", text)]) == (day, "第三十条")


def test_the_day_from_which_a_regulation_is_in_force_is_that_of_the_regulation_itself() -> None:
    passages = [
        ("第三十条", "本办法自2026年7月1日起施行。2020年1月1日起施行的《旧办法》同时废止。"),
        ("第二条", "自2027年2月30日起施行。"),
    ]
    assert in_force_from(passages) == (date(2026, 7, 1), "第三十条")
    assert in_force_from([("第三十条", "本办法自公布之日起施行。")]) is None
    demand_in_force(passages, date(2026, 7, 1))
    with pytest.raises(Invalid, match="第三十条写明自2026年7月1日起施行"):
        demand_in_force(passages, date(2026, 6, 30))
