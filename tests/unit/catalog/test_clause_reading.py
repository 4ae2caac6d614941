"""Numbers in the words of a clause: which the assistant takes over, and where it takes none."""

from __future__ import annotations

import pytest

from service.catalog.assistants.clause_reading import read_clause
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.numbers import numbers_in

K = AssistKind
READ = [
    (K.TIME_LIMIT, "评审办应当自受理之日起三十日内审查完毕。", {"value": "30", "unit": "calendar_days", "bound": "maximum"}),
    (K.TIME_LIMIT, "５ 个工作日内答复。", {"value": "5", "unit": "working_days", "bound": "maximum"}),
    (K.TIME_LIMIT, "每年6月30日前报送，2026年3月1日起施行。", {}),
    (K.TIME_LIMIT, "15日内受理，30日内办结。", {}),
    (K.TIME_LIMIT, "15日内办结，情况复杂的可以延长30日。", {"value": "15", "unit": "calendar_days", "bound": "maximum"}),
    (K.NOTICE, "自评定之日起10日内向社会公示，公示期不少于五个工作日。", {"value": "5", "unit": "working_days", "bound": "minimum"}),
    (K.QUOTA, "每届获奖组织不超过5个，由9名委员表决。", {"value": "5", "unit": "count", "bound": "maximum"}),
    (K.QUOTA, "质量奖不超过3个，提名奖不超过5个。", {}),
    (K.MAJORITY, "三分之二以上委员出席，经出席委员过半数同意方可通过。", {"value": "> 1/2", "bound": "minimum", "second": "2/3", "base": "members_present"}),
    (K.MAJORITY, "得到百分之六十以上赞成票的当选。", {"value": ">= 3/5", "bound": "minimum"}),
    (K.PRIZE, "给予一次性奖励5万元。", {"value": "50000", "unit": "yuan"}),
    (K.PRIZE, "奖励一百二十万元，分两期按60%、40%拨付。", {"value": "1200000", "unit": "yuan", "share_1": "60", "share_2": "40"}),
    (K.PRIZE, "质量奖奖励50万元，提名奖奖励20万元。", {}),
    (K.BAR, "获奖后3年内不得再次申报。", {"value": "3", "unit": "years", "since": "award"}),
    (K.BAR, "近3年内未发生重大质量事故。", {"value": "3", "unit": "years", "since": "event", "what": "发生重大质量事故"}),
    (K.BAR, "被撤销奖励的组织，5年内不得申报。", {"value": "5", "unit": "years", "since": "revocation"}),
    (K.BAR, "近3年内有偷税、骗税行为被依法查处的；", {"value": "3", "unit": "years", "since": "event", "what": "有偷税、骗税行为被依法查处"}),
    (K.BAR, "近3年内质量监督抽查有不合格记录的；", {"value": "3", "unit": "years", "since": "event", "what": "出现质量监督抽查有不合格记录"}),
    (K.BAR, "获奖后六年内不得再次申报；获得提名奖的，可以在下一届申报质量奖。",
     {"value": "6", "unit": "years", "since": "award", "spared": "提名奖"}),
    (K.BAR, "获奖后六年内不得再次申报；获得县长质量奖的，可以申报省政府质量奖。", {"value": "6", "unit": "years"}),
    (K.BAR, "近三年内无严重失信行为记录；", {"value": "3", "unit": "years", "since": "event", "what": "有严重失信行为记录"}),
    (K.BAR, "近3年内无重大质量、安全等事故，无严重违法记录。",
     {"value": "3", "unit": "years", "since": "event", "what": "发生重大质量、安全等事故或者有严重违法记录"}),
    (K.BAR, "有下列情形的，3年内不得申报。", {"value": "3", "unit": "years"}),
    (K.BAR, "获奖后18个月内不得再次申报。", {"value": "18", "unit": "months", "since": "award"}),
    (K.BAR, "申报前12个月内未发生重大质量事故。", {"value": "12", "unit": "months", "since": "event", "what": "发生重大质量事故"}),
    (K.BAR, "曾获金奖的组织，间隔一届后方可再次申报。", {"value": "1", "unit": "count", "since": "award"}),
    (K.BAR, "被撤销奖励的组织，两届内不得申报。", {"value": "2", "unit": "count", "since": "revocation"}),
    (K.TERM, "评审专家聘期三年，可以续聘一次。", {"value": "3", "unit": "years", "most": "2"}),
    (K.TERM, "委员任期五年，连续任职不超过两届。", {"value": "5", "unit": "years", "most": "2"}),
    (K.TERM, "委员任期三年，连任不得超过两次。", {"value": "3", "unit": "years", "most": "3"}),
    (K.TERM, "委员任期三年，连任不超过两届。", {"value": "3", "unit": "years"}),
    (K.BAR, "获奖组织下一届不得申报。", {"value": "1", "unit": "count", "since": "award"}),
    (K.BAR, "获得质量奖的组织不得再次申报。", {"value": "true", "unit": "boolean", "since": "award"}),
    (K.BAR, "被撤销奖励的组织不再受理其申报。", {"value": "true", "unit": "boolean", "since": "revocation"}),
    (K.BAR, "获奖组织两届后方可再次申报。", {"value": "2", "unit": "count", "since": "award"}),
    (K.TERM, "评审专家聘期一届，可以续聘一次。", {"value": "1", "unit": "count", "most": "2"}),
    (K.TERM, "评审员每届聘任，聘期为两届。", {"value": "2", "unit": "count"}),
    (K.BAR, "连续两届获奖的组织不得申报下一届。", {"since": "award"}),
    (K.OBJECTION_WINDOW, "收到异议后15个工作日内答复，可以延长10个工作日。", {"value": "15", "unit": "working_days", "bound": "maximum", "extension": "10"}),
    (K.OBJECTION_WINDOW, "5个工作日内答复，其间相关组织的评审中止。", {"value": "5", "unit": "working_days", "bound": "maximum", "hold": "concerned"}),
    (K.REVOCATION, "撤销称号，30日内退回奖金，五年内不得申报。", {"value": "5", "unit": "years", "recovery_days": "30", "recovery_unit": "calendar_days"}),
    (K.REVOCATION, "撤销奖励，自收到通知起10个工作日内交回证书。", {"recovery_days": "10", "recovery_unit": "working_days"}),
    (K.VALIDITY, "称号有效期5年，满3年复评。", {"value": "5", "unit": "years"}),
    (K.CUT_OFF, "综合得分低于600分的不列为候选。", {"value": "600", "unit": "points", "bound": "minimum", "before": "vote"}),
    (K.CUT_OFF, "按得分高低取前10名进入现场评审。", {"value": "10", "unit": "count", "before": "second"}),
    (K.CUT_OFF, "得分达到满分60%以上的入围。", {"value": "60/100", "unit": "fraction", "bound": "minimum"}),
    (K.WEIGHTS, "材料评审占百分之四十，现场评审占60%。", {"value": "40%", "unit": "fraction", "second": "60%"}),
    (K.WEIGHTS, "材料评审占70%，陈述答辩占30%。", {"value": "70%", "unit": "fraction", "second": "30%", "stage": "defence"}),
    (K.WEIGHTS, "材料评审占40%，现场评审占50%。", {}),
    (K.PRIZE, "奖励人民币1,000,000元。", {"value": "1000000", "unit": "yuan"}),
    (K.PRIZE, "给予奖励1，500元。", {"value": "1500", "unit": "yuan"}),
    (K.PRIZE, "给予奖励1万5000元。", {}),
    (K.CUT_OFF, "得分低于1,000分的不列为候选。", {"value": "1000", "unit": "points", "bound": "minimum", "before": "vote"}),
    (K.CUT_OFF, "得分达到满分62.5%的入围。", {"value": "5/8", "unit": "fraction", "bound": "minimum"}),
    (K.CUT_OFF, "材料评审不低于600分的，进入现场评审。", {"value": "600", "unit": "points", "bound": "minimum", "before": "second"}),
    (K.CUT_OFF, "得分达到满分百分之六十二点五的入围。", {}),
    (K.QUOTA, "每届不超过5个，其中提名奖不超过3个。", {}),
    (K.QUOTA, "获奖组织不超过5个（其中，提名奖3个）。", {}),
    (K.MAJORITY, "半数以上（不含半数）赞成的当选。", {"value": "> 1/2", "bound": "minimum"}),
    (K.MAJORITY, "半数以上（含半数）赞成的当选。", {"value": ">= 1/2", "bound": "minimum"}),
    (K.WEIGHTS, "现场评审占60%，材料评审占40%。", {"value": "40%", "unit": "fraction", "second": "60%"}),
    (K.WEIGHTS, "陈述答辩占60%和材料评审占40%。", {"value": "40%", "unit": "fraction", "second": "60%", "stage": "defence"}),
    (K.WEIGHTS, "现场评审、材料评审分别占60%、40%。", {}),
    (K.WEIGHTS, "资料评审和现场评审得分分别占综合得分的百分之四十和百分之六十。",
     {"value": "40%", "unit": "fraction", "second": "60%"}),
    (K.WEIGHTS, "现场评审占60%，社会评价占40%。", {}),
    (K.QUOTA, "每届质量奖不超过3个，提名奖不超过5个，获奖组织总数不超过申报组织总数的百分之三十。",
     {"value": "30%", "unit": "fraction", "bound": "maximum"}),
    (K.BAR, "获得本奖的组织两年内不得再次申报；获得提名奖的组织可以申报质量奖。",
     {"value": "2", "unit": "years", "since": "award", "spared": "提名奖"}),
    (K.REPORTS, "获奖后3年内，每年3月31日前提交年度报告。", {"value": "3", "unit": "years", "due": "03-31"}),
    (K.REPORTS, "三年内于每年三月底前报送年度报告。", {"value": "3", "unit": "years", "due": "03-31"}),
    (K.REPORTS, "每年4月30日前提交报告，6月30日前公布。", {}),
    (K.REPORTS, "2026年3月31日前提交报告。", {}),
    (K.PRIZE, "授奖后拨付60%，满一年且年度报告合格的，拨付40%。",
     {"share_1": "60", "when_1": "decision", "at_1": "", "share_2": "40", "when_2": "years_report", "at_2": "1/1"}),
    (K.PRIZE, "60%于授奖后拨付，40%于满两年验收合格后拨付。",
     {"share_1": "60", "when_1": "decision", "at_1": "", "share_2": "40", "when_2": "years_event", "at_2": "2"}),
    (K.PRIZE, "表彰后拨付50%；次年六月三十日前拨付50%。",
     {"share_1": "50", "when_1": "decision", "at_1": "", "share_2": "50", "when_2": "day", "at_2": "06-30"}),
    (K.CORRECTION, "5个工作日内告知需要补正的全部内容。", {}),
    (K.CORRECTION, "5个工作日内发出补正通知书，30日内审查完毕。", {}),
    (K.CORRECTION, "自收到补正通知之日起10日内按照要求补正。", {"value": "10", "unit": "calendar_days", "bound": "maximum"}),
    (K.CORRECTION, "应当在5个工作日内一次性告知，申报组织应当在10日内补正。", {"value": "10", "unit": "calendar_days", "bound": "maximum"}),
    (K.QUOTA, "评审会议应当有7名以上委员出席，每届获奖组织不超过两个。", {"value": "2", "unit": "count", "bound": "maximum"}),
    (K.QUOTA, "评审会议应当有7名以上委员出席方可召开。", {}),
    (K.QUOTA, "每次获奖组织为三至五个。", {}),
    (K.MAJORITY, "应当有7名以上委员出席，经出席委员三分之二以上同意。", {"value": ">= 2/3", "bound": "minimum", "second": "7", "base": "members_present"}),
    (K.MAJORITY, "到会委员不少于九人，得票超过到会人数三分之二的当选。", {"value": "> 2/3", "bound": "minimum", "second": "9", "base": "members_present"}),
    (K.MAJORITY, "应到委员的2/3以上到会，得票达到全体委员半数以上。", {"value": ">= 1/2", "bound": "minimum", "second": "2/3", "base": "members_on_roll"}),
    (K.MAJORITY, "得票不足到会委员三分之二的，不予授奖。", {"value": ">= 2/3", "bound": "minimum", "base": "members_present"}),
    (K.CUT_OFF, "得分在前50%的组织进入现场评审。", {"before": "second"}),
    (K.CUT_OFF, "取前十名进入现场评审，由5名专家评审。", {"value": "10", "unit": "count", "before": "second"}),
    (K.CORRECTION, "应当在5日内补正，补正不超过两次。", {"value": "5", "unit": "calendar_days", "bound": "maximum", "rounds": "2"}),
    (K.BAR, "获奖后两年内不得再次申报。", {"value": "2", "unit": "years", "since": "award"}),
    (K.OBJECTION_WINDOW, "5个工作日内核查，10个工作日内答复。",
     {"value": "10", "unit": "working_days", "bound": "maximum", "investigation": "5"}),
    (K.TIME_LIMIT, "五至十个工作日内办结。", {}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "fields"), READ, ids=[f"{kind.value}: {text[:8]}" for kind, text, _ in READ])
def test_what_a_clause_says_is_taken_over_where_it_says_one_thing(
    kind: AssistKind, text: str, fields: dict[str, str]
) -> None:
    read = read_clause(kind, text)
    assert dict(read.fields) == fields
    assert set(read.words) == set(fields) - {"unit", "bound", "stage", "recovery_unit", "at_1", "at_2"}, (
        "each field tells the words it was read from"
    )


def test_days_of_the_calendar_and_articles_are_no_numbers() -> None:
    assert numbers_in("依第十二条第3项，2026年12月31日以前，六月三十日，2026年度，每年一次。") == ()


NOT_READ = [
    (K.QUOTA, "每届获奖组织不超过申报总数的百分之二十，且最多不超过八个。", ()),
    (K.BAR, "获得本奖的组织，五年内不得申报，但获得提名奖的除外。", ()),
    (K.BAR, "近三年内受到行政处罚的不得申报，情节轻微的除外。", ("情节轻微的除外",)),
    (K.BAR, "申报组织应当在截止日三个月前成立。", ("申报组织应当在截止日三个月前成立",)),
    (K.OBJECTION_WINDOW, "有异议的，应当自公示之日起十五个自然日内提出。", ("应当自公示之日起十五个自然日内提出",)),
    (K.PRIZE, "依照第五条，给予一次性奖励叁拾万元。", ()),
    (K.BAR, "获奖后3年内不得再次申报，其他组织3年内可以申报两次。", ("其他组织3年内可以申报两次",)),
    (K.CYCLE, "每两年评选一次，每次不超过五家。", ("每次不超过五家",)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "left"), NOT_READ, ids=[text[:10] for _, text, _ in NOT_READ])
def test_what_no_field_took_is_said(kind: AssistKind, text: str, left: tuple[str, ...]) -> None:
    assert read_clause(kind, text).unread == left
