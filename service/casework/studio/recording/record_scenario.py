"""Record a scenario: a season played in a sandbox person by person, each act kept as a step, its results as expectations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.simulate.scenarios.scenario import parse_instant, typed_parameters
from service.casework.simulate.scenarios.scenario_text import ScenarioDraft, scenario_text
from service.casework.simulate.writing.deeds import Deed, deed_of, deed_row, list_possible_deeds
from service.casework.simulate.writing.recording import BALLOT, Recording
from service.casework.step.fill import form_settings
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.recording.recordings import (
    drop_recording,
    get_initial_form_values,
    keep_recording,
    propose_expectations,
    recording_of,
)
from service.casework.studio.scenarios.run_scenarios import workshop_of
from service.catalog import Package
from service.catalog.made_id import choose_id
from service.catalog.tree import get_file_stem, iterate_folder_files
from service.domain.calendar import CHINA, local_date
from service.domain.errors import Conflict, Invalid
from service.domain.forms import Form
from service.domain.text import Text

_NICKS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
MOST_ORGANISATIONS = len(_NICKS)
YEARS = range(1900, 2200)
"""Years in which a season may be recorded."""


@guarded("draft.edit")
def begin_recording(
    desk: Desk, actor: Actor, draft: int, title: str, start: date, organisations: Sequence[str], parameters: str = ""
) -> None:
    """Begin with an empty stage on ``start`` and fictional ``organisations``, by name; raises Invalid and Conflict.

    A name that begins with ``个人：`` is a person who applies. ``parameters``, one a line, hold in this season alone: the day on
    which the measures are in force, where the draft has none.
    """
    if not title.strip():
        raise Invalid(
            Text("请给情景起一个名字，说明它演的是什么。", "Give the scenario a title that says what it plays.")
        )
    names = [name.strip() for name in organisations if name.strip()]
    if not 1 <= len(names) <= MOST_ORGANISATIONS:
        raise Invalid(
            Text(
                f"请写 1 至 {MOST_ORGANISATIONS} 个虚构的申报组织，每行一个。",
                f"Name 1 to {MOST_ORGANISATIONS} fictional applicants, one per line.",
            )
        )
    with desk.store.read() as tx:
        open_for_change(desk, tx, actor, draft)
        package = tree_of(desk, tx, draft).package
    _require_year(start)
    cast = {nick: _build_organisation(name) for nick, name in zip(_NICKS, names, strict=False)}
    scenario_draft = ScenarioDraft(title.strip()[:200], start, cast, parameters=typed_parameters(package, parameters))
    recording = Recording(package, scenario_draft, desk.calendars, desk.operations, workshop_of(package))
    keep_recording(desk, actor, draft, recording)


@guarded("draft.edit")
def complete_recorded(
    desk: Desk, actor: Actor, draft: int, task: int, values: Mapping[str, Any], *, percent: int | None, everybody: bool
) -> None:
    """Complete a task of the stage with ``values``, or a score sheet with ``percent`` everywhere; ``everybody``: all who have it.

    Raises FormInvalid and whatever else the act itself would be refused with; nothing is kept then.
    """
    with recording_of(desk, actor, draft) as recording:
        with recording.stage.desk.store.read() as tx:
            row = tx.tasks.get(task)
            case, who = tx.cases.get(row.case_id), recording.who(tx, row)
        if row.state != "open" or row.kind == BALLOT:
            raise Conflict(Text("这项待办已经办结。", "This task is done already."))
        nick = recording.nick(case)
        changed_values = (
            {}
            if percent is not None
            else _find_changed_values(values, get_initial_form_values(recording, recording.actor(who), row))
        )
        step: dict[str, Any] = {} if everybody else {"as": who}
        step |= {"case": nick, ("each" if everybody else "complete"): row.element}
        if percent is not None:
            step["percent"] = percent
        elif changed_values or row.form:
            step["with"] = changed_values
        recording.fill(step, row.form)


@guarded("draft.edit")
def settle_recorded(desk: Desk, actor: Actor, draft: int, task: int, last_day: str, reason: str) -> None:
    """Settle a provisional date on the stage."""
    with recording_of(desk, actor, draft) as recording:
        with recording.stage.desk.store.read() as tx:
            row = tx.tasks.get(task)
            case, who = tx.cases.get(row.case_id), recording.who(tx, row)
        recording.act(
            {"as": who, "case": recording.nick(case), "confirm": row.element, "last_day": last_day, "reason": reason}
        )


@guarded("draft.edit")
def start_recorded(
    desk: Desk, actor: Actor, draft: int, process: str, who: str, parent: str, values: Mapping[str, Any]
) -> None:
    """Start a case on the stage, as ``who``, below the case called ``parent``."""
    with recording_of(desk, actor, draft) as recording:
        subject = who in recording.draft.organisations
        name = recording.fresh_nick(who if subject else recording.package.process(process).name)
        step: dict[str, Any] = {"as": who, "start": process, "name": name}
        if parent:
            step["parent"] = parent
        filled_values = {key: value for key, value in values.items() if value not in (None, "", [], {})}
        recording.fill(
            {**step, **({"with": filled_values} if filled_values else {})},
            recording.package.process(process).start_form,
        )


@guarded("draft.edit")
def advance_recorded(desk: Desk, actor: Actor, draft: int, to: str) -> None:
    """Let time pass on the stage until ``to``: a date, or a date and time; what falls due meanwhile happens."""
    with recording_of(desk, actor, draft) as recording:
        try:
            wanted = parse_instant(to, time(9))
        except ValueError:
            raise Invalid(
                Text(
                    f"“{to[:40]}”不是日期，请写成 2026-03-10 09:00。",
                    f"“{to[:40]}” is no date: write 2026-03-10 09:00.",
                )
            ) from None
        _require_year(wanted.date())
        if wanted <= recording.now:
            raise Invalid(Text("时间只能向前走。", "Time only moves forward."))
        recording.act({"until": wanted.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")})


@guarded("draft.edit")
def vote_recorded(desk: Desk, actor: Actor, draft: int, case: str, votes: Mapping[str, str]) -> None:
    """Cast a whole vote on the stage: letters per candidate, as a scenario writes them."""
    with recording_of(desk, actor, draft) as recording:
        recording.act({"case": case, "vote": dict(votes)})


@guarded("draft.edit")
def list_recorded(desk: Desk, actor: Actor, draft: int, role: str, count: int) -> None:
    """Put ``count`` members of ``role`` on their list, before a ballot opens."""
    if not 1 <= count <= 99:
        raise Invalid(Text("人数应在 1 至 99 之间。", "Between 1 and 99 members."))
    with recording_of(desk, actor, draft) as recording:
        recording.act({"members": {"role": role, "count": count}})


@guarded("draft.edit")
def enrol_recorded(desk: Desk, actor: Actor, draft: int, names: Sequence[str]) -> None:
    """Put experts on the register of the stage, by name."""
    with recording_of(desk, actor, draft) as recording:
        for name in [name.strip() for name in names if name.strip()]:
            recording.act({"expert": {"name": name}})


@guarded("draft.edit")
def undo_recorded(desk: Desk, actor: Actor, draft: int) -> None:
    """Take the last step back."""
    with recording_of(desk, actor, draft) as recording:
        recording.undo()


@guarded("draft.edit")
def give_up_recording(desk: Desk, actor: Actor, draft: int) -> None:
    """Give up what is being recorded."""
    drop_recording(desk, actor, draft)


@guarded("draft.edit")
def save_recording(desk: Desk, actor: Actor, draft: int, name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Save what was recorded as a scenario of the draft that expects ``rows``; returns its path. Raises Invalid.

    Without ``name`` the file is named after the title.
    """
    with recording_of(desk, actor, draft) as recording:
        folder = f"processes/{recording.package.key}/scenarios"
        with desk.store.read() as tx:
            taken = {
                get_file_stem(path) for path in iterate_folder_files(tree_of(desk, tx, draft).filled, folder, ".yaml")
            }
        path = f"{folder}/{choose_id(name, recording.draft.title, taken, otherwise='season')}.yaml"
        recording.draft.expect = [dict(row) for row in rows]
        content = scenario_text(recording.draft, path)
        recording.draft.expect = []
    save_file(desk, actor, draft, path, content, None, "录制情景")
    drop_recording(desk, actor, draft)
    return path


def _require_year(day: date) -> None:
    """Raise Invalid for a day on which no season can be played: time limits would leave the calendar."""
    if day.year not in YEARS:
        first, last = YEARS[0], YEARS[-1]
        raise Invalid(
            Text(f"请写 {first} 年至 {last} 年之间的日期。", f"Give a date between the years {first} and {last}.")
        )


def _build_organisation(name: str) -> dict[str, Any]:
    person = name.removeprefix("个人：").removeprefix("个人:")
    return {"name": person, "kind": "individual"} if person != name else {"name": name}


def _find_changed_values(values: Mapping[str, Any], first_form_values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed otherwise than the form showed it."""
    return {
        key: value
        for key, value in values.items()
        if value != first_form_values.get(key) and not (_is_empty(value) and _is_empty(first_form_values.get(key)))
    }


def _is_empty(value: Any) -> bool:
    return value in (None, "", [], {})


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
        all_deeds = list_possible_deeds(recording)
        with recording.stage.desk.store.read() as tx:
            titles = {
                case_id: recording.known(tx.cases.get(case_id))
                for case_id in {deed.case for deed in all_deeds}
                if case_id
            }
    order = list(dict.fromkeys(deed.case for deed in all_deeds))
    return tuple(
        CaseDeeds(titles.get(case_id, ""), tuple(d for d in all_deeds if d.case == case_id)) for case_id in order
    )


@guarded("draft.edit")
def view_recorded_deed(desk: Desk, actor: Actor, draft: int, key: DeedKey) -> DeedView:
    """Return a deed with its form; raises NotFound where it cannot be done now, and NoRecording."""
    with recording_of(desk, actor, draft) as recording:
        deed = _find_deed(recording, key)
        stage, settings, title = recording.stage, {}, ""
        if deed.case:
            with stage.desk.store.read() as tx:
                case = tx.cases.get(deed.case)
            settings, title = dict(form_settings(recording.package, case.parameters)), recording.known(case)
        form = stage.desk.packages.form(recording.package, deed.form) if deed.form else None
        return DeedView(deed, title, form, settings, recording.package, local_date(stage.clock.now()))


@guarded("draft.edit")
def act_recorded(desk: Desk, actor: Actor, draft: int, key: DeedKey, inputs: Mapping[str, Any]) -> None:
    """Do it on the stage with what was ``inputs``, and keep it as a step.

    Raises FormInvalid and whatever else the act itself would be refused with; nothing is kept then.
    """
    with recording_of(desk, actor, draft) as recording:
        deed = _find_deed(recording, key)
        recording.fill(deed_row(recording, deed, inputs), deed.form)


@guarded("draft.edit")
def expect_recorded(desk: Desk, actor: Actor, draft: int, numbers: Collection[int]) -> None:
    """Let the scenario expect now, between its steps, what of `propose_expectations` has these ``numbers``."""
    lines = propose_expectations(desk, actor, draft)
    with recording_of(desk, actor, draft) as recording:
        for line in lines:
            if line.number in numbers:
                recording.act({"expect": line.proposed.row})


def _find_deed(recording: Recording, key: DeedKey) -> Deed:
    return deed_of(recording, key.verb, key.what, key.case, key.who, key.notice)
