"""One unit of work: everything in it is committed together, or nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.domain.proof.algorithms import SHA256
from service.store.connections.database import translated
from service.store.errors import StorageFull
from service.store.repositories.cases.board import BoardRepository
from service.store.repositories.cases.calls import CallRepository
from service.store.repositories.cases.case_content import CaseContentRepository
from service.store.repositories.cases.cases import CaseRepository
from service.store.repositories.cases.copies import CopyRepository
from service.store.repositories.cases.durations import DurationRepository
from service.store.repositories.cases.findings import FindingRepository
from service.store.repositories.cases.hanging import HangingRepository
from service.store.repositories.cases.search import SearchRepository
from service.store.repositories.choices import ChoiceRepository
from service.store.repositories.counters import CounterRepository
from service.store.repositories.documents.documents import DocumentRepository
from service.store.repositories.documents.file_pages import FilePageRepository
from service.store.repositories.documents.forms import FormRepository
from service.store.repositories.documents.notes import NoteRepository
from service.store.repositories.documents.notices import NoticeRepository
from service.store.repositories.documents.page_notes import PageNoteRepository
from service.store.repositories.documents.receipts import ReceiptRepository
from service.store.repositories.documents.unfinished_uploads import UnfinishedUploadRepository
from service.store.repositories.documents.uploads import UploadRepository
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
from service.store.repositories.proof.anchors import AnchorRepository
from service.store.repositories.proof.digests import DigestRepository
from service.store.repositories.proof.entries import EntryRepository
from service.store.repositories.proof.history import HistoryRepository
from service.store.repositories.proof.sealing import SealingRepository
from service.store.repositories.proof.soundness import SoundnessRepository
from service.store.repositories.requests import RequestRepository
from service.store.repositories.review.ballots import BallotRepository
from service.store.repositories.review.experts import ExpertRepository
from service.store.repositories.review.panels import PanelRepository
from service.store.repositories.review.ratings import RatingRepository
from service.store.repositories.review.register import RegisterRepository
from service.store.repositories.review.rolls import RollRepository
from service.store.repositories.review.sittings import SittingRepository
from service.store.repositories.row_counts import RowCountRepository
from service.store.repositories.tasks.signs import SignRepository
from service.store.repositories.tasks.tasks import TaskRepository
from service.store.repositories.unit_of_work import Joined
from service.store.repositories.work.clock import ClockRepository
from service.store.repositories.work.epochs import EpochRepository
from service.store.repositories.work.health import HealthRepository
from service.store.repositories.work.inbox import InboxRepository
from service.store.repositories.work.incidents import IncidentRepository
from service.store.repositories.work.installation import InstallationRepository
from service.store.repositories.work.interventions import InterventionRepository
from service.store.repositories.work.mail import MailRepository
from service.store.repositories.work.tallies import TallyRepository
from service.store.repositories.work.turns import TurnRepository
from service.store.repositories.work.work import WorkRepository
from service.store.seals.counted_rows import Counting
from service.store.seals.row_seals import RowSeals
from service.store.seals.taking_back import begin_taking_back, settle_what_is_pending
from service.store.seals.written import KeyOfDigests, Written


class Transaction:
    """The repositories over one open transaction; made by `Store.write` and `Store.read`."""

    cases = Joined(CaseRepository)
    calls = Joined(CallRepository)
    board = Joined(BoardRepository)
    tasks = Joined(TaskRepository)
    forms = Joined(FormRepository)
    uploads = Joined(UploadRepository)
    unfinished_uploads = Joined(UnfinishedUploadRepository)
    file_pages = Joined(FilePageRepository)
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
    digests = Joined(DigestRepository)
    anchors = Joined(AnchorRepository)
    entries = Joined(EntryRepository)
    incidents = Joined(IncidentRepository)
    interventions = Joined(InterventionRepository)
    work = Joined(WorkRepository)
    mail = Joined(MailRepository)
    inbox = Joined(InboxRepository)
    counters = Joined(CounterRepository)
    clock = Joined(ClockRepository)
    epochs = Joined(EpochRepository)
    health = Joined(HealthRepository)
    archives = Joined(ArchiveRepository)
    sealing = Joined(SealingRepository)
    erasures = Joined(ErasureRepository)
    case_content = Joined(CaseContentRepository)
    moves = Joined(MoveRepository)
    installation = Joined(InstallationRepository)
    choices = Joined(ChoiceRepository)
    copies = Joined(CopyRepository)
    row_counts = Joined(RowCountRepository)
    soundness = Joined(SoundnessRepository)
    turns = Joined(TurnRepository)

    def __init__(
        self,
        connection: sa.Connection,
        crash: Callable[[str], None],
        digest: str = SHA256,
        *,
        reading: bool = False,
        key: KeyOfDigests | None = None,
        seals: RowSeals | None = None,
    ) -> None:
        self._connection = connection
        self.digest = digest
        """The algorithm of what is added to chains of records."""
        self.written = Written(key) if key is not None and not reading else None
        """What it wrote into deciding tables and what is in no chain yet."""
        self.seals = seals
        """Of rows that give rights; None where nobody keeps any."""
        self.withdrawn, self.used = list[str](), list[str]()
        """Seals that this unit of work takes back, and those of what it did once for all."""
        self.later, self.counted = list[str](), list[Counting]()
        """What is noted beside the keys with no wait for the disk, and which rows it wrote that are counted at its end."""
        self._taking_back = ""
        self.told: dict[object, tuple[object, Any]] | None = {} if reading else None
        """What the repositories were told, where nothing is written."""
        self._hooks: list[Callable[[], object]] = []
        self._depth = 0
        self.crash = crash
        """Names a point of the code where the process may be killed in a test."""

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what happens inside when it raises; the rest of the unit of work stays good."""
        hooks, withdrawn, used = len(self._hooks), len(self.withdrawn), len(self.used)
        later, counted = len(self.later), len(self.counted)
        try:
            with translated(), self._noted(), self._nested():
                yield
                self.crash("savepoint-done")
        except BaseException:
            del self._hooks[hooks:], self.withdrawn[withdrawn:], self.used[used:]
            del self.later[later:], self.counted[counted:]
            raise

    def _noted(self) -> AbstractContextManager[None]:
        return nullcontext() if self.written is None else self.written.undone_with()

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
        key = self.written.key if self.written else None
        inner = Transaction(self._connection, self.crash, self.digest, key=key, seals=self.seals)
        inner._depth, inner.later, inner.counted = self._depth + 1, self.later, self.counted
        with self.savepoint():
            yield inner
        self._hooks += inner._hooks
        self.withdrawn += inner.withdrawn
        self.used += inner.used
        self.work.left_due = self.work.left_due or inner.work.left_due

    def unrecorded(self, at: datetime) -> dict[str, Any]:
        """Return what an event of ``at`` is to hold of what was written into deciding tables and is in no chain yet."""
        return self.written.take(self._connection, at) if self.written is not None else {}

    def after_commit(self, hook: Callable[[], object]) -> None:
        """Call ``hook`` once the unit of work is over; never when it is rolled back."""
        self._hooks.append(hook)

    def settled(self) -> Transaction:
        """Return itself once it is noted what became of other units of work that were about to take something back."""
        if self.seals is not None:
            settle_what_is_pending(self._connection, self.seals, reading=self.told is not None)
        return self

    def take_back(self) -> None:
        """Note durably, before it is committed, what this unit of work is about to take back."""
        if self.withdrawn and self.seals is not None:
            self.crash("before-note")
            self._taking_back = begin_taking_back(self._connection)
            self.seals.prepare(self._taking_back, self.withdrawn)

    def count(self, noting: Callable[[Transaction], object]) -> None:
        """Count the rows that this unit of work wrote, at its end, after what ``noting`` writes."""
        noting(self)
        if self.counted:
            self.row_counts.settle(self.counted)
            self.counted.clear()

    def run_hooks(self) -> None:
        """Note what was taken back and used up, then call what `after_commit` collected, in that order."""
        if self.later and self.seals is not None:
            self.seals.withdraw_later(self.later)
        over = [*self.withdrawn, *self.used]
        if self._taking_back and self.seals is not None:
            self.seals.settle(self._taking_back, over)
        elif over and self.seals is not None:
            self.seals.withdraw(over)
        hooks, self._hooks = self._hooks, []  # which hold what holds this
        for hook in hooks:
            hook()


class Together(threading.local):
    """The unit of work that those of this thread are parts of, where they are committed together."""

    open: Transaction | None = None
