"""Choices of settings of Urumqi that are played over its scenarios."""

from __future__ import annotations

from datetime import date

from tests.scenarios.laid_over import Choice
from tests.scenarios.urumqi_review_plays import ON_REVIEW

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
        "next_round_after_awards",
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
            {"case": "己", "finding": "social_responsibility", "result": "not_met"},
            {"case": "己", "finding": "political_stance", "result": "not_met"},
        ),
        typed={("己", "audit"): {"conditions": {"merit": "unknown"}}},
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
                "last_day": "2031-03-09",
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
                "last_day": "2031-03-17",
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

STAFF = (
    Choice(
        CITY,
        "discipline",
        {"suspend_staff_during_investigation": False},
        (
            {"case": "仍在职", "waiting": "decide_matter"},
            {"case": "人员", "document": "investigation_request", "contains": "提请交相关单位调查", "lacks": "暂停"},
        ),
        ending=(
            ("人员", "discipline"),
            (
                {
                    "as": "office",
                    "start": "discipline",
                    "parent": "届",
                    "name": "人员",
                    "with": {"person_kind": "staff", "person": "周某", "unit": "办公室", "facts": "泄露评审情况"},
                },
                {
                    "as": "office",
                    "case": "人员",
                    "complete": "request_investigation",
                    "with": {"text": "提请交相关单位调查。"},
                },
                {
                    "as": "office#1",
                    "start": "major_matter",
                    "parent": "届",
                    "name": "仍在职",
                    "with": {"kind": "escalated", "text": "上报事项"},
                },
            ),
        ),
    ),
)

URUMQI = (*APPLICATIONS, *SANCTIONS, *STAFF, *ON_REVIEW)
