"""The recordings that go on, one per person and draft: kept as rows, held as stages, and what their pages show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.start_options import StartView, view_start
from service.casework.queries.tasks.view_task import TaskView, view_task
from service.casework.simulate.expecting.proposed_expectations import ProposedExpectation, proposed_expectations
from service.casework.simulate.scenarios.scenario_text import read_draft
from service.casework.simulate.scenarios.words import step_words
from service.casework.simulate.seasons.season_record import every_case
from service.casework.simulate.stage.verbs import compute_initial_values
from service.casework.simulate.writing.recording import Recording, Startable, WaitingBallot, WaitingTask
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.scenarios.run_scenarios import workshop_of
from service.catalog import Package
from service.catalog.scenarios.expectation_words import row_texts
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.domain.calendar import CHINA
from service.domain.errors import Conflict, NotFound
from service.domain.text import Text
from service.store import Store
from service.store.models import RecordingRow, TaskRow

MOST = 12
"""So many stages are held at once; the one unused for longest gives way, and is played anew when it is asked for."""
IDLE = timedelta(hours=8)
Key = tuple[int, int]


@dataclass(slots=True)
class _OpenRecording:
    recording: Recording
    used: datetime
    saved: str = ""
    lock: Lock = field(default_factory=Lock)


_HELD: WeakKeyDictionary[Store, dict[Key, _OpenRecording]] = WeakKeyDictionary()
_LOCK = Lock()


class NoRecording(NotFound):
    """The person records nothing in this draft, or not any more."""

    sentence = Text(
        "没有正在进行的录制：可能已保存或者放弃。请重新开始录制。",
        "No recording goes on: it was saved or given up. Begin anew.",
    )


class RecordingStopped(Conflict):
    """A recording cannot be played on: under the draft as it is now, one of its steps is not possible any more."""

    def __init__(self, played: int, steps: int) -> None:
        super().__init__(
            Text(
                f"草稿改过以后，已录的 {steps} 步里第 {played + 1} 步办不成了。可以改回草稿，可以只留前 {played} 步继续，也可以放弃。",
                f"Under the draft as it is now step {played + 1} of {steps} is not possible any more: change the draft back, "
                f"go on with the first {played}, or give up.",
            )
        )
        self.played = played


@guarded("draft.edit")
def keep_recording(desk: Desk, actor: Actor, draft: int, recording: Recording) -> None:
    """Keep what ``actor`` now records in ``draft``; what they recorded there before is given up."""
    drop_recording(desk, actor, draft)
    _save_script(desk, actor, draft, _hold_stage(desk, actor, draft, recording))


@guarded("draft.view")
def records(desk: Desk, actor: Actor, draft: int) -> bool:
    """Tell whether ``actor`` records something in ``draft``."""
    with desk.store.read() as tx:
        return tx.recordings.count_rows(**_build_owner_filter(actor, draft)) > 0


@guarded("draft.edit")
def drop_recording(desk: Desk, actor: Actor, draft: int) -> None:
    """Give up what ``actor`` records in ``draft``, where there is something."""
    _let_go(desk, _build_key(actor, draft))
    with desk.store.write() as tx:
        tx.recordings.delete(**_build_owner_filter(actor, draft))


@guarded("draft.edit")
def shorten_recording(desk: Desk, actor: Actor, draft: int) -> None:
    """Keep those first steps of a recording that the draft as it is now lets play; raises NoRecording."""
    row = _get_row(desk, actor, draft)
    recording, played = _replay_recording(desk, actor, draft, row)
    del recording.draft.steps[played:]
    _save_script(desk, actor, draft, _hold_stage(desk, actor, draft, recording))


@guarded("draft.edit")
@contextmanager
def recording_of(desk: Desk, actor: Actor, draft: int) -> Iterator[Recording]:
    """Give what ``actor`` records in ``draft``, for this request alone; its new steps are kept afterwards.

    Raises NoRecording, and RecordingStopped where the draft changed so that it cannot be played again.
    """
    row = _get_row(desk, actor, draft)
    with _LOCK:
        session = _HELD.get(desk.store, {}).get(_build_key(actor, draft))
    if session is None or session.saved != row.script:
        recording, played = _replay_recording(desk, actor, draft, row)
        if played < len(recording.draft.steps):
            recording.close()
            raise RecordingStopped(played, len(recording.draft.steps))
        session = _hold_stage(desk, actor, draft, recording)
        session.saved = row.script
    with session.lock:
        session.used = desk.clock.now()
        try:
            yield session.recording
        finally:
            if session.recording.script() != session.saved:
                _save_script(desk, actor, draft, session)


def _get_row(desk: Desk, actor: Actor, draft: int) -> RecordingRow:
    with desk.store.read() as tx:
        row = tx.recordings.find(**_build_owner_filter(actor, draft))
    if row is None:
        raise NoRecording
    return row


def _replay_recording(desk: Desk, actor: Actor, draft: int, row: RecordingRow) -> tuple[Recording, int]:
    """Return the recording with its steps played under the draft as it is now, and how many could be."""
    with desk.store.read() as tx:
        open_for_change(desk, tx, actor, draft)
        package = tree_of(desk, tx, draft).package
    script_draft = read_draft(row.script.encode())
    recording = Recording(package, script_draft, desk.calendars, desk.operations, workshop_of(package))
    return recording, recording.play_again()


def _hold_stage(desk: Desk, actor: Actor, draft: int, recording: Recording) -> _OpenRecording:
    """Hold a stage in this process."""
    _let_go(desk, _build_key(actor, draft))
    now = desk.clock.now()
    with _LOCK:
        sessions = _HELD.setdefault(desk.store, {})
        for key in [k for k, session in sessions.items() if now - session.used > IDLE]:
            sessions.pop(key).recording.close()
        while len(sessions) >= MOST:
            sessions.pop(min(sessions, key=lambda k: sessions[k].used)).recording.close()
        mine = sessions[_build_key(actor, draft)] = _OpenRecording(recording, now)
    return mine


def _let_go(desk: Desk, key: Key) -> None:
    with _LOCK:
        session = _HELD.get(desk.store, {}).pop(key, None)
    if session is not None:
        with session.lock:
            session.recording.close()


def _save_script(desk: Desk, actor: Actor, draft: int, session: _OpenRecording) -> None:
    script = session.recording.script()
    row = RecordingRow(
        draft_id=draft, person_id=actor.person_id or 0, script=script, version=session.recording.package.version,
        at=desk.clock.now(),
    )  # fmt: skip
    with desk.store.write() as tx:
        tx.recordings.put(row)
    session.saved = script


def _build_owner_filter(actor: Actor, draft: int) -> dict[str, Any]:
    return {"draft_id": draft, "person_id": actor.person_id or 0}


def _build_key(actor: Actor, draft: int) -> Key:
    return draft, actor.person_id or 0


@dataclass(frozen=True, slots=True)
class RecordedCase:
    """A case of the stage: its kind, its title, and how it stands: running, or what it came to."""

    kind: Text
    title: str
    state: Text
    ended: bool


@dataclass(frozen=True, slots=True)
class RecordingView:
    """A recording as its page shows it; ``due`` is when something next happens by itself, ``roles`` may be listed."""

    title: str
    now: datetime
    due: datetime | None
    steps: tuple[Text, ...]
    tasks: tuple[WaitingTask, ...]
    ballots: tuple[WaitingBallot, ...]
    startable: tuple[Startable, ...]
    cases: tuple[RecordedCase, ...]
    organisations: Mapping[str, str]
    roles: tuple[tuple[str, Text], ...]
    package: Package


@dataclass(frozen=True, slots=True)
class RecordedTask:
    """A task of the stage with its form; ``waiting`` says whose it is."""

    waiting: WaitingTask
    view: TaskView


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """An expectation to tick, in words; ``number`` names it in the post."""

    number: int
    words: Text
    proposed: ProposedExpectation


@guarded("draft.edit")
def view_recording(desk: Desk, actor: Actor, draft: int) -> RecordingView:
    """Return what goes on in the recording; raises NoRecording."""
    with recording_of(desk, actor, draft) as it:
        ballots = it.ballots()
        say, due = step_words(it.package), it.stage.next_due()
        return RecordingView(
            it.draft.title,
            it.now,
            due.astimezone(CHINA) if due else None,
            tuple(say(move) for move in it.scenario().moves),
            it.tasks(),
            ballots,
            it.startable(),
            tuple(_iterate_cases(it)),
            {nick: str(details.get("name", nick)) for nick, details in it.draft.organisations.items()},
            tuple((role.id, role.text) for role in it.package.jurisdiction.roles.values() if not role.subject),
            it.package,
        )


@guarded("draft.edit")
def view_recorded_task(desk: Desk, actor: Actor, draft: int, task: int) -> RecordedTask:
    """Return a task of the stage as the person who does it would see it; raises NotFound and NoRecording."""
    with recording_of(desk, actor, draft) as it:
        with it.stage.desk.store.read() as tx:
            who = it.who(tx, tx.tasks.get(task))
        view = view_task(it.stage.desk, it.actor(who), task)
        waiting = next(waiting_task for waiting_task in it.tasks() if waiting_task.id == task)
        return RecordedTask(waiting, view)


@guarded("draft.edit")
def view_recorded_start(desk: Desk, actor: Actor, draft: int, process: str, who: str, parent: str) -> StartView:
    """Return the form that starts a case on the stage; raises NotFound and NoRecording."""
    with recording_of(desk, actor, draft) as it:
        above = it.stage.case(parent) if parent else None
        return view_start(it.stage.desk, it.actor(who), it.package.key, process, above)


@guarded("draft.edit")
def propose_expectations(desk: Desk, actor: Actor, draft: int) -> tuple[ProposedLine, ...]:
    """Return what holds at the end of the recording, as expectations to tick."""
    with recording_of(desk, actor, draft) as it:
        _name_every_case(it)
        say = row_texts(it.package)
        proposals = proposed_expectations(it.stage)
        return tuple(ProposedLine(number, say(proposal.row), proposal) for number, proposal in enumerate(proposals))


def get_initial_form_values(recording: Recording, actor: Actor, task: TaskRow) -> Mapping[str, Any]:
    """Return what the form of a task shows before anybody types."""
    if not task.form:
        return {}
    view = view_task(recording.stage.desk, actor, task.id)
    return compute_initial_values(recording.stage, task, view.values)


def _iterate_cases(recording: Recording) -> Iterator[RecordedCase]:
    """Yield the cases of the stage in the order in which they began; one that ended at once is seen here alone."""
    terms = ScenarioTerms(recording.package)
    with recording.stage.desk.store.read() as tx:
        for case in every_case(tx):
            state = terms.outcome(case.process, case.outcome or case.status)
            kind = recording.package.process(case.process).text
            yield RecordedCase(kind, case.title, state, case.status == "ended")


def _name_every_case(recording: Recording) -> None:
    """Give cases that diagrams started a name, so that something can be expected of them."""
    with recording.stage.desk.store.read() as tx:
        cases = list(every_case(tx))
    for case in cases:
        recording.nick(case)
