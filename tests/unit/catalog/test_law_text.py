"""The text of a regulation split into its passages, by articles and by headings."""

from __future__ import annotations

from types import MappingProxyType

from service.catalog.law.law import Clause, Law
from service.catalog.law_text.compare_texts import ClauseAct, articles_moved, compare_texts
from service.catalog.law_text.split import LawLevel, doubts_of, split_law

BY_ARTICLES = """示例县人民政府质量奖管理办法
第一章　总　则
第一条　为引导各类组织追求卓越，制定本办法。
第二条　质量奖由县人民政府设立。
组织包括法人和非法人组织。
第二章　程序
第十一条　评审按照下列程序进行：
（一）申报。符合条件的组织如实填写材料，在内部公示不少于5个工作日；
申报材料不得涉及国家秘密。
(二）审核。审核单位自收到之日起10个工作日内提出意见：
1.完整的，予以推荐；
2.不完整的，一次告知补正。
逾期不补正的，视为放弃。
第十二条：任何组织和个人可以提出异议。
"""
BY_HEADINGS = """示例市质量奖评定办法
为推进质量强市建设，制定本办法。
一、总则
（一）质量奖是市政府设立的最高质量荣誉。
每两年评定一次。
二、程序
（七）申报条件
1．依法登记满3年；
2、近三年无重大质量事故。
（八）公示不少于7天。
九、附则
"""
GANZHOU_LIKE = """第十一条 设立评审委员会。
评审委员会的职责：
（一）制定评审细则；
（二）提出拟奖名单；
第十二条 评审员管理。
"""


def test_articles_paragraphs_items_and_sub_items_are_named_as_they_are_cited() -> None:
    units = split_law(BY_ARTICLES)
    assert [(unit.place, unit.level.value, unit.numbers) for unit in units] == [
        ("题注", "preamble", (0,)),
        ("第一条", "article", (1,)),
        ("第二条第一款", "article", (2,)),
        ("第二条第二款", "paragraph", (2,)),
        ("第十一条第一款", "article", (11,)),
        ("第十一条第一款第（一）项", "item", (11, 1)),
        ("第十一条第一款第（一）项第二段", "paragraph", (11, 1)),
        ("第十一条第一款第（二）项", "item", (11, 2)),
        ("第十一条第一款第（二）项第1目", "subitem", (11, 2, 1)),
        ("第十一条第一款第（二）项第2目", "subitem", (11, 2, 2)),
        ("第十一条第二款", "paragraph", (11,)),
        ("第十二条", "article", (12,)),
    ]
    assert units[1].text == "为引导各类组织追求卓越，制定本办法。"
    assert units[-1].text == "任何组织和个人可以提出异议。"


def test_texts_without_articles_are_split_by_their_headings() -> None:
    assert [(unit.place, unit.level, unit.numbers) for unit in split_law(BY_HEADINGS)] == [
        ("题注", LawLevel.PREAMBLE, (0,)),
        ("序", LawLevel.PREAMBLE, (0,)),
        ("一", LawLevel.HEADING, (1,)),
        ("一（一）", LawLevel.ITEM, (1, 1)),
        ("一（一）第二段", LawLevel.PARAGRAPH, (1, 1)),
        ("二", LawLevel.HEADING, (2,)),
        ("二（七）", LawLevel.ITEM, (2, 7)),
        ("二（七）1", LawLevel.SUBITEM, (2, 7, 1)),
        ("二（七）2", LawLevel.SUBITEM, (2, 7, 2)),
        ("二（八）", LawLevel.ITEM, (2, 8)),
        ("九", LawLevel.HEADING, (9,)),
    ]


def test_the_first_paragraph_is_named_only_where_there_is_a_second() -> None:
    assert [unit.place for unit in split_law(GANZHOU_LIKE)] == [
        "第十一条第一款",
        "第十一条第二款",
        "第十一条第二款第（一）项",
        "第十一条第二款第（二）项",
        "第十二条",
    ]


def test_wrapped_lines_are_joined_page_numbers_dropped_and_seams_between_pages_kept() -> None:
    page = "第一条 评审专家应当自收到全部申报材料之日起十个工作日内形成材料评\n— 1 —\f审意见，报送办公室。\n第二条 完。"
    first, second = split_law(page)
    assert first.text == "评审专家应当自收到全部申报材料之日起十个工作日内形成材料评审意见，报送办公室。"
    assert first.seams == (first.text.index("审意见"),)
    assert (second.text, second.seams) == ("完。", ())


def test_two_articles_of_one_number_are_told_apart() -> None:
    assert [(unit.place, unit.again) for unit in split_law("第三十九条 甲。\n第三十九条 乙。\n第四十条 丙。")] == [
        ("第三十九条", 1),
        ("第三十九条", 2),
        ("第四十条", 1),
    ]


def test_items_in_one_line_are_parted_and_named_ones_are_not() -> None:
    one_line = (
        "第六条 申报组织应当符合下列条件：（一）依法登记满三年；（二）近三年无较大质量事故；（三）信用良好。\n"
        "第七条 违反第六条第（一）、（二）项规定的，不予受理；（二）项情形消除后可以再次申报。"
    )
    assert [(unit.place, unit.text) for unit in split_law(one_line)] == [
        ("第六条", "申报组织应当符合下列条件："),
        ("第六条第（一）项", "依法登记满三年；"),
        ("第六条第（二）项", "近三年无较大质量事故；"),
        ("第六条第（三）项", "信用良好。"),
        ("第七条", "违反第六条第（一）、（二）项规定的，不予受理；（二）项情形消除后可以再次申报。"),
    ]


def test_a_text_out_of_a_pdf_with_radicals_for_characters_is_split_like_any() -> None:
    units = split_law("第⼀条　为了⺠⽣，制定本办法。\n第⼆条　设立质量奖。\n")
    assert [(unit.place, unit.text) for unit in units] == [
        ("第一条", "为了民生，制定本办法。"),
        ("第二条", "设立质量奖。"),
    ]


def test_a_reference_at_the_beginning_of_a_line_is_no_article() -> None:
    units = split_law("第一条　根据本办法\n第五条规定的条件评审。\n第二条　设立质量奖。\n")
    assert [(unit.place, unit.text) for unit in units] == [
        ("第一条", "根据本办法第五条规定的条件评审。"),
        ("第二条", "设立质量奖。"),
    ]
    assert doubts_of(units) == []


def test_articles_out_of_turn_twice_or_within_a_line_are_told() -> None:
    def told(text: str) -> list[str]:
        return [doubt.zh.split("，")[0] for doubt in doubts_of(split_law(text))]

    assert told("第一条　甲。\n第三条　丙。\n") == ["条号不连续：“第一条”之后是“第三条”"]
    assert told("第一条　甲。\n第一条　乙。\n第二条　丙。\n") == ["条号不连续：“第一条”之后是“第一条”"]
    assert told("第一条　甲。第二条　每届不超过5个。\n") == ["“第一条”中有“第二条”"]
    assert told("第一条　甲。\n第一条之一　乙。\n第二条　丙。第一条所列的除外。\n") == []


BEFORE = """第一条 质量奖每两年评选一届。
第二条 申报组织应当成立满三年。公示期不少于5个工作日。
第三条 质量奖每届不超过3个。
第四条 评审不收取任何费用。"""


def law(*clauses: tuple[str, str, str], texts: dict[str, str] | None = None) -> Law:
    held = {
        i: Clause(i, article, "other", words, None, None, text=(texts or {}).get(i, ""))
        for i, article, words in clauses
    }
    return Law("质量奖管理办法", MappingProxyType(held), frozenset(), "", "law.yaml")


REGISTER = law(
    ("LS-1-1", "第一条", "质量奖每两年评选一届。"),
    ("LS-2-1", "第二条", "申报组织应当成立满三年。"),
    ("LS-2-2", "第二条", "公示期不少于5个工作日。"),
    ("LS-3-1", "第三条", "质量奖每届不超过3个。"),
    ("LS-4-1", "第四条", "评审不收取任何费用。"),
)


def told(text: str, register: Law = REGISTER) -> list[tuple[str, str, str]]:
    return [(change.act.value, change.clause.id, change.clause.article) for change in compare_texts(register, text)]


def test_the_same_text_changes_nothing() -> None:
    assert told(BEFORE) == []
    assert told(BEFORE.replace("。申", "。\n申")) == []


def test_a_number_is_a_change_of_its_clause_alone() -> None:
    [change] = compare_texts(REGISTER, BEFORE.replace("5个工作日", "7个工作日"))
    assert (change.act, change.clause.id) == (ClauseAct.CHANGE, "LS-2-2")
    assert change.after is not None
    assert change.after.summary == "公示期不少于7个工作日。"


def test_an_article_between_others_moves_those_behind_it() -> None:
    text = BEFORE.replace("第四条", "第五条").replace("第三条", "第四条")
    text = text.replace("第四条 质量奖", "第三条 企业分支机构不得申报。\n第四条 质量奖")
    changes = compare_texts(REGISTER, text)
    assert [(c.act.value, c.clause.id, c.clause.article) for c in changes] == [
        ("add", "LS-3-2", "第三条"),
        ("move", "LS-3-1", "第四条"),
        ("move", "LS-4-1", "第五条"),
    ]
    assert articles_moved(changes) == {"第三条": "第四条", "第四条": "第五条"}


def test_an_article_that_is_gone_takes_its_clauses_along() -> None:
    text = BEFORE.replace("第三条 质量奖每届不超过3个。\n第四条", "第三条")
    changes = compare_texts(REGISTER, text)
    assert [(c.act.value, c.clause.id) for c in changes] == [("move", "LS-4-1"), ("remove", "LS-3-1")]
    assert articles_moved(changes) == {"第四条": "第三条", "第三条": ""}


def test_a_sentence_that_is_gone_from_its_article_is_looked_at_by_somebody() -> None:
    assert told(BEFORE.replace("公示期不少于5个工作日。", "")) == [("look", "LS-2-2", "第二条")]
