"""What the further steps of a first procedure are called."""

from __future__ import annotations

from service.catalog.new_city.steps import CityStep
from service.domain.text import Text

STEP_TITLES = {
    CityStep.RECOMMENDATION: Text("审核推荐", "Recommendation"),
    CityStep.FURTHER_RECOMMENDATION: Text("上一级审核推荐", "Second level of recommendation"),
    CityStep.OBJECTION: Text("异议处理", "Objections"),
    CityStep.SCORING: Text("专家评审打分", "Scoring by experts"),
    CityStep.APPROVAL: Text("政府审定", "Approval by the government"),
    CityStep.PAYMENT: Text("奖金分期发放", "Prize in instalments"),
    CityStep.REVOCATION: Text("撤销奖励", "Revocation"),
    CityStep.WITHDRAWAL: Text("申报可以撤回", "Applications may be withdrawn"),
    CityStep.REPORTS: Text("年度报告", "Yearly reports"),
    CityStep.TITLE: Text("称号有效期", "Validity of the title"),
    CityStep.CORRECTION: Text("补正申报材料", "Correction of applications"),
    CityStep.CATEGORIES: Text("分类别申报", "One applies for one of the categories"),
    CityStep.SECOND_REVIEW: Text("第二个评审阶段", "A second stage of review"),
    CityStep.THIRD_REVIEW: Text("第三个评审阶段", "A third stage of review"),
    CityStep.SHORTLIST: Text("第二个评审阶段以前的入围", "Who comes to the second stage of review"),
    CityStep.RANKING: Text("按得分确定候选", "Candidates by their scores"),
    CityStep.ANNOUNCEMENT: Text("公告获奖名单", "Announcement of the winners"),
    CityStep.CALL: Text("发布申报通知", "Call for applications"),
    CityStep.CALL_DAY: Text("每年固定日发布申报通知", "The call is made on a day of the year"),
    CityStep.CYCLE: Text("隔几年评选一次", "Given every so many years"),
    CityStep.GROUPS: Text("按行业（规模）定名额", "Places by industry or size"),
    CityStep.SEPARATE: Text("异议只影响被异议的组织", "An objection holds only whom it concerns"),
}
