"""Play a scenario and report unmet expectations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from service.casework.simulate.expecting.expectations import unmet_in
from service.casework.simulate.scenarios.scenario import Move, Scenario, ScenarioMistake
from service.casework.simulate.scenarios.shapes import form_of
from service.casework.simulate.stage.ballots import BALLOT_DOERS
from service.casework.simulate.stage.stage import Follower, PlayState, Workshop, open_stage
from service.casework.simulate.stage.timeline import Happening, build_timeline
from service.casework.simulate.stage.verbs import DOERS
from service.casework.step.submission import FormInvalid
from service.catalog import Package
from service.catalog.feel import FUNCTIONS
from service.domain.calendar import WorkingCalendar
from service.domain.errors import LaurelError
from service.domain.feel import FunctionSet
from service.domain.forms import FieldError, FieldInfo
from service.domain.text import Text
from service.sdk import Operation
from service.store import Store

PLAYED = {**DOERS, **BALLOT_DOERS}
"""What plays a verb, beside `until` and `expect`, which play nothing."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """An expectation that was not met, or a step that could not be played."""

    where: str
    message: Text


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a scenario; ``cases`` are the row numbers of its cases by nickname."""

    scenario: Scenario
    timeline: tuple[Happening, ...]
    unmet: tuple[Unmet, ...]
    cases: Mapping[str, int] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Return whether every step could be played and every expectation was met."""
        return not self.unmet


def play(
    store: Store,
    package: Package,
    scenario: Scenario,
    calendars: Mapping[str, WorkingCalendar],
    operations: Mapping[str, Operation],
    functions: FunctionSet = FUNCTIONS,
    *,
    to_first_unmet: bool = False,
    follower: Follower | None = None,
    workshop: Workshop | None = None,
) -> Played:
    """Play ``scenario`` of ``package`` on the empty ``store``.

    A step that fails ends the play; with ``to_first_unmet`` an expectation between the steps does so too. The
    ``follower`` hears of each step while it is played.
    """
    stage = open_stage(store, package, scenario, calendars, operations, functions, workshop)
    try:
        return _play_stage(stage, follower or Follower(), to_first_unmet)
    finally:
        stage.desk.engine.empty_cache()  # who keeps a workshop for the next play keeps no cases of this one


def _play_stage(stage: PlayState, follower: Follower, to_first_unmet: bool) -> Played:
    unmet: list[Unmet] = []
    for move in stage.scenario.moves:
        move_unmet, refused = _try_move(stage, move)
        follower.after(stage, move, [unmet_item.message for unmet_item in move_unmet])
        unmet += move_unmet
        if refused or (unmet and to_first_unmet):
            break
    else:
        unmet += _at_the_end(stage, follower)
    unmet += [Unmet("incident", m) for m in _list_incidents(stage)]
    follower.ended(stage)
    return Played(stage.scenario, build_timeline(stage), tuple(unmet), dict(stage.cases))


def _try_move(stage: PlayState, move: Move) -> tuple[list[Unmet], bool]:
    """Play one step; returns what was unmet, and whether it could not be played at all."""
    try:
        return play_move(stage, move), False
    except LaurelError as error:
        return [Unmet(f"第{move.number}步 {move.verb} {move.value}", refusal_text(error))], True


def _at_the_end(stage: PlayState, follower: Follower) -> list[Unmet]:
    unmet_list: list[Unmet] = []
    for number, row in enumerate(stage.scenario.expect, 1):
        messages = unmet_in(stage, row)
        follower.expected(stage, number, row, messages)
        unmet_list += [Unmet(f"expect {number}", message) for message in messages]
    return unmet_list


def play_move(stage: PlayState, move: Move) -> list[Unmet]:
    """Play one step on ``stage``; returns what was unmet, raises LaurelError where it cannot be played."""
    if move.at is not None and move.at < stage.clock.now():
        raise ScenarioMistake(
            Text(f"第{move.number}步的时间早于上一步。", f"Step {move.number} lies before the one before it.")
        )
    if "optional" in move.keys and not stage.waiting_for(move):
        return []
    stage.pass_time(move)
    if move.verb == "until":
        return []
    if move.verb == "expect":
        return [Unmet(f"第{move.number}步 expect", m) for m in unmet_in(stage, move.value)]
    if "refused" in move.keys:
        return _play_refused_move(stage, move)
    _do_move(stage, move)
    return []


def _do_move(stage: PlayState, move: Move) -> None:
    actor = stage.cast.actor(move.who or "office")
    PLAYED[move.verb](stage, move, actor)
    stage.drain()


def _play_refused_move(stage: PlayState, move: Move) -> list[Unmet]:
    where = f"第{move.number}步 {move.verb} {move.value}"
    try:
        _do_move(stage, move)
    except ScenarioMistake:
        raise
    except LaurelError as error:
        return [*_find_unstated_reason(where, move, error), *_find_unmarked_fields(stage, where, move, error)]
    return [Unmet(where, Text("应被拒绝，却办成了。", "It should have been refused."))]


def _find_unstated_reason(where: str, move: Move, error: LaurelError) -> list[Unmet]:
    """Return that the reason given for a refusal lacks what ``because`` says."""
    because, refusal_words = str(move.keys.get("because", "")), refusal_text(error)
    if because in refusal_words.zh:
        return []
    return [
        Unmet(
            where, Text(f"拒绝的理由应含“{because}”，实为：{refusal_words.zh}", f"Refused, but for: {refusal_words.en}")
        )
    ]


def _find_unmarked_fields(stage: PlayState, where: str, move: Move, error: LaurelError) -> list[Unmet]:
    """Return which of the step's ``fields`` the refusal does not mark."""
    marked = {e.path: _get_field_name(e).zh for e in error.errors} if isinstance(error, FormInvalid) else {}
    unmarked = [str(path) for path in move.keys.get("fields") or [] if str(path) not in marked]
    if not unmarked:
        return []
    labels = {e.path: e.label.zh for e in _list_move_fields(stage, move)}
    missed = [labels.get(path, path) for path in unmarked]
    zh = f"应指出{'、'.join(missed)}有误，实际指出：{'、'.join(sorted(marked.values())) or '无'}"
    return [
        Unmet(
            where, Text(zh, f"{', '.join(missed)} should be marked; marked are: {', '.join(sorted(marked.values()))}")
        )
    ]


def _list_move_fields(stage: PlayState, move: Move) -> Iterable[FieldInfo]:
    """Return the fields of the form that a step fills in; none of one whose name is known only while it is played."""
    form = form_of(stage.package, move.verb, str(move.value))
    has_form = form and "{" not in form and stage.package.has_form(form)
    return stage.desk.packages.form(stage.package, form).fields() if has_form else ()


def refusal_text(error: LaurelError) -> Text:
    """Return what a refusal says, with what it says of each field."""
    if not isinstance(error, FormInvalid):
        return error.message
    of_form = {e: not e.label.zh and (e.whole or not e.path) for e in error.errors}
    zh = "；".join(e.text.zh if of_form[e] else f"{_get_field_name(e).zh}：{e.text.zh}" for e in error.errors)
    en = "; ".join(e.text.en if of_form[e] else f"{_get_field_name(e).en}: {e.text.en}" for e in error.errors)
    return Text(f"{error.message.zh}{zh}", f"{error.message.en} {en}")


def _get_field_name(error: FieldError) -> Text:
    """Return what people call the field that is wrong; its path where nothing names it."""
    return error.label if error.label.zh else Text(error.path, error.path)


def _list_incidents(stage: PlayState) -> list[Text]:
    """Return what broke, also where its case came to an end in spite of it."""
    with stage.desk.store.read() as tx:
        rows = tx.incidents.select("-id", jurisdiction=stage.package.jurisdiction.id)
    return [Text(f"{r.what['zh']}（{r.detail.strip().splitlines()[-1]}）", r.what["en"]) for r in rows]
