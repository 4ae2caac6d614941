"""English for what packages say in Chinese alone: names, what follows from a step, clauses, settings, tables, scenarios.

The words lie in ``processes/english``, as JSON objects from the Chinese sentence to the English one; ``{0}``, ``{1}`` … stand for
what is filled in, as in the catalogue of a further language. A sentence that changes has no English until somebody writes it; one
in which only the numbers of articles changed keeps it, with these numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import orjson

from service.domain.text import Text
from service.domain.translation import Catalogue
from service.domain.wording.numbers import HAN_NUMERAL, read_han

_ARTICLE = re.compile(rf"第({HAN_NUMERAL})条")
_IN_ENGLISH = re.compile(r"\bArticles? \d{1,3}(?:(?:, | and | or | to |–)\d{1,3}\b)*")
_NUMBER = re.compile(r"\d+")


def bundled_english() -> Path:
    """Return the folder of the English words that come with the program."""
    return Path(__file__).resolve().parents[3] / "processes" / "english"


@lru_cache(maxsize=1)
def english_words() -> Mapping[str, str]:
    """Return the English of Chinese sentences of packages, all files in one."""
    words: dict[str, str] = {}
    for file in sorted(bundled_english().glob("*.json")):
        words.update(orjson.loads(file.read_bytes()))
    return words


def with_other_articles(words: str) -> str:
    """Return the English of a sentence that stands in the catalogue with other articles: 第九条 where 第八条 was.

    Nothing where none does, where several do, or where its English does not name exactly these articles.
    """
    numbers = [read_han(numeral) for numeral in _ARTICLE.findall(words)]
    pairs = _by_words_around().get(_ARTICLE.sub("第条", words), ()) if numbers else ()
    texts = {_renumber(zh, en, numbers) for zh, en in pairs}
    return texts.pop() if len(texts) == 1 else ""


def _renumber(zh: str, en: str, numbers: list[int]) -> str:
    old = [read_han(numeral) for numeral in _ARTICLE.findall(zh)]
    now = dict(zip(old, numbers, strict=True))
    named = {int(number) for part in _IN_ENGLISH.findall(en) for number in _NUMBER.findall(part)}
    if named != now.keys() or [now[number] for number in old] != numbers:
        return ""
    return _IN_ENGLISH.sub(lambda part: _NUMBER.sub(lambda match: str(now[int(match[0])]), part[0]), en)


@lru_cache(maxsize=1)
def _by_words_around() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return the sentences that name articles, with their English, by what they say besides."""
    pairs_by_words: dict[str, tuple[tuple[str, str], ...]] = {}
    for zh, en in english_words().items():
        if _ARTICLE.search(zh):
            around = _ARTICLE.sub("第条", zh)
            pairs_by_words[around] = (*pairs_by_words.get(around, ()), (zh, en))
    return pairs_by_words


STEPS = {
    "填报与内部公示": "Filling in and internal notice", "填报与报送": "Filling in and sending",
    "填报公示与推荐": "Filling in, notice and recommendation", "填报、推荐与报送": "Filling in, recommendation and sending",
    "审核推荐": "Audit and recommendation", "审核": "Audit", "收件": "Receipt", "受理": "Acceptance",
    "申报与资格审查": "Application and qualification", "资格审查": "Qualification", "资格确认": "Confirmation of qualification",
    "材料评审": "Review of material", "资料评审": "Review of material", "材料审查": "Examination of material",
    "专家评审": "Expert review", "评审与审定": "Review and decision", "现场评审": "On-site review",
    "陈述答辩": "Statement and defence", "陈述答辩评议": "Assessment of the defence", "评分": "Scoring",
    "合议评分": "Consensus scoring", "用户评价": "Users' assessment", "投票与审定": "Vote and decision",
    "审议与投票": "Deliberation and vote", "审议表决": "Deliberation and vote", "审议审定": "Deliberation and decision",
    "领导小组审议": "Deliberation of the leading group", "评审委员会审定": "Decision of the review committee",
    "县评委会审定": "Decision of the county's review committee", "审查确定名单": "Determining the list",
    "全体委员表决": "Vote of all members", "委员表决": "Vote of the members", "评审审定公示": "Review, decision and notice",
    "公示审定表彰": "Notice, decision and conferral", "名单公示": "Notice of the list", "社会公示": "Public notice",
    "内部公示": "Internal notice", "本机构内部公示": "Notice within the institution", "受理名单公示": "Notice of accepted applicants",
    "获奖建议名单公示": "Notice of proposed winners", "候选名单公示": "Notice of candidates",
    "上级单位公示推荐": "Notice and recommendation by the superior body", "异议处理": "Handling an objection",
    "异议复核": "Review of an objection", "异议核实": "Verifying an objection", "征求部门意见": "Asking departments",
    "征求相关部门意见": "Asking departments", "征求主管部门意见": "Asking the competent department",
    "有关职能部门核查": "Verification by departments", "部门核查": "Verification by departments",
    "有关部门合法性审核": "Review of lawfulness", "呈报与审定": "Submission and decision", "呈报与审批": "Submission and approval",
    "报市政府审定": "Decision of the city government", "审批表彰": "Approval and conferral", "表彰授奖": "Conferral",
    "发布表彰决定": "Publishing the decision", "逐年跟踪": "Yearly follow-up", "逐年跟踪监督": "Yearly supervision",
    "一年的跟踪": "Follow-up of a year", "称号存续期间": "Term of the title", "期满考核评价": "Assessment at the end of the term",
    "届次准备": "Preparing the round", "非评奖年度准备": "Preparing a year without award", "公告与申报期": "Call and time to apply",
    "公告与受理期": "Call and time to apply", "申报通知与受理申报": "Call and receipt of applications", "补正": "Correction",
    "退回补报": "Sent back for completion", "录入纸质申报": "Entering an application on paper", "审查申报条件": "Examining the conditions",
    "审查申报资料": "Examining the material", "复核不得申报情形": "Examining bars", "安排现场评审": "Arranging the visit",
    "安排陈述答辩": "Arranging the defence", "按名次递补": "Moving up by rank", "表决质量奖": "Vote on the prize",
    "表决再次质量奖": "Vote on a repeated prize", "表决创新奖": "Vote on the innovation prize",
    "表决提名奖": "Vote on the nomination prize", "表决拟授奖名单": "Vote on the proposed winners",
    "表决确认资格": "Vote on confirmation", "责令整改": "Ordering correction", "责令限期整改": "Ordering correction by a day",
    "责令限期改正": "Ordering correction by a day", "要求停止和改正": "Ordering to stop and correct",
    "查明事实听取申辩": "Establishing facts, hearing the defence", "听取陈述申辩": "Hearing the defence",
    "讨论决定提请撤销": "Deciding to propose revocation", "撤销称号": "Revocation", "执行撤销": "Carrying out the revocation",
    "决定并执行撤销": "Revocation and its execution", "报请批准并撤销": "Approval and revocation", "取消奖励": "Withdrawing the award",
    "取消资格后的处理": "After disqualification", "追回证书奖牌奖金": "Recovering certificate, plaque and prize",
    "追缴证书奖金": "Recovering certificate and prize", "收回证书奖牌": "Recovering certificate and plaque",
    "收回奖牌证书奖金": "Recovering plaque, certificate and prize", "处理虚假申报": "Handling a false application",
    "虚假申报处理": "Handling a false application", "移送主管部门": "Referral to the competent department",
    "移送有关机关": "Referral to the authority", "建议相关机关处理": "Proposal to the authority",
    "提请处理直接责任人": "Proposal about who is responsible", "提请纪律处分": "Proposal of discipline",
    "公示进行中": "notice running", "公示期满": "end of the notice", "内部公示期满": "end of the internal notice",
    "申报截止": "close of applications", "年度检查开始": "begin of the yearly check", "材料评审启动": "begin of the review of material",
    "办理中": "running", "系统": "system",
    "一直没有回访": "no return visit yet", "一直没有审阅": "not reviewed yet", "不再表彰": "no conferral any more",
    "专家评审启动": "begin of the expert review", "候选名单确定": "the list of candidates is settled", "停办": "not held",
    "催报后仍未报": "not reported after the reminder", "全部投完": "everybody has voted", "全部评审完毕": "end of all reviews",
    "公示异议办结": "end of objections to the notice", "公示被收回": "the notice is recalled",
    "内容有实质更正": "corrected in substance", "取消奖励程序办结": "end of the withdrawal",
    "受理名单确定": "the list of accepted applicants is settled", "受理异议办结": "end of objections to the acceptance",
    "回复期满": "end of the time to reply", "奖励被取消": "the award is withdrawn",
    "委员会确认结果": "the committee confirms the result", "审核异议办结": "end of objections to the audit",
    "年度期满": "end of the year", "年报填报开始": "begin of the yearly reports", "异议全部办结": "end of all objections",
    "成员有变动": "a member changed", "截止未报送": "not sent by the last day", "执笔人有变动": "the writer changed",
    "投票截止": "close of the vote", "投票期满": "end of the vote", "投票结果": "result of the vote",
    "报送期满": "end of the time to send", "提交审议名单确定": "the list for deliberation is settled",
    "撤回或终止": "withdrawn or terminated", "收到补正材料": "the correction has come",
    "改正期满": "end of the time to correct", "整改期满": "end of the time for rectification",
    "暂缓的异议办结": "end of the objection that suspended it", "有效期将满": "the validity ends soon",
    "有效期届满": "end of the validity", "未进入现场评审": "not on to the on-site review", "本年度开始": "begin of the year",
    "本年度未检查": "not checked this year", "材料评审全部完成": "all material is reviewed",
    "材料评审完毕": "end of the review of material", "核查报告提交审查": "the report of the verification is handed in",
    "现场评审全部完成": "all on-site reviews are done", "现场评审启动": "begin of the on-site review",
    "现场评审完毕": "end of the on-site review", "用户评价材料已提交": "the users' assessment is handed in",
    "申报全部审查完毕": "all applications are examined", "申报截止未报送": "not sent by the close of applications",
    "申明人有变动": "who declares interests changed", "申请期满": "end of the time to apply",
    "申辩期满": "end of the time for the defence", "监督意见已答复": "the opinion of the supervisors is answered",
    "确认期满": "end of the time to confirm", "称号已撤销": "the title is revoked",
    "等待称号保留": "waiting while the title is kept", "答辩名单确定": "the list for the defence is settled",
    "组长有变动": "the leader changed", "结果已定": "the result is settled", "缺席计零分": "absence counts zero",
    "自治州政府已审定": "the prefecture's government has decided", "补充期满": "end of the time to add",
    "补充评审员": "adding reviewers", "补正期满": "end of the time to correct the material",
    "评审结果确定": "the results of the review are settled", "说明期满": "end of the time to explain",
    "资料评审启动": "begin of the review of material", "资料评审完毕": "end of the review of material",
    "资格审查完毕": "end of the qualification review", "进入现场评审": "on to the on-site review",
    "逾期未报": "not reported in time", "问题查实": "the problem is confirmed",
    "陈述期满": "end of the time for the statement", "陈述答辩全部完成": "all defences are held",
    "陈述答辩启动": "begin of the defences", "上级单位不推荐": "not recommended by the superior body", "不列入名单": "not listed",
    "不得委托": "may not be entrusted", "不得宣传": "may not be advertised", "不撤销": "not revoked",
    "不符合用途": "not the permitted use", "不采纳": "not followed", "专家资格取消": "disqualified as expert",
    "作为线索": "kept as a lead", "内部异议未解决": "internal objection not resolved", "办结": "ended",
    "取消候选": "candidate removed", "取消称号": "title withdrawn", "名单已审定": "list decided", "奖励取消": "award withdrawn",
    "奖项空缺": "award left vacant", "已取消资格": "disqualified", "已撤回": "withdrawn", "已撤销": "revoked", "已督促": "urged",
    "已终止": "terminated", "已补充": "added", "已记录": "recorded", "异议办结": "objection ended",
    "授奖完成": "award conferred", "提名取消": "nomination withdrawn", "无受理组织": "no applicant accepted",
    "无可呈报": "nothing to submit", "未予受理": "not accepted", "未列入建议名单": "not on the proposed list",
    "未受理": "not accepted", "未当选": "not elected", "未标明时间": "time not stated", "未注明年份": "year not stated",
    "未注明年度": "year not stated", "未获批准": "not approved", "未进入审议": "not on to deliberation",
    "本届停办": "round not held", "本届已表彰": "round conferred", "称号终止": "title ended",
    "称号终止，跟踪结束": "title ended, follow-up over", "符合用途": "permitted use",
    "缺席视为撤回": "absent, counted as withdrawn", "获奖": "awarded", "评选结束": "round over",
    "调查办结": "investigation ended", "资格取消": "qualification withdrawn", "超过五年": "more than five years",
    "跟踪结束": "follow-up over", "退回重办": "sent back", "限制宣传": "advertising limited",
    "两处公示": "notices in two places", "两处公示结束": "both notices over", "取本地处理意见": "by the city's setting",
    "安排与评审": "arrangement and review", "安排与评审完成": "arranged and reviewed", "本年度各项工作": "the work of the year",
    "本年度工作完成": "the work of the year is done", "用户评价与现场并行": "users' assessment beside the on-site review",
    "移送司法机关": "referral to the judiciary", "等待审定": "waiting for the decision", "等待投票": "waiting for the vote",
    "等待有效期满": "waiting for the end of the validity", "等待现场名单": "waiting for the on-site list",
    "等待补正材料": "waiting for the correction", "评价评审均已完成": "assessment and review are done",
    "跟踪与有效期并行": "follow-up beside the validity",
    "取消候选资格": "removal as candidate", "取消参评资格": "removal from the review",
    "取消评审资格": "removal as reviewer", "各申报审查完毕": "all applications are examined", "名单已定": "the list is settled",
    "奖励已取消": "the award is withdrawn", "收到申诉": "the appeal has come",
    "有效期满": "end of the validity", "期满仍未改正": "not corrected in time",
    "材料期满": "end of the time for material", "申诉期满": "end of the time to appeal",
    "监督期满": "end of the supervision",
    "等待申诉": "waiting for an appeal",
    "等待评选结果": "waiting for the result",
    "缺席答辩": "absent from the defence", "评选有结果": "the round has a result", "逾期未交": "not handed in in time",
}  # fmt: skip
"""What steps and stages are commonly called, where their package has no English for them."""

RECORDS = {
    "提交“{0}”": "submitted “{0}”", "发起“{0}”：{1}": "began “{0}”: {1}", "认领“{0}”": "claimed “{0}”",
    "发布公示“{0}”，{1}至{2}": "published the notice “{0}”, {1} to {2}", "公示“{0}”期满，无异议": "the notice “{0}” ended without objection",
    "公示“{0}”期满，收到异议{1}件": "the notice “{0}” ended; objections: {1}",
    "公示“{0}”期满，更正前收到异议{1}件": "the notice “{0}” ended; objections before it was corrected: {1}",
    "公示“{0}”期满，收到异议共{1}件（更正前{2}件）": "the notice “{0}” ended; objections: {1}, {2} of them before it was corrected",
    "公示“{0}”期满前终止（原定公示至{1}）": "the notice “{0}” was ended before its last day ({1})",
    "公示“{0}”期满前终止（原定公示至{1}），收到异议{2}件": "the notice “{0}” was ended before its last day ({1}); objections: {2}",
    "公示“{0}”期满前终止（原定公示至{1}），更正前收到异议{2}件":
        "the notice “{0}” was ended before its last day ({1}); objections before it was corrected: {2}",
    "公示“{0}”期满前终止（原定公示至{1}），收到异议共{2}件（更正前{3}件）":
        "the notice “{0}” was ended before its last day ({1}); objections: {2}, {3} before it was corrected",
    "发布公告“{0}”": "announced “{0}”", "公告“{0}”结束": "the announcement “{0}” ended", "制发《{0}》{1}": "issued 《{0}》 {1}",
    "制发《{0}》": "issued 《{0}》", "编号{0}": "number {0}", "登记收件": "registered its receipt", "收到消息“{0}”": "received “{0}”",
    "期限届满：{0}": "time limit ended: {0}", "等待“{0}”": "waiting for “{0}”", "更新获奖登记": "brought the register up to date",
    "等待本届“{0}”": "waiting for the round: “{0}”", "等待本届“{0}”“{1}”": "waiting for the round: “{0}”, “{1}”",
    "等待本届“{0}”“{1}”“{2}”": "waiting for the round: “{0}”, “{1}”, “{2}”", "等待其他环节": "waiting for other steps",
    "获奖登记：{0}": "registered the award: {0}", "办件结束：{0}": "case ended: {0}", "撤回申报": "withdrew the application",
    "资格条件认定：符合{0}项，不符合{1}项，待补充{2}项": "conditions: {0} met, {1} not met, {2} open",
    "{0}：符合（{1}，{2}）": "{0}: met ({1}, {2})", "{0}：不符合（{1}，{2}）": "{0}: not met ({1}, {2})",
    "{0}：尚未查明（{1}，{2}）": "{0}: still open ({1}, {2})", "系统查得": "found by the program", "审核认定": "decided by the audit",
    "各办件均已办到，继续下一步": "all cases have come so far; goes on", "开启评审，每组{0}人": "opened the review, {0} to a panel",
    "比对利害关系": "compared interests", "评分排名：{0}个办件进入下一环节": "ranking by score: {0} cases go on",
    "汇总{0}份评分表，得{1}分，{2}个条款分歧较大": "{0} score sheets: {1} points, {2} items far apart",
    "选定评审专家：{0}": "chose the experts {0}",
    "催办{0}人：{1}": "reminded {0}: {1}", "催办{0}人，并告知负责人{1}人：{2}": "reminded {0}, told {1} in charge: {2}",
    "已提醒{0}人办理“{1}”（{2}）": "reminded {0} of “{1}” ({2})", "申明利害关系：{0}": "declared interests: {0}", "已提交": "submitted",
    "还剩{0}个工作日到期：“{1}”（{2}），期限{3}。": "{0} working days left: “{1}” ({2}), due {3}.",
    "还剩1个工作日到期：“{0}”（{1}），期限{2}。": "1 working day left: “{0}” ({1}), due {2}.",
    "今日到期：“{0}”（{1}），期限{2}。": "Due today: “{0}” ({1}), {2}.",
    "已逾期{0}个工作日：“{1}”（{2}），期限为{3}，请立即办理。": "{0} working days overdue: “{1}” ({2}), due {3}: act now.",
    "已逾期1个工作日：“{0}”（{1}），期限为{2}，请立即办理。": "1 working day overdue: “{0}” ({1}), due {2}: act now.",
    "“{0}”计票：{1}": "count of “{0}”: {1}", "“{0}”已计票": "“{0}” is counted", "发起表决“{0}”：应发{1}票，{2}": "opened the vote “{0}”, {1} ballots",
    "“{0}”没有办成，已停止重试，等待人工处理。": "“{0}” did not go well and waits for somebody.", "请办理“{0}”。": "Please do “{0}”.",
    "请办理“{0}”，最迟{1}提交。": "Please do “{0}” by {1}.", "请办理“{0}”，最迟{1}（暂定）提交。": "Please do “{0}” by {1} (provisional).",
    "全文见《{0}》（{1}），也可在系统“办件—文书”中查看。": "Its whole text is 《{0}》 ({1}), also among the documents of the case.",
    "“{0}”已转由他人办理": "“{0}” was handed on", "“{0}”已退回重新办理": "“{0}” was sent back to be done anew", "办理单位": "The handling body",
    "催办：{0}": "Urged: {0}", "转办：{0}": "Handed on: {0}", "{0}的申报材料已报送": "The material of {0} has been sent",
    "{0}申报材料收件回执": "{0}: receipt of the material", "{0}申报材料补正通知书": "{0}: notice of correction",
    "{0}申报表受理回执": "{0}: receipt of the application", "撤回申报回执": "Receipt of the withdrawal",
    "{0}申报通知": "{0}: call for applications", "{0}申报市质量奖公示": "Notice: application of {0}",
    "{0}申报政府质量奖公示": "Notice: application of {0}", "电话 {0}，{1}": "telephone {0}, {1}",
    "登记{0}申报动员情况": "Record the mobilisation: {0}", "第{0}届{1}": "{1}, round {0}",
    "{0}年与自治区政府质量奖评选年度不交替（最近一届{1}年，每{2}年一届），启动本届须说明理由":
        "{0} does not alternate with the region's award (last in {1}, every {2} years): say why the round begins",
    "拨付{0}奖金{1}元": "pay the prize of {0}: {1} yuan",
    "申明利害关系": "declare interests",
    "确定候选名单": "settle the list of candidates", "选定评审专家": "choose the experts", "选定评审组": "choose the panel",
    "主持人决定：{0}": "The chair decides: {0}", "县评审办不同意监督组建议：{0}": "The office disagrees with the supervisors: {0}",
    "审核{0}年度质量管理年度报告": "Examine the yearly report of {0}",
    "提交{0}年度质量管理年度报告": "Hand in the yearly report of {0}",
    "改正：{0}年度质量管理年度报告": "Correct the yearly report of {0}",
    "登记“{0}”的张贴凭证": "Record the proof that “{0}” was posted",
    "{0}对现场评审报告有意见，请组长书面答复": "{0} objects to the report of the on-site review: the leader replies in writing",
    "决定评审专家是否回避": "decide on an expert's recusal", "到会人数不足，重新召集": "too few came, call anew",
    "得票相同，由主持人决定": "equal votes: the chair decides",
    "请就查实的异议提出撤销事由": "state the ground for revocation, after the objection that was upheld",
    "安排时间和地点": "set time and place", "录入纸质申报材料": "enter the application on paper",
    "形成评审意见": "write the opinion of the review", "报送受委托的评审工作情况": "report on the entrusted review",
    "按补正通知书更正申报材料": "correct the application as the notice says", "提出评审组名单": "propose the panel",
    "整改后仍不合格，评审委员会提请取消称号": "still deficient after rectification, the committee proposes to withdraw the title",
    "更换有关联的监督人员": "replace a connected supervisor",
    "有关部门逾期未回复，请自行核查补足": "departments did not reply in time, verify by yourselves",
    "有部门提出否定意见，请决定是否排除": "a department is against it, decide whether to exclude",
    "有部门提出否定意见，请决定是否采纳": "a department is against it, decide whether to follow it",
    "未列入受理名单，可以申请复查": "not on the list of accepted applicants, a review may be asked for",
    "核对事故等级和性质": "check grade and kind of the accident", "汇总评审结果": "sum up the results of the review",
    "现场评审前请提交用户满意度测评材料": "hand in the users' assessment before the on-site review",
    "登记用户调查费用": "record the cost of the survey", "登记陈述答辩出席情况": "record who came to the defence",
    "确定答辩通过名单": "settle who passed the defence", "获奖后第{0}次年度监督检查": "yearly check {0} after the award",
    "补充专家库": "add to the register of experts", "补正材料已收到，请说明补正情况": "the correction has come, explain it",
    "补正次数已用完，请作出结论": "no correction is left, decide",
    "补正次数已用完，请作出通过或者不通过的结论": "no correction is left, pass or refuse", "请核实以下条件": "verify these conditions",
    "请确认现场评审报告": "confirm the report of the on-site review",
    "{0}：请确认现场评审报告": "{0}: confirm the report of the on-site review",
    "请补充形式审查缺少的事实": "supply the facts that the formal review lacks",
    "请补充资格审查缺少的事实": "supply the facts that the qualification review lacks",
    "请认定以下条件": "decide on these conditions",
    "资格审查拟予退回，可以申请复查": "about to be returned by the qualification review, a review may be asked for",
    "部门有不同意见或者没有回复，请决定是否列入": "departments disagree or did not reply, decide whether to list",
    "部门有不同意见或者没有回复，请决定是否继续": "departments disagree or did not reply, decide whether to go on",
    "公示已多次更正，请说明原因后再重新公示": "the notice was corrected several times: say why before posting it anew",
    "决定处理：{0}": "Decide: {0}", "回访{0}（至{1}）": "Return visit: {0} (until {1})",
    "在专家库中取消资格并登记": "Disqualify in the register of experts",
    "审定评审员入库：{0}": "Decide on registering reviewers: {0}", "对{0}提出审核意见": "Opinion on the audit of {0}",
    "对{0}提出意见（受理前）": "Opinion on {0} (before acceptance)", "对{0}提出意见（审核阶段）": "Opinion on {0} (audit)",
    "录入{0}的纸质申报材料（收件日期{1}）": "Enter the application of {0} on paper (received {1})",
    "录入专家库：{0}": "Enter into the register of experts: {0}",
    "截止日期早于公告之日起第{0}个工作日，请改定": "The last day is before working day {0} from the announcement: change it",
    "截止日期早于公布之日起第{0}个工作日，请改定": "The last day is before working day {0} from the publication: change it",
    "截止日期早于公布次日起第{0}个工作日，请改定": "The last day is before working day {0} from the day after publication: change it",
    "报送{0}年度质量报告": "Send the quality report of {0}",
    "补报{0}年度质量报告（已逾期）": "Send the quality report of {0} (overdue)", "核实纠正情况：{0}": "Verify the correction: {0}",
    "登记先进质量管理经验推广活动（{0}获奖）": "Record how good practice was spread (award of {0})",
    "登记本年度（至{0}）推广先进质量管理和接待学习观摩情况": "Record this year's spreading of good practice and visits (until {0})",
    "监督组意见：{0}": "Opinion of the supervisors: {0}", "移送司法机关：{0}": "Refer to the judiciary: {0}",
    "答复监督意见：{0}": "Answer the supervisors: {0}",
    "组织{0}参加质量管理交流推广（至{1}）": "Have {0} share its practice (until {1})",
    "聘任并录入专家库：{0}": "Appoint and register: {0}", "落实意见：{0}": "Carry out the opinion: {0}",
    "落实领导小组意见：{0}": "Carry out the opinion of the leading group: {0}",
    "认定评审员条件：{0}": "Decide on a reviewer's conditions: {0}",
    "记录{0}评审工作的指导监督和验收": "Record guidance, supervision and acceptance of the review of {0}",
    "评定评审员：{0}": "Assess the reviewer: {0}", "评审人员违规：{0}": "Breach by a reviewer: {0}",
    "评审委员会现有{0}人，请增补为单数": "The committee has {0} members: add one, so that they are odd",
    "请在专家库中登记取消资格，并处理其在办届次的评分": "Record the disqualification in the register, and decide on the scores of the running round",
    "请在本单位内部公示{0}的申报": "Post the application of {0} within your body",
    "请审查{0}是否符合第十条规定的条件": "Examine whether {0} meets the conditions of Article 10",
    "请对{0}出具申报推荐意见": "Give your opinion on recommending {0}",
    "请将{0}应当取消奖励的情形报告办公室": "Report to the office why the award of {0} is to be withdrawn",
    "请退回{0}的申报材料": "Return the application of {0}", "重大事项：{0}": "Major matter: {0}",
    "除名并停止评审：{0}": "Strike off and stop reviewing: {0}",
    "等待期限届满：{0}": "Waiting for a time limit: {0}", "等待条件具备：{0}": "Waiting until: {0}",
    "{0}年{1}月{2}日": "{0}-{1}-{2}", "{0}：{1}": "{0}: {1}", "{0}（{1}）": "{0} ({1})", "{0} → {1}": "{0} → {1}",
    "拟获奖组织": "Proposed winners",
    "{0} · {1}": "{0} · {1}", "{0}年{1}月{2}日{3}:{4}": "{0}-{1}-{2} {3}:{4}", "评分记录": "record of the scores", "综合得分{0}": "score {0}",
    "“{0}”（{1}）的期限由{2}改为{3}。": "“{0}” ({1}) was due {2}, is now due {3}.", "原因：{0}": "Why: {0}",
    "期限变更：“{0}”改为{1}": "Time limit changed: “{0}” is due {1}",
    "期限变更：“{0}”改为{1}等{2}项": "Time limit changed: “{0}” is due {1}, {2} limits",
    "“{0}”已暂停办理：{1}": "“{0}” is suspended: {1}", "“{0}”已恢复办理：{1}": "“{0}” goes on: {1}",
    "已暂停办理：{0}": "Suspended: {0}", "已恢复办理：{0}": "Goes on: {0}", "“{0}”没有期限。": "“{0}” has no limit.",
    "期间不能提交，期限届满也不会自动前进，直到恢复。": "Nothing can be submitted, and no limit ends by itself, until it goes on.",
    "现在可以继续办理，暂停期间到期的事项随即处理。": "It can be worked on again; what fell due meanwhile is done now.",
    "“{0}”的期限不变，仍为{1}。": "The limit of “{0}” stays: {1}.",
    "管理员干预：{0}": "An administrator intervened: {0}", "办理人：{0}": "Done by: {0}",
    "如有异议，请联系管理员；办理记录中可以查看经过。": "If you object, ask the administrator; the history of the case tells all.",
    "会议通知：{0}": "You are called to a sitting: {0}", "会议取消：{0}": "A sitting is called off: {0}",
    "{0}在{1}召开“{2}”。": "“{2}” sits on {0}, {1}.", "议程：": "Agenda:",
    "到会后请在手机上签到。": "Sign in on your phone when you are there.",
    "评审安排：{0}": "Appointment: {0}", "评审安排取消：{0}": "Appointment cancelled: {0}", "地点：{0}": "Place: {0}",
    "评价答复：{0}": "Your rating was answered: {0}",
    "“{0}”的申报组织评价为“{1}”。请于{2}前核实并答复。": "“{0}” was rated “{1}”: answer it by {2}.",
    "不满意": "Dissatisfied", "非常不满意": "Very dissatisfied", "等待本人同意": "waiting for their consent",
    "差评待答复：{0}": "A bad rating waits for an answer: {0}", "请会签：{0}": "Please sign: {0}",
    "会签结果：{0}": "Signed or not: {0}", "不用再签：{0}": "No need to sign: {0}", "会签终止：{0}": "Signing has ended: {0}",
    "{0}将“{1}”（{2}）转办给您办理。原因：{3}。请在“待办”中打开办理，原定期限不变。":
        "{0} has handed “{1}” ({2}) to you: {3}. Open it in your tasks; its limit stays.",
    "{0}催办“{1}”（{2}）。{3}请在“待办”中尽快办理。": "{0} asks you to do “{1}” ({2}) soon. {3}It is in your tasks.",
    "参加人数达到法定人数，表决有效。": "The quorum was met; the vote is valid.",
    "{0}得票结果可以查看，也可以重新计票核对。": "{0} The result can be seen, and counted again.",
    "异议{0}〔{1}〕{2}号": "objection {0}〔{1}〕{2}号",
    "{0}评审员入库": "{0}: registering reviewers", "冒用称号举报：{0}": "Report of a misused title: {0}",
    "{0}获奖后管理": "{0}: after the award", "{0}获奖后跟踪": "{0}: follow-up after the award",
    "{0}获奖后监督": "{0}: supervision after the award", "{0}获奖后事故": "{0}: accident after the award",
    "部门反映{0}情况": "{0}: what a department reports", "{0}宣传推广": "{0}: spreading good practice",
    "撤销{0}称号": "{0}: revocation of the title", "撤销{0}荣誉称号": "{0}: revocation of the honorary title",
    "取消{0}的奖励": "{0}: withdrawal of the award", "{0}取消奖励": "{0}: withdrawal of the award",
    "{0}虚假申报查处": "{0}: false application", "{0}挪用奖金": "{0}: prize spent on something else",
    "{0}违规使用称号": "{0}: misuse of the title", "{0}违规使用荣誉": "{0}: misuse of the honour",
    "{0}违规使用称号标识": "{0}: misuse of title and mark", "{0}奖金使用报告": "{0}: report on the use of the prize",
    "公众": "the public",
    "全区": "whole district", "全州": "whole prefecture", "全县": "whole county", "全市": "whole city",
    "组织名称": "Organisation", "流程设计人员": "Designer", "评审专家": "Review expert",
    "系统管理员": "System administrator", "安全管理员": "Security administrator", "审计管理员": "Audit administrator",
    "一项后台工作": "a piece of background work",
    "管理员": "Administrator", "“{0}”的文书": "document of “{0}”", "甘泉堡经开区": "Ganquanpu Economic Development Zone",
    "收件服务器不接受收件人的邮箱（答复{0}）": "The mail server does not take the receiver's address ({0})",
    "收件服务器不接受收件人的邮箱": "The mail server does not take the receiver's address",
}  # fmt: skip
"""Shapes of what is written into histories, titles and messages."""


def both_languages(words: str) -> Text:
    """Return words of a package, in English too where its English or these have them."""
    return Text(words, _known().find(words) or words)


@lru_cache(maxsize=1)
def _known() -> Catalogue:
    return Catalogue({**english_words(), **RECORDS, **STEPS})
