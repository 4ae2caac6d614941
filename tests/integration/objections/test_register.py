from __future__ import annotations

from datetime import date, timedelta

import pytest

from service.casework.access.actor import Actor
from service.casework.queries.public.register import view_register
from service.casework.register.confirm_same import confirm_same, list_doubts
from service.casework.register.import_awards import import_awards
from service.casework.simulate.stage.stage import PlayState
from service.casework.subjects.register_facts import register_of
from service.domain.calendar import local_date
from service.domain.errors import NotAllowed
from tests.support.browsers import browser_of
from tests.support.exampleton import PACKAGE

HEAD = ["组织名称", "统一社会信用代码", "曾用名", "奖项类别", "届次", "授奖日期", "证书编号"]
CODE, OTHER = "91350100M000100Y43", "91350211M000100Y46"
ROWS = [
    HEAD,
    ["甲公司", "", "", "质量奖", "第零届", "2022-12-30", "证1"],
    ["外地公司", CODE, "旧外地公司", "质量奖", "第零届", "2022-12-30", "证2"],
    ["某厂", "", "", "质量奖", "第零届", "2022-12-30", ""],
]


def test_what_a_person_confirmed_is_found_by_the_next_examination(stage: PlayState) -> None:
    office, body = stage.cast.actor("office"), stage.cast.organisations["甲"]
    report = import_awards(stage.desk, office, PACKAGE, ROWS, {2: str(body)}, commit=True)
    again = import_awards(stage.desk, office, PACKAGE, ROWS, {2: str(body)}, commit=True)
    assert (report.taken, again.taken) == (2, 0)
    with stage.desk.store.read() as tx:
        assert [a["decided_on"] for a in register_of(tx, [body])["awards"]] == ["2022-12-30"]
    shown = view_register(stage.desk, Actor(None, ""), "exampleton", 2022, "quality_award")
    assert {(a.organisation, a.number) for a in shown.page.lines} == {("甲公司", "证1"), ("外地公司", "证2")}
    assert view_register(stage.desk, Actor(None, ""), None, 2021).page.lines == ()


def test_an_award_past_its_validity_is_shown_as_expired_with_its_last_day(quick: PlayState) -> None:
    office = quick.cast.actor("office")
    other = ["某厂", OTHER, "", "质量奖", "第零届", "2022-12-30", "证3"]
    import_awards(quick.desk, office, PACKAGE, [HEAD, ROWS[2], other], commit=True)
    today = local_date(quick.desk.clock.now())
    ends = {"证2": today - timedelta(days=1), "证3": today}
    with quick.desk.store.write() as tx:
        for award in tx.awards.list_public():
            tx.awards.add_details(award.id, {"valid_until": str(ends[award.number or ""])})
    shown = view_register(quick.desk, Actor(None, "")).page.lines
    assert {a.number: a.expired for a in shown} == {"证2": ends["证2"], "证3": None}, "its last day still counts"
    rows = browser_of(quick, "office").get("/register").text.split("<tr>")
    states = {name: "有效期已满" in row for row in rows for name in ("外地公司", "某厂") if f">{name}<" in row}
    assert states == {"外地公司": True, "某厂": False}


def test_until_when_a_title_holds_is_shown_or_that_it_is_not_on_record(quick: PlayState) -> None:
    office = quick.cast.actor("office")
    rows = [["外地公司", CODE, "", "质量奖", f"第{n}届", f"202{n}-12-30", f"证{n}"] for n in range(4)]
    import_awards(quick.desk, office, PACKAGE, [HEAD, *rows], commit=True)
    kept = {"kept_on": "2026-01-05", "kept_until": "2099-12-30"}
    with quick.desk.store.write() as tx:
        (case, *_) = tx.cases.select("id")
        on_record = {"证1": {"case": case.id}, "证2": kept, "证3": {**kept, "kept_until": None}}
        for award in tx.awards.list_public():
            tx.awards.add_details(award.id, on_record.get(award.number or "", {}))
    shown = {a.number: (a.last_day, a.undated) for a in view_register(quick.desk, Actor(None, "")).page.lines}
    by_years = date(2021 + case.parameters["award_validity_years"], 12, 30)
    assert shown == {
        "证0": (None, True), "证1": (by_years, False), "证2": (date(2099, 12, 30), False), "证3": (None, False),
    }  # fmt: skip
    page = browser_of(quick, "office").get("/register").text
    assert (page.count("有效期未登记"), page.count("有效期至")) == (1, 2)


def test_a_changed_name_is_found_by_its_code_and_kept_in_the_history_of_names(quick: PlayState) -> None:
    office = quick.cast.actor("office")
    import_awards(quick.desk, office, PACKAGE, ROWS, commit=True)
    later = [HEAD, ["新外地公司", CODE, "", "质量奖", "第一届", "2024-12-30", "证9"]]
    report = import_awards(quick.desk, office, PACKAGE, later, commit=True)
    assert "外地公司" in report.lines[0].reason.zh
    shown = view_register(quick.desk, Actor(None, "")).page.lines
    assert {a.former_names for a in shown if a.number == "证9"} == {("旧外地公司", "新外地公司")}


def test_a_name_in_brackets_of_the_other_width_is_perhaps_the_same_organisation(quick: PlayState) -> None:
    office = quick.cast.actor("office")
    first = [HEAD, ["测试（集团）有限公司", CODE, "", "质量奖", "第一届", "2022-12-30", ""]]
    import_awards(quick.desk, office, PACKAGE, first, commit=True)
    later = [HEAD, ["测试(集团)有限公司", OTHER, "", "质量奖", "第二届", "2023-12-30", ""]]
    assert [line.outcome.name for line in import_awards(quick.desk, office, PACKAGE, later).lines] == ["DOUBTFUL"]
    import_awards(quick.desk, office, PACKAGE, later, {2: "new"}, commit=True)
    (doubt,) = list_doubts(quick.desk, office).doubts
    assert {doubt.one[1], doubt.other[1]} == {"测试（集团）有限公司", "测试(集团)有限公司"}


def test_an_award_is_on_record_once_however_its_round_is_written(quick: PlayState) -> None:
    office = quick.cast.actor("office")
    lines = [
        ["甲二公司", CODE, "", "质量奖", "第一届", "2022-12-30", ""],
        ["甲二公司", CODE, "", "质量奖", "第1届", "2022-12-29", ""],
        ["甲二公司", CODE, "", "质量奖", "2022年度", "2022-12-30", ""],
        ["甲二公司", CODE, "", "质量奖", "第二届", "2099-12-30", ""],
    ]
    first = import_awards(quick.desk, office, PACKAGE, [HEAD, *lines], commit=True)
    assert [line.outcome.name for line in first.lines] == ["TAKEN", "UNREAD", "UNREAD", "REFUSED"]
    again = import_awards(quick.desk, office, PACKAGE, [HEAD, *lines[1:3]], commit=True)
    assert [line.outcome.name for line in again.lines] == ["UNREAD", "UNREAD"]
    assert "没有改：授奖日期。" in again.lines[0].reason.zh
    assert "没有改：届次。" in again.lines[1].reason.zh


def test_what_is_changed_of_an_award_on_record_is_named_as_not_read(quick: PlayState) -> None:
    office, head = quick.cast.actor("office"), [*HEAD, "奖金", "撤销日期"]
    line = ["甲二公司", CODE, "", "质量奖", "第一届", "2022-12-30", "证1", "500000", ""]
    for commit in (False, True):
        twice = [head, line, [*line[:7], "600000", ""]]
        outcomes = [
            each.outcome.name for each in import_awards(quick.desk, office, PACKAGE, twice, commit=commit).lines
        ]
        assert outcomes == ["TAKEN", "UNREAD"], "the look says what is done"
    for changed, named in (
        ([*line[:6], "证2", "600000", "2025-01-01"], "没有改：证书编号、奖金、撤销日期。"),
        (["甲二集团", CODE, "甲厂", *line[3:]], "没有改：组织名称、曾用名。"),
        (line, "已有记录。"),
    ):
        [report] = import_awards(quick.desk, office, PACKAGE, [head, changed], commit=True).lines
        assert report.reason.zh.endswith(named), report
    assert report.outcome.name == "KNOWN"


def test_only_the_office_of_the_city_imports(quick: PlayState) -> None:
    with pytest.raises(NotAllowed):
        import_awards(quick.desk, quick.cast.actor("district@north"), PACKAGE, ROWS)


def test_awards_under_another_code_count_once_a_person_says_it_is_the_same(stage: PlayState) -> None:
    office, mine = stage.cast.actor("office"), stage.cast.organisations["甲"]
    merged = [HEAD, ["甲公司", CODE, "", "质量奖", "第零届", "2022-12-30", "证1"]]
    import_awards(stage.desk, office, PACKAGE, merged, {2: "new"}, commit=True)
    with stage.desk.store.read() as tx:
        before = register_of(tx, [mine])
    assert before["awards"] == []
    assert [d["key"] for d in before["doubtful"]] == [CODE]
    (doubt,) = list_doubts(stage.desk, office).doubts
    confirm_same(stage.desk, office, doubt.one[0], doubt.other[0], same=True)
    with stage.desk.store.read() as tx:
        after = register_of(tx, [mine])
    assert [a["number"] for a in after["awards"]] == ["证1"]
    assert (after["doubtful"], list_doubts(stage.desk, office).doubts) == ([], ())


def test_whom_a_person_told_apart_stays_apart(quick: PlayState) -> None:
    office, mine = quick.cast.actor("office"), quick.cast.organisations["甲"]
    import_awards(
        quick.desk,
        office,
        PACKAGE,
        [HEAD, ["甲公司", CODE, "", "质量奖", "零", "2022-12-30", ""]],
        {2: "new"},
        commit=True,
    )
    (doubt,) = list_doubts(quick.desk, office).doubts
    confirm_same(quick.desk, office, doubt.one[0], doubt.other[0], same=False)
    with quick.desk.store.read() as tx:
        found = register_of(tx, [mine])
    assert (found["awards"], found["doubtful"]) == ([], [])
