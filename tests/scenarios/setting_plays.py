"""Choices of settings that are played by laying them over a scenario of their own."""

from __future__ import annotations

from datetime import date

from tests.scenarios.ganzhou_plays import GANZHOU
from tests.scenarios.kizilsu_plays import KIZILSU
from tests.scenarios.laid_over import Choice
from tests.scenarios.qingyuan_plays import QINGYUAN
from tests.scenarios.shared_setting_plays import SHARED
from tests.scenarios.urumqi_plays import URUMQI
from tests.scenarios.yining_plays import YINING

BY_TEST = "test_settings"
"""Stands before the scenario where the test lays the choice over it."""


CHOICES = (
    Choice(
        "urumqi",
        "branch_record",
        {"branch_record_scope": "applicant"},
        (
            {"case": "乙", "finding": "no_major_accident", "result": "met"},
            {"case": "丙", "finding": "no_major_accident", "result": "not_met"},
        ),
    ),
    Choice(
        "qingyuan",
        "after_award",
        {"title_use_end": "revocation"},
        (
            {"case": "甲管", "fact": "title_status", "value": "kept"},
            {"case": "甲管", "document": "validity_end_notice", "contains": "仍可用于"},
        ),
        left_out=1,
    ),
    Choice(
        "qingyuan",
        "after_award",
        {"innovation_award_validity_years": 3},
        (
            {"case": "乙管", "outcome": "expired", "on": "2029-04-30"},
            {"case": "乙管", "document": "validity_end_notice", "contains": "创新奖有效期3年"},
        ),
    ),
    Choice(
        "urumqi",
        "after_the_award",
        {"misuse_revokes": "at_once"},
        ({"case": "丙违规", "reached": "revoke"},),
        through=("丙违规", "verify_correction"),
    ),
    Choice(
        "kizilsu",
        "objection_holds",
        {"open_objection_effect": "hold_all"},
        (
            {"case": "届", "waiting": "submit_list", "times": 0},
            {"case": "届", "reached": "objections_settled", "on": "2026-05-14"},
        ),
        left_out=14,
    ),
    Choice(
        "qingyuan",
        "score_threshold",
        {"cut_off_score": None},
        ({"case": "丙", "finding": "leading_in_county", "result": "not_met"}, {"case": "丙", "outcome": "refused"}),
    ),
    Choice(
        "yining",
        "other_conditions",
        {"cut_off_score": None},
        ({"case": "甲", "finding": "business_results", "result": "met"},),
    ),
    Choice(
        "qingyuan",
        "cycle_rules",
        {"effective_date_confirmation": "not_startable"},
        ({"case": "下届", "outcome": "round_refused"},),
    ),
    Choice("qingyuan", "next_not_passed", {"withdrawal_until": "acceptance"}, (), refused="不能撤回"),
    Choice(
        "qingyuan",
        "final_list",
        {"final_list_vote": "always"},
        ({"case": "届", "ballot": 3, "state": "open"}, {"case": "届", "task": "determine_list", "no": True}),
        left_out=6,
    ),
    Choice(
        "qingyuan",
        "final_list_voted",
        {"final_list_vote": "never"},
        ({"case": "届", "waiting": "determine_list", "role": "committee"}, {"case": "届", "ballot": 3, "no": True}),
        left_out=6,
    ),
    Choice(
        "qingyuan",
        "whole_way",
        {"notice_day_kind": "working"},
        ({"case": "届", "notice": "winners", "first_day": date(2026, 4, 21), "last_day": date(2026, 4, 29)},),
        through=("届", "prove_posting"),
    ),
    *(
        Choice(
            city,
            scenario,
            {"award_date_basis": basis},
            ({"case": "届", "fact": "decided_on", "value": day},),
            through=("届", "decide_list"),
            typed={} if basis == "nominal_cycle_year" else {("届", "decide_list"): {"award_date": day}},
        )
        for city, scenario in (
            ("qingyuan", "whole_way"),
            ("ganzhou", "whole_way"),
            ("yining", "whole_way"),
            ("urumqi", "whole_way"),
            ("kizilsu", "objection_holds"),
        )
        for basis, day in (
            ("nominal_cycle_year", "2026-12-31"),
            ("ceremony", "2026-11-20"),
            ("approval_date", "2026-11-20"),
        )
    ),
    *(
        Choice(
            city,
            "whole_way",
            {"effective_date_confirmation": "not_startable"},
            ({"case": "届", "outcome": "round_refused"},),
            through=("届", "start"),
        )
        for city in ("ganzhou", "yining")
    ),
    *(
        Choice(city, scenario, {"withdrawal_until": "acceptance"}, (), refused="撤回")
        for city, scenario in (("urumqi", "next_in_rank"), ("kizilsu", "withdrawn_late"))
    ),
    Choice(
        "qingyuan",
        "cut_tie",
        {"cut_off_tie": "none_pass"},
        (
            {"case": "甲", "fact": "result", "value": "not_candidate"},
            {"case": "乙", "fact": "result", "value": "not_candidate"},
        ),
    ),
    Choice(
        "qingyuan",
        "cut_tie",
        {"candidate_list_length": "quota_plus_n", "candidate_list_extra": 1},
        ({"case": "届", "document": "candidate_list", "contains": "庆元廊桥竹木有限公司"},),
    ),
    Choice(
        "qingyuan",
        "cut_tie",
        {"candidate_list_length": "quota_plus_n", "candidate_list_extra": 0},
        ({"case": "届", "document": "candidate_list", "lacks": "庆元廊桥竹木有限公司"},),
    ),
    Choice(
        "qingyuan",
        "score_median",
        {"score_aggregation": "trimmed_mean"},
        ({"case": "甲", "fact": "material_points", "value": 600.0},),
    ),
    Choice(
        "qingyuan",
        "other_years",
        {"operating_years_in_region": False},
        ({"case": "乙", "finding": "years_operating", "result": "met"},),
    ),
    Choice(
        "qingyuan",
        "conditions",
        {"organisation_test": "legal_person"},
        ({"case": "丁", "finding": "registered_organisation", "result": "not_met"},),
        typed={("丁", "fill_application"): {"organisation": {"type": "unincorporated"}}},
    ),
    Choice(
        "qingyuan",
        "conditions",
        {"rating_missing": "no_requirement"},
        (
            {"case": "丙", "finding": "per_mu_grade", "result": "met"},
            {"case": "丙", "fact": "qualification", "value": "qualified"},
        ),
        through=("丙", "review_qualification"),
        typed={("丙", "fill_application"): {"quality": {"grade": "none", "exempted": "no"}}},
    ),
    Choice(
        "qingyuan",
        "waiting_period",
        {"reapply_wait_bars": "same_tier"},
        ({"case": "甲", "finding": "wait_after_quality", "result": "met"},),
        typed={("甲", "start"): {"tier": "innovation_award"}},
        through=("甲", "give_opinion"),
    ),
    Choice(
        "qingyuan",
        "season",
        {"repeat_means": "any_tier"},
        ({"case": "乙", "fact": "winner_case", "value": "repeat"},),
        through=("乙", "submit_application"),
    ),
    Choice(
        "qingyuan",
        "accident",
        {"accident_date_basis": "date_of_finding"},
        ({"case": "甲撤", "outcome": "kept"},),
        through=("甲撤", "start"),
        typed={("甲撤", "start"): {"happened_on": "2028-04-29", "found_on": "2028-05-02"}},
    ),
    Choice(
        "qingyuan",
        "recusal",
        {"vote_tie": "all_vacant"},
        (
            {"case": "届", "ballot": 1, "elected": [], "vacant": 1},
            {"case": "届", "task": "decide_tie", "no": True},
        ),
        through=("届", "vote"),
    ),
    Choice(
        "qingyuan",
        "recusal",
        {"panel_below_minimum": "continue"},
        ({"case": "甲", "waiting": "score", "times": 2},),
        through=("甲", "decide_recusals"),
    ),
    Choice(
        "qingyuan",
        "held_beside",
        {"open_objection_effect_at_submission": "none"},
        ({"case": "届", "ballot": 3, "candidates": ["庆元廊桥竹木有限公司"]},),
        left_out=18,
    ),
    Choice("qingyuan", "held_late", {"objection_form": "online_only"}, (), refused="只接受网上提出异议"),
    Choice(
        "qingyuan",
        "held_late",
        {"objection_form": "online_only"},
        ({"case": "届", "notice": "winners", "contains": "请在公示期内在本页提出", "lacks": "书面向"},),
        through=("届", "prove_posting"),
    ),
    Choice(
        "qingyuan",
        "season",
        {"rubric_per_tier": True, "scoring_edition_innovation": "individual-quality-2026"},
        (),
        refused="没有评分标准“individual-quality-2026”",
    ),
    Choice("urumqi", "next_in_rank", {"withdrawal_until": "vote"}, (), refused="不能撤回"),
    Choice(
        "kizilsu",
        "barred",
        {"reapply_wait_from": "cycle"},
        ({"case": "甲", "finding": "no_recent_award", "result": "met"},),
    ),
    Choice("ganzhou", "settings_findings", {"late_objections": "accept"}, (), refused="不在选项中"),
    Choice(
        "ganzhou",
        "settings_findings",
        {"supervision_finding_effect": "answer_before_next_gate"},
        (),
        refused="rank_material",
    ),
    Choice(
        "yining",
        "penalties",
        {"violation_lookback_years": 3},
        (
            {"case": "丙", "finding": "no_serious_violation", "result": "not_met"},
            {"case": "丁", "finding": "no_serious_violation", "result": "met"},
            {"case": "丁", "fact": "qualification", "value": "qualified"},
        ),
    ),
    Choice("urumqi", "objection_at_ballot", {"open_objection_effect": "hold_all"}, (), refused="settle_candidates"),
    Choice("urumqi", "nobody_elected", {"category_choice": "applicant_one"}, (), refused="不在选项中"),
    Choice(
        "urumqi",
        "nobody_elected",
        {"category_choice": "applicant_both"},
        (),
        refused="申报的奖项",
        typed={("甲", "fill_application"): {"organisation": {"tier_choice": None}}},
    ),
    *URUMQI,
    *GANZHOU,
    *KIZILSU,
    *QINGYUAN,
    *SHARED,
    *YINING,
)
