"""One definition of each table: a row class, frozen, and the table made of its fields."""

from service.store.rows.acts import ActHeadRow, ActRow
from service.store.rows.archives import ArchivePartRow, ArchiveRow
from service.store.rows.ballots import BallotRecusalRow, BallotRow, ResultRow, RollRow
from service.store.rows.calendars import CalendarYearRow
from service.store.rows.calls import CallRow
from service.store.rows.cases import CasePartyRow, CaseRow, InboxRow, SubscriptionRow, TaskRow, VisitRow
from service.store.rows.columns import Json, metadata
from service.store.rows.deputies import DeputyRow
from service.store.rows.drafts import (
    DraftRevisionRow,
    PackageDraftRow,
    PackageEventRow,
    RecordingRow,
)
from service.store.rows.erasures import ErasureRow, RetentionRuleRow
from service.store.rows.experts import ExpertChangeRow, ExpertRow, InterestRow, RecusalRow, TrainingRow
from service.store.rows.history import AuditRow, IncidentRow
from service.store.rows.installation import InstallationRow
from service.store.rows.interventions import InterventionBatchRow, InterventionResultRow
from service.store.rows.moves import CaseMoveRow, MoveBatchRow
from service.store.rows.notes import CaseNoteRow
from service.store.rows.operation import HealthColourRow, HeartbeatRow, HoldRow
from service.store.rows.outside_identities import OutsideIdentityRow
from service.store.rows.packages import DefinitionRow, SettingRow
from service.store.rows.panels import (
    AppointmentRow,
    DrawRow,
    PanelCaseRow,
    PanelMemberRow,
    PanelRow,
    SheetRow,
    StageScoreRow,
)
from service.store.rows.passkeys import AnsweredChallengeRow, PasskeyRow
from service.store.rows.people import BodyRoleRow, BodyRow, MembershipRow, PersonRow, SessionRow, WrongPasswordRow
from service.store.rows.preferences import PersonSettingRow
from service.store.rows.ratings import RatingRow
from service.store.rows.receipts import AttemptRow, ReceiptRow
from service.store.rows.register import AwardRow, DocumentRow, HolderRow, NoticeRow, SanctionRow
from service.store.rows.registrations import RegistrationRow
from service.store.rows.requests import MarkedRequestRow
from service.store.rows.rights import OfficeLinkRow, RightsRequestRow
from service.store.rows.search import SearchGramRow
from service.store.rows.second_factors import RecoveryCodeRow, SecondFactorRow
from service.store.rows.shown_files import PageNoteRow, ShownFileRow
from service.store.rows.signs import SignAskRow, SignRow
from service.store.rows.sittings import SittingMemberRow, SittingRow
from service.store.rows.studio_jobs import ScenarioResultRow, StudioJobRow
from service.store.rows.submissions import START_FORM, DraftRow, FindingRow, FormResultRow, UploadRow
from service.store.rows.work import CounterRow, MailRow, WorkItemRow

__all__ = [
    "START_FORM",
    "ActHeadRow",
    "ActRow",
    "AnsweredChallengeRow",
    "AppointmentRow",
    "ArchivePartRow",
    "ArchiveRow",
    "AttemptRow",
    "AuditRow",
    "AwardRow",
    "BallotRecusalRow",
    "BallotRow",
    "BodyRoleRow",
    "BodyRow",
    "CalendarYearRow",
    "CallRow",
    "CaseMoveRow",
    "CaseNoteRow",
    "CasePartyRow",
    "CaseRow",
    "CounterRow",
    "DefinitionRow",
    "DeputyRow",
    "DocumentRow",
    "DraftRevisionRow",
    "DraftRow",
    "DrawRow",
    "ErasureRow",
    "ExpertChangeRow",
    "ExpertRow",
    "FindingRow",
    "FormResultRow",
    "HealthColourRow",
    "HeartbeatRow",
    "HoldRow",
    "HolderRow",
    "InboxRow",
    "IncidentRow",
    "InstallationRow",
    "InterestRow",
    "InterventionBatchRow",
    "InterventionResultRow",
    "Json",
    "MailRow",
    "MarkedRequestRow",
    "MembershipRow",
    "MoveBatchRow",
    "NoticeRow",
    "OfficeLinkRow",
    "OutsideIdentityRow",
    "PackageDraftRow",
    "PackageEventRow",
    "PageNoteRow",
    "PanelCaseRow",
    "PanelMemberRow",
    "PanelRow",
    "PasskeyRow",
    "PersonRow",
    "PersonSettingRow",
    "RatingRow",
    "ReceiptRow",
    "RecordingRow",
    "RecoveryCodeRow",
    "RecusalRow",
    "RegistrationRow",
    "ResultRow",
    "RetentionRuleRow",
    "RightsRequestRow",
    "RollRow",
    "SanctionRow",
    "ScenarioResultRow",
    "SearchGramRow",
    "SecondFactorRow",
    "SessionRow",
    "SettingRow",
    "SheetRow",
    "ShownFileRow",
    "SignAskRow",
    "SignRow",
    "SittingMemberRow",
    "SittingRow",
    "StageScoreRow",
    "StudioJobRow",
    "SubscriptionRow",
    "TaskRow",
    "TrainingRow",
    "UploadRow",
    "VisitRow",
    "WorkItemRow",
    "WrongPasswordRow",
    "metadata",
]
