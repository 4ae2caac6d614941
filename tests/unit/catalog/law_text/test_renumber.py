"""Articles that get another number: what a decision orders, and the words that name them."""

from __future__ import annotations

import pytest

from service.catalog.law.law import Clause, Law
from service.catalog.law_text.amend import ClauseAct, proposed_changes
from service.catalog.law_text.amendment_point import AmendmentAct
from service.catalog.law_text.article_words import articles_named, followed
from service.catalog.law_text.decision import read_decision
from service.catalog.law_text.renumber import moved_articles

ORDER = "此外，对条文顺序作相应调整。"
TITLE = "示例市质量奖管理办法"


def law(*clauses: tuple[str, str, str]) -> Law:
    rows = {ident: Clause(ident, article, "other", summary, None, None) for ident, article, summary in clauses}
    return Law(TITLE, rows, frozenset(), "", "law.yaml")


LAW = law(
    ("SL-5", "第五条", "符合第六条至第八条的组织可以申报。"),
    ("SL-6", "第六条", "成立满5年。"),
    ("SL-7", "第七条第（二）项", "不服的，依照《中华人民共和国行政复议法》第八条办理。"),
    ("SL-8", "第八条", "第七条规定的材料，应当齐全。"),
    ("SL-9", "第九条", "本办法第五条所称组织。"),
)


def changed(text: str) -> list[tuple[str, str, str]]:
    changes = proposed_changes(LAW, read_decision(text))
    return [(c.after.id, c.after.article, c.after.summary) for c in changes if c.act is ClauseAct.RENUMBER and c.after]


@pytest.mark.parametrize(
    "order",
    [
        ORDER,
        "二、条文序号作相应调整。",
        "二、对条文顺序和个别文字作相应调整。",
        "本决定自公布之日起施行。《示例市质量奖管理办法》根据本决定作相应修改，重新公布。",
        "《示例市质量奖管理办法》根据本决定作相应修改并对条文顺序作相应调整，重新公布。",
    ],
)
def test_articles_behind_one_that_goes_move_up_where_the_decision_orders_it(order: str) -> None:
    assert changed(f"一、删去第七条。\n{order}") == [
        ("SL-5", "第五条", "符合第六条至第七条的组织可以申报。"),
        ("SL-8", "第七条", "第七条规定的材料，应当齐全。"),
        ("SL-9", "第八条", "本办法第五条所称组织。"),
    ]


def test_without_that_sentence_the_numbers_stay() -> None:
    points = read_decision("一、删去第七条。\n二、增加一条，作为第十条：“第十条 本办法由办公室解释。”")
    moved = moved_articles(LAW, points)
    assert (dict(moved.numbers), moved.stays) == ({"第七条": None}, True)
    assert [c.act for c in proposed_changes(LAW, points)] == [ClauseAct.REMOVE, ClauseAct.ADD]


def test_articles_added_stand_at_the_numbers_that_the_decision_says() -> None:
    text = "一、增加一条，作为第六条：“第六条 新一。”\n二、增加一条，作为第八条：“第八条 新二。”"
    assert dict(moved_articles(LAW, read_decision(text)).numbers) == {
        "第六条": "第七条",
        "第七条": "第九条",
        "第八条": "第十条",
        "第九条": "第十一条",
    }
    assert [row[:2] for row in changed(text)] == [
        ("SL-5", "第五条"),
        ("SL-6", "第七条"),
        ("SL-7", "第九条第（二）项"),
        ("SL-8", "第十条"),
        ("SL-9", "第十一条"),
    ]
    assert changed(text)[0][2] == "符合第七条至第十条的组织可以申报。"


def test_an_article_that_comes_for_one_that_goes_moves_none() -> None:
    text = f"一、删去第七条。\n二、增加一条，作为第七条：“第七条 新的。”\n{ORDER}"
    assert dict(moved_articles(LAW, read_decision(text)).numbers) == {"第七条": None}


def test_the_decision_itself_gives_an_article_its_number_and_new_words() -> None:
    points = read_decision(
        "一、删去第六条。\n二、将第八条改为第七条，修改为：“第七条 第六条规定的材料，应当齐全、真实。”"
    )
    assert [(p.act, p.place, p.text) for p in points] == [
        (AmendmentAct.REMOVE, "第六条", ""),
        (AmendmentAct.MOVE, "第八条", "第七条"),
        (AmendmentAct.REPLACE, "第八条", "第六条规定的材料，应当齐全、真实。"),
    ]
    changes = {c.after.id: c.after for c in proposed_changes(LAW, points) if c.after}
    assert (changes["SL-8"].article, changes["SL-8"].summary) == ("第七条", "第六条规定的材料，应当齐全、真实。")
    assert (changes["SL-7"].article, changes["SL-9"].article) == ("第六条第（二）项", "第八条")


MOVED: dict[str, str | None] = {"第七条": None, "第八条": "第七条", "第九条": "第八条", "第十条": "第九条"}


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("依据《示例市质量奖管理办法》第八条第（二）项，", "依据《示例市质量奖管理办法》第七条第（二）项，"),
        ("依据《{law.title}》第八条、第九条", "依据《{law.title}》第七条、第八条"),
        ("第八至十条，第八、九条", "第七至九条，第七、八条"),
        ("《行政复议法》第八条和第九条，本办法第九条", "《行政复议法》第八条和第九条，本办法第八条"),
        ("行政复议法第九条", "行政复议法第九条"),
        ("第十八条、第一百零八条", "第十八条、第一百零八条"),
        ("依据第七条", "依据第七条"),
        ("第七、八条", "第七、八条"),
    ],
)
def test_words_follow_only_where_it_is_clear_what_they_mean(text: str, after: str) -> None:
    assert followed(text, TITLE, MOVED) == after


def test_what_is_not_clear_is_named_with_its_line() -> None:
    text = "甲\n依据第七条办理\n《行政复议法》第八条\n行政复议法第九条\n依据第十条"
    found = [(named.line, named.before, named.after) for named in articles_named(text, TITLE, MOVED)]
    assert found == [(2, "第七条", ""), (4, "第九条", ""), (5, "第十条", "第九条")]


@pytest.mark.parametrize("row", ["第一、" * 20_000, "第一条、" * 5_000, "《" * 50_000, "一" * 60_000])
def test_a_text_that_is_one_long_row_of_signs_is_read_at_once(row: str) -> None:
    assert followed(row, TITLE, {"第二条": "第三条", "第三条第二款": None, "二（一）": "二（二）"}) == row


PARTS = law(
    ("SL-9-0", "第九条第一款", "材料包括下列各项。"),
    ("SL-9-1", "第九条第（一）项", "申报表。"),
    ("SL-9-2", "第九条第（二）项", "自评报告。"),
    ("SL-9-3", "第九条第（三）项", "证实性材料，见第九条第二项。"),
    ("SL-9-4", "第九条第二款", "材料不全的，限期补正。"),
    ("SL-9-5", "第九条第三款第（一）项", "逾期的，不予受理。"),
    ("SL-10", "第十条", "第九条第二款的期限为5日。"),
)


def places(of: Law, text: str) -> dict[str, str]:
    changes = proposed_changes(of, read_decision(text))
    return {c.after.id: c.after.article for c in changes if c.after}


def test_items_behind_one_that_is_added_move_and_so_does_what_names_them() -> None:
    assert places(PARTS, "一、第九条增加一项，作为第二项：“（二）承诺书；”") == {
        "SL-9-2b": "第九条第（二）项",
        "SL-9-2": "第九条第（三）项",
        "SL-9-3": "第九条第（四）项",
    }
    changes = proposed_changes(PARTS, read_decision("一、第九条增加一项，作为第二项：“（二）承诺书；”"))
    [words] = [c.after.summary for c in changes if c.after and c.after.id == "SL-9-3"]
    assert words == "证实性材料，见第九条第三项。"


def test_an_item_that_goes_is_filled_where_the_decision_orders_it_a_paragraph_always() -> None:
    assert places(PARTS, "一、删去第九条第二项。") == {}
    assert places(PARTS, "一、删去第九条第二项。\n二、其他项序号相应调整。")["SL-9-3"] == "第九条第（二）项"
    assert places(PARTS, "一、删去第九条第二款。") == {"SL-9-5": "第九条第二款第（一）项"}


def test_a_part_of_an_article_that_itself_moves_gets_both_numbers() -> None:
    text = "一、增加一条，作为第五条：“第五条 新的。”\n二、第九条增加一款，作为第二款：“材料可以在线提交。”"
    found = places(PARTS, text)
    assert found["SL-9-4"] == "第十条第三款"
    assert found["SL-9-5"] == "第十条第四款第（一）项"
    assert found["SL-9-6"] == "第十条第二款", (
        "its place is that of the article's new number, its id beside its neighbours'"
    )


SECTIONS = law(
    ("QY-1", "二（一）", "成立评委会。"),
    ("QY-2", "二（二）1", "组织评审。"),
    ("QY-3", "二（二）2", "职责见二（三）各项。"),
    ("QY-4", "二（三）", "组建评审组。"),
    ("QY-5", "三（一）", "基本条件。"),
)


def test_texts_in_parts_move_their_sections_and_points() -> None:
    assert places(SECTIONS, "一、第二部分增加一项，作为第（二）项：“（二）设监督组。”") == {
        "QY-2-2": "二（二）",
        "QY-2": "二（三）1",
        "QY-3": "二（三）2",
        "QY-4": "二（四）",
    }
    assert places(SECTIONS, "一、第二部分第（二）项增加一点，作为第1点：“1. 保密。”")["QY-3"] == "二（二）3"
    running = law(*((c.id, c.article.replace("三（一）", "三（四）"), c.summary) for c in SECTIONS.clauses.values()))
    gone = places(running, "一、删去第二部分第（三）项。\n二、条文序号作相应调整。")
    assert gone == {"QY-5": "三（三）"}, "sections counted through all parts; who names the one that goes must look"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("依据第九条第（二）项和第九条", "依据第九条第（三）项和第九条"),
        ("第九条第二款第一项", "第九条第三款第一项"),
        ("第九条第（一）、（二）项", "第九条第（一）、（二）项"),
        ("《行政复议法》第九条第（二）项", "《行政复议法》第九条第（二）项"),
        ("职责由二（三）各项、二（三）2落实，十二（三）", "职责由二（四）各项、二（四）2落实，十二（三）"),
    ],
)
def test_words_that_name_parts_follow(text: str, after: str) -> None:
    moved = {"第九条第（二）项": "第九条第（三）项", "第九条第二款": "第九条第三款", "二（三）": "二（四）"}
    assert followed(text, TITLE, moved) == after


@pytest.mark.parametrize(
    ("decision", "places"),
    [
        ("一、第六条增加一款，作为第二款：“应当公开。”", {"SL-6": "第六条第一款", "SL-6-2": "第六条第二款"}),
        ("一、第六条增加一款，作为第一款：“应当公开。”", {"SL-6": "第六条第二款", "SL-6-1": "第六条第一款"}),
        (
            "一、第七条增加一款，作为第二款：“应当公开。”",
            {"SL-7": "第七条第一款第（二）项", "SL-7-1": "第七条第二款"},
        ),
        (
            "一、第六条增加一款，作为第二款：“应当公开。”\n二、第六条增加一款，作为第三款：“应当归档。”",
            {"SL-6": "第六条第一款", "SL-6-2": "第六条第二款", "SL-6-3": "第六条第三款"},
        ),
    ],
)
def test_what_an_article_said_so_far_becomes_a_paragraph_where_another_is_added(
    decision: str, places: dict[str, str]
) -> None:
    changes = proposed_changes(LAW, read_decision(decision))
    assert list(places.values()) == [c.after.article for c in changes if c.after]
    moved = [(c.before.id, c.after.article) for c in changes if c.act is ClauseAct.CHANGE and c.before and c.after]
    assert moved == list(places.items())[:1]
    assert all(c.before.summary == c.after.summary for c in changes if c.before and c.after)


def test_a_paragraph_beside_others_leaves_them_where_they_are() -> None:
    parted = law(("SL-1", "第一条第一款", "甲。"), ("SL-2", "第一条第二款", "乙。"))
    changes = proposed_changes(parted, read_decision("一、第一条增加一款，作为第三款：“应当公开。”"))
    assert [c.act for c in changes] == [ClauseAct.ADD]


def test_two_articles_of_one_number_keep_it_and_say_the_new_one_where_the_order_moves() -> None:
    twice = law(
        ("SL-1", "第一条", "甲。"),
        ("SL-2", "第二条第一款（第一个第二条）", "乙。"),
        ("SL-3", "第二条（第二个第二条）", "丙。"),
    )
    points = read_decision(f"一、增加一条，作为第二条：“第二条 应当公开。”\n{ORDER}")
    assert moved_articles(twice, points).doubled == ("第二条",)
    changes = proposed_changes(twice, points)
    assert [c.after.article for c in changes if c.act is ClauseAct.RENUMBER and c.after] == [
        "第三条第一款（第一个第三条）",
        "第三条（第二个第三条）",
    ]
    assert moved_articles(LAW, points).doubled == ()
