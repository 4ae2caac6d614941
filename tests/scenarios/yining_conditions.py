"""Choices of settings of Yining about who may apply, played over its scenarios."""

from __future__ import annotations

from tests.scenarios.laid_over import Choice

CITY = "yining"
FIRST = "伊宁薰衣草食品有限公司"
NO_RECORD = {
    "licences": "none",
    "has_accident": "no",
    "has_check": "no",
    "has_complaint": "no",
    "has_penalty": "no",
    "has_violation": "no",
}

CONDITIONS = (
    Choice(
        CITY,
        "accidents",
        {"accident_date_basis": "date_of_finding"},
        (
            {"case": "甲", "finding": "no_major_accident", "result": "not_met"},
            {"case": "甲", "finding": "no_accident_or_complaint", "result": "not_met"},
        ),
        typed={
            ("甲", "fill_application"): {
                "record": {
                    **NO_RECORD,
                    "has_accident": "yes",
                    "accidents": [
                        {
                            "date": "2023-03-31",
                            "found_on": "2023-04-01",
                            "kind": "quality",
                            "major": "yes",
                            "liable": "yes",
                            "summary": "已处理",
                        }
                    ],
                }
            }
        },
        through=("甲", "examine_material"),
    ),
    Choice(
        CITY,
        "accidents",
        {"major_complaint_test": "office_decides"},
        ({"case": "丁", "finding": "no_accident_or_complaint", "result": "not_met"},),
        typed={
            **{(who, "examine_material"): {"conditions": {"complaints": "met"}} for who in ("甲", "乙", "丙")},
            ("丁", "examine_material"): {"conditions": {"complaints": "not_met"}},
        },
    ),
    Choice(
        CITY,
        "accidents",
        {"lookback_scope": "first_part_only"},
        ({"case": "丁", "finding": "no_serious_problem", "result": "not_met"},),
        typed={
            ("丁", "fill_application"): {
                "record": {
                    **NO_RECORD,
                    "has_check": "yes",
                    "checks": [
                        {
                            "date": "2020-05-01",
                            "level": "region",
                            "object": "service",
                            "severity": "serious",
                            "summary": "服务严重问题",
                        }
                    ],
                }
            }
        },
    ),
    Choice(
        CITY,
        "penalties",
        {"minor_violations": "block"},
        (
            {"case": "甲", "finding": "no_violation", "result": "not_met"},
            {"case": "甲", "fact": "qualification", "value": "not_qualified"},
        ),
        through=("甲", "review_qualification"),
    ),
    Choice(
        CITY,
        "penalties",
        {"minor_violations": "ignore"},
        ({"case": "甲", "finding": "no_violation", "result": "met"},),
        typed={("甲", "examine_material"): {"conditions": {"minor": "not_met"}}},
        through=("甲", "review_qualification"),
    ),
    Choice(
        CITY,
        "individuals",
        {"individual_sanction_needs_accident": False},
        ({"case": "丁", "finding": "no_personal_sanction", "result": "not_met"},),
        typed={
            ("丁", "fill_application"): {
                "record": {
                    **NO_RECORD,
                    "has_penalty": "yes",
                    "penalties": [
                        {"date": "2025-05-01", "kind": "sanction", "quality_accident": "no", "summary": "记过"}
                    ],
                }
            }
        },
    ),
    Choice(
        CITY,
        "attested",
        {"item_6_required": False},
        (
            {"case": "乙", "finding": "special_merit", "result": "met"},
            {"case": "乙", "finding": "innovation_results", "result": "not_met"},
        ),
        unrefused=True,
    ),
    Choice(
        CITY,
        "attested",
        {"nomination_same_conditions": False},
        (
            {"case": "甲", "finding": "business_results", "no": True},
            {"case": "甲", "fact": "qualification", "value": "qualified"},
        ),
        typed={("甲", "start"): {"tier": "nomination_award"}},
        through=("甲", "review_qualification"),
    ),
    Choice(
        CITY,
        "other_conditions",
        {"special_industry_decider": "list_of_industries", "special_industries": ["乳制品"]},
        ({"case": "甲", "finding": "trademark", "result": "not_met"},),
    ),
    Choice(
        CITY,
        "parent_and_branch",
        {"unregistered_applicant_region_test": "refuse"},
        ({"case": "乙", "finding": "organisation_type", "result": "not_met"},),
        through=("乙", "examine_material"),
    ),
    Choice(
        CITY,
        "confirmation",
        {"parent_and_branch_both_apply": "allow"},
        ({"case": "届", "document": "qualified_list", "contains": "1．", "lacks": "同时申报"},),
        typed={
            ("乙", "fill_application"): {"organisation": {"type": "internal_body", "parent_name": FIRST}},
            ("届", "confirm_qualification"): {"rows": [{"confirmed": True}, {"confirmed": True}]},
        },
        through=("届", "confirm_qualification"),
    ),
    Choice(
        CITY,
        "falsified",
        {"same_year_bar_covers_new_application": False},
        ({"case": "甲二", "finding": "no_ban_running", "result": "met"},),
        through=("甲二", "examine_material"),
    ),
    Choice(
        CITY,
        "falsified",
        {"same_year_bar_end": "cycle"},
        (
            {"case": "甲", "fact": "bar_until", "value": "2026-03-31"},
            {"case": "甲", "document": "return_notice", "contains": "2026年3月31日", "lacks": "2026年12月31日"},
        ),
        through=("甲", "examine_material"),
    ),
    Choice(
        CITY,
        "side_cases",
        {"reviewer_reference_date": "application_deadline"},
        ({"case": "评四", "waiting": "attest_reviewer", "role": "office"},),
        through=("评四", "start"),
    ),
)
