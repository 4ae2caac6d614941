"""One unit of work: everything in it is committed together, or nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa

from service.domain.proof.algorithms import SHA256
from service.store.connections.database import translated
from service.store.errors import StorageFull
from service.store.repositories.cases.board import BoardRepository
from service.store.repositories.cases.calls import CallRepository
from service.store.repositories.cases.case_content import CaseContentRepository
from service.store.repositories.cases.cases import CaseRepository
from service.store.repositories.cases.durations import DurationRepository
from service.store.repositories.cases.findings import FindingRepository
from service.store.repositories.cases.hanging import HangingRepository
from service.store.repositories.cases.search import SearchRepository
from service.store.repositories.counters import CounterRepository
from service.store.repositories.documents.documents import DocumentRepository
from service.store.repositories.documents.forms import FormRepository
from service.store.repositories.documents.notes import NoteRepository
from service.store.repositories.documents.notices import NoticeRepository
from service.store.repositories.documents.page_notes import PageNoteRepository
from service.store.repositories.documents.receipts import ReceiptRepository
from service.store.repositories.documents.shown_files import ShownFileRepository
from service.store.repositories.documents.uploads import UploadRepository
from service.store.repositories.encrypted_rows import EncryptedRowsRepository
from service.store.repositories.keeping.archives import ArchiveRepository
from service.store.repositories.keeping.erasures import ErasureRepository
from service.store.repositories.packages.calendar_years import CalendarYearRepository
from service.store.repositories.packages.definitions import DefinitionRepository
from service.store.repositories.packages.moves import MoveRepository
from service.store.repositories.packages.package_drafts import PackageDraftRepository
from service.store.repositories.packages.package_events import PackageEventRepository
from service.store.repositories.packages.recordings import RecordingRepository
from service.store.repositories.packages.settings import SettingRepository
from service.store.repositories.packages.studio_jobs import StudioJobRepository
from service.store.repositories.people.deputies import DeputyRepository
from service.store.repositories.people.outside_identities import OutsideIdentityRepository
from service.store.repositories.people.passkeys import PasskeyRepository
from service.store.repositories.people.people import PeopleRepository
from service.store.repositories.people.preferences import PreferenceRepository
from service.store.repositories.people.registrations import RegistrationRepository
from service.store.repositories.people.rights import RightsRepository
from service.store.repositories.people.role_holders import RoleHolderRepository
from service.store.repositories.people.second_factors import SecondFactorRepository
from service.store.repositories.proof.acts import ActRepository
from service.store.repositories.proof.history import HistoryRepository
from service.store.repositories.proof.log import LogRepository
from service.store.repositories.proof.soundness import SoundnessRepository
from service.store.repositories.requests import RequestRepository
from service.store.repositories.review.ballots import BallotRepository
from service.store.repositories.review.experts import ExpertRepository
from service.store.repositories.review.panels import PanelRepository
from service.store.repositories.review.ratings import RatingRepository
from service.store.repositories.review.register import RegisterRepository
from service.store.repositories.review.rolls import RollRepository
from service.store.repositories.review.sittings import SittingRepository
from service.store.repositories.tasks.signs import SignRepository
from service.store.repositories.tasks.tasks import TaskRepository
from service.store.repositories.unit_of_work import Joined
from service.store.repositories.work.inbox import InboxRepository
from service.store.repositories.work.incidents import IncidentRepository
from service.store.repositories.work.installation import InstallationRepository
from service.store.repositories.work.interventions import InterventionRepository
from service.store.repositories.work.mail import MailRepository
from service.store.repositories.work.operation import OperationRepository
from service.store.repositories.work.tallies import TallyRepository
from service.store.repositories.work.turns import TurnRepository
from service.store.repositories.work.work import WorkRepository
from service.store.row_log import LoggedRows, RowLog


class Transaction:
    """The repositories over one open transaction; made by `Store.write` and `Store.read`."""

    cases = Joined(CaseRepository)
    calls = Joined(CallRepository)
    board = Joined(BoardRepository)
    tasks = Joined(TaskRepository)
    forms = Joined(FormRepository)
    uploads = Joined(UploadRepository)
    shown_files = Joined(ShownFileRepository)
    page_notes = Joined(PageNoteRepository)
    findings = Joined(FindingRepository)
    notices = Joined(NoticeRepository)
    case_notes = Joined(NoteRepository)
    signs = Joined(SignRepository)
    documents = Joined(DocumentRepository)
    register = Joined(RegisterRepository)
    ratings = Joined(RatingRepository)
    rolls = Joined(RollRepository)
    receipts = Joined(ReceiptRepository)
    ballots = Joined(BallotRepository)
    people = Joined(PeopleRepository)
    deputies = Joined(DeputyRepository)
    registrations = Joined(RegistrationRepository)
    outside_identities = Joined(OutsideIdentityRepository)
    rights = Joined(RightsRepository)
    second_factors = Joined(SecondFactorRepository)
    passkeys = Joined(PasskeyRepository)
    role_holders = Joined(RoleHolderRepository)
    preferences = Joined(PreferenceRepository)
    experts = Joined(ExpertRepository)
    panels = Joined(PanelRepository)
    sittings = Joined(SittingRepository)
    hanging = Joined(HangingRepository)
    definitions = Joined(DefinitionRepository)
    package_drafts = Joined(PackageDraftRepository)
    package_events = Joined(PackageEventRepository)
    recordings = Joined(RecordingRepository)
    calendar_years = Joined(CalendarYearRepository)
    studio_jobs = Joined(StudioJobRepository)
    requests = Joined(RequestRepository)
    settings = Joined(SettingRepository)
    tallies = Joined(TallyRepository)
    search = Joined(SearchRepository)
    durations = Joined(DurationRepository)
    history = Joined(HistoryRepository)
    acts = Joined(ActRepository)
    log = Joined(LogRepository)
    incidents = Joined(IncidentRepository)
    interventions = Joined(InterventionRepository)
    work = Joined(WorkRepository)
    mail = Joined(MailRepository)
    inbox = Joined(InboxRepository)
    counters = Joined(CounterRepository)
    operation = Joined(OperationRepository)
    archives = Joined(ArchiveRepository)
    encrypted = Joined(EncryptedRowsRepository)
    erasures = Joined(ErasureRepository)
    case_content = Joined(CaseContentRepository)
    moves = Joined(MoveRepository)
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
        self.told: dict[object, tuple[object, Any]] | None = {} if reading else None
        """What the repositories were told, where nothing is written."""
        self._hooks: list[Callable[[], object]] = []
        self._depth = 0
        self.crash = crash
        """Names a point of the code where the process may be killed in a test."""

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what happens inside when it raises; the rest of the unit of work stays good."""
        hooks = len(self._hooks)
        try:
            with translated(), self._noted(), self._nested():
                yield
                self.crash("savepoint-done")
        except BaseException:
            del self._hooks[hooks:]
            raise

    def _noted(self) -> AbstractContextManager[None]:
        return nullcontext() if self.row_log is None else self.row_log.undone_with()

    @contextmanager
    def _nested(self) -> Iterator[None]:
        """On SQLite say it to the driver: SQLAlchemy puts each of these statements together anew."""
        if self._connection.dialect.name != "sqlite":
            with self._connection.begin_nested():
                yield
            return
        driver: Any = self._connection.connection.driver_connection
        self._depth += 1
        name = f"laurel_{self._depth}"
        driver.execute(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            if driver.in_transaction:  # a full disk ends the whole transaction
                driver.execute(f"ROLLBACK TO {name}")
            raise
        finally:
            self._depth -= 1
            if driver.in_transaction:
                driver.execute(f"RELEASE {name}")

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
        inner.row_log, inner._depth = self.row_log, self._depth + 1
        with self.savepoint():
            yield inner
        self._hooks += inner._hooks
        self.work.left_due = self.work.left_due or inner.work.left_due

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
