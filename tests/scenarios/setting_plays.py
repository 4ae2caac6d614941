"""Choices of settings that are played by laying them over a scenario of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BY_TEST = "test_settings"
"""Stands before the scenario where the test lays the choice over it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A scenario, the values set in it instead of its own, and the expectations that then hold in place of its own.

    ``through`` is the case and the step (verb or element) with which it ends. ``left_out`` are so many of its last
    steps, which only its own values allow or refuse. ``refused`` is what a step is refused with that its own allow.
    """

    city: str
    scenario: str
    values: Mapping[str, Any]
    expected: tuple[Mapping[str, Any], ...]
    through: tuple[str, str] | None = None
    left_out: int = 0
    refused: str = ""


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
    Choice("urumqi", "next_in_rank", {"withdrawal_until": "vote"}, (), refused="不能撤回"),
    Choice(
        "kizilsu",
        "withdrawn_late",
        {"max_winners": 1, "candidate_list_length": "quota_plus_n"},
        ({"case": "届", "ballot": 1, "elected": ["阿图什无花果食品有限公司"]},),
    ),
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
        ({"case": "届", "ballot": 4, "elected": []},),
    ),
)


def plays_elsewhere(key: str, setting: str, choice: Any) -> str | None:
    """Return which of ``CHOICES`` plays a choice of an award's setting, None where none does."""
    for one in CHOICES:
        if key == f"{one.city}/quality_award" and setting in one.values and one.values[setting] == choice:
            return f"{BY_TEST} {one.scenario}"
    return None
