"""What a parameter is about: the chapters under which settings and comparisons are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from service.catalog.parameters import Parameter, Unit
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Subject:
    """A chapter of the settings."""

    id: str
    name: Text


_KEYS: Mapping[str, str] = {
    "quota": (
        "award_items candidate_list_length category_choice category_fall_back cycle_years "
        "defence_list_length max_winners nomination_quota_shared on_site_list_length quota_override "
        "quota_reading quota_transfer_between_tiers repeat_means repeat_winner_limit substitution "
        "vacancy_allowed"
    ),
    "notices": (
        "application_window_working_days branch_own_internal_notice candidate_notice_before_vote "
        "deadline_end_time deadline_working_days internal_reminder_working_days interval_years "
        "notice_calendar_days notice_day_kind notice_day_one notice_min_working_days notice_publisher "
        "period_day_one period_ending_on_rest_day prompt_action_working_days report_due_month "
        "winner_announcement_objection_period winners_notice_media"
    ),
    "application": (
        "acceptance_review_request audit_unit_overlap call_mandatory_contents consultation_departments "
        "consultation_reply_working_days consultation_silence correction_rounds correction_working_days "
        "electronic_is_written evidence_verifier exception_path exclusion_check_points failed_examination "
        "filing_date_basis min_recommendations mobilisation_units other_recommender_after_refusal "
        "paper_copies parent_and_branch_both_apply parent_recommendation publication_channel "
        "qualification_confirmation recommendation_binding recommender_may_review "
        "self_evaluation_report_required state_secret_breach submission_channel_choice "
        "verification_departments verification_negative verification_reply_working_days verification_silence "
        "withdrawal_until"
    ),
    "eligibility": (
        "accident_date_basis branch_record_scope branch_region_test contribution_award_means "
        "credit_repair_on_deadline_day_counts eligibility_reference_date encouraged_group_bonus_points "
        "evidence_period_years exempt_industries individual_sanction_needs_accident innovation_fields_needed "
        "item_6_required listing_blocks lookback_scope lookback_years major_complaint_test "
        "min_management_system_years min_operating_years min_per_mu_grade min_performance_excellence_years "
        "min_quality_work_years minor_violations nomination_same_conditions operating_years_from "
        "operating_years_in_region organisation_test parent_required_for qualitative_condition_check "
        "rating_missing repaired_credit_records_block severity_source special_field_classifier "
        "special_industry_decider unregistered_applicant_region_test"
    ),
    "review": (
        "absence_from_defence applicant_classes criteria_edition_date criteria_parts criteria_revision_years "
        "criteria_standards criteria_total_points cut_off_score cut_off_tie declaration_working_days "
        "divergence_points entrusted_reviewer_qualification entrusted_scope individual_rubric "
        "individual_scoring_edition individuals_on_site min_industry_experts min_reviewers odd_number "
        "overdue_criteria_effect panel_below_minimum panel_convenor panel_leader_choice "
        "report_confirmation_refused report_confirmation_working_days review_sheet_working_days "
        "reviewer_min_education reviewer_min_experience_years reviewer_reference_date reviewer_selection "
        "reviewer_training_validity rubric_per_tier score_aggregation scores_disclosed_to_applicant "
        "scoring_edition scoring_editions scoring_working_days sector_templates stage_weights "
        "third_party_contractor user_evaluation_choice user_evaluation_due user_evaluation_parallel "
        "user_evaluation_scored user_survey_payer"
    ),
    "votes": (
        "ballot_working_days chair_casting_vote invited_members_vote plenary_decision_by_vote quota_overflow "
        "secret_ballot vote_max_ballots vote_open_working_days vote_order_of_tiers vote_quorum vote_quorum_counts "
        "vote_recused_in_denominator vote_threshold vote_threshold_base vote_tie vote_unit votes_per_voter"
    ),
    "objections": (
        "anonymous_objections audit_notice_objection_receiver internal_objection_resolver late_objections "
        "objection_acceptance_working_days objection_completion_rounds objection_completion_working_days "
        "objection_experts objection_finding_working_days objection_form objection_forward_working_days "
        "objection_investigation_working_days objection_reply_to objection_reply_working_days "
        "objection_window open_objection_effect open_objection_effect_at_submission upheld_objection_decider "
        "upheld_objection_decision"
    ),
    "award": (
        "applicant_fee_yuan award_date_basis cycle_count_basis government_decision_options prize_basis "
        "prize_misuse_revokes prize_payment_calendar_days prize_use_report prize_yuan reapply_wait_bars "
        "reapply_wait_from reapply_wait_years region_award_years repeat_winner_treatment trophy"
    ),
    "roles": (
        "article_7_role committee_odd_number committee_term consulting_lookback_months "
        "disqualification_decider disqualification_duration disqualified_reviewer_scores interest_definition "
        "interest_lookback_years major_matters min_supervisors recusal_decider recusal_of_voters "
        "recusal_scope supervision_finding_effect supervisor_incompatible_with "
        "suspend_staff_during_investigation yearly_steps_in_off_years"
    ),
    "supervision": (
        "annual_report_due correction_order_calendar_days failed_re_evaluation_recovery "
        "follow_up_interval_years follow_up_lead_calendar_days follow_up_visits follow_up_years "
        "misuse_revokes post_award_rules_cover publicity_ban_end re_evaluation_body "
        "re_evaluation_counts_in_quota re_evaluation_extension_years re_evaluation_prize_yuan "
        "re_evaluation_reminder_calendar_days rectification_calendar_days rectification_rounds "
        "report_grace_working_days title_during_re_evaluation title_use_end"
    ),
    "sanctions": (
        "award_validity_years ban_decider ban_start ban_test_date ban_years committee_informed_only "
        "hearing_working_days loss_year monitoring_years recovery_calendar_days revocation_authority "
        "revocation_grounds revocation_proposer revocation_time_limit_years "
        "same_year_bar_covers_new_application same_year_bar_end"
    ),
    "validity": (
        "effective_after_days effective_date effective_date_confirmation legacy_awards regulation_last_day "
        "regulation_validity_years running_cycles_after_expiry"
    ),
}

SUBJECTS: tuple[Subject, ...] = (
    Subject("quota", Text("名额与周期", "Places and cycle")),
    Subject("notices", Text("公示与期限", "Notices and time limits")),
    Subject("application", Text("申报与审查", "Application and examination")),
    Subject("eligibility", Text("申报条件", "Eligibility")),
    Subject("review", Text("评审", "Review")),
    Subject("votes", Text("表决", "Votes")),
    Subject("objections", Text("异议", "Objections")),
    Subject("award", Text("决定与奖励", "Decision, award, prize")),
    Subject("roles", Text("职责与回避", "Roles and recusal")),
    Subject("supervision", Text("获奖之后", "After the award")),
    Subject("sanctions", Text("处理与撤销", "Sanctions and revocation")),
    Subject("validity", Text("办法的效力", "Validity")),
    Subject("other", Text("其他", "Other")),
)
"""Every chapter, in reading order."""

_BY_ID = {subject.id: subject for subject in SUBJECTS}
_BY_KEY = MappingProxyType({key: _BY_ID[subject] for subject, keys in _KEYS.items() for key in keys.split()})
_BY_UNIT = {Unit.WORKING_DAYS: "notices", Unit.CALENDAR_DAYS: "notices", Unit.YUAN: "award", Unit.POINTS: "review"}


def subject_of(parameter: Parameter) -> Subject:
    """Return the chapter of ``parameter``: by its key in the vocabulary, its id, else by what it counts."""
    known = _BY_KEY.get(parameter.key) or _BY_KEY.get(parameter.id)
    return known or _BY_ID[_BY_UNIT.get(parameter.unit, "other")]
