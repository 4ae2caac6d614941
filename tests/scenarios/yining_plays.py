"""Choices of settings of Yining that are played over its scenarios."""

from __future__ import annotations

from datetime import date

from tests.scenarios.laid_over import Choice
from tests.scenarios.yining_conditions import CONDITIONS

CITY = "yining"
FIRST, SECOND = "伊宁薰衣草食品有限公司", "伊犁河乳业有限公司"

BEFORE_THE_REVIEW = (
    Choice(
        CITY,
        "whole_way",
        {"criteria_edition_date": "named_edition", "named_edition": "GB/T 19580-2012"},
        ({"case": "届", "fact": "review_standard", "value": "GB/T 19580-2012"},),
        through=("届", "engage_agency"),
    ),
    Choice(
        CITY,
        "side_cases",
        {"disqualification_duration": "years"},
        (
            {
                "case": "处分",
                "document": "discipline_notice",
                "contains": "撤销评审员资格，至2029年3月9日",
                "lacks": "长期有效",
            },
        ),
        typed={("处分", "decide_sanction"): {"disqualified_until": "2029-03-09"}},
        through=("处分", "strike_reviewer"),
    ),
    Choice(
        CITY,
        "whole_way",
        {"individual_rubric": "own_table", "individual_own_edition": "yining-people"},
        (),
        refused="没有等待“选定评审专家”，正在等待：无",
    ),
    Choice(
        CITY,
        "whole_way",
        {"panel_convenor": "third_party"},
        ({"case": "甲", "waiting": "choose_panel", "role": "third_party"},),
        through=("甲", "propose_panel"),
    ),
    Choice(
        CITY,
        "cut_off",
        {"panel_leader_choice": "elected_by_panel"},
        ({"case": "甲", "panel": "material_review", "member": "专家二", "leader": True},),
        instead=(
            (
                ("甲", "propose_panel"),
                (
                    {
                        "as": "third_party",
                        "case": "甲",
                        "complete": "propose_panel",
                        "with": {
                            "undertaking": True,
                            "members": [
                                {"name": "专家一", "unit": "单位一", "industry_expert": "yes"},
                                {"name": "专家二", "unit": "单位二", "industry_expert": "no"},
                                {"name": "专家三", "unit": "单位三", "industry_expert": "no"},
                            ],
                        },
                    },
                ),
            ),
        ),
        typed={("甲", "choose_panel"): {"leader": "专家二"}},
        through=("甲", "choose_panel"),
    ),
    Choice(
        CITY,
        "cut_off",
        {"recommender_may_review": True},
        (
            {"case": "甲", "waiting": "declare_interest", "times": 3},
            {"case": "甲", "task": "extend_register", "no": True},
        ),
        typed={("甲", "choose_panel"): {"experts": ["专家一", "专家二", "专家四"]}},
        through=("甲", "choose_panel"),
    ),
)

REVIEW = (
    Choice(
        CITY,
        "whole_way",
        {"user_evaluation_choice": "survey_always"},
        (),
        typed={("乙", "choose_way"): {"way": "own"}},
        refused="一律由第三方中介机构",
    ),
    Choice(
        CITY,
        "whole_way",
        {"user_evaluation_parallel": False},
        ({"case": "乙", "waiting": "choose_panel", "no": True}, {"case": "甲", "waiting": "choose_panel"}),
        through=("乙", "set_time"),
    ),
    Choice(
        CITY,
        "next_in_rank",
        {"user_evaluation_due": "before_summary"},
        ({"case": "甲", "waiting": "declare_interest"}, {"case": "甲", "waiting": "file_satisfaction"}),
        through=("甲", "set_time"),
    ),
    *(
        Choice(
            CITY,
            "next_in_rank",
            {
                "candidate_list_length": "quota",
                "user_evaluation_scored": True,
                "cut_off_tie": tie,
            },
            expected,
            typed={
                (who, "file_satisfaction"): {"satisfaction": points}
                for who, points in (("甲", 0), ("乙", 100), ("丙", 0))
            },
            through=("届", through),
        )
        for tie, expected, through in (
            (
                "higher_sub_score",
                ({"case": "届", "document": "candidate_list", "contains": FIRST, "lacks": SECOND},),
                "report_results",
            ),
            (
                "none_pass",
                (
                    {"case": "甲", "fact": "result", "value": "not_candidate"},
                    {"case": "乙", "fact": "result", "value": "not_candidate"},
                ),
                "report_results",
            ),
        )
    ),
)

THE_VOTE = (
    Choice(
        CITY,
        "votes",
        {"category_fall_back": True},
        ({"case": "届", "ballot": 3, "tiers": ["nomination_award"], "candidates": ["乙", "丙", "丁"]},),
        through=("届", "vote", 2),
    ),
)

THE_LIST = (
    Choice(
        CITY,
        "signed_notice",
        {"notice_publisher": "government"},
        (
            {"case": "届", "waiting": "sign_winners", "role": "government"},
            {"case": "届", "notice": "winners", "no": True},
        ),
        through=("届", "vote"),
    ),
    Choice(
        CITY,
        "objection_ways",
        {"objection_form": "online_only"},
        (),
        refused="只接受网上提出异议",
    ),
    Choice(
        CITY,
        "objection_holds",
        {"objection_form": "online_only"},
        ({"case": "届", "notice": "winners", "contains": "请在公示期内在本页提出", "lacks": "书面向"},),
        through=("届", "prove_posting"),
    ),
    Choice(
        CITY,
        "objection_too_early",
        {"objection_window": "whole_review"},
        (),
        refused="应被拒绝，却办成了",
    ),
    Choice(
        CITY,
        "objection_holds",
        {"open_objection_effect_at_submission": "none"},
        (
            {"case": "届", "document": "government_submission", "contains": [FIRST, SECOND], "lacks": "暂不呈报"},
            {"case": "甲", "outcome": "awarded", "on": "2026-04-29"},
        ),
        through=("届", "decide_list"),
    ),
    Choice(
        CITY,
        "objections",
        {"upheld_objection_decision": "vote"},
        (),
        refused="超过有效票的半数",
    ),
    Choice(
        CITY,
        "whole_way",
        {"upheld_objection_decider": "office"},
        ({"case": "异", "waiting": "find_objection", "role": "office"},),
        through=("异", "investigate_by_office"),
    ),
)

AFTERWARDS = (
    Choice(  # a place of their own: the organisation is first among organisations, though behind the person
        CITY,
        "list_by_places",
        {"nomination_quota_shared": False},
        (
            {"case": "丙", "fact": "result", "no": True, "value": "not_candidate"},
            {"case": "乙", "fact": "result", "value": "not_candidate"},
        ),
    ),
    Choice(CITY, "clean", {"prize_basis": "net"}, (), refused="税"),
    Choice(
        CITY,
        "other_award",
        {"repeat_winner_treatment": "no_prize"},
        ({"case": "届", "document": "commendation_decision", "contains": "再次获奖，不发奖金"},),
        through=("届", "decide_list"),
    ),
    Choice(
        CITY,
        "whole_way",
        {"post_award_rules_cover": "upper_tier_only"},
        (),
        refused="办件“获奖后跟踪管理”",
    ),
    Choice(
        CITY,
        "whole_way",
        {"winner_announcement_objection_period": True},
        (
            {
                "case": "届",
                "notice": "results",
                "first_day": date(2026, 4, 30),
                "last_day": date(2026, 5, 6),
                "contains": "公布期间对获奖单位和个人有异议的",
            },
        ),
        through=("届", "decide_list"),
    ),
    Choice(
        CITY,
        "five_years",
        {"title_use_end": "award_expiry", "follow_up_years": 0},
        (),
        refused="使用期限已满",
    ),
    Choice(
        CITY,
        "whole_way",
        {"prize_use_report": "required"},
        (),
        typed={("乙管", "yearly_report"): {"prize_use": []}},
        refused="请填写奖金使用情况",
    ),
    Choice(
        CITY,
        "whole_way",
        {"follow_up_visits": False},
        (
            {"case": "乙管", "task": "return_visit", "no": True},
            {"case": "乙管", "task": "review_report", "state": "done"},
        ),
        through=("乙管", "review_report"),
    ),
    Choice(
        CITY,
        "whole_way",
        {"ban_start": "date_of_act"},
        ({"case": "撤", "document": "revocation_decision", "contains": "2031年8月20日止"},),
        through=("撤", "decide_revocation"),
    ),
    Choice(
        CITY,
        "whole_way",
        {"ban_start": "application_date"},
        ({"case": "撤", "document": "revocation_decision", "contains": "2031年3月9日止"},),
        through=("撤", "decide_revocation"),
    ),
    Choice(
        CITY,
        "revocation_loss",
        {"loss_year": "any_year_of_follow_up"},
        (),
        refused="应被拒绝，却办成了",
    ),
    Choice(
        CITY,
        "revocation_loss",
        {"plenary_decision_by_vote": False},
        ({"case": "撤", "ballot": 1, "no": True},),
        through=("撤", "answer_ground"),
    ),
)

YINING = (*CONDITIONS, *BEFORE_THE_REVIEW, *REVIEW, *THE_VOTE, *THE_LIST, *AFTERWARDS)
