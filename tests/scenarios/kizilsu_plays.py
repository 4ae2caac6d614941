"""Choices of Kizilsu's settings, laid over its scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.scenarios.laid_over import Choice


def _over(scenario: str, values: Mapping[str, Any], *expected: Mapping[str, Any], **more: Any) -> Choice:
    return Choice("kizilsu", scenario, values, expected, **more)


FIG, MINE, HOSPITAL = "阿图什无花果食品有限公司", "阿克陶矿业有限公司", "克州人民医院"
GROUP, GOVERNMENT = "克孜勒苏柯尔克孜自治州质量强州工作领导小组", "克孜勒苏柯尔克孜自治州人民政府"
APPEAL = "向克孜勒苏柯尔克孜自治州人民政府申请行政复议"
FIRST_VOTE = ("届", "vote")

_BEFORE_ACCEPTANCE = (
    _over("not_effective", {"effective_date": date(2025, 1, 8)}, {"case": "太早", "waiting": "publish_call"}),
    _over(
        "false_material",
        {"period_day_one": "day_of_event"},
        {"case": "甲", "waiting": "answer", "due": date(2026, 3, 26)},
        through=("甲", "state_allegation"),
    ),
    _over(
        "false_material",
        {"criteria_edition_date": "named_edition"},
        refused="版本年号",
        typed={("届", "publish_call"): {"criteria": "GB/T 19580、GB/Z 19579"}},
    ),
    *(
        _over("clean", {"submission_channel_choice": way}, refused="不在选项中")
        for way in ("by_industry", "by_location")
    ),
    _over(
        "correction",
        {"state_secret_breach": "end_case"},
        refused="终止申报",
        typed={("甲", "audit"): {"state_secret_checked": "found"}},
    ),
    _over(
        "branch",
        {"branch_region_test": "parent"},
        {"case": "甲", "finding": "established_here", "result": "not_met"},
        through=("甲", "approve"),
        typed={("甲", "fill_application"): {"organisation": {"parent_district": "outside"}}},
    ),
    _over(
        "internal_objection",
        {"internal_objection_resolver": "office"},
        {"case": "甲", "waiting": "resolve_internal", "role": "office"},
    ),
    _over(
        "parent_or_branch",
        {"parent_and_branch_both_apply": "allow"},
        {"case": "届", "prefill": "settle_acceptance", "contains": "克州分公司", "lacks": "同届申报"},
        through=("届", "confirm_receipts"),
    ),
    _over("each_requirement", {"exception_path": "leading_group_decision"}, refused="办成了"),
    *(
        _over(
            "false_material",
            {"ban_decider": who},
            {"case": "甲", "task": "decide_ban", "role": who},
            {"case": "甲", "document": "ban_decision", "contains": [f"{name}关于不予受理", appeal, f"\n{name}\n"]},
            through=("甲", "decide_ban"),
            by={("甲", "decide_ban"): who},
            unasked=True,
        )
        for who, name, appeal in (
            ("leading_group", GROUP, APPEAL),
            ("government", GOVERNMENT, "向新疆维吾尔自治区人民政府申请行政复议"),
        )
    ),
    # 2026年3月17日收到申报材料，5年到2031年3月17日
    _over(
        "false_material",
        {"ban_start": "application_date"},
        {"case": "甲", "document": "ban_decision", "contains": "自2026年3月17日起至2031年3月17日止"},
        through=("甲", "decide_ban"),
    ),
)

_OBJECTIONS = (
    _over(
        "objection_rejected",
        {"audit_notice_objection_receiver": "audit_department"},
        {"case": "异", "waiting": "check_objection", "role": "audit_department", "body": "artux"},
        through=("异", "lodge"),
    ),
    _over(
        "objection_forms",
        {"anonymous_objections": "refuse"},
        {"case": "匿", "fact": "objection_result", "value": "refused"},
        {"case": "匿", "document": "objection_refusal", "contains": "冒用他人姓名"},
        through=("匿", "check_objection"),
    ),
    _over(
        "objection_forms",
        {"anonymous_objections": "investigate"},
        {"case": "匿", "waiting": "forward_objection"},
        through=("匿", "check_objection"),
    ),
    _over("objection_upheld", {"upheld_objection_decision": "vote"}, refused="超过有效票的半数"),
    _over("objection_forms", {"objection_window": "whole_review"}, refused="办成了"),
    _over(
        "objection_upheld",
        {"open_objection_effect": "none_until_government_decision"},
        {"case": "甲", "waiting": "declare_interest"},
        through=("届", "start_review"),
    ),
    _over(
        "objection_holds",
        {"open_objection_effect_at_submission": "none"},
        {"case": "届", "document": "government_submission", "contains": FIG, "lacks": "暂不呈报"},
        through=("届", "submit_list"),
    ),
)

_REVIEW = (
    _over(
        "defence_absent",
        {"absence_from_defence": "new_date"},
        {"case": "乙", "waiting": "set_time", "role": "office"},
        through=("乙", "record_attendance"),
    ),
    # 缺席计零分的不评议，答辩名单上得0分，没有到500分，不进入现场评审
    _over(
        "defence_absent",
        {"absence_from_defence": "zero_score"},
        {"case": "乙", "task": "score", "state": "done", "times": 1},
        {"case": "乙", "fact": "defence_points", "value": 0},
        {"case": "乙", "fact": "review_result", "value": "stopped"},
        {"case": "乙", "outcome": "not_proposed", "on": "2026-04-21"},
        through=("届", "confirm_defence"),
    ),
    # 丁、己材料评审同为500分，名额2个：末位同分都不列入
    _over(
        "tie",
        {"candidate_list_length": "quota", "cut_off_tie": "none_pass"},
        {"case": "甲", "waiting": "set_time"},
        {"case": "丁", "outcome": "not_proposed"},
        {"case": "己", "outcome": "not_proposed"},
        through=("届", "confirm_material"),
    ),
    # 答辩丁750分，甲、己同为500分，名额2个：甲材料评审700分高于己，甲通过
    _over(
        "tie",
        {"candidate_list_length": "quota", "cut_off_tie": "higher_sub_score"},
        {"case": "甲", "waiting": "set_time"},
        {"case": "己", "fact": "review_result", "value": "stopped"},
        through=("届", "confirm_defence"),
        instead=(
            (("甲", "score", 2), ({"case": "甲", "each": "score", "percent": 50},)),
            (("丁", "score", 2), ({"case": "丁", "each": "score", "percent": 75},)),
        ),
    ),
    _over(
        "clean",
        {"odd_number": False, "min_reviewers": 4},
        {"case": "甲", "waiting": "declare_interest", "times": 4},
        through=("届", "start_review"),
    ),
)

_SCORES = (
    _over(
        "settings_review",
        {"disqualified_reviewer_scores": "keep"},
        {"case": "甲", "fact": "material_points", "value": 600},
    ),
    _over(
        "settings_review",
        {"disqualified_reviewer_scores": "repeat_stage"},
        {"case": "甲", "waiting": "extend_register"},
        ending=(
            ("甲", "write_opinion"),
            (
                {
                    "at": "2026-04-14 15:00",
                    "as": "office",
                    "start": "discipline",
                    "parent": "届",
                    "name": "除",
                    "with": {"person_kind": "reviewer", "person": "专家一", "unit": "单位一", "facts": "收受礼品。"},
                },
                {
                    "as": "office",
                    "case": "除",
                    "complete": "decide_discipline",
                    "with": {"discipline_action": "handle", "reason": "收受礼品属实。"},
                },
                {
                    "as": "office",
                    "case": "除",
                    "complete": "note_disqualified",
                    "with": {"expert": {"expert": "专家一"}, "until": "2028-04-13", "scores_given": "repeated"},
                },
            ),
        ),
    ),
)

_VOTES = (
    _over("next_in_rank", {"withdrawal_until": "vote"}, refused="不能撤回"),
    _over(
        "vacant",
        {"vote_quorum": "1/2"},
        {"case": "届", "ballot": 1, "quorum": True, "elected": [FIG]},
        {"case": "届", "ballot": 2, "no": True},
        left_out=4,
    ),
    _over(
        "vacant",
        {"vote_quorum": "all"},
        {"case": "届", "ballot": 2, "quorum": False, "cast": 7},
        left_out=1,
    ),
    _over(
        "clean",
        {"vote_threshold": ">= 1/2"},
        {"case": "届", "ballot": 1, "elected": [FIG, MINE, HOSPITAL]},
        through=FIRST_VOTE,
        instead=(
            (FIRST_VOTE, ({"case": "届", "vote": {"甲": "yyyyyyyyyy", "乙": "yyyyynnnnn", "戊": "yyyyyyynnn"}},)),
        ),
    ),
    *(
        _over(
            "clean",
            {"vote_threshold": share},
            {"case": "届", "ballot": 1, "elected": [FIG]},
            through=FIRST_VOTE,
            instead=(
                (FIRST_VOTE, ({"case": "届", "vote": {"甲": "yyyyyyyyyy", "乙": "yyynnnnnnn", "戊": "yyyyyynnnn"}},)),
            ),
        )
        for share in ("> 2/3", ">= 2/3", ">= 3/4")
    ),
    _over(
        "clean",
        {"vote_threshold": "plurality"},
        {"case": "届", "ballot": 1, "elected": [FIG, MINE, HOSPITAL], "vacant": 1},
        through=FIRST_VOTE,
    ),
    _over(
        "tie",
        {"vote_tie": "chair_decides"},
        {"case": "届", "waiting": "decide_tie", "role": "leading_group"},
        left_out=2,
    ),
    _over(
        "clean",
        {"notice_publisher": "government"},
        {"case": "届", "waiting": "sign_winners", "role": "government"},
        left_out=5,
    ),
)

_AFTER = (
    _over(
        "misuse",
        {"misuse_revokes": "at_once"},
        {"case": "标识", "waiting": "state_ground", "role": "office"},
        through=("标识", "verify_correction"),
    ),
    _over(
        "misuse",
        {"misuse_revokes": "never"},
        {"case": "出租", "fact": "misuse", "value": "ignored"},
        {"case": "出租", "outcome": "done"},
        left_out=6,
    ),
    *(
        _over(
            "revocation_accident",
            {"revocation_authority": who},
            {"case": "取消", "task": "decide_revocation", "role": who},
            {"case": "取消", "document": "revocation_decision", "contains": [f"{name}关于取消", APPEAL, f"\n{name}\n"]},
            {"case": "取消", "notice": "revocation", "contains": f"{name}关于取消"},
            through=("取消", "decide_revocation"),
            by={("取消", "decide_revocation"): who},
        )
        for who, name in (("leading_group", GROUP), ("office", f"{GROUP}办公室"))
    ),
    _over(
        "revocation_accident",
        {"revocation_proposer": "office"},
        {"case": "取消", "waiting": "propose_revocation", "role": "office"},
        through=("取消", "answer_ground"),
    ),
    # 2026年4月1日行贿，10年到2036年3月31日；2026年3月17日收到申报材料，10年到2036年3月16日
    *(
        _over(
            "revocation_fraud",
            {"ban_start": start},
            {"case": "舞弊", "document": "revocation_decision", "contains": f"{last}止"},
            through=("舞弊", "decide_revocation"),
        )
        for start, last in (("date_of_the_act", "2036年4月1日"), ("application_date", "2036年3月17日"))
    ),
    _over(
        "oversight",
        {"entrusted_reviewer_qualification": "own_proof"},
        {"case": "不合格", "waiting": "report_work"},
        through=("不合格", "start"),
        typed={
            (name, "start"): {"reviewers": [{"name": "评审一", "in_register": inside, "proof": "file:资格证明.pdf"}]}
            for name, inside in (("委托", True), ("不合格", False))
        },
    ),
    _over("oversight", {"disqualification_duration": "years"}, refused="截止日期"),
)

KIZILSU = _BEFORE_ACCEPTANCE + _OBJECTIONS + _REVIEW + _SCORES + _VOTES + _AFTER
