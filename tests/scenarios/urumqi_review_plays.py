"""Choices about review and ballots of Urumqi that are played over its scenarios."""

from __future__ import annotations

from tests.scenarios.laid_over import Choice

CITY = "urumqi"

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
    Choice(  # with material and defence 甲 has 800 and 700, 丙 700 and 850: 760 both, and 丙 did better in the defence
        CITY,
        "votes",
        {"cut_off_tie": "higher_sub_score", "on_site_list_length": 1},
        ({"case": "丙", "status": "running"}, {"case": "甲", "outcome": "not_shortlisted"}),
        through=("届", "settle_on_site_list"),
        instead=tuple(
            ((who, "score", 2), ({"case": who, "each": "score", "percent": percent},))
            for who, percent in (("甲", 70), ("乙", 50), ("丙", 85))
        ),
    ),
    Choice(  # experts trained on 1 May 2020, review begun on 13 April 2026
        CITY,
        "settings_review",
        {"reviewer_training_validity": "years", "reviewer_training_years": 6},
        ({"case": "乙", "waiting": "declare_interest", "times": 3},),
        through=("届", "start_review"),
    ),
    Choice(
        CITY,
        "settings_review",
        {"reviewer_training_validity": "years", "reviewer_training_years": 5},
        ({"case": "乙", "waiting": "extend_register"},),
        through=("届", "start_review"),
        typed={("届", "start"): {"last_announcement_year": 2019}},
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
    Choice(  # one place and two more: of four the last is left out
        CITY,
        "votes",
        {"candidate_list_length": "quota_plus_n", "nomination_award_places": 0},
        (
            {"case": "丙", "fact": "review_result", "value": "candidate"},
            {"case": "丁", "outcome": "not_shortlisted"},
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
        {"anonymous_objections": "investigate"},
        ({"case": "四", "waiting": "forward_objection", "role": "office"},),
        through=("四", "check_objection"),
    ),
    Choice(
        CITY,
        "withdrawn_in_notice",
        {"notice_publisher": "government"},
        ({"case": "届", "waiting": "sign_winners", "role": "government"},),
        ending=(("届", "sign_winners"), ()),
    ),
    Choice(
        CITY,
        "objections",
        {"period_day_one": "day_of_event"},
        ({"case": "一", "waiting": "forward_objection", "due": "2026-04-16"},),
        through=("一", "check_objection"),
        unasked=True,
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
        ({"case": "届", "ballot": 1, "state": "open", "tiers": ["quality_award", "nomination_award"]},),
        through=("届", "submit_bundle"),
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
)

ON_REVIEW = (*REVIEWS, *BALLOTS)
