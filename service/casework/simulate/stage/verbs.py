"""Verbs of scenario steps: each runs the use case that a person would cause in the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import CONFIRM
from service.casework.cases.act_on_case import act_on_case
from service.casework.cases.start import start_case
from service.casework.cases.stop_file import stop_file
from service.casework.due.provisional_dates import confirm_date
from service.casework.interventions.halt import LAPSE, PASSED, resume_by_intervention, suspend_by_intervention
from service.casework.interventions.intervene import InterventionAsked
from service.casework.notices.correct import NoticeCorrection, correct_notice
from service.casework.notices.recall import recall_notice
from service.casework.public.lodge import PUBLIC_ACTOR, Lodging, lodge_publicly
from service.casework.public.view_receipt import act_publicly
from service.casework.review.draw_panel import replace_member
from service.casework.simulate.scenarios.scenario import Move, ScenarioMistake
from service.casework.simulate.stage.earlier_records import (
    award,
    expert,
    record_earlier_interest,
    record_earlier_sanction,
)
from service.casework.simulate.stage.experts import build_score_sheet, get_seated_actor, replace_expert_names
from service.casework.simulate.stage.named_on_stage import called_at, notice_of, task_at
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.typed_values import as_typed
from service.casework.tasks.claim import claim_task
from service.casework.tasks.complete import complete_filled
from service.casework.tasks.paper_reply import enter_paper_reply, view_paper_reply
from service.casework.tasks.send_back import send_back, take_back
from service.catalog.scenarios.scenario_terms import terms_of
from service.domain.text import Text
from service.store.models import TaskRow


def start_named_case(stage: PlayState, move: Move, actor: Actor) -> None:
    """``start: process, name, parent, with``: start a case under a nickname."""
    keys = move.keys
    parent = stage.case(str(keys["parent"])) if "parent" in keys else None
    behalf = stage.cast.organisations[str(keys["for"])] if "for" in keys else None
    form = as_typed(stage, actor, keys.get("with") or {})
    ident = start_case(stage.desk, actor, stage.package.key, str(move.value), parent, form, on_behalf_of=behalf)
    stage.name(str(keys.get("name", move.value)), ident)


def complete_named_task(stage: PlayState, move: Move, actor: Actor) -> None:
    """``complete: element, with``: submit the form of the task that waits there, by ``seat`` only as the person who sat there.

    ``received_on`` enters it as its body wrote on paper.
    """
    task = task_at(stage, move, actor)
    if move.keys.get("received_on"):
        first = compute_initial_values(stage, task, view_paper_reply(stage.desk, actor, task.id).first)
        day = date.fromisoformat(str(move.keys["received_on"]))
        enter_paper_reply(
            stage.desk, actor, task.id, day, {**first, **as_typed(stage, actor, move.keys.get("with") or {})}
        )
        return
    if move.keys.get("seat"):
        actor = get_seated_actor(stage, task, actor)
    if task.assignee_id not in (None, actor.person_id) and not move.keys.get("refused"):
        called, who = called_at(stage, move), terms_of(stage.package).word(move.who)
        raise ScenarioMistake(
            Text(
                f"第{move.number}步：“{called.zh}”由各人自己办理，“{who.zh}”不是其中等待办理的人。请改为“各人分别办理”"
                f"（文件里写 each: {move.value}，times 限定前几人，with 可以写成各人依次的列表），专家写其昵称。",
                f"Step {move.number}: “{called.en}” is done by each person alone, and “{who.en}” is not who waits there. Let "
                f"everybody complete it (in a file each: {move.value}, times: only the first so many; with: a list, in turn), or "
                "write an expert's nickname.",
            )
        )
    _submit_form(stage, actor, task, replace_expert_names(stage, move.keys.get("with") or {}), move.keys.get("percent"))


def _submit_form(stage: PlayState, actor: Actor, task: TaskRow, values: Mapping[str, Any], percent: object) -> None:
    """Submit a task's form with what is ``values`` over its first values; a ``percent`` fills a score sheet."""
    sheet = build_score_sheet(stage, task, percent) if percent is not None else {}
    typed = {**sheet, **as_typed(stage, actor, values)}

    def fill_form(first: Mapping[str, Any]) -> dict[str, Any]:
        form_values = compute_initial_values(stage, task, first)
        return {**form_values, **_merge_rows(form_values, typed)}

    complete_filled(stage.desk, actor, task.id, fill_form)


def compute_initial_values(stage: PlayState, task: TaskRow, first: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first values of the fields; a form may also receive names that only its expressions read."""
    form = stage.desk.packages.form(stage.package, str(task.form))
    names = form.variables()
    return {**form.blank(), **{key: value for key, value in first.items() if key in names}}


def _merge_rows(first: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Lay rows over the first values of rows with read-only columns, so that a scenario need not repeat them."""
    merged_values = dict(values)
    for key in ("decisions", "media"):
        rows, first_rows = values.get(key), first.get(key)
        if isinstance(rows, list) and isinstance(first_rows, list) and len(rows) == len(first_rows):
            merged_values[key] = [
                {**a, **b} if isinstance(b, Mapping) else b for a, b in zip(first_rows, rows, strict=True)
            ]
    return merged_values


def perform_case_action(stage: PlayState, move: Move, actor: Actor) -> None:
    """``action: name, with``: act on the case outside tasks."""
    act_on_case(
        stage.desk, actor, stage.case(move.case), str(move.value), as_typed(stage, actor, move.keys.get("with") or {})
    )


def correct_running_notice(stage: PlayState, move: Move, actor: Actor) -> None:
    """``correct: notice kind, of_substance, title, text, reason``: correct the running notice of that kind."""
    row = notice_of(stage, move.case, str(move.value))
    keys = move.keys
    correction = NoticeCorrection(
        str(keys.get("title", row.title)),
        str(keys.get("text", f"{row.content['text']}（更正）")),
        str(keys.get("reason") or keys.get("because") or "更正"),
        bool(keys.get("of_substance", False)),
        row.fingerprint,
        keys.get("entries"),
    )
    correct_notice(stage.desk, actor, row.id, correction)


def send_task_back(stage: PlayState, move: Move, actor: Actor) -> None:
    """``send_back: element, reason``: send the task back to the person before."""
    task = task_at(stage, move, actor)
    send_back(stage.desk, actor, task.id, task.version, str(move.keys.get("reason", "退回")))


def take(stage: PlayState, move: Move, actor: Actor) -> None:
    """``take_back: element``: take back what was last submitted there."""
    with stage.desk.store.read() as tx:
        done = [
            t for t in tx.tasks.select(case_id=stage.case(move.case)) if t.element == move.value and t.state == "done"
        ]
    if not done:
        raise ScenarioMistake(
            Text(
                f"第{move.number}步：“{called_at(stage, move).zh}”尚未提交过。",
                f"Step {move.number}: nothing was submitted at “{called_at(stage, move).en}”.",
            )
        )
    take_back(stage.desk, actor, done[-1].id)


def claim_named_task(stage: PlayState, move: Move, actor: Actor) -> None:
    """``claim: element``."""
    task = task_at(stage, move, actor)
    claim_task(stage.desk, actor, task.id, task.version)


def confirm_provisional_date(stage: PlayState, move: Move, actor: Actor) -> None:
    """``confirm: element, last_day, reason``: settle a provisional date that has come."""
    task = next((t for t in stage.open_tasks(move.case) if t.kind == CONFIRM and t.element == move.value), None)
    if task is None:
        raise ScenarioMistake(
            Text(
                f"第{move.number}步：没有待确认的期限“{called_at(stage, move).zh}”。",
                f"Step {move.number}: the date of “{called_at(stage, move).en}” does not wait to be settled.",
            )
        )
    day = move.keys.get("last_day") or (task.due_reason or {})["last_day"]
    confirm_date(
        stage.desk, actor, task.id, task.version, date.fromisoformat(str(day)), str(move.keys.get("reason", ""))
    )


def suspend_named_case(stage: PlayState, move: Move, actor: Actor) -> None:
    """``suspend: reason``."""
    asked = InterventionAsked(str(move.value), public=True)
    suspend_by_intervention(stage.desk, actor, stage.case(move.case), asked, {})


def resume_named_case(stage: PlayState, move: Move, actor: Actor) -> None:
    """``resume: reason, last_day``: limits that passed meanwhile end at once, or run until that day where one is given."""
    asked = InterventionAsked(str(move.value), public=True)
    passed = {PASSED: str(move.keys.get("last_day") or LAPSE)}
    resume_by_intervention(stage.desk, actor, stage.case(move.case), asked, passed)


def lodge_objection(stage: PlayState, move: Move, actor: Actor) -> None:
    """``lodge: process, parent, notice, name, with``: object without an account; the receipt's code is kept by the name."""
    keys = move.keys
    notice = _notice_named(stage, str(keys["notice"])) if "notice" in keys else None
    lodging = Lodging(stage.package.key, str(move.value), stage.case(str(keys["parent"])), notice)
    form = as_typed(stage, PUBLIC_ACTOR, keys.get("with") or {})
    receipt = lodge_publicly(stage.desk, actor, lodging, form, "simulation")
    nick = str(keys.get("name", move.value))
    stage.name(nick, receipt.case_id)
    stage.codes[nick] = receipt.code


def public(stage: PlayState, move: Move, actor: Actor) -> None:
    """``public: action, case, with``: act by the receipt of an objection."""
    code = stage.codes.get(str(move.case), "")
    form = as_typed(stage, PUBLIC_ACTOR, move.keys.get("with") or {})
    act_publicly(stage.desk, actor, code, str(move.value), form, "simulation")


def recall_named_notice(stage: PlayState, move: Move, actor: Actor) -> None:
    """``recall: notice kind, reason``: take the running notice of that kind back."""
    row = notice_of(stage, move.case, str(move.value))
    recall_notice(stage.desk, actor, row.id, str(move.keys.get("reason", "")))


def stop_named_file(stage: PlayState, move: Move, actor: Actor) -> None:
    """``stop_file: 营业执照.pdf``: take the newest file of that name in the case out of circulation."""
    with stage.desk.store.read() as tx:
        named = [row.id for row in tx.uploads.list_of_case(stage.case(move.case)) if row.name == move.value]
    if not named:
        raise ScenarioMistake(
            Text(
                f"第{move.number}步：办件中没有附件“{move.value}”。",
                f"Step {move.number}: the case has no file “{move.value}”.",
            )
        )
    stop_file(stage.desk, actor, named[-1])


def name_newest_case(stage: PlayState, move: Move, actor: Actor) -> None:  # noqa: ARG001  a name is given by nobody
    """``find: process, parent, for, name``: give a nickname to the newest case that a diagram started there."""
    keys = move.keys
    subject = stage.cast.organisations[str(keys["for"])] if "for" in keys else None
    with stage.desk.store.read() as tx:
        rows = tx.cases.select(parent_id=stage.case(str(keys["parent"])), process=str(move.value))
    cases = [c for c in rows if subject is None or c.subject_id == subject]
    if not cases:
        called, of = called_at(stage, move), keys.get("for")
        raise ScenarioMistake(
            Text(
                f"第{move.number}步：没有找到{f'{of}的' if of else ''}办件“{called.zh}”。",
                f"Step {move.number}: no case “{called.en}”{f' of {of}' if of else ''} was started.",
            )
        )
    stage.name(str(keys.get("name", move.value)), cases[-1].id)


def _notice_named(stage: PlayState, words: str) -> int:
    """Return the notice called ``case/kind``."""
    nick, _, kind = words.rpartition("/")
    return notice_of(stage, nick, kind).id


def each(stage: PlayState, move: Move, actor: Actor) -> None:  # noqa: ARG001  everybody acts for themselves
    """``each: element, percent, with, times``: let everyone with a task there complete it, or the first ``times`` of them.

    ``percent`` fills score sheets; lists under ``percent`` and ``with`` are taken in turn.
    """
    rows = [t for t in stage.open_tasks(move.case) if t.element == move.value and t.assignee_id is not None]
    if not rows:
        raise ScenarioMistake(
            Text(
                f"第{move.number}步：没有人在等待“{called_at(stage, move).zh}”。",
                f"Step {move.number}: nobody waits at “{called_at(stage, move).en}”.",
            )
        )
    percents, forms = _in_turn(move.keys.get("percent")), _in_turn(move.keys.get("with") or {})
    for number, task in enumerate(rows[: move.keys.get("times")]):
        person = stage.cast.person(int(str(task.assignee_id)))
        _submit_form(stage, person, task, forms[number % len(forms)], percents[number % len(percents)])


def _in_turn(value: Any) -> list[Any]:
    return value if isinstance(value, list) and value else [value]


def replace_expert(stage: PlayState, move: Move, actor: Actor) -> None:
    """``replace: stage, reason, person``: the office replaces a member of a panel: by name, or the ``nth`` (the first)."""
    case = stage.case(move.case)
    with stage.desk.store.read() as tx:
        panel = tx.panels.at(case, str(move.value))
        members = [m for m in tx.panel_members.select(panel_id=panel.id) if m.state == "active"] if panel else []
    if panel is None or not members:
        raise ScenarioMistake(Text(f"第{move.number}步：还没有评审组。", f"Step {move.number}: there is no panel."))
    named = move.keys.get("person")
    person = members[int(move.keys.get("nth", 1)) - 1].person_id
    if named is not None:
        person = int(stage.cast.actor(str(named)).person_id or 0)
    replace_member(stage.desk, actor, case, panel.id, person, str(move.keys.get("reason", "")))


DOERS: Mapping[str, Callable[[PlayState, Move, Actor], None]] = {
    "start": start_named_case,
    "complete": complete_named_task,
    "each": each,
    "expert": expert,
    "interest": record_earlier_interest,
    "replace": replace_expert,
    "action": perform_case_action,
    "correct": correct_running_notice,
    "send_back": send_task_back,
    "take_back": take,
    "claim": claim_named_task,
    "confirm": confirm_provisional_date,
    "suspend": suspend_named_case,
    "resume": resume_named_case,
    "lodge": lodge_objection,
    "public": public,
    "recall": recall_named_notice,
    "stop_file": stop_named_file,
    "find": name_newest_case,
    "award": award,
    "sanction": record_earlier_sanction,
}
"""What a person (or the register) does, by verb."""
