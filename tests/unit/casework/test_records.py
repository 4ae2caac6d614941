"""Records and archives of versions, forms and notices, as they are told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

import handlers
from service.casework.archives.first_page import case_page
from service.casework.notices.recall import end_of, objections_before
from service.casework.reading.published import map_version_withdrawals, published_again, version_names
from service.casework.step.facts import findable_of
from service.domain.forms import compile_form
from service.domain.values.value_at import texts_at
from service.store.models import DefinitionRow, NoticeRow, PackageEventRow
from tests.support.bundled import bundled

AT = "2026-03-02T01:00:00+00:00"


def page(data: dict[str, object], labels: dict[str, str], choices: dict[str, dict[str, str]]) -> str:
    form = {"title": "申报表", "at": AT, "taken_back_at": None, "data": data, "labels": labels, "choices": choices}
    return case_page("甲公司", {"表单": [form], "会议": []}, [], []).decode()


def test_a_group_has_a_line_for_each_of_its_fields_and_rows_are_a_table() -> None:
    told = page(
        {
            "organisation": {"kind": "company", "founded": None},
            "staff": [{"name": "张三", "leads": "yes"}, {"name": "李四", "leads": "no"}],
            "experts": ["152", "x"],
            "faults": [],
            "proof": [{"id": "1", "name": "声明.pdf", "size": 12}],
        },
        {
            "organisation": "组织情况",
            "organisation.kind": "类型",
            "organisation.founded": "成立日期",
            "staff": "人员",
            "staff[].name": "姓名",
            "staff[].leads": "是否组长",
            "experts": "专家",
            "faults": "不符之处",
            "proof": "声明",
        },
        {
            "organisation.kind": {"company": "公司"},
            "staff[].leads": {"yes": "组长", "no": "组员"},
            "experts": {"x": "王五"},
        },
    )
    for said in (
        "<td>组织情况</td>",
        "<td>类型</td><td>公司</td>",
        "<td>成立日期</td><td>—</td>",
        "<th>姓名</th><th>是否组长</th>",
        "<td>张三</td><td>组长</td>",
        "<td>专家</td><td>152、王五</td>",
        "<td>不符之处</td><td>—</td>",
        "<td>声明</td><td>声明.pdf</td>",
    ):
        assert said in told
    assert "{" not in told.partition("</style>")[2]


# How a notice ended is told with what was objected before it was corrected.


POSTED, OVER = datetime(2026, 4, 20, 1, tzinfo=UTC), datetime(2026, 4, 27, 16, tzinfo=UTC)


def notice(ident: int, objections: int, replaces: int | None = None, state: str = "closed") -> NoticeRow:
    return NoticeRow(
        id=ident,
        jurisdiction="testville",
        case_id=1,
        element="post_winners",
        kind="winners",
        audience="public",
        title="名单公示",
        content={"objections": "有异议的，请书面提出。"},
        fingerprint="",
        clauses=[],
        posted_at=POSTED,
        first_day=date(2026, 4, 21),
        last_day=date(2026, 4, 27),
        ends_at=OVER,
        period={"unit": "calendar_days", "length": 7},
        state=state,
        closed_at=OVER if state == "closed" else None,
        objections=objections,
        correction=None,
        replaces_id=replaces,
    )


def test_objections_are_counted_over_every_correction() -> None:
    first, second, third = notice(1, 2, state="corrected"), notice(2, 1, 1, "corrected"), notice(3, 4, 2)
    assert [objections_before(each, [first, second, third]) for each in (first, second, third)] == [0, 2, 3]


@pytest.mark.parametrize(
    ("objections", "before", "told"),
    [
        (0, 0, "已结束，无异议"),
        (1, 0, "已结束，收到异议 1 件"),
        (0, 2, "已结束，更正前收到异议 2 件"),
        (1, 2, "已结束，收到异议共 3 件（更正前 2 件）"),
    ],
)
def test_no_objection_is_said_only_where_none_came_in_before_either(objections: int, before: int, told: str) -> None:
    assert end_of(notice(1, objections), before).zh == told


def test_of_a_notice_inside_an_organisation_nobody_knows_yet_whether_somebody_objected() -> None:
    assert end_of(replace(notice(1, 0), audience="internal")).zh == "已结束"


def published(version: str, day: int, hour: int) -> DefinitionRow:
    at = datetime(2026, 3, day, hour, tzinfo=UTC)
    return DefinitionRow(
        version=version, package="lakeside/star_award", content=b"", published_at=at, published_by="林设计"
    )


def test_a_version_is_called_by_its_day_and_numbered_where_the_day_has_several() -> None:
    names = version_names([published("c", 3, 9), published("b", 3, 2), published("a", 1, 20)])

    assert {version: name.zh for version, name in names.items()} == {
        "a": "2026年3月2日发布的版本",
        "b": "2026年3月3日发布的第1个版本",
        "c": "2026年3月3日发布的第2个版本",
    }
    assert names["c"].en == "version 2 of 3 Mar 2026"


# What the record of a package says of its versions: published once more, withdrawn, brought back.


def day(number: int) -> datetime:
    return datetime(2026, 3, number, 9, tzinfo=UTC)


def row(version: str, on: int) -> DefinitionRow:
    return DefinitionRow(version=version, package="a/b", content=b"", published_at=day(on), published_by="周管理")


def event(on: int, action: str, version: str, **data: str) -> PackageEventRow:
    facts = {"version": version, **data}
    return PackageEventRow(package="a/b", seq=on, at=day(on), actor="周管理", action=action, text="", data=facts)


def test_a_version_published_once_more_is_told_with_its_newest_day() -> None:
    rows = [row("new", 2), row("old", 1)]
    events = [event(2, "published", "new"), event(3, "withdrawn", "new", instead="old"), event(5, "published", "new")]
    assert {version: one.at for version, one in published_again(rows, events).items()} == {"new": day(5)}
    assert map_version_withdrawals(events) == {}


def test_a_version_withdrawn_stays_so_until_it_is_published_or_brought_back() -> None:
    gone = event(3, "withdrawn", "new", instead="old")
    assert map_version_withdrawals([event(2, "published", "new"), gone]) == {"new": gone}
    later = event(6, "withdrawn", "third", instead="new")
    assert map_version_withdrawals([gone, later]) == {"third": later}
    for action in ("taken_over", "republished"):
        assert map_version_withdrawals([gone, later, event(7, action, "third")]) == {}


# Which words of a form are personal, wherever they stand.


def test_how_large_an_added_file_is_masks_no_number() -> None:
    data = {"proof": [{"id": "f00d", "name": "张三的证明.pdf", "size": 1234}], "staff": [{"name": "李四"}]}
    assert list(texts_at(data, "proof")) == ["f00d", "张三的证明.pdf"]
    assert list(texts_at(data, "staff[].name")) == ["李四"]


# Nothing that a form marks personal or secret leads to a case: of every form of every package.


handlers.load()
PACKAGES = bundled().packages
HIDDEN = "龘靐"


@pytest.mark.parametrize("key", sorted(PACKAGES))
def test_no_personal_or_secret_field_of_any_form_is_searched(key: str) -> None:
    package = PACKAGES[key]
    personal = [
        field.path.replace("[]", "").split(".")
        for ident in package.forms
        for field in compile_form(package.form(ident)).fields()
        if field.personal or field.secret
    ]
    assert personal, "each award asks for somebody's name or telephone"
    for names in personal:
        for facts in _every_shape(names):
            found = json.loads(findable_of(package, facts))
            assert HIDDEN not in json.dumps(found, ensure_ascii=False), (names, facts)
    seen = json.loads(findable_of(package, {"a_name_that_no_form_has": HIDDEN}))
    assert [text for _, text in seen] == [HIDDEN], "what nobody marks is found"


def _every_shape(names: list[str]) -> list[dict[str, Any]]:
    """Return facts with the value itself, in a group, and in a row of a list, each at its own name and as a name."""
    first, last = names[0], names[-1]
    row = {last: HIDDEN, "name": HIDDEN}
    return [{first: HIDDEN}, {first: row}, {first: [row]}, {first: [HIDDEN]}, {last: HIDDEN}, {last: [row]}]
