"""Rows as frozen values; the names and the order are those of the columns."""

from service.store.rows.history import AuditRow, DefinitionRow, IncidentRow, MailRow, ReceiptRow
from service.store.rows.json import Json
from service.store.rows.people import BodyRow, MembershipRow, PersonRow, SessionRow
from service.store.rows.register import (
    AwardRow,
    DocumentRow,
    DraftRow,
    FindingRow,
    FormResultRow,
    HolderRow,
    NoticeRow,
    SanctionRow,
    UploadRow,
)
from service.store.rows.running import CaseRow, InboxRow, SubscriptionRow, TaskRow, VisitRow, WorkItemRow
from service.store.rows.settings import SettingRow

__all__ = [
    "AuditRow",
    "AwardRow",
    "BodyRow",
    "CaseRow",
    "DefinitionRow",
    "DocumentRow",
    "DraftRow",
    "FindingRow",
    "FormResultRow",
    "HolderRow",
    "InboxRow",
    "IncidentRow",
    "Json",
    "MailRow",
    "MembershipRow",
    "NoticeRow",
    "PersonRow",
    "ReceiptRow",
    "SanctionRow",
    "SessionRow",
    "SettingRow",
    "SubscriptionRow",
    "TaskRow",
    "UploadRow",
    "VisitRow",
    "WorkItemRow",
]
