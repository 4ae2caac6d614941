"""The tables, by subject."""

from service.store.tables.ballots import ballot, ballot_recusal, ballot_result, ballot_roll
from service.store.tables.base import metadata
from service.store.tables.cases import case, case_party, inbox, subscription, task, visit
from service.store.tables.history import audit, incident
from service.store.tables.packages import definition
from service.store.tables.people import body, body_role, membership, person, session
from service.store.tables.receipts import attempt, receipt
from service.store.tables.records import (
    award_holder,
    award_record,
    document,
    draft,
    finding,
    form_result,
    notice,
    sanction,
    upload,
)
from service.store.tables.review import (
    appointment,
    expert,
    expert_change,
    expert_draw,
    interest,
    panel,
    panel_case,
    panel_member,
    recusal,
    score_sheet,
    stage_score,
    training,
)
from service.store.tables.settings import setting
from service.store.tables.work import counter, mail, work_item

__all__ = [
    "appointment",
    "attempt",
    "audit",
    "award_holder",
    "award_record",
    "ballot",
    "ballot_recusal",
    "ballot_result",
    "ballot_roll",
    "body",
    "body_role",
    "case",
    "case_party",
    "counter",
    "definition",
    "document",
    "draft",
    "expert",
    "expert_change",
    "expert_draw",
    "finding",
    "form_result",
    "inbox",
    "incident",
    "interest",
    "mail",
    "membership",
    "metadata",
    "notice",
    "panel",
    "panel_case",
    "panel_member",
    "person",
    "receipt",
    "recusal",
    "sanction",
    "score_sheet",
    "session",
    "setting",
    "stage_score",
    "subscription",
    "task",
    "training",
    "upload",
    "visit",
    "work_item",
]
