"""Composition root of casework: builds a desk from store, engine, packages and adapters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from service.casework.access.book.enter import build_entry_hook
from service.casework.audit.intact import SECRET as LOG
from service.casework.ballots.ring_settled import ring_settled_ballots
from service.casework.ballots.void_left import void_uncounted_ballots
from service.casework.desk.belonging import begin_data_keys
from service.casework.desk.calendars import CalendarShelf, refresh_calendars
from service.casework.desk.channels import WITHIN, Channel
from service.casework.desk.clock import Clock, SystemClock
from service.casework.desk.desk import Desk, DocumentPrinter
from service.casework.desk.packages import Compiled, Packages
from service.casework.desk.premises import NOWHERE, Premises
from service.casework.handler_services.work import OperationContext
from service.casework.notices.recall import recall_running_notices
from service.casework.review.sittings import end_appointments, end_sittings
from service.catalog.feel import FUNCTIONS
from service.domain.calendar import WorkingCalendar
from service.domain.feel import FunctionSet
from service.engine import Engine
from service.identity.provider import provider_of
from service.sdk import Operation
from service.settings import CasPlace, OidcPlace, S3Place
from service.store import FileStore, KeyFiles, Store
from service.store.queries.case_tree import APPOINTMENT, BALLOT, NOTICE, SITTING, STANDING


def open_desk(
    database: str,
    files: Path | S3Place,
    calendars: Mapping[str, WorkingCalendar],
    operations: Mapping[str, Operation],
    *,
    clock: Clock | None = None,
    channels: tuple[Channel, ...] = WITHIN,
    ballot_keys: Path | None = None,
    printer: DocumentPrinter | None = None,
    premises: Premises = NOWHERE,
    identity: OidcPlace | CasPlace | None = None,
    restoring: bool = False,
    program: str = "",
) -> Desk:
    """Return a desk over the database at URL ``database``, its tables brought up to date.

    One that a restore left halfway is refused, unless this goes on with it (``restoring``). Where this is the owner of the
    tables, the role ``program`` gets its rights to them.
    """
    store = Store(database, files, keys=premises.data_keys)
    store.digest = premises.digest
    begin_data_keys(store, premises.data_keys)
    store.migrate(restoring=restoring, program=program)
    desk = desk_over(
        store,
        calendars,
        operations,
        clock=clock,
        channels=channels,
        ballot_keys=ballot_keys,
        printer=printer,
    )
    desk = replace(desk, premises=premises)
    if identity is not None:
        desk = replace(desk, identity=provider_of(identity))
    refresh_calendars(desk)
    return desk


def desk_over(
    store: Store,
    calendars: Mapping[str, WorkingCalendar],
    operations: Mapping[str, Operation],
    *,
    clock: Clock | None = None,
    channels: tuple[Channel, ...] = WITHIN,
    ballot_keys: Path | None = None,
    printer: DocumentPrinter | None = None,
    engine: Engine | None = None,
    compiled: Compiled | None = None,
    functions: FunctionSet = FUNCTIONS,
) -> Desk:
    """Return a desk over an open store; ballot keys lie beside the folder of files when no place is given.

    Desks of one process may share the ``engine`` and what was ``compiled``: a version never changes.
    """
    engine = engine or Engine(functions)
    packages = Packages(store, engine, operations, functions, compiled)
    keys = KeyFiles(ballot_keys or _get_key_folder(store.files), durable=store.files.durable)
    ticking = clock or SystemClock()
    store.noting = build_entry_hook(ticking.now)
    if not store.in_memory:  # what is simulated nobody else can change
        store.log_key = lambda: keys.secret(LOG)
    return Desk(
        store,
        engine,
        packages,
        CalendarShelf(calendars, store),
        operations,
        OperationContext,
        functions,
        ticking,
        keys,
        {
            BALLOT: void_uncounted_ballots,
            STANDING: ring_settled_ballots,
            SITTING: end_sittings,
            APPOINTMENT: end_appointments,
            NOTICE: recall_running_notices,
        },
        channels=channels,
        printer=printer,
    )


def _get_key_folder(files: FileStore) -> Path:
    if files.root is None:
        raise ValueError("files that lie in no folder have no place beside them: name the folder of ballot keys")
    return Path(f"{files.root}-ballot-keys")
