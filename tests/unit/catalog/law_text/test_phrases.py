"""Phrases of regulations: what kind of clause they make, and which number, unit and bound they say."""

from __future__ import annotations

import pytest

from service.catalog.law_text.ballots_said import ballots_said, rounds_apart
from service.catalog.law_text.cycle import cycle_years
from service.catalog.law_text.kinds import guessed_kind
from service.catalog.law_text.numbers import numbers_in
from service.catalog.law_text.places import tiers_of
from service.catalog.law_text.presets import presets_of

MIN, MAX, NONE = "minimum", "maximum", ""
WORKING, DAYS, MONTHS, YEARS = "working_days", "calendar_days", "months", "years"
COUNT, YUAN, POINTS, SHARE = "count", "yuan", "points", "fraction"
PHRASES = [
    ("湖光奖每届获奖组织总数不超过3个。", "quota", [("3", COUNT, MAX)]),
    ("湖光奖每届不超过两家，可以空缺。", "quota", [("2", COUNT, MAX)]),
    ("湖光奖年度名额不超过2个，符合条件的组织未达到2个的，名额可以空缺。", "quota", [("2", COUNT, MAX), ("2", COUNT, "")]),
    ("每届授奖总数原则上不多于10项。", "quota", [("10", COUNT, MAX)]),
    ("获奖名额控制在三个以内。", "quota", [("3", COUNT, MAX)]),
    ("设湖光奖3名、晨光奖5名。", "quota", [("3", COUNT, NONE), ("5", COUNT, NONE)]),
    ("名额按行业分配：制造业不超过3个，服务业2个。", "quota", [("3", COUNT, MAX), ("2", COUNT, NONE)]),
    ("每次获奖组织为三至五个，名额可以空缺。", "quota", [("3", COUNT, MIN), ("5", COUNT, MAX)]),
    ("获奖组织数量不超过申报总数的30%，名额不足的空缺。", "quota", [("30/100", SHARE, MAX)]),
    ("各镇推荐名额最多推荐两家。", "quota", [("2", COUNT, MAX)]),
    ("湖光奖每两年评选一次。", "time_limit", [("2", YEARS, NONE)]),
    ("湖光奖评选周期为3年。", "time_limit", [("3", YEARS, NONE)]),
    ("收到异议后，应当在10个工作日内答复异议人。", "objection", [("10", WORKING, MAX)]),
    ("对书面异议应当自受理之日起十五日以内作出答复，提出异议的应当署名。", "objection", [("15", DAYS, MAX)]),
    ("评审会议应当有7名以上委员出席方可举行。", "vote", [("7", COUNT, MIN)]),
    ("到会委员不得少于九人，经投票表决。", "vote", [("9", COUNT, MIN)]),
    ("三分之二以上委员到会，经到会委员半数以上同意。", "vote", [("2/3", SHARE, MIN), ("1/2", SHARE, MIN)]),
    ("应到委员的2/3以上出席，方可投票。", "vote", [("2/3", SHARE, MIN)]),
    ("得票数超过出席人数三分之二的，列入拟奖名单。", "vote", [("2/3", SHARE, NONE)]),
    ("得票达到全体委员半数以上的当选。", "vote", [("1/2", SHARE, MIN)]),
    ("得票不足到会委员三分之二的，不予授奖。", "vote", [("2/3", SHARE, MIN)]),
    ("四分之三以上（含四分之三）的委员出席。", "vote", [("3/4", SHARE, MIN)]),
    ("出席委员不少于委员总数的五分之四。", "vote", [("4/5", SHARE, MIN)]),
    ("赞成票不低于百分之六十的通过表决。", "vote", [("60/100", SHARE, MIN)]),
    ("投票应当在3个工作日内完成。", "vote", [("3", WORKING, MAX)]),
    ("按得分由高到低取前10名进入现场评审。", "procedure", [("10", COUNT, NONE)]),
    ("材料评审排名前十名的组织参加现场评审。", "procedure", [("10", COUNT, NONE)]),
    ("得分600分以上的组织参加现场评审。", "procedure", [("600", POINTS, MIN)]),
    ("综合得分不低于1,000分。", "eligibility", [("1000", POINTS, MIN)]),
    ("总得分低于六百分的不予授奖。", "eligibility", [("600", POINTS, MIN)]),
    ("得分在前50%的组织进入现场评审。", "procedure", [("50/100", SHARE, NONE)]),
    ("拟奖名单公示期不少于5个工作日。", "notice", [("5", WORKING, MIN)]),
    ("拟奖名单公示五日以上。", "notice", [("5", DAYS, MIN)]),
    ("公示期限不得短于七日。", "notice", [("7", DAYS, MIN)]),
    ("公示时间为7天。", "notice", [("7", DAYS, NONE)]),
    ("拟奖名单公示5至7日。", "notice", [("5", DAYS, MIN), ("7", DAYS, MAX)]),
    ("公示自3月1日至31日。", "notice", []),
    ("办公室20个工作日之内完成资格审查。", "time_limit", [("20", WORKING, MAX)]),
    ("自收到补正通知之日起5个工作日内补正。", "time_limit", [("5", WORKING, MAX)]),
    ("调查应当在两个月内完成。", "time_limit", [("2", MONTHS, MAX)]),
    ("会议至少提前3个工作日通知委员，委员应当出席。", "vote", [("3", WORKING, MIN)]),
    ("自接到申请之日起三十个自然日内办结。", "time_limit", [("30", DAYS, MAX)]),
    ("核查期限最长为20个工作日，收到之日起计算，不超过20个工作日。", "time_limit",
     [("20", WORKING, MAX), ("20", WORKING, MAX)]),
    ("申报组织依法登记并正常运营三年以上。", "eligibility", [("3", YEARS, MIN)]),
    ("登记注册并正常经营五年（含）以上，信用良好。", "eligibility", [("5", YEARS, MIN)]),
    ("依法登记、连续生产经营满4年，业绩显著。", "eligibility", [("4", YEARS, MIN)]),
    ("近三年内无重大质量事故。", "eligibility", [("3", YEARS, NONE)]),
    ("成立不满三年的组织不得申报。", "eligibility", [("3", YEARS, MIN)]),
    ("成立未满三年的组织，业绩显著的可以申报。", "eligibility", [("3", YEARS, NONE)]),
    ("获奖后两年内不得再次申报。", "eligibility", [("2", YEARS, MAX)]),
    ("给予一次性奖励人民币一百万元。", "prize", [("1000000", YUAN, NONE)]),
    ("奖励每家30万元并授予证书，奖金总额不超过90万元。", "prize", [("300000", YUAN, NONE), ("900000", YUAN, MAX)]),
    ("奖金分两期拨付，首期60%，第二期40%，共奖励50万元。", "prize",
     [("60/100", SHARE, NONE), ("40/100", SHARE, NONE), ("500000", YUAN, NONE)]),
    ("撤销奖励的，五年内不予受理其申报。", "sanction", [("5", YEARS, MAX)]),
    ("骗取奖励的，十五个工作日内收回证书。", "sanction", [("15", WORKING, MAX)]),
    ("评审组由5名以上单数的专家组成，负责打分。", "role", [("5", COUNT, MIN)]),
    ("评审组由三至五人组成。", "role", [("3", COUNT, MIN), ("5", COUNT, MAX)]),
    ("评审委员会由11人组成，负责审议决定。", "role", [("11", COUNT, NONE)]),
    ("本办法自2027年3月1日起施行，有效期为五年。", "validity", [("5", YEARS, NONE)]),
    ("本办法有效期2年，试行。", "validity", [("2", YEARS, NONE)]),
    ("年度报告连续报送三年，书面提供材料。", "record", [("3", YEARS, NONE)]),
    ("材料评审占百分之四十，现场评审占百分之六十。", "procedure", [("40/100", SHARE, NONE), ("60/100", SHARE, NONE)]),
    ("评审分为两个阶段，按照下列程序组织评审。", "procedure", []),
    ("第三名以后的得分相差3个百分点。", "other", []),
    ("缺席不得超过三分之一的委员，否则不得表决。", "vote", [("1/3", SHARE, MAX)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "said"), PHRASES, ids=[text[:10] for text, _, _ in PHRASES])
def test_a_phrase_says_its_kind_and_its_numbers(text: str, kind: str, said: list[tuple[str, str, str]]) -> None:
    assert ([(n.value, n.unit.value, n.bound) for n in numbers_in(text)], guessed_kind(text)) == (said, kind)


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("得票超过半数的当选。", True),
        ("得票超过出席人数三分之二的当选。", True),
        ("半数以上（不含半数）赞成。", True),
        ("反对票不超过三分之一。", False),
        ("通过率不高于百分之三十。", False),
        ("半数以上（含半数）赞成。", False),
    ],
)
def test_more_than_a_share_is_told_from_a_share_that_suffices(text: str, over: bool) -> None:
    assert [n.over for n in numbers_in(text)] == [over]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("评审会议应当有7名以上委员出席。", True),
        ("专家组人数不少于5人。", True),
        ("到会人数不少于9名。", True),
        ("获奖组织不超过3名。", False),
        ("每届不超过5个。", False),
    ],
)
def test_who_attends_is_told_from_what_is_given(text: str, people: bool) -> None:
    assert [n.of_people for n in numbers_in(text)] == [people]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("湖光奖每两年评选一次。", 2),
        ("湖光奖每2年评选一届，每次不超过3个。", 2),
        ("评选周期为三年。", 3),
        ("湖光奖两年一届。", 2),
        ("湖光奖每年评选一次。", 1),
        ("湖光奖每年组织评选，每两年表彰一次。", None),
        ("获奖组织每两年复评一次。", None),
        ("获奖后两年内每年提交年度报告。", None),
        ("近两年评选结果公开。", None),
    ],
)
def test_every_how_many_years_an_award_is_given(text: str, years: int | None) -> None:
    found = cycle_years(text)
    assert (found[0] if found else None) == years


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("公示期限不得少于七日。", {"notice_days": "7"}),
        ("拟奖名单公示应当不少于5个工作日。", {"notice_days": "5"}),
        ("专家组人数不少于5人。", {"reviewers": "5"}),
        ("评审办从专家库中随机抽取不少于5名专家组成评审组，对申报材料进行评审。", {"reviewers": "5"}),
        ("从专家库中抽取不少于七名评审专家，组成评审组。", {"reviewers": "7"}),
        ("评审专家从专家库中随机抽取，每组不少于5名。", {"reviewers": "5"}),
        ("抽取不少于5名专家参加座谈。", {}),
        ("申报期限为公告发布之日起60日。", {"window_days": "60"}),
        ("自发布申报公告之日起60日内向市评审办申报。", {"window_days": "60"}),
        ("评审办在公告发布60日内接受申报。", {"window_days": "60"}),
        ("自发布拟奖名单之日起60日内提交书面说明。", {}),
        ("申报时间自通知印发之日起30个工作日。", {"window_days": "30"}),
        ("申报期限内材料不齐的，自通知之日起5日内补正。", {}),
        ("评审组由三至五人组成。", {}),
        ("专家组提出建议后，由7名以上委员出席的会议审议。", {}),
        ("评审专家按规定回避，评审委员会由不少于7名委员出席。", {}),
        ("评审组打分后，评审委员会由11人组成的会议审议。", {}),
        ("办公室应当在两个工作日内完成资格审查。", {"acceptance_days": "2"}),
    ],
)
def test_what_a_first_procedure_begins_with_is_read_or_asked(text: str, found: dict[str, str]) -> None:
    assert {key: preset.value for key, preset in presets_of([("第一条", text)]).items()} == found


@pytest.mark.parametrize(
    ("text", "tiers"),
    [
        ("湖光奖每届不超过两个，晨光奖每届名额不超过5个。", {"湖光奖": 2, "晨光奖": 5}),
        ("设湖光奖3名、晨光奖5名。", {"湖光奖": 3, "晨光奖": 5}),
        ("每届评选湖光奖不超过三个，评出晨光奖不超过5个。", {"湖光奖": 3, "晨光奖": 5}),
        ("每届设计奖不超过3个。", {"设计奖": 3}),
        ("湖光奖每届不超过10个，其中个人奖不超过2名。", {"湖光奖": 10}),
        ("湖光奖每届不超过10个（其中个人奖不超过2名），晨光奖不超过5个。", {"湖光奖": 10, "晨光奖": 5}),
        ("湖光奖每届不超过10个，其中组织奖不超过8个，个人奖不超过2名。", {"组织奖": 8, "个人奖": 2}),
        ("湖光奖每届不超过10个，其中组织奖不超过8个，个人奖不超过3名。", {"湖光奖": 10}),
        ("湖光奖每届不超过10个，其中个人奖不超过2名，晨光奖不超过15个。", {"湖光奖": 10, "晨光奖": 15}),
        (
            "湖光奖每届不超过10个（其中组织奖不超过8个，个人奖不超过2名），晨光奖不超过5个。",
            {"组织奖": 8, "个人奖": 2, "晨光奖": 5},
        ),
        (
            "湖光奖每届不超过10个（其中组织奖不超过8个，个人奖不超过3名），晨光奖不超过5个。",
            {"湖光奖": 10, "晨光奖": 5},
        ),
        ("获得湖光奖3年后可以再次申报。", {}),
        ("委员会有7名委员，湖光奖可以空缺。", {}),
    ],
)
def test_places_of_tiers_are_read(text: str, tiers: dict[str, int]) -> None:
    assert {name: places for name, places, _ in tiers_of([("第一条", text)])} == tiers


def test_places_of_an_award_without_tiers_are_read_also_far_behind_its_name() -> None:
    far = "清河市人民政府质量奖（以下简称市质量奖）是市人民政府设立的质量荣誉，每两年评选一次，每届获奖组织不超过3个；可以空缺。"
    assert tiers_of([("第二条", far)]) == (("清河市人民政府质量奖", 3, "第二条"),)
    alone = [("第五条", "每届获奖组织不超过4个，可以空缺。"), ("第九条", "每个县（区）推荐的组织不超过2个。")]
    assert tiers_of(alone) == ()
    assert tiers_of(alone, "湖滨县质量奖") == (("湖滨县质量奖", 4, "第五条"),)
    assert tiers_of([*alone, ("第六条", "每届授奖总数不超过5个。")], "湖滨县质量奖") == (), "said in two ways"


def test_an_attendance_says_nothing_of_how_many_ballots_there_are() -> None:
    assert ballots_said("7名以上委员出席方可投票。") is None


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("第一轮获三分之二以上同意的，列为金奖候选；其余的进行第二轮表决，获半数以上同意的，列为银奖候选。", True),
        ("第一轮确定为金奖第二轮确定为银奖。", True),
        ("第一轮未产生金奖的，进行第二轮表决，仍列为金奖候选。", False),
        ("第一轮得票过半的列为金奖候选，不足的进行第二轮投票，过半的列为金奖候选。", False),
        ("第一轮得票过半的列为金奖候选。第二轮过半的列为银奖候选。", False),
    ],
)
def test_rounds_of_a_vote_are_apart_where_each_has_its_own_prize(text: str, apart: bool) -> None:
    assert rounds_apart(text) is apart


@pytest.mark.parametrize("text", ["第一轮列为金" * 10_000, "第一轮列为金" * 2_000 + "第二轮" * 2_000])
def test_a_hostile_text_on_rounds_is_read_at_once(text: str) -> None:
    assert rounds_apart(text) is False
