"""Choices of settings of Qingyuan that are played over its scenarios."""

from __future__ import annotations

from tests.scenarios.laid_over import Choice

CITY = "qingyuan"

QINGYUAN = (
    Choice(
        CITY,
        "panel",
        {"panel_leader_choice": "elected_by_panel"},
        (),
        typed={("丙", "choose_panel"): {"leader": None}},
        refused="由评审组推选的，须登记推选出的组长",
    ),
    Choice(
        CITY,
        "objection",
        {"upheld_objection_decider": "office"},
        ({"case": "异甲", "waiting": "find_objection", "role": "office"},),
        through=("异甲", "investigate_by_office"),
        unasked=True,
    ),
    Choice(  # no trade is exempt but one on the list: two years from 1 March 2025 are not over
        CITY,
        "other_years",
        {"special_field_classifier": "industry_code", "special_field_industries": ["食用菌加工"]},
        ({"case": "甲", "finding": "excellence_years", "result": "met"},),
        typed={("甲", "fill_application"): {"conditions": {"excellence_since": "2025-03-01"}}},
    ),
    Choice(
        CITY,
        "other_record",
        {"major_complaint_test": "office_decides"},
        ({"case": "乙", "finding": "no_major_complaint", "result": "met"},),
        typed={("乙", "fill_application"): {"organisation": {"operating_since": "2020-01-01"}}},
        ending=(
            ("乙", "review_qualification"),
            (
                {
                    "as": "office",
                    "case": "乙",
                    "complete": "attest_conditions",
                    "with": {"findings": [{"result": "met", "reason": "个别顾客的一般投诉，不属重大。"}]},
                },
            ),
        ),
    ),
)
