"""One unit of work: everything in it is committed together, or nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa

from service.domain.proof.algorithms import SHA256
from service.store import models
from service.store.connections.database import translate_database_errors
from service.store.errors import StorageFull
from service.store.queries.base import CounterRepository, Joined
from service.store.queries.board import BoardRepository
from service.store.queries.case_tree import BranchRepository, CallRepository, HangingRepository
from service.store.queries.cases import CaseRepository, FindingRepository
from service.store.queries.incidents import IncidentRepository, InterventionRepository, InterventionResultRepository
from service.store.queries.keeping import ArchiveRepository, CaseContentRepository, ErasureRepository
from service.store.queries.log import ActRepository, HistoryRepository, LogRepository
from service.store.queries.notes import NoteRepository, RatingRepository, SignRepository
from service.store.queries.operation import (
    ColourRepository,
    InstallationRepository,
    MailRepository,
    OperationRepository,
)
from service.store.queries.packages import (
    DefinitionRepository,
    DraftRevisionRepository,
    PackageDraftRepository,
    ScenarioResultRepository,
    StudioJobRepository,
)
from service.store.queries.people import (
    BodyRepository,
    MembershipRepository,
    PeopleRepository,
    PreferenceRepository,
    RegistrationRepository,
    RoleHolderRepository,
)
from service.store.queries.register import AwardRepository, DocumentRepository, HolderRepository, NoticeRepository
from service.store.queries.review import (
    AppointmentRepository,
    BallotRepository,
    PanelRepository,
    RecusalRepository,
    RollRepository,
    SheetRepository,
    SittingRepository,
    TrainingRepository,
)
from service.store.queries.rights import DeputyRepository, OfficeLinkRepository, RightsRepository
from service.store.queries.rows import rows_of_kind
from service.store.queries.search import SearchRepository
from service.store.queries.sign_in import PasskeyRepository, SecondFactorRepository, SessionRepository
from service.store.queries.soundness import EncryptedRowsRepository, SoundnessRepository
from service.store.queries.submissions import (
    AttemptRepository,
    DraftRepository,
    FormRepository,
    ShownFileRepository,
    UploadRepository,
)
from service.store.queries.tallies import DurationRepository, TallyRepository
from service.store.queries.tasks import TaskRepository
from service.store.queries.work import TurnRepository, WorkRepository
from service.store.row_log import LoggedRows, RowLog


class Transaction:
    """The repositories over one open transaction; made by `Store.write` and `Store.read`."""

    cases = Joined(CaseRepository)
    visits = rows_of_kind(models.VisitRow)
    subscriptions = rows_of_kind(models.SubscriptionRow)
    calls = Joined(CallRepository)
    branch = Joined(BranchRepository)
    board = Joined(BoardRepository)
    tasks = Joined(TaskRepository)
    forms = Joined(FormRepository)
    drafts = Joined(DraftRepository)
    uploads = Joined(UploadRepository)
    shown_files = Joined(ShownFileRepository)
    page_notes = rows_of_kind(models.PageNoteRow)
    findings = Joined(FindingRepository)
    notices = Joined(NoticeRepository)
    case_notes = Joined(NoteRepository)
    sign_asks = rows_of_kind(models.SignAskRow)
    signs = Joined(SignRepository)
    documents = Joined(DocumentRepository)
    awards = Joined(AwardRepository)
    award_holders = Joined(HolderRepository)
    sanctions = rows_of_kind(models.SanctionRow, order="-decided_on -id")
    ratings = Joined(RatingRepository)
    rolls = Joined(RollRepository)
    receipts = rows_of_kind(models.ReceiptRow)
    attempts = Joined(AttemptRepository)
    ballots = Joined(BallotRepository)
    ballot_recusals = rows_of_kind(models.BallotRecusalRow)
    ballot_results = rows_of_kind(models.ResultRow)
    people = Joined(PeopleRepository)
    bodies = Joined(BodyRepository)
    memberships = Joined(MembershipRepository)
    sessions = Joined(SessionRepository)
    wrong_passwords = rows_of_kind(models.WrongPasswordRow)
    recovery_codes = rows_of_kind(models.RecoveryCodeRow)
    deputies = Joined(DeputyRepository)
    registrations = Joined(RegistrationRepository)
    outside_identities = rows_of_kind(models.OutsideIdentityRow)
    rights = Joined(RightsRepository)
    office_links = Joined(OfficeLinkRepository)
    second_factors = Joined(SecondFactorRepository)
    passkeys = Joined(PasskeyRepository)
    role_holders = Joined(RoleHolderRepository)
    preferences = Joined(PreferenceRepository)
    experts = rows_of_kind(models.ExpertRow)
    expert_changes = rows_of_kind(models.ExpertChangeRow)
    trainings = Joined(TrainingRepository)
    interests = rows_of_kind(models.InterestRow)
    recusals = Joined(RecusalRepository)
    draws = rows_of_kind(models.DrawRow)
    panels = Joined(PanelRepository)
    panel_members = rows_of_kind(models.PanelMemberRow, order="draw_id person_id")
    panel_cases = rows_of_kind(models.PanelCaseRow)
    sheets = Joined(SheetRepository)
    stage_scores = rows_of_kind(models.StageScoreRow, order="case_id at stage")
    appointments = Joined(AppointmentRepository)
    sittings = Joined(SittingRepository)
    sitting_members = rows_of_kind(models.SittingMemberRow, order="body person_id")
    hanging = Joined(HangingRepository)
    definitions = Joined(DefinitionRepository)
    package_drafts = Joined(PackageDraftRepository)
    draft_revisions = Joined(DraftRevisionRepository)
    package_events = rows_of_kind(models.PackageEventRow, order="package seq")
    recordings = rows_of_kind(models.RecordingRow)
    calendar_years = rows_of_kind(models.CalendarYearRow)
    studio_jobs = Joined(StudioJobRepository)
    scenario_results = Joined(ScenarioResultRepository)
    requests = rows_of_kind(models.MarkedRequestRow)
    settings = rows_of_kind(models.SettingRow, order="package seq")
    tallies = Joined(TallyRepository)
    search = Joined(SearchRepository)
    durations = Joined(DurationRepository)
    history = Joined(HistoryRepository)
    acts = Joined(ActRepository)
    act_heads = rows_of_kind(models.ActHeadRow)
    log = Joined(LogRepository)
    incidents = Joined(IncidentRepository)
    interventions = Joined(InterventionRepository)
    intervention_results = Joined(InterventionResultRepository)
    work = Joined(WorkRepository)
    mail = Joined(MailRepository)
    inbox = rows_of_kind(models.InboxRow)
    counters = Joined(CounterRepository)
    operation = Joined(OperationRepository)
    colours = Joined(ColourRepository)
    archives = Joined(ArchiveRepository)
    archive_parts = rows_of_kind(models.ArchivePartRow)
    encrypted = Joined(EncryptedRowsRepository)
    erasures = Joined(ErasureRepository)
    retention_rules = rows_of_kind(models.RetentionRuleRow)
    case_content = Joined(CaseContentRepository)
    moves = rows_of_kind(models.CaseMoveRow)
    move_batches = rows_of_kind(models.MoveBatchRow)
    installation = Joined(InstallationRepository)
    soundness = Joined(SoundnessRepository)
    turns = Joined(TurnRepository)

    def __init__(
        self,
        connection: sa.Connection,
        crash: Callable[[str], None],
        digest: str = SHA256,
        *,
        reading: bool = False,
        log_key: Callable[[], bytes] | None = None,
    ) -> None:
        self._connection = connection
        self.digest = digest
        """The algorithm of what is added to chains of records."""
        self.row_log = RowLog(log_key, digest) if log_key is not None and not reading else None
        """The decisive rows that it wrote and that are in no event yet."""
        self.answers: dict[object, Any] | None = {} if reading else None
        """What `asked_once` was told, where nothing is written."""
        self._hooks: list[Callable[[], object]] = []
        self.crash = crash
        """Names a point of the code where the process may be killed in a test."""

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what happens inside when it raises; the rest of the unit of work stays good."""
        hooks = len(self._hooks)
        try:
            undone = nullcontext() if self.row_log is None else self.row_log.undone_with()
            with translate_database_errors(), undone, self._connection.begin_nested():
                yield
                self.crash("savepoint-done")
        except BaseException:
            del self._hooks[hooks:]
            raise

    @contextmanager
    def part(self) -> Iterator[Transaction]:
        """Open a unit of work inside this one, which is undone alone when it fails and committed with this one.

        Raises:
            StorageFull: when a full disk has ended the whole.
        """
        driver: Any = self._connection.connection.driver_connection
        if not driver.in_transaction:
            raise StorageFull
        inner = Transaction(self._connection, self.crash, self.digest)
        inner.row_log = self.row_log
        with self.savepoint():
            yield inner
        self._hooks += inner._hooks
        self.work.has_due_work = self.work.has_due_work or inner.work.has_due_work

    def take_logged(self) -> LoggedRows | None:
        """Return what an event is to hold of the decisive rows that were written and are in no event yet."""
        return self.row_log.take(self._connection) if self.row_log is not None else None

    def after_commit(self, hook: Callable[[], object]) -> None:
        """Call ``hook`` once the unit of work is over; never when it is rolled back."""
        self._hooks.append(hook)

    def run_hooks(self) -> None:
        """Call what `after_commit` collected, in that order."""
        hooks, self._hooks = self._hooks, []  # which hold what holds this
        for hook in hooks:
            hook()


class Together(threading.local):
    """The unit of work that those of this thread are parts of, where they are committed together."""

    open: Transaction | None = None
