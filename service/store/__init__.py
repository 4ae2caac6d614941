"""Persistence: the only layer that speaks SQL."""

from service.domain.proof.audit_chain import AuditEvent
from service.store.data_keys import (
    UNREADABLE,
    CannotDecrypt,
    DataDamaged,
    DataKeys,
    DataKeysMissing,
    KeyFiles,
    KeyFolderClosed,
    KeyFolderGone,
    KeyLost,
    KeysUnreadable,
)
from service.store.errors import (
    Busy,
    Displaced,
    FileAltered,
    FilesUnreachable,
    Occupied,
    ReadOnly,
    Stale,
    StorageFull,
    Unreachable,
)
from service.store.files.files import FileStore
from service.store.files.folder_files import FolderFiles, open_files
from service.store.queries.base import Ordered
from service.store.queries.board import (
    BoardCase,
    BoardTask,
    BoardTimer,
    CasesBelow,
    CaseWait,
    Surroundings,
    TaskWithCase,
)
from service.store.queries.case_filter import CaseFilter
from service.store.queries.cases import StoredState
from service.store.queries.claims import LEASE
from service.store.queries.incidents import IncidentCause, KindOfCase
from service.store.queries.keeping import CONTENT, KEPT, StoredContent
from service.store.queries.log import ActFilter, DecisiveRow, LoggedEvent, event_of
from service.store.queries.notes import PassedOn, SignInTask, WaitingFor
from service.store.queries.operation import SWEEPER, lane_beat
from service.store.queries.people import RoleHolder
from service.store.queries.register import CaseFile
from service.store.queries.rights import DeputyLine
from service.store.queries.search import FoundFile, FoundPaper, FoundValue
from service.store.queries.sign_in import Acting
from service.store.queries.soundness import LeftOver, NamedFile
from service.store.queries.tallies import NEWEST, ElementCount, KindTotals, Place
from service.store.queries.task_lists import CAP, Facet, TaskCounts, TaskFilter, TaskSeat
from service.store.queries.work import LEAVING, NewWork
from service.store.row_log import DECISIVE, RECORDS, ROWS, LoggedRows, is_hash_of_row, name_row
from service.store.searching import FACT_LENGTH, findable_text
from service.store.searching import SHORTEST as SHORTEST_WORD
from service.store.searching import words_of as words_to_find
from service.store.store import Store
from service.store.transaction import Transaction
from service.store.types import NEVER
