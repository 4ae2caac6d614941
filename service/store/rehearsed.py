"""Which tables a rehearsal takes along, and why each of the others stays behind: every table is decided here.

A season is rehearsed with the people, rights, choices and past awards of the installation; nothing that is under way
goes along, nor what tells of its machine, its sessions or its past.
"""

from __future__ import annotations

from collections.abc import Mapping

COPIED = frozenset(
    {
        *("definition", "setting", "calendar_year", "retention_rule", "health_limits"),
        *("person", "body", "body_role", "membership", "deputy", "person_setting"),
        *("expert", "training", "expert_change", "interest"),
        *("award_record", "award_holder", "sanction"),
    }
)
"""Tables of what is there before a season begins."""

STAYING: Mapping[str, tuple[str, ...]] = {
    "of a case, which stays": (
        *("case_instance", "case_call", "case_party", "case_note", "audit", "visit", "task", "draft"),
        *(
            "form_result",
            "upload",
            "unfinished_upload",
            "file_name",
            "page_note",
            "document",
            "notice",
            "finding",
            "inbox",
            "subscription",
            "receipt",
        ),
        *("mail", "incident", "rating", "stage_score", "score_sheet", "sign_ask", "task_sign", "work_item"),
        *("panel", "panel_case", "panel_member", "expert_draw", "appointment", "sitting", "sitting_member"),
        *("ballot", "ballot_recusal", "ballot_result", "ballot_roll"),
    ),
    "a recusal is decided in a case, which stays; what it rests on (interest) goes along": ("recusal",),
    "numbers of documents begin anew, so that none is taken for a real one": ("counter",),
    "of drafts of packages, which stay: what is rehearsed is published": (
        *("package_draft", "draft_presence", "draft_revision", "held_save", "recording", "scenario_result"),
        "studio_job",
    ),
    "record of what was published, repaired, moved, archived, erased or restored there": (
        *("package_event", "intervention_batch", "intervention_result", "move_batch", "case_move"),
        *("archive", "archive_part", "erasure", "hold", "act", "act_head"),
    ),
    "requests of organisations outside, which the real office answers": ("registration",),
    "sessions, tries and requests of that place; everybody signs in anew": (
        *("session", "wrong_password", "attempt", "marked_request", "rights_request", "office_link"),
        *("second_factor", "recovery_code", "passkey", "answered_challenge", "outside_identity"),
    ),
    "of the machine and the running program": ("installation", "heartbeat", "alarm"),
    "made of files, which stay": ("file_page", "paged_file"),
    "kept by the database itself": ("tally", "search_gram", "fact_value", "fact_value_case"),
}
"""Tables that stay behind, by the reason."""
