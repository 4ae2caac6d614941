"""A whole regulation is read: each number with its article, unit and phase, and nothing where it could be another's."""

from __future__ import annotations

import pytest

from service.catalog.assistants.clause_reading import kinds_said, read_clause
from service.catalog.assistants.step_clauses import step_clauses
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law.law import passages_of
from service.catalog.law_text.call_day import call_by_presets
from service.catalog.law_text.pieces import LawPiece, clauses_of
from service.catalog.law_text.places import tiers_of
from service.catalog.law_text.presets import read_numbers
from service.catalog.law_text.recommenders import each_its_own, places_to_recommend, recommenders_of
from service.catalog.law_text.split import LawLevel, split_law
from service.catalog.law_text.vote_said import vote_said

TEXT = """
云溪县县长质量奖管理办法
第一章 总则
第一条 为推动全县高质量发展，根据有关法律法规，结合本县实际，制定本办法。
第二条 云溪县县长质量奖（以下简称“县长质量奖”）设金溪奖和银溪奖，每三年评选一届。
第三条 每届授予金溪奖至多2个、银溪奖4个以内；达不到条件的可以空缺。
第四条 县评审委员会由13名委员组成，委员任期三年，连续任职不超过两届。
第五条 县质量工作办公室（以下简称“县质量办”）设在县市场监督管理局，负责日常工作，推荐评审专家人选不多于20名。
第二章 申报和推荐
第六条 申报组织应当依法登记注册并正常运营满四年，近两年内未发生较大质量安全事故。
第七条 曾获金溪奖的组织，六年内不得再次申报；曾获银溪奖的组织，间隔一届后方可申报。
第八条 县质量办于评选年度二月底前发布申报公告，申报期限自公告发布之日起不少于40日。
第九条 申报组织应当在本单位内部公示3个工作日，公示无异议的，向所在乡镇人民政府或者县行业主管部门报送材料。
第十条 乡镇人民政府、县行业主管部门应当自收到申报材料之日起8个工作日内提出推荐意见，每个单位推荐金溪奖不多于2个，推荐银溪奖不超过3个。
第十一条 重点产业集聚的乡镇，可以增加推荐银溪奖1个。
第十二条 县质量办收到推荐材料后，应当在12个工作日内完成资格审查，并作出是否受理的决定。材料不齐的，应当一次性告知，申报组织应当自收到通知之日起7个工作日内补正。
第十三条 受理名单应当向社会公示，公示期不少于10日。
第三章 评审
第十四条 评审组由不少于7名单数专家组成，其中行业专家不少于3名。专家推荐的案例可以作为评分的参考。
第十五条 评审分为材料评审和现场评审，分别占总分的百分之三十和百分之七十。
第十六条 材料评审得分排名前8名的组织进入现场评审，总得分低于650分的不得列入候选名单。
第十七条 评审委员会会议应当有全体委员三分之二以上出席，采取无记名投票方式，得票数超过全体委员半数的为拟奖组织。得票不足的，可以再投票一次。
第十八条 拟奖名单应当在县人民政府网站公示，公示期为7个工作日。
第四章 异议
第十九条 对公示内容有异议的，应当在公示期内书面提出。县质量办应当自收到异议之日起2个工作日内决定是否受理。
第二十条 受理异议后，县质量办应当在3个工作日内转交推荐单位核查，推荐单位应当在10个工作日内反馈核查情况。
第二十一条 县质量办应当自受理异议之日起20个工作日内书面答复异议人；情况复杂的，经评审委员会主任批准可以延长10个工作日。
第五章 奖励
第二十二条 拟奖名单经公示无异议后，由县质量办报县人民政府审定。
第二十三条 获得金溪奖的组织奖励人民币60万元，获得银溪奖的组织奖励20万元。
第二十四条 奖金分两次拨付：授奖后拨付50%，满一年且年度报告合格的拨付50%。
第二十五条 称号有效期为六年，有效期届满前六个月内可以申请复评。
第六章 监督
第二十六条 获奖组织应当连续三年于每年3月底前向县质量办报送年度报告。
第二十七条 获奖后三年内发生重大质量事故的，由县质量办提请县人民政府撤销称号，获奖组织应当自收到决定之日起15日内交回证书、奖牌和奖金，五年内不得申报。
第二十八条 提供虚假材料的申报组织，两届内不予受理其申报。
第二十九条 参与评审的人员泄露评审情况的，18个月内不得参加评审工作。
第三十条 本办法自2027年1月1日起施行，有效期五年。
"""
UNITS = [unit for unit in split_law(TEXT) if unit.level is not LawLevel.PREAMBLE]
CLAUSES = clauses_of("YX", [LawPiece(unit.place, unit.numbers, unit.text) for unit in UNITS])
PASSAGES = passages_of(CLAUSES)


def test_every_number_of_a_procedure_is_that_of_its_own_article() -> None:
    read = read_numbers(PASSAGES)
    assert {key: (one.value, one.calendar, one.article) for key, one in read.presets.items()} == {
        "window_days": ("40", True, "第八条"),
        "founded_years": ("4", False, "第六条"),
        "acceptance_days": ("12", False, "第十二条"),
        "recommend_days": ("8", False, "第十条"),
        "reviewers": ("7", False, "第十四条"),
        "vote_ballots": ("2", False, "第十七条"),
        "notice_days": ("7", False, "第十八条"),
        "objection_acceptance_days": ("2", False, "第十九条"),
        "objection_forwarding_days": ("3", False, "第二十条"),
        "objection_investigation_days": ("10", False, "第二十条"),
        "objection_reply_days": ("20", False, "第二十一条"),
        "cycle_years": ("3", False, "第二条"),
    }
    assert dict(read.doubts) == {}
    assert call_by_presets(PASSAGES) == ("02-28", "第八条")


def test_places_are_those_that_are_given_and_not_those_recommended_or_added() -> None:
    assert tiers_of(PASSAGES) == (("金溪奖", 2, "第三条"), ("银溪奖", 4, "第三条"))
    assert [name for name, _ in recommenders_of(PASSAGES)] == ["乡镇人民政府", "县行业主管部门"]
    assert places_to_recommend(PASSAGES) is None, "each tier has its own number: it is asked"


def test_districts_that_recommend_so_many_each_are_their_office() -> None:
    said = "县（区）市场监督管理局应当择优推荐。东川区推荐不超过5个，西岭区推荐不超过4个；有余额的，结转不超过2个。"
    assert each_its_own([("第九条", said)]) == (
        ("东川区市场监督管理局", 5, "第九条"),
        ("西岭区市场监督管理局", 4, "第九条"),
    )
    assert each_its_own(PASSAGES) == ()


def test_the_vote_says_of_whom_and_whether_secret() -> None:
    assert {key: one.value for key, one in vote_said(PASSAGES).items()} == {"base": "members_on_roll", "secret": "true"}


def test_a_step_rests_on_what_is_done_and_not_on_a_word() -> None:
    articles = {clause.id: clause.article for clause in CLAUSES}
    assert {step: [articles[one] for one in cited] for step, cited in step_clauses(CLAUSES).items()} == {
        "apply": ["第八条"],
        "conditions": ["第六条"],
        "acceptance": ["第十二条"],
        "vote": ["第十七条", "第三条"],
        "notice": ["第十八条"],
        "conferral": ["第二十三条"],
        "cycle": ["第二条"],
        "recommendation": ["第十条"],
        "scoring": ["第十四条", "第十五条", "第十六条"],
        "objection": ["第十九条", "第二十条", "第二十一条"],
        "approval": ["第二十二条"],
        "withdrawal": [],
    }


@pytest.mark.parametrize(
    ("texts", "value", "doubts"),
    [
        (["受理名单公示5个工作日。", "拟奖名单公示，时间不少于7日。"], "7", 0),
        (["申报组织在本单位内部公示5个工作日。"], None, 1),
        (["候选名单公示7日。"], None, 1),
        (["公示期不少于5个工作日。", "受理名单公示10日。"], None, 2),
        (["本办法规定的公示均不少于5个工作日。", "受理名单公示10日。"], "5", 0),
        (["拟奖名单公示5日。", "获奖名单公示7日。"], None, 2),
    ],
)
def test_the_notice_of_the_winners_is_read_or_asked(texts: list[str], value: str | None, doubts: int) -> None:
    read = read_numbers([(f"第{n}条", text) for n, text in enumerate(texts, 1)])
    preset = read.presets.get("notice_days")
    assert (preset.value if preset else None, len(read.doubts.get("notice_days", ()))) == (value, doubts)


@pytest.mark.parametrize(
    ("text", "tiers"),
    [
        ("每县推荐湖光奖不超过3个。", {}),
        ("可以增加晨光奖2个。", {}),
        ("湖光奖获奖组织每届不多于3个；“晨光奖”不超过5个。", {"湖光奖": 3, "晨光奖": 5}),
        ("湖光奖以4名为限。", {"湖光奖": 4}),
        ("区质量奖每2年评审一届，原则上获奖组织每届不超过3个。", {"区质量奖": 3}),
        ("经推荐、评审，每届湖光奖不超过3个。", {"湖光奖": 3}),
        ("湖光奖每届不超过 2 个组织。湖光奖每届不超过3个组织。", {}),
    ],
)
def test_tiers_are_read_where_places_are_given(text: str, tiers: dict[str, int]) -> None:
    assert {name: places for name, places, _ in tiers_of([("第一条", text)])} == tiers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("经到会委员三分之二以上同意。", {"base": "members_present"}),
        ("全体委员三分之二以上出席，得票过半数的通过。", {}),
        ("以记名投票方式，超过有效票半数的当选。", {"base": "votes_cast", "secret": "false"}),
        ("采取不记名投票。", {"secret": "true"}),
        ("投票表决。", {}),
        (
            "采用无记名投票，三分之二以上委员到会、到会委员过半数赞成方为有效。",
            {"base": "members_present", "secret": "true"},
        ),
    ],
)
def test_what_a_text_leaves_open_of_the_vote_is_left_open(text: str, said: dict[str, str]) -> None:
    assert {key: one.value for key, one in vote_said([("第一条", text)]).items()} == said


@pytest.mark.parametrize(
    ("kind", "text", "value", "asked"),
    [
        (AssistKind.BAR, "间隔一届后方可申报。", "1", None),
        (AssistKind.BAR, "被通报的组织18个月内不得申报。", "18", None),
        (AssistKind.BAR, "未获奖的组织连续两次不得申报。", None, "连续两次不得申报"),
        (AssistKind.BAR, "具有5年以上质量管理工作经历。", None, None),
        (AssistKind.BAR, "自获奖年度起满四年可再次申请。", "4", None),
        (AssistKind.REVOCATION, "获奖后5年内发生重大事故的，撤销称号。", None, None),
        (AssistKind.TIME_LIMIT, "本办法自公布之日起30日后施行。", None, None),
        (AssistKind.PRIZE, "金奖奖励60万元，银奖奖励20万元。", None, "60万元、20万元"),
        (AssistKind.OBJECTION_WINDOW, "收到异议后2个工作日内决定是否受理。", None, None),
    ],
)
def test_what_fits_no_field_or_several_is_asked(
    kind: AssistKind, text: str, value: str | None, asked: str | None
) -> None:
    read = read_clause(kind, text)
    assert (read.fields.get("value"), read.asked.get("value")) == (value, asked)


def test_a_clause_that_says_several_things_names_the_assistants_of_all() -> None:
    text = "质量奖每2年评审一届，获奖组织每届不超过3个，由县人民政府奖励20万元。"
    assert kinds_said(text) == (AssistKind.QUOTA, AssistKind.PRIZE, AssistKind.CYCLE)
    assert kinds_said("获奖后五年内不得再次申报。") == (AssistKind.BAR,)
