"""What a recording shows: the time on its stage, what can be done, the forms, and what it may expect at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.start_options import StartView, view_start
from service.casework.queries.tasks.view_task import TaskView, view_task
from service.casework.simulate.expecting.proposed_expectations import ProposedExpectation, proposed_expectations
from service.casework.simulate.scenarios.words import step_words
from service.casework.simulate.seasons.season_record import every_case
from service.casework.simulate.stage.verbs import form_values_shown
from service.casework.simulate.writing.recording import Recording, Startable, WaitingBallot, WaitingTask
from service.casework.studio.recording.recordings import recording_of
from service.catalog import Package
from service.catalog.scenarios.expectation_words import row_texts
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.domain.calendar import CHINA
from service.domain.text import Text
from service.store.models import TaskRow


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
            tuple(_cases(it)),
            {nick: str(held.get("name", nick)) for nick, held in it.draft.organisations.items()},
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
        waiting = next(one for one in it.tasks() if one.id == task)
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
        found = proposed_expectations(it.stage)
        return tuple(ProposedLine(number, say(one.row), one) for number, one in enumerate(found))


def first_values_shown(recording: Recording, actor: Actor, task: TaskRow) -> Mapping[str, Any]:
    """Return what the form of a task shows before anybody types."""
    if not task.form:
        return {}
    view = view_task(recording.stage.desk, actor, task.id)
    return form_values_shown(recording.stage, task, view.values)


def _cases(recording: Recording) -> Iterator[RecordedCase]:
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
