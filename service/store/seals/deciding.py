"""Which tables decide a result, or who may act: what is written into them goes into a chain of records, digest by digest.

Every table is named here, as deciding or with the reason why it is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import sqlalchemy as sa

from service.store.rows.columns import metadata

DECIDING: Mapping[str, tuple[str, ...]] = {
    "case_instance": ("version", "state_seal", "audit_seq", "audit_hash", "changed_at", "findable"),
    "form_result": (),
    "finding": (),
    "upload": ("task_id", "seal"),
    "document": (),
    "notice": ("listed",),
    "receipt": (),
    "task_sign": (),
    "sign_ask": (),
    "expert_draw": (),
    "panel": (),
    "panel_member": (),
    "panel_case": (),
    "score_sheet": (),
    "stage_score": (),
    "recusal": ("seal",),
    "ballot": ("cast", "urn", "key_name", "old_key", "sheet", "sheet_by"),
    "ballot_roll": ("state", "task_id"),
    "ballot_recusal": (),
    "ballot_result": (),
    "award_record": ("seal",),
    "award_holder": ("seal",),
    "sanction": ("seal",),
    "expert": ("version", "changed_at", "seal"),
    "interest": ("seal",),
    "calendar_year": ("seal",),
    "person": ("name", "email", "telephone", "name_seal", "language", "created_at", "second_means", "seal"),
    "membership": ("seal",),
    "deputy": ("seal",),
    "second_factor": ("offered", "last_step"),
    "passkey": ("counter", "name", "used_at"),
    "rights_request": (),
}
"""Table → columns of it that have no digest.

Of a case: what its history keeps, and the seal of its state. Of a roll and an urn: what moves with
each secret vote, since a digest of it would tell when who voted; marks, papers and the count are held against each other.
A paper by name has one, and stands nowhere where votes are secret. The others are counted, drawn for looking at, or say in which task a file was added.
"""

GIVEN_LATER: Mapping[str, tuple[str, ...]] = {"document": ("pdf_sha256", "pdf_size")}
"""Table → columns that may hold something though their digest is of nothing: an older program fills them and records none."""

READ_BY_CASES: Mapping[str, tuple[str, ...]] = {
    "form_result": (),
    "finding": (),
    "notice": (),
    "document": ("sha256", "size", "produced_at", "pdf_sha256", "pdf_size", "erased_at"),
}
"""Tables that the formulas of a case read → columns that its steps read nothing of: files are made after the step."""

NOT_DECIDING: Mapping[str, tuple[str, ...]] = {
    "a chain of its own, or part of one": (
        *("audit", "act", "act_head", "anchor", "setting", "package_event", "definition", "epoch"),
        "erasure",
        *("anchor_stamp", "chain_mark"),
    ),
    "what people act with, keyed by itself or in the book": (
        *("body", "body_role", "recovery_code"),
        *(
            "session",
            "answered_challenge",
            "outside_identity",
            "wrong_password",
            "office_link",
            "registration",
            "case_party",
            "row_count",
            "sitting",
        ),
    ),
    "what waits, compared with the state of the engine": (
        *("task", "work_item", "subscription", "inbox", "case_call", "visit"),
    ),
    "drafts, which decide nothing before they are submitted or published": (
        *("draft", "package_draft", "draft_presence", "draft_revision", "held_save", "recording", "scenario_result"),
        *("studio_job", "unfinished_upload"),
    ),
    "words and times beside a case, from which nothing follows": (
        *("case_note", "page_note", "rating", "sitting_member", "appointment", "training", "expert_change"),
    ),
    "what was told, repaired, moved or kept; history says so too": (
        *("mail", "incident", "intervention_batch", "intervention_result", "move_batch", "case_move"),
        *("archive", "archive_part", "retention_rule", "counter"),
    ),
    "made from what decides": (
        *("tally", "search_gram", "fact_value", "fact_value_case", "file_name", "file_page", "paged_file"),
    ),
    "of the machine and of pages": (
        *("installation", "heartbeat", "alarm", "clock_hold", "health_limits", "attempt"),
        *("marked_request", "person_setting"),
    ),
}
"""Tables that decide no result, by the reason."""

_THROUGH: Mapping[str, tuple[str, str]] = {
    "sign_ask": ("task_id", "task"),
    "task_sign": ("ask_id", "sign_ask"),
    "panel_member": ("panel_id", "panel"),
    "ballot_roll": ("ballot_id", "ballot"),
    "ballot_recusal": ("ballot_id", "ballot"),
    "ballot_result": ("ballot_id", "ballot"),
}
"""Tables that are not found by a case of their own: the column that names the row whose case is theirs, and its table."""

_OF_REGISTERS = frozenset(
    {
        *("award_record", "award_holder", "sanction", "expert", "interest", "calendar_year"),
        *("person", "membership", "deputy", "second_factor", "passkey", "rights_request"),
    }
)

CLAIMED = "upload"
"""A file decides nothing before a case has it."""


@cache
def digested(table: str) -> tuple[str, ...]:
    """Return the columns of a deciding table that have digests; none for another table."""
    left_out = DECIDING.get(table)
    if left_out is None:
        return ()
    columns = (column for column in metadata.tables[table].columns if not column.primary_key)
    return tuple(f"{column.name}" for column in columns if column.name not in left_out)


@cache
def read_by_cases(table: str) -> tuple[str, ...]:
    """Return the columns that the mark of a row in the state of its case stands for."""
    return tuple(name for name in digested(table) if name not in READ_BY_CASES[table])


def beside_cases(table: str) -> bool:
    """Return whether the rows of a deciding table belong to no case."""
    return table in _OF_REGISTERS


@cache
def rows_of_cases(table: str) -> sa.Select[tuple[object, ...]]:
    """Return the question for key and digested columns of the rows of a deciding table that belong to ``cases``."""
    own = metadata.tables[table]
    return sa.select(*own.primary_key, *(own.c[name] for name in digested(table))).where(_of_cases(table))


def _of_cases(table: str) -> sa.ColumnElement[bool]:
    own = metadata.tables[table]
    if table in _THROUGH:
        column, above = _THROUGH[table]
        return own.c[column].in_(sa.select(metadata.tables[above].c.id).where(_of_cases(above)))
    return (own.c.id if table == "case_instance" else own.c.case_id).in_(sa.bindparam("cases", expanding=True))
