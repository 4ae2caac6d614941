"""A decision that amends a regulation, as proposed changes of the clause register."""

from __future__ import annotations

import pytest

from service.catalog.assistants.suggested_kind import suggested_kind
from service.catalog.law.law import Clause, Law
from service.catalog.law_text.amend import ClauseAct, proposed_changes
from service.catalog.law_text.amendment_point import AmendmentAct
from service.catalog.law_text.counted_from import counted_from
from service.catalog.law_text.decision import read_decision
from service.catalog.parameters.quoted_bounds import in_force_from
from service.catalog.pieces.piece_kinds import title_in

DECISION = """示例市人民政府关于修改《示例市质量奖管理办法》的决定
示例市人民政府决定对《示例市质量奖管理办法》作如下修改：
一、将第三条第二款中的“5个”修改为“6个”。
二、将第十二条修改为：“第十二条 任何组织和个人可以书面提出异议。匿名异议不予受理。”
三、删去第十条。
四、增加一条，作为第二十一条：“第二十一条 本办法由办公室负责解释。
（一）解释以书面为准；
（二）解释向社会公布。”
五、第九条第三项修改为：“近5年没有重大质量事故。”
六、条文顺序作相应调整。
本决定自公布之日起施行。
"""


def law(*clauses: tuple[str, str, str]) -> Law:
    rows = {ident: Clause(ident, article, "other", summary, None, None) for ident, article, summary in clauses}
    return Law("示例办法", rows, frozenset(), "", "law.yaml")


LAW = law(
    ("SL-3-1", "第三条第一款", "奖项5个种类。"),
    ("SL-3-2", "第三条第二款", "每届5个。"),
    ("SL-9-2", "第九条第（二）项", "正常运营满5年。"),
    ("SL-9-3", "第九条第（三）项", "近3年没有重大质量事故。"),
    ("SL-10-1", "第十条", "鼓励中小企业。"),
    ("SL-12-1", "第十二条", "任何组织和个人可以提出异议。"),
    ("SL-12-2", "第十二条", "电话告知结果。"),
)


def test_each_point_says_what_it_does_and_to_which_passage() -> None:
    assert [(point.act, point.place) for point in read_decision(DECISION)] == [
        (AmendmentAct.WORDS, "第三条第二款"),
        (AmendmentAct.REPLACE, "第十二条"),
        (AmendmentAct.REMOVE, "第十条"),
        (AmendmentAct.ADD, "第二十一条"),
        (AmendmentAct.REPLACE, "第九条第（三）项"),
        (AmendmentAct.ORDER, ""),
    ]


def test_points_become_changes_of_clauses() -> None:
    found = [
        (change.act, change.before.id if change.before else "", change.after.summary if change.after else "")
        for change in proposed_changes(LAW, read_decision(DECISION))
    ]
    assert found == [
        (ClauseAct.CHANGE, "SL-3-2", "每届6个。"),
        (ClauseAct.CHANGE, "SL-12-1", "任何组织和个人可以书面提出异议。"),
        (ClauseAct.LOOK, "SL-12-2", "电话告知结果。"),
        (ClauseAct.ADD, "", "匿名异议不予受理。"),
        (ClauseAct.REMOVE, "SL-10-1", ""),
        (ClauseAct.ADD, "", "本办法由办公室负责解释。"),
        (ClauseAct.ADD, "", "解释以书面为准；"),
        (ClauseAct.ADD, "", "解释向社会公布。"),
        (ClauseAct.CHANGE, "SL-9-3", "近5年没有重大质量事故。"),
        (ClauseAct.RENUMBER, "SL-12-1", "任何组织和个人可以书面提出异议。"),
        (ClauseAct.RENUMBER, "SL-12-2", "电话告知结果。"),
        (ClauseAct.RENUMBER, "SL-12-4", "匿名异议不予受理。"),
    ]


def test_new_clauses_take_ids_of_their_place_that_are_free() -> None:
    added = [c.after for c in proposed_changes(LAW, read_decision(DECISION)) if c.act is ClauseAct.ADD and c.after]
    assert [(clause.id, clause.article) for clause in added] == [
        ("SL-12-4", "第十二条"),
        ("SL-21-0", "第二十一条"),
        ("SL-21-1", "第二十一条第（一）项"),
        ("SL-21-2", "第二十一条第（二）项"),
    ]


PARAGRAPH = law(
    ("SL-3-3", "第三条第二款", "每届质量奖最多5个组织。"),
    ("SL-3-4", "第三条第二款", "每届质量奖提名奖最多10个组织。"),
    ("SL-3-5", "第三条第二款", "获奖数可以少于名额，也可以空缺。"),
)


@pytest.mark.parametrize(
    ("wording", "changed"),
    [
        ("每届质量奖最多6个组织，质量奖提名奖最多10个组织。获奖数可以少于名额，也可以空缺。", {"SL-3-3", "SL-3-4"}),
        ("每届质量奖最多6个，可以空缺；质量奖提名奖最多10个。", {"SL-3-3", "SL-3-4"}),
        ("每届质量奖最多6个组织。每届质量奖提名奖最多10个组织。获奖数可以少于名额，也可以空缺。", {"SL-3-3"}),
    ],
)
def test_the_words_of_a_paragraph_go_to_the_clauses_that_they_continue(wording: str, changed: set[str]) -> None:
    found = proposed_changes(PARAGRAPH, read_decision(f"一、将第三条第二款修改为：“{wording}”"))
    assert {change.before.id for change in found if change.act is ClauseAct.CHANGE and change.before} == changed
    assert {change.act for change in found} <= {ClauseAct.CHANGE, ClauseAct.LOOK}, "nothing goes, nothing comes"
    first = next(change.after for change in found if change.before and change.before.id == "SL-3-3")
    assert first is not None
    assert first.summary.startswith("每届质量奖最多6个")
    assert "提名奖" not in first.summary


@pytest.mark.parametrize("said", ["中的5个工作日改为7", "中的“5个工作日”修改为“7”", "中的5个工作日修改为7个工作日"])
def test_a_number_that_changes_keeps_what_it_counts(said: str) -> None:
    known = law(("SL-8", "第八条", "公示不少于5个工作日，答复不超过15个工作日。"))
    [change] = proposed_changes(known, read_decision(f"一、将第八条{said}。"))
    assert change.after is not None
    assert change.after.summary == "公示不少于7个工作日，答复不超过15个工作日。"


@pytest.mark.parametrize(
    "said", ["中的5个工作日改为7个工作日，15个工作日改为20个工作日", "中的5个工作日修改为7个工作日、15个工作日改为20"]
)
def test_several_numbers_of_a_passage_change(said: str) -> None:
    known = law(("SL-8", "第八条", "公示不少于5个工作日，答复不超过15个工作日。"))
    last = proposed_changes(known, read_decision(f"一、将第八条{said}。"))[-1]
    assert last.after is not None
    assert last.after.summary == "公示不少于7个工作日，答复不超过20个工作日。"


def test_words_that_a_new_wording_quotes_change_no_other_passage() -> None:
    new = "公示期按照第九条的5个工作日改为7个工作日，另行公布。"
    [point] = read_decision(f"一、将第十三条修改为：“{new}”")
    assert (point.act, point.place, point.text) == (AmendmentAct.REPLACE, "第十三条", new)


@pytest.mark.parametrize(
    "said", ["5个工作日改为7个工作日，并将答复期改为二十日以上", "“5个”改为“7个”，“十个”前增加“最多”"]
)
def test_what_else_changes_in_a_point_and_is_not_understood_is_said(said: str) -> None:
    found = read_decision(f"一、将第八条中的{said}。")
    assert [point.act for point in found] == [AmendmentAct.WORDS, AmendmentAct.UNREAD]


def test_words_that_no_clause_says_are_to_be_looked_at() -> None:
    [change] = proposed_changes(LAW, read_decision("一、将第十条中的“大型”修改为“小型”。"))
    assert (change.act, change.before) == (ClauseAct.LOOK, LAW.clauses["SL-10-1"])


def test_a_passage_that_the_register_does_not_have_is_to_be_looked_at() -> None:
    [change] = proposed_changes(LAW, read_decision("一、删去第九十条。"))
    assert (change.act, change.before, change.said) == (ClauseAct.LOOK, None, "删去第九十条。")


def test_changes_of_one_clause_build_on_each_other() -> None:
    points = read_decision("一、将第九条第二项中的“5年”修改为“6年”。\n二、将第九条第二项中的“正常”修改为“持续”。")
    first, second = proposed_changes(LAW, points)
    assert first.after is not None
    assert (second.before, second.after and second.after.summary) == (first.after, "持续运营满6年。")


def test_an_article_added_where_there_is_one_moves_those_behind_it() -> None:
    points = read_decision("一、增加一条，作为第十条：“第十条 新的一条。”\n二、将第十二条中的“组织”修改为“单位”。")
    found = [
        (change.before.id if change.before else "", change.after.article, change.after.summary)
        for change in proposed_changes(LAW, points)
        if change.after
    ]
    assert found == [
        ("", "第十条", "新的一条。"),
        ("SL-12-1", "第十二条", "任何单位和个人可以提出异议。"),
        ("SL-10-1", "第十一条", "鼓励中小企业。"),
        ("SL-12-1", "第十三条", "任何单位和个人可以提出异议。"),
        ("SL-12-2", "第十三条", "电话告知结果。"),
    ]


def test_a_text_that_is_one_long_row_of_signs_is_read_at_once() -> None:
    row = "一" * 60_000
    assert read_decision(row) == ()
    assert (counted_from(row), suggested_kind("", row)) == ({}, suggested_kind("", "一"))
    assert in_force_from([("第一条", "本办法" * 20_000)]) is None
    assert title_in(b"<bpmn:process " * 20_000, "diagrams/endless.bpmn") == "endless"


OUTLINED = law(
    ("QY-2-1", "二（一）", "每届不超过3个。"),
    ("QY-2-2-1", "二（二）1", "组织、指导评审工作。"),
    ("QY-2-2-10", "二（二）10", "每届3个名额。"),
    ("QY-3-11", "三（十一）2", "正常经营三年以上。"),
    ("QY-7-1", "七（一）", "制订实施细则。"),
)


@pytest.mark.parametrize(
    ("said", "ident", "summary"),
    [
        ("将第二部分第（一）项中的“3个”修改为“4个”。", "QY-2-1", "每届不超过4个。"),
        ("将二（一）中的3个改为4个。", "QY-2-1", "每届不超过4个。"),
        ("将二（二）1修改为：“组织、指导、监督评审工作。”", "QY-2-2-1", "组织、指导、监督评审工作。"),
        ("将第（十一）条第2项修改为：“正常经营五年以上。”", "QY-3-11", "正常经营五年以上。"),
    ],
)
def test_a_text_in_parts_and_numbers_is_amended_too(said: str, ident: str, summary: str) -> None:
    (change,) = proposed_changes(OUTLINED, read_decision(said))
    assert change.act is ClauseAct.CHANGE
    assert change.after is not None
    assert (change.after.id, change.after.article, change.after.summary) == (
        ident,
        OUTLINED.clauses[ident].article,
        summary,
    )


def test_a_passage_of_a_text_in_parts_goes_and_another_comes() -> None:
    (gone,) = proposed_changes(OUTLINED, read_decision("删去七（一）。"))
    assert (gone.act, gone.before) == (ClauseAct.REMOVE, OUTLINED.clauses["QY-7-1"])
    (new,) = proposed_changes(OUTLINED, read_decision("增加一项，作为二（三）：“每年公布评审情况。”"))
    assert new.after is not None
    assert (new.act, new.after.article, new.after.summary) == (ClauseAct.ADD, "二（三）", "每年公布评审情况。")
