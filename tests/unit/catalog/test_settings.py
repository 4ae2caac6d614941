"""Which values a city may set, and how they read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from service.catalog import Basis, Catalog, Package, Parameter, Unit, load_catalog
from service.catalog.parameters.month_days import CALL_DAY, parse_month_day
from service.catalog.parameters.parameter_entries import add_parameter, remove_parameter, set_value
from service.catalog.parameters.parameters import DatedValue
from service.catalog.parameters.units import beyond_bound
from service.catalog.settings.settings import is_changeable, read_value, typed_value, why_refused, why_unlawful
from service.catalog.source.freeze import freeze, thaw
from service.domain.errors import Invalid
from service.domain.text import Text
from tests.support.bundled import bundled as every_city
from tests.unit.catalog.conftest import MINIATURE

PROJECT = Path(__file__).parents[3]
KEYS = sorted(f"{p.parts[-3]}/{p.parts[-2]}" for p in (PROJECT / "processes").glob("*/*/award.yaml"))


def parameter(unit: Unit, value: object, **more: object) -> Parameter:
    dated = (DatedValue(date(2026, 1, 1), freeze(value)),)
    return Parameter("x", Text("事项", "Matter"), unit, Basis.DEFAULT, ("LS-3",), dated, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def bundled() -> Catalog:
    return every_city()


@pytest.fixture(scope="module")
def lakeside() -> Package:
    return load_catalog(MINIATURE).package("lakeside/star_award")


@pytest.mark.parametrize("key", KEYS)
def test_what_a_package_says_is_allowed_and_reads_back_as_it_was_typed(bundled: Catalog, key: str) -> None:
    package = bundled.package(key)
    for one in package.award.parameters.values():
        value = one.values[-1].value
        assert not is_changeable(one) or why_refused(package, one, thaw(value)) is None, one.id
        assert freeze(read_value(one, typed_value(value))) == value, one.id


@pytest.mark.parametrize("key", KEYS)
def test_a_number_that_the_text_states_is_a_bound_of_its_setting(bundled: Catalog, key: str) -> None:
    stated = [one for one in bundled.package(key).award.parameters.values() if one.source is Basis.STATED]
    numbers = [one for one in stated if type(one.values[-1].value) in (int, float)]
    assert numbers
    assert [one.id for one in numbers if one.values[-1].value not in (one.minimum, one.maximum)] == []


@pytest.mark.parametrize(
    ("one", "value", "told"),
    [
        (parameter(Unit.CHOICE, "finish", choices=("finish", "stop")), "wait", "可选：继续办完、终止"),
        (parameter(Unit.WORKING_DAYS, 5, minimum=5, maximum=10), 4, "依第三条不得少于5个工作日"),
        (parameter(Unit.WORKING_DAYS, 5, minimum=5, maximum=10), 11, "依第三条不得多于10个工作日"),
        (parameter(Unit.COUNT, 3), None, "不能空着"),
        (parameter(Unit.COUNT, 3), 2.5, "应填写整数"),
        (parameter(Unit.COUNT, 5, minimum=5, maximum=5), 6, "没有选择余地"),
        (parameter(Unit.LIST, ["office"]), ["office", "nowhere"], "没有机构“nowhere”"),
        (parameter(Unit.TABLE, {"a": 0.4, "b": 0.6}), {"a": 1}, "须恰好写明：a、b"),
        (parameter(Unit.TABLE, {"a": 0.4, "b": 0.6}), {"a": 0.4, "b": 0.7}, "合计须为1"),
    ],
)
def test_what_the_law_does_not_allow_is_told_in_a_sentence(
    lakeside: Package, one: Parameter, value: object, told: str
) -> None:
    refusal = why_refused(lakeside, one, value)
    assert refusal is not None
    assert told in refusal.zh


@pytest.mark.parametrize(
    ("one", "typed", "value"),
    [
        (parameter(Unit.WORKING_DAYS, 5), " 7 ", 7),
        (parameter(Unit.YUAN, 0), "200,000", 200000),
        (parameter(Unit.POINTS, 0), "0.00001", 0.00001),
        (parameter(Unit.BOOLEAN, True), "否", False),
        (parameter(Unit.DATE, None), "2026-03-01", date(2026, 3, 1)),
        (parameter(Unit.FRACTION, "1/2"), "2/3", "2/3"),
        (parameter(Unit.LIST, []), "甲\n\n 乙 ", ["甲", "乙"]),
        (parameter(Unit.TABLE, {"a": 1}), "a: 0.4\nb: 0.6", {"a": 0.4, "b": 0.6}),
        (parameter(Unit.POINTS, None), "", None),
        (parameter(Unit.TEXT, "none"), "不设", "none"),
    ],
)
def test_what_somebody_types_is_read(one: Parameter, typed: str, value: object) -> None:
    assert read_value(one, typed) == value


@pytest.mark.parametrize(
    ("unit", "typed"),
    [
        (Unit.COUNT, "三"),
        (Unit.DATE, "2026-13-01"),
        (Unit.TABLE, "a: ["),
        (Unit.POINTS, "1e999"),
        (Unit.WORKING_DAYS, "1e3"),
        (Unit.COUNT, "1_000"),
        (Unit.FRACTION, "nan"),
        (Unit.FRACTION, "a/b"),
        (Unit.FRACTION, "1/0"),
    ],
)
def test_what_cannot_be_read_is_refused(unit: Unit, typed: str) -> None:
    with pytest.raises(Invalid):
        read_value(parameter(unit, None), typed)


@pytest.mark.parametrize(
    ("ident", "unit", "least", "value", "side"),
    [
        ("vote_quorum", Unit.FRACTION, "2/3", 1, "minimum"),
        ("vote_quorum", Unit.FRACTION, "2/3", 9, "minimum"),
        ("vote_quorum", Unit.TEXT, "> 1/2", "9", "minimum"),
        ("vote_quorum", Unit.FRACTION, "2/3", "all", ""),
        ("vote_quorum", Unit.FRACTION, "2/3", "1/1", ""),
        ("vote_quorum", Unit.COUNT, 7, 9, ""),
        ("vote_threshold", Unit.TEXT, "> 1/2", "＞1/2", ""),
        ("vote_threshold", Unit.TEXT, "> 1/2", "＞１／３", "minimum"),
        ("vote_threshold", Unit.TEXT, "> 1/2", "plurality", "minimum"),
        ("share", Unit.FRACTION, "2/3", 1, ""),
    ],
)
def test_a_number_of_members_is_no_share_and_signs_are_read_as_they_are_written(
    lakeside: Package, ident: str, unit: Unit, least: object, value: object, side: str
) -> None:
    one = replace(parameter(unit, least, minimum=least), id=ident)
    assert beyond_bound(one, value) == side
    if ident == "vote_quorum" and side:
        refusal = why_unlawful(lakeside, one, value)
        assert refusal is not None
        assert "请填写 all（全体）或者 2/3 这样的比例" in refusal.zh


@pytest.mark.parametrize("unit", [Unit.FRACTION, Unit.COUNT, Unit.TEXT])
def test_one_member_present_is_no_attendance(lakeside: Package, unit: Unit) -> None:
    one = replace(parameter(unit, "1"), id="vote_quorum")
    refusal = why_unlawful(lakeside, one, "1" if unit is Unit.TEXT else 1)
    assert refusal is not None
    assert "一名委员到会就够" in refusal.zh
    assert why_unlawful(lakeside, one, "2" if unit is Unit.TEXT else 2) is None


@pytest.mark.parametrize(
    ("ident", "unit", "typed", "value"),
    [
        ("vote_quorum", Unit.FRACTION, "> 1/2", "> 1/2"),
        ("vote_quorum", Unit.FRACTION, "＞１／２", ">1/2"),
        ("vote_quorum", Unit.FRACTION, "all", "all"),
        ("vote_quorum", Unit.FRACTION, "7", 7),
        ("vote_threshold", Unit.TEXT, "＞＝２／３", ">=2/3"),
    ],
)
def test_an_attendance_and_a_threshold_are_read_as_people_type_them(
    ident: str, unit: Unit, typed: str, value: object
) -> None:
    assert read_value(replace(parameter(unit, "2/3"), id=ident), typed) == value
    with pytest.raises(Invalid):
        read_value(parameter(Unit.FRACTION, "2/3"), "> 1/2")


def test_a_list_that_the_law_wants_filled_cannot_be_emptied(bundled: Catalog) -> None:
    package = bundled.package("urumqi/quality_award")
    asked = package.award.parameters["verification_departments"]
    refusal = why_refused(package, asked, [])
    assert refusal is not None
    assert "不得少于" in refusal.zh
    assert why_refused(package, asked, ["ecology"]) is None


@pytest.mark.parametrize(("typed", "lawful"), [("03-01", True), ("3月1日", False), ("02-29", False), ("3-1", False)])
def test_a_day_of_the_year_is_kept_as_every_year_has_it(lakeside: Package, typed: str, lawful: bool) -> None:
    day = replace(parameter(Unit.TEXT, "03-01"), id=CALL_DAY)
    refusal = why_unlawful(lakeside, day, read_value(day, typed))
    assert (refusal is None) == lawful
    assert parse_month_day(typed) == ((3, 1) if lawful else None)
    if refusal:
        assert "例如 03-01" in refusal.zh


def test_more_points_than_a_sheet_gives_are_no_cut_off(bundled: Catalog) -> None:
    package = bundled.package("urumqi/quality_award")
    least = package.award.parameters["cut_off_score"]
    assert why_unlawful(package, least, 600) is None
    assert why_unlawful(package, least, 1000) is None
    refused = why_unlawful(package, least, 1001)
    assert refused is not None
    assert "满分只有1000分" in refused.zh


TEXT = """# 参数
format: 2
from: 2026-01-01
parameters:
  # 公示
  notice_working_days:
    name: 公示期
    unit: working_days
    clauses: [A-1]       # 第一条
    source: stated
    minimum: 5
    value: 5
  places: {clauses: [A-2], exactly: 3}
  late:
    clauses: [A-3]
    values:
      - {from: 2026-01-01, value: 1}   # 起初
      - {from: 2027-01-01, value: 2}
"""


@pytest.mark.parametrize("ident", ["", "A", "两", "a-b", "9a", "x" * 61])
def test_an_id_that_is_none_is_refused(ident: str) -> None:
    with pytest.raises(Invalid, match="编号"):
        add_parameter(TEXT, ident, {})


@pytest.mark.parametrize("path", sorted(PROJECT.glob("processes/*/*/parameters.yaml")), ids=lambda p: p.parts[-3])
def test_writing_what_stands_there_changes_no_byte(path: Path) -> None:
    text = path.read_text("utf-8")
    added = add_parameter(text, "something_new", {"unit": "count", "value": 1})
    assert added != text
    assert remove_parameter(added, "something_new") == text
    old = set_value(text, "applicant_fee_yuan", 9)
    assert [line for line in old.splitlines() if line not in text.splitlines()] in (
        ["    exactly: 9"],
        ["    value: 9"],
    )
