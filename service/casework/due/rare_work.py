"""Due work that an installation does now and then: batches over many cases, publications, archives, erasures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from service.casework.access.actor import SYSTEM
from service.casework.archives.gather import WORK as ARCHIVE
from service.casework.archives.gather import run_part
from service.casework.audit.heads import WORK as HEAD
from service.casework.audit.heads import sign_queued
from service.casework.cases.rate import WORK as RATING
from service.casework.definitions.publish import PUBLICATION
from service.casework.desk.desk import Desk
from service.casework.due.correct_days import WORK as RECOUNT
from service.casework.due.correct_days import correct_chunk
from service.casework.due.daily import WORK as MORNING
from service.casework.due.daily import begin_publication, do_morning_work, end_what_is_over
from service.casework.due.move_batch import WORK as MOVES
from service.casework.due.move_batch import move_chunk
from service.casework.due.reminders import remind_of_rating
from service.casework.due.settle_incident import WORK as RETRIES
from service.casework.due.settle_incident import retry_chunk
from service.casework.due.undo_batch import WORK as UNDO
from service.casework.due.undo_batch import undo_chunk
from service.casework.interventions.batch import WORK as INTERVENTION
from service.casework.interventions.batch import run_batched
from service.casework.people.rights.deputies import WORK as DEPUTY
from service.casework.public.registrations import WORK as REGISTRATION
from service.casework.public.registrations import erase_registration
from service.casework.retention.erase import WORK as ERASURE
from service.casework.retention.erase import run_erasure
from service.casework.step.history import WORK as OTHER_CASE
from service.casework.step.history import note_other_case
from service.casework.tasks.attach_upload import UNCLAIMED, drop_unclaimed
from service.store.models import WorkItemRow

RARE: Mapping[str, Callable[[Desk, WorkItemRow], None]] = MappingProxyType(
    {
        PUBLICATION: begin_publication,
        INTERVENTION: lambda desk, item: run_batched(desk, SYSTEM, item),
        MOVES: move_chunk,
        UNDO: undo_chunk,
        RECOUNT: correct_chunk,
        RETRIES: retry_chunk,
        UNCLAIMED: drop_unclaimed,
        DEPUTY: end_what_is_over,
        MORNING: do_morning_work,
        REGISTRATION: erase_registration,
        ARCHIVE: run_part,
        HEAD: sign_queued,
        ERASURE: run_erasure,
        RATING: remind_of_rating,
        OTHER_CASE: note_other_case,
    }
)
"""What carries out each kind of it."""
