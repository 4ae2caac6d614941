"""Choices of settings of Ganzhou that are played over its scenarios."""

from __future__ import annotations

from datetime import date

from tests.scenarios.laid_over import Choice

CITY = "ganzhou"

BEFORE_THE_REVIEW = (
    Choice(
        CITY,
        "whole_way",
        {"criteria_edition_date": "named_edition"},
        (),
        typed={("届", "approve_rules"): {"criteria": "现行国家标准"}},
        refused="版本",
    ),
    Choice(
        CITY,
        "committee_even",
        {"committee_odd_number": False},
        ({"case": "届", "waiting": "form_supervision"}, {"case": "届", "task": "adjust_committee", "no": True}),
        through=("届", "form_committee"),
    ),
    Choice(
        CITY,
        "expert_admission",
        {"reviewer_reference_date": "application_deadline"},
        ({"case": "四年", "waiting": "admit_expert", "role": "committee"},),
    ),
    *(
        Choice(
            CITY,
            "conditions",
            {"operating_years_from": start},
            (
                {"case": "甲", "finding": "years_operating", "result": "not_met"},
                {"case": "乙", "finding": "years_operating", "result": "met"},
            ),
            typed={
                (case, "fill_application"): {"organisation": {"operating_since": since}}
                for case, since in (
                    ("甲", "2023-04-01"),
                    ("乙", "2023-03-31"),
                    ("丙", "2012-06-01"),
                    ("丁", "2012-06-01"),
                )
            },
        )
        for start in ("first_business_licence", "start_of_operation")
    ),
    Choice(CITY, "whole_way", {"electronic_is_written": False}, (), refused="书面材料已经另行送达"),
    Choice(CITY, "departments", {"consultation_silence": "blocks"}, (), refused="review_qualification"),
    Choice(
        CITY,
        "correction_succeeds",
        {"state_secret_breach": "end_case"},
        (
            {"case": "乙", "outcome": "refused", "on": "2026-03-17"},
            {"case": "乙", "document": "correction_request", "no": True},
            {"case": "乙", "document": "non_acceptance_notice", "contains": "国家秘密"},
        ),
        through=("乙", "examine_material"),
    ),
    Choice(CITY, "withdrawn", {"withdrawal_until": "acceptance"}, (), refused="不能撤回"),
    Choice(CITY, "after_award", {"severity_source": "office"}, (), refused="应指出认定部门有误"),
)

REVIEW = (
    Choice(
        CITY,
        "supervision_acts",
        {"supervision_finding_effect": "none"},
        ({"case": "前意见", "status": "running"}, {"case": "甲", "waiting": "declare_interest"}),
        through=("届", "confirm_receipts"),
    ),
    Choice(
        CITY,
        "settings_findings",
        {"disqualified_reviewer_scores": "keep"},
        ({"case": "甲", "fact": "material_points", "value": 650},),
        typed={("失职", "strike_person"): {"scores": "kept"}},
        through=("甲", "write_opinion"),
    ),
    Choice(
        CITY,
        "settings_findings",
        {"disqualified_reviewer_scores": "decide_case_by_case"},
        ({"case": "失职", "outcome": "disqualified"},),
        ending=(
            ("失职", "decide_person"),
            (
                {
                    "as": "supervisor",
                    "case": "失职",
                    "complete": "decide_person",
                    "with": {"disqualified": "yes", "reason": "事实清楚。"},
                },
                {"as": "committee", "case": "失职", "complete": "strike_person", "with": {"scores": "kept"}},
            ),
        ),
    ),
    Choice(
        CITY,
        "settings_findings",
        {"disqualification_decider": "review_committee"},
        ({"case": "失职", "waiting": "decide_person", "role": "committee"},),
        through=("失职", "hear_person"),
    ),
    Choice(CITY, "settings_findings", {"disqualification_duration": "years"}, (), refused="请填写截止日期"),
)

THE_VOTE = (
    Choice(
        CITY,
        "settings_list",
        {"candidate_list_length": "quota_plus_n", "max_winners": 1},
        ({"case": "届", "document": "candidate_list", "contains": ["祁连乳业", "黑河机械"], "lacks": "金张掖"},),
        through=("丁", "write_opinion", 2),
    ),
    Choice(
        CITY,
        "settings_list",
        {"cut_off_tie": "none_pass"},
        (
            {"case": "乙", "fact": "result", "value": "not_candidate"},
            {"case": "丙", "fact": "result", "value": "not_candidate"},
        ),
        through=("丁", "write_opinion", 2),
    ),
    Choice(
        CITY,
        "vote_tie",
        {"vote_tie": "all_vacant"},
        (
            {"case": "届", "ballot": 1, "elected": ["甘州绿洲种业有限公司", "张掖祁连乳业有限公司"], "vacant": 1},
            {"case": "届", "ballot": 2, "no": True},
        ),
        through=("届", "vote"),
    ),
    Choice(
        CITY,
        "settings_chair",
        {"vote_tie": "second_ballot_then_vacant", "chair_casting_vote": True},
        (
            {"case": "届", "task": "decide_tie", "state": "done", "times": 1},
            {"case": "届", "ballot": 2, "no": True},
            {"case": "届", "document": "proposed_winner_list", "contains": "3．"},
        ),
    ),
    Choice(CITY, "whole_way", {"re_evaluation_counts_in_quota": True}, (), refused="占用名额"),
)

THE_LIST = (
    Choice(
        CITY,
        "settings_publisher",
        {"notice_publisher": "leading_group"},
        (
            {"case": "届", "waiting": "sign_winners", "role": "leading_group"},
            {"case": "届", "notice": "winners", "no": True},
        ),
        through=("届", "vote"),
    ),
    Choice(
        CITY,
        "whole_way",
        {"notice_day_kind": "working"},
        ({"case": "届", "notice": "winners", "first_day": date(2026, 4, 21), "last_day": date(2026, 4, 29)},),
        through=("届", "prove_posting"),
    ),
    Choice(
        CITY,
        "objection_holds",
        {"open_objection_effect_at_submission": "none"},
        (
            {
                "case": "届",
                "document": "government_submission",
                "contains": ["绿洲种业", "祁连乳业"],
                "lacks": "暂不呈报",
            },
            {"case": "甲", "outcome": "awarded", "on": "2026-04-29"},
        ),
        through=("届", "decide_list"),
    ),
    Choice(
        CITY,
        "objection_upheld",
        {"upheld_objection_decision": "vote"},
        (),
        typed={("异甲", "find_objection"): {"votes_for": 4, "votes_cast": 9}},
        refused="超过有效票的半数",
    ),
    Choice(
        CITY,
        "settings_hold_all",
        {"effective_date": date(2021, 4, 20), "running_cycles_after_expiry": "stop"},
        ({"case": "届", "outcome": "cancelled", "on": "2026-04-28"}, {"case": "甲", "outcome": "terminated"}),
        through=("异甲", "check_objection"),
    ),
)

THE_AWARD = (
    Choice(CITY, "after_award", {"prize_basis": "net"}, (), refused="税款"),
    Choice(
        CITY,
        "after_award",
        {"repeat_winner_treatment": "no_prize"},
        ({"case": "届", "document": "commendation_decision", "contains": "再次获奖，不发奖金", "lacks": "元"},),
        through=("届", "decide_list"),
    ),
    Choice(
        CITY,
        "after_award",
        {"repeat_winner_treatment": "prize_difference"},
        ({"case": "届", "document": "commendation_decision", "contains": "奖金150000元"},),
        through=("届", "decide_list"),
    ),
    Choice(
        CITY,
        "whole_way",
        {"trophy": True},
        (
            {"case": "甲", "document": "award_certificate", "contains": "奖杯编号：甘质奖杯〔2026〕1号。"},
            {"case": "撤", "document": "recovery_notice", "contains": "奖杯"},
        ),
        through=("撤", "decide_revocation"),
    ),
    Choice(
        CITY,
        "after_award",
        {"publicity_ban_end": "five_years_after_award", "award_validity_years": 3},
        ({"case": "重大", "sanction": "grave_quality_safety_accident", "last_day": "2031-04-29"},),
        through=("重大", "classify_accident"),
    ),
    *(
        Choice(
            CITY,
            "settings_reevaluation",
            {"re_evaluation_body": body},
            ({"case": "甲管", "waiting": "decide_again", "role": body},),
            through=("甲管", "assess_again"),
        )
        for body in ("government", "office")
    ),
)

GANZHOU = BEFORE_THE_REVIEW + REVIEW + THE_VOTE + THE_LIST + THE_AWARD
