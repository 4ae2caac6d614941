"""Persistence: the only layer that speaks SQL."""

from service.domain.proof.audit_chain import AuditEvent
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
from service.store.fact_values import FACT_LENGTH, findable_text
from service.store.files.files import FileStore
from service.store.files.folder_files import FolderFiles
from service.store.files.open_files import open_files
from service.store.repositories.arranged import Ordered
from service.store.repositories.cases.board import BoardCase, BoardTask, BoardTimer, CasesBelow
from service.store.repositories.cases.calls import Called
from service.store.repositories.cases.case_content import CONTENT, KEPT, StoredContent
from service.store.repositories.cases.case_filter import CaseFilter
from service.store.repositories.cases.case_orders import CASE_ORDERS
from service.store.repositories.cases.cases import StoredState
from service.store.repositories.cases.copies import Snapshot
from service.store.repositories.cases.durations import FEW, NEWEST, Place, StandingTasks, Stood, TasksBehind
from service.store.repositories.cases.search import FoundFile, FoundPaper, FoundValue, FoundWork
from service.store.repositories.cases.surroundings import Surroundings, TaskWithCase
from service.store.repositories.documents.documents import CaseFile
from service.store.repositories.documents.notes import NOTE_ORDERS, PassedOn
from service.store.repositories.grams import SHORTEST as SHORTEST_WORD
from service.store.repositories.grams import words_of as words_to_find
from service.store.repositories.people.deputies import DeputyLine
from service.store.repositories.people.role_holders import RoleHolder
from service.store.repositories.people.sessions import Acting
from service.store.repositories.proof.acts import ActFilter, ActPage
from service.store.repositories.proof.digests import DecidingRow, ToldOfRows
from service.store.repositories.proof.entries import ChainEntry
from service.store.repositories.proof.history import SearchPage, event_of
from service.store.repositories.proof.soundness import LeftOver, NamedFile
from service.store.repositories.tasks.signs import SignInTask, WaitingFor
from service.store.repositories.tasks.task_facets import Facet
from service.store.repositories.tasks.task_filter import CAP, TaskCounts, TaskFilter, TaskSeat
from service.store.repositories.tasks.task_orders import DONE_ORDERS, ORDERS
from service.store.repositories.work.claims import LEASE
from service.store.repositories.work.clock import SWEEPER, lane_beat
from service.store.repositories.work.incidents import IncidentCause, KindOfCase
from service.store.repositories.work.tallies import ElementCount, KindTotals, Totals
from service.store.repositories.work.work import NewWork
from service.store.seals.altered import ContactAltered, LetterAltered
from service.store.seals.choice_seals import CHOICES
from service.store.seals.deciding import DECIDING, GIVEN_LATER, beside_cases, digested
from service.store.seals.foreign_objects import ForeignObject
from service.store.seals.password_seal import mark_of_password, plain_hash, sealed_password
from service.store.seals.row_seals import RowSeals
from service.store.seals.unreadable import MISREAD, UNREADABLE, UnreadableCell
from service.store.seals.written import (
    RECORDS,
    Written,
    digest_of,
    is_sealed,
    key_of_row,
    mark_of_row,
    name_of_key,
    name_of_row,
    told_at,
)
from service.store.secrecy.data_keys import DataKeys, DataKeysMissing, KeysUnreadable
from service.store.secrecy.keys import KeyFiles, KeyFolderClosed, KeyFolderGone, KeyLost
from service.store.secrecy.wrapped_secrets import FolderKey, FolderKeyMissing
from service.store.store import Store
from service.store.transaction import Transaction
from service.store.types import NEVER

__all__ = [
    "CAP",
    "CASE_ORDERS",
    "CHOICES",
    "CONTENT",
    "DECIDING",
    "DONE_ORDERS",
    "FACT_LENGTH",
    "FEW",
    "GIVEN_LATER",
    "KEPT",
    "LEASE",
    "MISREAD",
    "NEVER",
    "NEWEST",
    "NOTE_ORDERS",
    "ORDERS",
    "RECORDS",
    "SHORTEST_WORD",
    "SWEEPER",
    "UNREADABLE",
    "ActFilter",
    "ActPage",
    "Acting",
    "AuditEvent",
    "BoardCase",
    "BoardTask",
    "BoardTimer",
    "Busy",
    "Called",
    "CaseFile",
    "CaseFilter",
    "CasesBelow",
    "ChainEntry",
    "ContactAltered",
    "DataKeys",
    "DataKeysMissing",
    "DecidingRow",
    "DeputyLine",
    "Displaced",
    "ElementCount",
    "Facet",
    "FileAltered",
    "FileStore",
    "FilesUnreachable",
    "FolderFiles",
    "FolderKey",
    "FolderKeyMissing",
    "ForeignObject",
    "FoundFile",
    "FoundPaper",
    "FoundValue",
    "FoundWork",
    "IncidentCause",
    "KeyFiles",
    "KeyFolderClosed",
    "KeyFolderGone",
    "KeyLost",
    "KeysUnreadable",
    "KindOfCase",
    "KindTotals",
    "LeftOver",
    "LetterAltered",
    "NamedFile",
    "NewWork",
    "Occupied",
    "Ordered",
    "PassedOn",
    "Place",
    "ReadOnly",
    "RoleHolder",
    "RowSeals",
    "SearchPage",
    "SignInTask",
    "Snapshot",
    "Stale",
    "StandingTasks",
    "Stood",
    "StorageFull",
    "Store",
    "StoredContent",
    "StoredState",
    "Surroundings",
    "TaskCounts",
    "TaskFilter",
    "TaskSeat",
    "TaskWithCase",
    "TasksBehind",
    "ToldOfRows",
    "Totals",
    "Transaction",
    "Unreachable",
    "UnreadableCell",
    "WaitingFor",
    "Written",
    "anew",
    "beside_cases",
    "digest_of",
    "digested",
    "event_of",
    "findable_text",
    "is_sealed",
    "key_of_row",
    "lane_beat",
    "mark_of_password",
    "mark_of_row",
    "name_of_key",
    "name_of_row",
    "open_files",
    "plain_hash",
    "sealed_password",
    "told_at",
    "words_to_find",
]
