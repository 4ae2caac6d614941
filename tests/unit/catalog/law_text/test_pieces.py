"""Clauses out of confirmed passages: their ids and kinds."""

from __future__ import annotations

import pytest

from service.catalog.law_text.kinds import guessed_kind
from service.catalog.law_text.pieces import KINDS, LawPiece, clauses_of, leads_of
from service.domain.errors import Invalid


def test_ids_follow_from_place_and_order() -> None:
    pieces = [
        LawPiece("第三条", (3,), "每五年一届。"),
        LawPiece("第三条", (3,), "至多五个。"),
        LawPiece("第十一条", (11,), "程序如下："),
        LawPiece("第十一条第（二）项", (11, 2), "内部公示；"),
        LawPiece("第十一条第（二）项", (11, 2), "社会公示。"),
        LawPiece("第十一条第（三）项", (11, 3), "审查。"),
        LawPiece("第十一条第（三）项第1目", (11, 3, 1), "逐项。"),
    ]
    assert [clause.id for clause in clauses_of("WQ", pieces, {"WQ-3-1"})] == [
        "WQ-3-2", "WQ-3-3", "WQ-11-0", "WQ-11-2a", "WQ-11-2b", "WQ-11-3", "WQ-11-3-1",
    ]  # fmt: skip


def test_more_pieces_than_letters_still_have_ids_of_their_own() -> None:
    found = [clause.id for clause in clauses_of("A", [LawPiece("x", (1, 1), f"{n}") for n in range(60)])]
    assert len(set(found)) == 60
    assert found[25:28] == ["A-1-1z", "A-1-1aa", "A-1-1ab"]


def test_a_long_piece_keeps_its_words_beside_the_summary() -> None:
    [long] = clauses_of("A", [LawPiece("第一条", (1,), "长" * 100, summary="要旨")])
    [short] = clauses_of("A", [LawPiece("第一条", (1,), "短。")])
    assert (long.summary, long.text) == ("要旨", "长" * 100)
    assert (short.summary, short.text) == ("短。", "")


@pytest.mark.parametrize("prefix", ["", "wq", "1A", "A B", "甲", "ABCDEFGHI"])
def test_a_prefix_that_is_no_word_in_capitals_is_refused(prefix: str) -> None:
    with pytest.raises(Invalid, match="前缀"):
        clauses_of(prefix, [])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("社会公示不少于5个工作日", "notice"),
        ("自收到之日起10个工作日内决定", "time_limit"),
        ("任何个人可以提出异议", "objection"),
        ("由领导小组无记名投票产生", "vote"),
        ("弄虚作假的，撤销奖励", "sanction"),
        ("每届不超过5个", "quota"),
        ("天气晴朗", "other"),
        ("公示没有异议的，报人民政府批准。", "procedure"),
        ("连续正常经营满6年。", "eligibility"),
        ("近3年内没有发生重大质量事故，信用良好。", "eligibility"),
        ("获奖组织宣传时应当注明获奖年份。", "duty"),
        ("评审专家存在利害关系的，不得参加评审。", "prohibition"),
        ("所需经费列入财政预算，不收取费用。", "fee"),
        ("填写申报表，提供证明材料。", "record"),
        ("为了激励各行业，结合本地实际，制定本办法。", "other"),
    ],
)
def test_a_kind_is_guessed_from_the_words(text: str, kind: str) -> None:
    assert guessed_kind(text) == kind
    assert kind in KINDS


def test_an_item_is_of_the_kind_that_its_article_leads_up_to() -> None:
    lead, duties = "申报组织应当具备下列条件：", "委员会履行下列职责："
    passages = [((9,), lead), ((9, 1), "有完善的管理制度。"), ((10,), duties), ((10, 1), "审议候选名单。")]
    assert leads_of(passages) == ("", lead, "", duties)
    assert [guessed_kind(text, said) for (_, text), said in zip(passages, leads_of(passages), strict=True)][1::2] == [
        "eligibility",
        "role",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "投入研发经费占营业收入比例不低于3%；",
        "设立首席质量官，负责本单位质量工作；",
        "提供的申报材料真实有效；",
        "通过质量管理体系认证，认证证书在有效期内；",
        "公示无异议的；",
        "没有被撤销过称号；",
        "法律、法规规定的其他条件。",
    ],
)
@pytest.mark.parametrize("lead", ["申报组织应当符合下列条件：", "参评单位须同时具备以下基本条件："])
def test_what_stands_below_a_sentence_of_conditions_is_a_condition(text: str, lead: str) -> None:
    assert guessed_kind(text, lead) == "eligibility"
