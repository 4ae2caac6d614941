"""Act on a case of a recording apart from its tasks: object, withdraw, correct, recall, recuse, and what was on record before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.simulate.writing.deeds import Deed, deed_of, deed_row, deeds
from service.casework.simulate.writing.recording import Recording
from service.casework.step.fill import form_settings
from service.casework.studio.recording.recordings import recording_of
from service.casework.studio.recording.view_recording import propose_expectations
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.forms import Form


@dataclass(frozen=True, slots=True)
class CaseDeeds:
    """What can be done with one case, by its ``title``; "" for what was on record before the season."""

    title: str
    deeds: tuple[Deed, ...]


@dataclass(frozen=True, slots=True)
class DeedView:
    """A deed with the form that it fills in, where it has one; ``settings`` are the names that the form may read."""

    deed: Deed
    title: str
    form: Form | None
    settings: Mapping[str, Any]
    package: Package
    today: date


@dataclass(frozen=True, slots=True)
class DeedKey:
    """Which deed is meant: see `Deed`."""

    verb: str
    what: str = ""
    case: int = 0
    who: str = ""
    notice: str = ""


@guarded("draft.edit")
def list_deeds(desk: Desk, actor: Actor, draft: int) -> tuple[CaseDeeds, ...]:
    """Return what can be done now apart from tasks, case by case; raises NoRecording."""
    with recording_of(desk, actor, draft) as recording:
        found = deeds(recording)
        with recording.stage.desk.store.read() as tx:
            titles = {one: recording.known(tx.cases.get(one)) for one in {deed.case for deed in found} if one}
    order = list(dict.fromkeys(deed.case for deed in found))
    return tuple(CaseDeeds(titles.get(one, ""), tuple(d for d in found if d.case == one)) for one in order)


@guarded("draft.edit")
def view_recorded_deed(desk: Desk, actor: Actor, draft: int, key: DeedKey) -> DeedView:
    """Return a deed with its form; raises NotFound where it cannot be done now, and NoRecording."""
    with recording_of(desk, actor, draft) as recording:
        deed = _found(recording, key)
        stage, settings, title = recording.stage, {}, ""
        if deed.case:
            with stage.desk.store.read() as tx:
                case = tx.cases.get(deed.case)
            settings, title = dict(form_settings(recording.package, case.parameters)), recording.known(case)
        form = stage.desk.packages.form(recording.package, deed.form) if deed.form else None
        return DeedView(deed, title, form, settings, recording.package, local_date(stage.clock.now()))


@guarded("draft.edit")
def act_recorded(desk: Desk, actor: Actor, draft: int, key: DeedKey, given: Mapping[str, Any]) -> None:
    """Do it on the stage with what was ``given``, and keep it as a step.

    Raises FormInvalid and whatever else the act itself would be refused with; nothing is kept then.
    """
    with recording_of(desk, actor, draft) as recording:
        deed = _found(recording, key)
        recording.fill(deed_row(recording, deed, given), deed.form)


@guarded("draft.edit")
def expect_recorded(desk: Desk, actor: Actor, draft: int, numbers: Collection[int]) -> None:
    """Let the scenario expect now, between its steps, what of `propose_expectations` has these ``numbers``."""
    lines = propose_expectations(desk, actor, draft)
    with recording_of(desk, actor, draft) as recording:
        for line in lines:
            if line.number in numbers:
                recording.act({"expect": line.proposed.row})


def _found(recording: Recording, key: DeedKey) -> Deed:
    return deed_of(recording, key.verb, key.what, key.case, key.who, key.notice)
