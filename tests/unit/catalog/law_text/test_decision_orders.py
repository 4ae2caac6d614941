"""A decision is read wholly: every order of every sentence, and what is no order is said."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.catalog.law.law import Clause, Law
from service.catalog.law_text.amend import ClauseAct, proposed_changes
from service.catalog.law_text.amendment_point import AmendmentAct, AmendmentPoint
from service.catalog.law_text.decision import in_force_on, read_decision
from service.catalog.law_text.named_places import places_in

Read = tuple[str, str, str, str]


def read(text: str) -> list[Read]:
    return [(one.act.value, one.place, one.old, one.text) for one in read_decision(text)]


def unread(points: tuple[AmendmentPoint, ...]) -> list[str]:
    return [one.said.rstrip("。") for one in points if one.act is AmendmentAct.UNREAD]


@pytest.mark.parametrize(
    ("named", "places"),
    [
        ("第十三条、第十五条、第十八条、第二十三条", ["第十三条", "第十五条", "第十八条", "第二十三条"]),
        ("第十五条、第十八条第一款", ["第十五条", "第十八条第一款"]),
        ("第十条和第十六条", ["第十条", "第十六条"]),
        ("第十条及第十六条以及第十七条", ["第十条", "第十六条", "第十七条"]),
        ("第八条至第十一条", ["第八条", "第九条", "第十条", "第十一条"]),
        ("第八至十条", ["第八条", "第九条", "第十条"]),
        ("第三、五至七、九条", ["第三条", "第五条", "第六条", "第七条", "第九条"]),
        ("第九条第一款、第三款和第十条第二项", ["第九条第一款", "第九条第三款", "第十条第（二）项"]),
        ("第九条第（二）项至第（四）项", ["第九条第（二）项", "第九条第（三）项", "第九条第（四）项"]),
        ("第九条第二款第（一）项、第（三）项", ["第九条第二款第（一）项", "第九条第二款第（三）项"]),
        ("二（一）、二（二）1", ["二（一）", "二（二）1"]),
        ("第九条第二款至第十条", []),
        ("第二款", []),
    ],
)
def test_every_passage_of_a_list_or_a_range_is_named(named: str, places: list[str]) -> None:
    assert list(places_in(named)) == places


@pytest.mark.parametrize("verb", ["中的“5个工作日”修改为“7个工作日”", "中的5个工作日改为7个工作日"])
def test_words_change_in_every_passage_that_the_sentence_names(verb: str) -> None:
    found = read(f"一、将第十三条、第十五条、第十八条第一款{verb}。")
    assert found == [("words", place, "5个工作日", "7个工作日") for place in ("第十三条", "第十五条", "第十八条第一款")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "一、删去第十条和第十六条。",
            [("remove", "第十条", "", ""), ("remove", "第十六条", "", "")],
        ),
        (
            "一、将第十五条中的“5年”修改为“2年”，删去“提名奖”。",
            [("words", "第十五条", "5年", "2年"), ("words", "第十五条", "提名奖", "")],
        ),
        (
            "一、将第十五条中的“5年”修改为“2年”，增加一款，作为第二款：“新款。”",
            [("words", "第十五条", "5年", "2年"), ("add", "第十五条第二款", "", "新款。")],
        ),
        (
            "一、第十八条第一款修改为：“奖金10万元。”删去第三款。",
            [("replace", "第十八条第一款", "", "奖金10万元。"), ("remove", "第十八条第三款", "", "")],
        ),
        (
            "一、将第三条中的“5个”修改为“4个”，“10个”修改为“8个”。",
            [("words", "第三条", "5个", "4个"), ("words", "第三条", "10个", "8个")],
        ),
        (
            "一、将第六条、第七条改为第七条、第八条，第七条中的“5年”修改为“2年”。",
            [("move", "第六条", "", "第七条"), ("move", "第七条", "", "第八条"), ("words", "第七条", "5年", "2年")],
        ),
        (
            "一、删去第三条中的“提名奖”和“三等奖”。第四条第二款删去。",
            [("words", "第三条", "提名奖", ""), ("words", "第三条", "三等奖", ""), ("remove", "第四条第二款", "", "")],
        ),
        (
            "一、第九条增加一项，作为第（五）项：“（五）没有失信记录。”",
            [("add", "第九条第（五）项", "", "没有失信记录。")],
        ),
        (
            "一、第九条第（三）项后增加一项，作为第（四）项：“（四）没有失信记录。”",
            [("add", "第九条第（四）项", "", "没有失信记录。")],
        ),
        (
            "一、将条例中的“评审委员会”统一修改为“评定委员会”，“质监局”修改为“市场监管局”。",
            [("words", "", "评审委员会", "评定委员会"), ("words", "", "质监局", "市场监管局")],
        ),
        (
            "一、将第三条中的“5个”修改为“4个”，全文中的“提名奖”一律删去。删去第四条。",
            [("words", "第三条", "5个", "4个"), ("words", "", "提名奖", ""), ("remove", "第四条", "", "")],
        ),
        (
            "一、《示例市质量奖管理办法》中“质监局”均改为“市场监管局”。",
            [("words", "", "质监局", "市场监管局")],
        ),
        (
            "一、增加一条：“第五条 先听取意见。”",
            [("add", "第五条", "", "先听取意见。")],
        ),
        (
            "一、将第三条修改为：“设“质量奖”3个。”\n本决定自2027年1月1日起施行。",
            [("replace", "第三条", "", "设“质量奖”3个。"), ("in_force", "", "", "2027-01-01")],
        ),
    ],
)
def test_every_order_of_a_sentence_is_read(text: str, expected: list[Read]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "quoted",
    [
        "“第十七条 本办法由办公室解释。\n第十八条 本办法自公布之日起施行。”",
        "\n“第十七条 本办法由办公室解释。\n“第十八条 本办法自公布之日起施行。”",
        "“第十七条 本办法由办公室解释。第十八条 本办法自公布之日起施行。”",
        "“第十七条 本办法由办公室解释。”“第十八条 本办法自公布之日起施行。”",
    ],
)
def test_several_articles_added_in_one_point_each_have_their_words(quoted: str) -> None:
    assert read(f"一、增加两条，作为第十七条、第十八条：{quoted}\n二、删去第三条。") == [
        ("add", "第十七条", "", "本办法由办公室解释。"),
        ("add", "第十八条", "", "本办法自公布之日起施行。"),
        ("remove", "第三条", "", ""),
    ]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("一、将第五条中的“5年”修改为“2年”，并将第十六条第一句删去。", ["并将第十六条第一句删去"]),
        ("一、增加两条，作为第十七条、第十八条：“只有一条。”", ["增加两条，作为第十七条、第十八条：“只有一条。”"]),
        ("一、增加一条，作为第五条：“第五条 甲。\n第六条 乙。”", ["增加一条，作为第五条：“第五条 甲。\n第六条 乙。”"]),
        ("一、将第三条中的“5个”修改为“6个，删去第十条。", ["将第三条中的“5个”修改为“6个，删去第十条"]),
        ("一、将第三条第一句，“5年”修改为“2年”。", ["将第三条第一句，“5年”修改为“2年”"]),
        ("一、第三条废止，现予公布。\n二、第四条并入第五条。", ["第四条并入第五条"]),
        ("一、第三条修改为：奖金5万元。删去第四条。", ["第三条修改为：奖金5万元"]),
        ("一、删去第三条。\n奖金从优。", ["奖金从优"]),
        ("一、删去第三条后半句。", ["删去第三条后半句"]),
        ("一、第三条第一款第一句修改为：“奖金5万元。”", ["第三条第一款第一句修改为：“奖金5万元。”"]),
        ("一、将第五条前段的“5年”修改为“2年”。", ["将第五条前段的“5年”修改为“2年”"]),
        ("一、删去第五条但书。第六条第二句删去。", ["删去第五条但书。第六条第二句删去"]),
        ("一、将条例中的“甲”统一修改为“乙”，修改为：“丙。”", ["修改为：“丙。”"]),
    ],
)
def test_what_is_no_order_is_said_in_its_own_words(text: str, left: list[str]) -> None:
    assert unread(read_decision(text)) == left


def test_the_usual_sentences_around_the_orders_are_known() -> None:
    text = """示例市人民政府关于修改《示例市质量奖管理办法》的决定
（2026年12月1日示例市人民政府第3次常务会议通过）
为了规范评审，根据《中华人民共和国标准化法》第五条，市人民政府决定对《示例市质量奖管理办法》作如下修改：
一、删去第十条。
此外，对条文顺序和个别文字作相应调整。
本决定自公布之日起施行。
《示例市质量奖管理办法》根据本决定作相应修改，重新公布。
示例市人民政府
2026年12月1日
"""
    assert [one.act for one in read_decision(text)] == [AmendmentAct.REMOVE, AmendmentAct.ORDER, AmendmentAct.ORDER]


READ = {
    "将第三条、第五条中的“5个”修改为“6个”": 2,
    "删去第十条和第十一条": 2,
    "第九条第一款修改为：“新的一款。”": 1,
    "增加一条，作为第二十一条：“第二十一条 办公室解释。”": 1,
    "将第八条中的5个工作日改为7个工作日": 1,
    "条文顺序作相应调整": 1,
    "本决定自公布之日起施行": 0,
}
NOT_READ = ("第四条第一句删去", "奖金由办公室另定", "把第七条挪到后面", "第二章标题改为奖励")


@given(
    st.lists(st.sampled_from([*READ, *NOT_READ]), min_size=1, max_size=7),
    st.lists(st.sampled_from(["。", "；", "，", "。\n二、", "。\n"]), min_size=7, max_size=7),
)
def test_no_sentence_is_lost_whatever_stands_beside_it(sentences: list[str], marks: list[str]) -> None:
    text = "一、" + "".join(said + mark for said, mark in zip(sentences, marks, strict=False))
    points = read_decision(text)
    left = "\n".join(unread(points))
    for said in NOT_READ:
        assert left.count(said) == sentences.count(said)
    others = [one for one in points if one.act is not AmendmentAct.UNREAD]
    assert len(others) == sum(READ.get(said, 0) for said in sentences)


@pytest.mark.parametrize(
    "row", ["第一条、" * 10_000, "第一条，" * 10_000, "删去“一”，" * 10_000, "“\n" * 5_000, "增加" * 30_000]
)
def test_a_long_row_of_signs_is_read_at_once(row: str) -> None:
    assert [one.act for one in read_decision("一、" + row)] == [AmendmentAct.UNREAD]


def test_what_cannot_be_placed_is_to_be_looked_at() -> None:
    rows = {"A-1": Clause("A-1", "第一条", "other", "甲。", None, None)}
    law = Law("示例办法", rows, frozenset(), "", "law.yaml")
    points = (AmendmentPoint(AmendmentAct.ADD, "增加一项", "（五）", "乙。"),)
    assert [(one.act, one.unread) for one in proposed_changes(law, points)] == [(ClauseAct.LOOK, False)]
    points = (AmendmentPoint(AmendmentAct.UNREAD, "奖金从优"),)
    assert [(one.act, one.unread) for one in proposed_changes(law, points)] == [(ClauseAct.LOOK, True)]


def test_the_day_on_which_it_is_in_force_is_read_and_changes_no_clause() -> None:
    rows = {"A-1": Clause("A-1", "第三条", "other", "奖金5万元。", None, None)}
    law = Law("示例办法", rows, frozenset(), "", "law.yaml")
    points = read_decision("一、第三条修改为：“奖金6万元。”\n本决定自2027年1月1日起施行。")
    assert [change.act for change in proposed_changes(law, points)] == [ClauseAct.CHANGE]
    assert in_force_on(points) == date(2027, 1, 1)
    assert in_force_on(read_decision("一、删去第三条。\n本决定自公布之日起施行。")) is None


def test_words_that_change_throughout_change_in_every_clause_that_says_them() -> None:
    texts = {"A-1": "质监局受理申报。", "A-2": "由评审委员会评审。", "A-3": "异议向质监局提出，质监局答复。"}
    rows = {
        key: Clause(key, f"第{n}条", "other", text, None, None)
        for (key, text), n in zip(texts.items(), "一二三", strict=True)
    }
    law = Law("示例办法", rows, frozenset(), "", "law.yaml")
    found = proposed_changes(law, read_decision("一、将办法中的“质监局”统一修改为“市场监管局”。"))
    assert [(one.act, one.after.summary if one.after else "") for one in found] == [
        (ClauseAct.CHANGE, "市场监管局受理申报。"),
        (ClauseAct.CHANGE, "异议向市场监管局提出，市场监管局答复。"),
    ]
    [nowhere] = proposed_changes(law, read_decision("一、将办法中的“工商局”统一修改为“市场监管局”。"))
    assert (nowhere.act, nowhere.before) == (ClauseAct.LOOK, None)
