"""Choices of settings of Urumqi that are played over its scenarios."""

from __future__ import annotations

from datetime import date

from tests.scenarios.laid_over import Choice

CITY = "urumqi"
GROUP = "乌鲁木齐市质量和知识产权强市工作领导小组"
APPEAL = "向乌鲁木齐市人民政府申请行政复议"

APPLICATIONS = (
    Choice(
        CITY,
        "bounds",
        {"accident_date_basis": "date_of_finding"},
        ({"case": "乙", "finding": "no_major_accident", "result": "not_met"},),
    ),
    Choice(
        CITY,
        "bounds",
        {"ban_test_date": "date_of_submission"},
        ({"case": "庚", "finding": "no_ban_running", "result": "not_met"},),
    ),
    Choice(
        CITY,
        "bounds",
        {"branch_region_test": "parent"},
        ({"case": "丁", "finding": "established_in_city", "result": "not_met"},),
        typed={("丁", "fill_application"): {"organisation": {"parent_district": "outside"}}},
    ),
    Choice(
        CITY,
        "bounds",
        {"lookback_scope": "first_part_only"},
        ({"case": "丙", "finding": "no_bad_record", "result": "not_met"},),
    ),
    Choice(
        CITY,
        "bounds",
        {"reapply_wait_from": "award_year"},
        ({"case": "戊", "finding": "no_recent_quality_award", "result": "not_met"},),
    ),
    Choice(
        CITY,
        "after_the_award",
        {"reapply_wait_from": "cycle"},
        ({"case": "再丙", "finding": "no_recent_quality_award", "result": "met"},),
        through=("再丙", "recommend"),
    ),
    Choice(
        CITY,
        "bounds",
        {"parent_recommendation": True},
        (),
        refused="上级单位",
    ),
    *(
        Choice(
            CITY,
            "clean",
            {"operating_years_from": start},
            ({"case": "甲", "finding": "years_operating", "result": "not_met"},),
            through=("甲", "recommend"),
            typed={("甲", "fill_application"): {"organisation": {"operating_since": "2021-04-01"}}},
        )
        for start in ("first_business_licence", "start_of_operation")
    ),
    Choice(
        CITY,
        "conditions",
        {"credit_repair_on_deadline_day_counts": False},
        ({"case": "丙", "finding": "no_bad_record", "result": "not_met"},),
    ),
    Choice(
        CITY,
        "conditions_more",
        {"major_complaint_test": "office_decides"},
        ({"case": "丁", "finding": "no_major_complaint", "result": "unknown", "supplied_by": "office"},),
    ),
    Choice(
        CITY,
        "conditions_more",
        {"severity_source": "office"},
        ({"case": "乙", "finding": "no_major_accident", "result": "unknown", "supplied_by": "office"},),
    ),
    Choice(
        CITY,
        "conditions_more",
        {"qualitative_condition_check": "score_threshold", "cut_off_score": 600},
        (
            {"case": "己", "finding": "outstanding_merit", "result": "met"},
            {"case": "己", "finding": "social_responsibility", "result": "met"},
            {"case": "己", "finding": "political_stance", "result": "not_met"},
        ),
    ),
    Choice(
        CITY,
        "conditions_examined",
        {"special_field_classifier": "industry_code", "special_field_industries": ["通用设备制造"]},
        (
            {"case": "乙", "finding": "years_operating_new_field", "result": "met"},
            {"case": "乙", "finding": "years_operating", "no": True},
        ),
    ),
    Choice(CITY, "conditions_examined", {"audit_unit_overlap": "district_first"}, (), refused="不在选项中"),
    Choice(CITY, "conditions_examined", {"state_secret_breach": "end_case"}, (), refused="国家秘密"),
    Choice(
        CITY,
        "clean",
        {"criteria_edition_date": "named_edition"},
        (),
        refused="版本",
        typed={("届", "publish_call"): {"criteria": "GB/T 19580最新版本"}},
    ),
    Choice(
        CITY,
        "internal_objection",
        {"internal_objection_resolver": "office"},
        ({"case": "甲", "waiting": "resolve_internal", "role": "office"},),
    ),
    Choice(
        CITY,
        "parent_or_branch",
        {"parent_and_branch_both_apply": "allow"},
        ({"case": "届", "fact": "acceptance_list", "contains": "丙公司分公司", "lacks": "同届申报"},),
        through=("届", "confirm_receipts"),
    ),
    Choice(
        CITY,
        "departments_silent",
        {"verification_silence": "passed"},
        (
            {"case": "甲", "task": "replace_opinions", "no": True},
            {"case": "甲", "fact": "qualification", "value": "qualified"},
        ),
        through=(None, "until", 3),
        unasked=True,
    ),
    Choice(
        CITY,
        "departments_silent",
        {"verification_negative": "advisory"},
        (
            {"case": "乙", "task": "weigh_negative", "no": True},
            {"case": "乙", "fact": "qualification", "value": "qualified"},
        ),
        through=("丙", "give_opinion"),
    ),
    Choice(
        CITY,
        "departments_silent",
        {"verification_negative": "excludes"},
        (),
        refused="不在选项中",
    ),
)

SANCTIONS = (
    *(
        Choice(
            CITY,
            "false_material",
            {"ban_decider": decider},
            (
                {"case": "甲", "task": "decide_ban", "role": decider},
                {"case": "甲", "document": "ban_decision", "contains": [f"{name}关于不予受理", appeal, f"\n{name}\n"]},
            ),
            through=("甲", "decide_ban"),
            by={("甲", "decide_ban"): decider, ("乙", "decide_ban"): decider},
            unasked=True,
        )
        for decider, name, appeal in (
            ("government", "乌鲁木齐市人民政府", "向新疆维吾尔自治区人民政府申请行政复议"),
            ("leading_group", GROUP, APPEAL),
        )
    ),
    Choice(
        CITY,
        "false_material",
        {"ban_start": "date_of_the_act"},
        (
            {
                "case": "甲",
                "sanction": "concealment_or_false_material",
                "from_day": "2026-03-09",
                "last_day": "2031-03-08",
            },
        ),
        through=("甲", "decide_ban"),
        typed={("甲", "decide_ban"): {"counted_from": "2026-03-09"}},
    ),
    Choice(
        CITY,
        "false_material",
        {"ban_start": "application_date"},
        (
            {
                "case": "甲",
                "sanction": "concealment_or_false_material",
                "from_day": "2026-03-17",
                "last_day": "2031-03-16",
            },
        ),
        through=("甲", "decide_ban"),
    ),
    Choice(
        CITY,
        "whole_way",
        {"misuse_revokes": "never"},
        ({"case": "乙违规", "fact": "misuse", "value": "ignored"}, {"case": "乙违规", "outcome": "settled"}),
        through=("乙违规", "verify_correction"),
        typed={("乙违规", "verify_correction"): {"corrected": "no"}},
    ),
    *(
        Choice(
            CITY,
            "whole_way",
            {"revocation_authority": authority},
            (
                {
                    "case": "甲案",
                    "document": "revocation_decision",
                    "contains": [f"{name}关于取消", APPEAL, f"\n{name}\n"],
                },
                {"case": "甲案", "outcome": "revoked"},
            ),
            through=("甲案", "record_return", 2),
            by={("甲案", "decide_revocation"): authority},
        )
        for authority, name in (("leading_group", GROUP), ("office", f"{GROUP}办公室"))
    ),
    Choice(
        CITY,
        "whole_way",
        {"revocation_proposer": "office"},
        ({"case": "甲案", "waiting": "propose_revocation", "role": "office"},),
        through=("甲案", "answer_ground"),
    ),
    Choice(
        CITY,
        "regulation_expired",
        {"regulation_last_day": date(2030, 12, 20)},
        ({"case": "届", "waiting": "publish_call"},),
    ),
    Choice(
        CITY,
        "discipline",
        {"disqualification_duration": "until_next_cycle"},
        ({"case": "专家", "document": "expert_disqualification", "contains": "至2031年3月1日止取消其评审专家资格"},),
        typed={("专家", "strike_expert"): {"until": "2031-03-01"}},
    ),
)

REVIEWS = (
    Choice(
        CITY,
        "review_stages",
        {"cut_off_tie": "none_pass"},
        (
            {"case": "甲", "fact": "material_points", "value": 700.0},
            {"case": "甲", "status": "running"},
            {"case": "乙", "outcome": "not_shortlisted"},
            {"case": "丙", "outcome": "not_shortlisted"},
        ),
        through=("届", "settle_defence_list"),
    ),
    Choice(
        CITY,
        "review_stages",
        {"panel_below_minimum": "continue"},
        (
            {"case": "乙", "task": "extend_register", "state": "open", "no": True},
            {"case": "乙", "waiting": "score", "times": 2},
        ),
        through=("乙", "decide_recusals"),
    ),
    Choice(
        CITY,
        "review_stages",
        {"recusal_decider": "committee_chair"},
        ({"case": "乙", "waiting": "decide_recusals", "role": "leading_group"},),
        through=("乙", "declare_interest", 3),
    ),
    Choice(
        CITY,
        "votes",
        {"candidate_list_length": "quota"},
        (
            {"case": "乙", "fact": "review_result", "value": "candidate"},
            {"case": "丙", "outcome": "not_shortlisted"},
        ),
        through=("届", "settle_candidates"),
    ),
    *(
        Choice(
            CITY,
            "struck_scores_kept",
            {"score_aggregation": how},
            ({"case": "甲", "fact": "material_points", "value": 600.0},),
            through=("甲", "write_opinion"),
        )
        for how in ("median", "trimmed_mean")
    ),
    Choice(
        CITY,
        "struck_scores_kept",
        {"score_aggregation": "consensus"},
        ({"case": "甲", "waiting": "agree_scores"},),
        through=("甲", "score"),
    ),
    Choice(
        CITY,
        "objections",
        {"anonymous_objections": "refuse"},
        ({"case": "四", "document": "objection_refusal", "to": ["objector"], "contains": "身份不实"},),
    ),
    Choice(
        CITY,
        "objections",
        {"period_day_one": "day_of_event"},
        ({"case": "一", "waiting": "forward_objection", "due": "2026-04-16"},),
        through=("一", "check_objection"),
    ),
    Choice(
        CITY,
        "objections",
        {"upheld_objection_decider": "leading_group"},
        (
            {"case": "一", "task": "find_objection", "role": "leading_group", "state": "done"},
            {"case": "甲", "outcome": "disqualified"},
        ),
        through=("一", "find_objection"),
        by={(case, "find_objection"): "leading_group" for case in ("一", "二", "三")},
        unasked=True,
    ),
)

BALLOTS = (
    Choice(
        CITY,
        "objection_at_ballot",
        {"open_objection_effect_at_submission": "none"},
        ({"case": "届", "fact": "submission_list", "contains": "甲公司"},),
        through=("届", "submit_list"),
    ),
    Choice(
        CITY,
        "composite_score",
        {"category_fall_back": False, "category_choice": "applicant_one"},
        ({"case": "届", "ballot": 1, "elected": ["甲公司"]}, {"case": "届", "ballot": 2, "no": True}),
        through=("届", "vote"),
        typed={(who, "fill_application"): {"organisation": {"tier_choice": "quality_award"}} for who in ("甲", "乙")},
    ),
    Choice(
        CITY,
        "composite_score",
        {"vote_order_of_tiers": "one_ballot_for_both"},
        (
            {
                "case": "届",
                "ballot": 1,
                "tiers": ["quality_award", "nomination_award"],
                "elected": ["甲公司", "乙公司"],
            },
            {"case": "届", "ballot": 2, "no": True},
        ),
        through=("届", "vote"),
    ),
    Choice(
        CITY,
        "season_of_twelve",
        {"quota_transfer_between_tiers": True, "nomination_award_places": 1},
        ({"case": "届", "ballot": 3, "elected": ["甲", "乙", "丙", "丁", "戊"]},),
        through=("届", "vote", 3),
    ),
    Choice(
        CITY,
        "votes",
        {"vote_tie": "all_vacant"},
        ({"case": "届", "ballot": 3, "elected": ["甲"], "vacant": 1}, {"case": "届", "ballot": 4, "no": True}),
        through=("届", "vote", 3),
    ),
    Choice(
        CITY,
        "settings_vote_base",
        {"vote_threshold_base": "members_present"},
        ({"case": "届", "ballot": 1, "elected": ["甲"]},),
        through=("届", "close_vote"),
    ),
)

URUMQI = (*APPLICATIONS, *SANCTIONS, *REVIEWS, *BALLOTS)
