"""What a step calls the people and cases of a stage: who does a task, and the step that names a case."""

from __future__ import annotations

from typing import Any

from service.casework.access.actor import Actor
from service.casework.simulate.scenarios.scenario import Move, ScenarioMistake
from service.casework.simulate.stage.stage import PlayState
from service.catalog.scenarios.scenario_terms import terms_of
from service.domain.calendar.clock import format_full_day
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, NoticeRow, TaskRow


def called_at(stage: PlayState, move: Move) -> Text:
    """Return what the package calls the step, notice or kind of case that a move names."""
    return terms_of(stage.package).word(move.value)


def task_at(stage: PlayState, move: Move, actor: Actor) -> TaskRow:
    """Return the open task at the move's element that the actor may do; one they may not do when there is no other."""
    open_tasks = [t for t in stage.open_tasks(move.case) if t.element == move.value]
    mine = [t for t in open_tasks if actor.holds(t.jurisdiction, t.role, t.body_id)]
    mine.sort(key=lambda t: t.assignee_id != actor.person_id)
    candidates = mine or open_tasks
    if not candidates:
        terms = terms_of(stage.package)
        waiting = [terms.element(t.element) for t in stage.open_tasks(move.case)]
        waiting_text = Text("、".join(waiting), ", ".join(waiting)) if waiting else _describe_state(stage, move)
        wanted = terms.element(str(move.value))
        raise ScenarioMistake(
            Text(
                f"第{move.number}步：办件“{move.case}”此时没有等待“{wanted}”，正在等待：{waiting_text.zh}。",
                f"Step {move.number}: case “{move.case}” does not wait at “{wanted}” but at: {waiting_text.en}.",
            )
        )
    return candidates[0]


def _describe_state(stage: PlayState, move: Move) -> Text:
    """Return the state of a case without open tasks, in words."""
    with stage.desk.store.read() as tx:
        case = tx.cases.get(stage.case(move.case))
        notices = tx.notices.select(case_id=case.id, state="running")
    if not case.ended_at and notices:
        days = [(notice.title, format_full_day(notice.last_day)) for notice in notices]
        later = Text(
            "（期满在这一步的日子之后；改了公示期的，把这一步移到期满以后）",
            " (that is after the day of this step: where the period was changed, move the step behind its end)",
        )
        return Text(
            "、".join(f"公示“{title}”期满，到{day.zh}" for title, day in days) + later.zh,
            ", ".join(f"the end of notice “{title}” on {day.en}" for title, day in days) + later.en,
        )
    if not case.ended_at:
        return Text("无", "nothing")
    end = terms_of(stage.package).outcome(case.process, case.outcome or case.status)
    return Text(f"无（办件已结束：{end.zh}）", f"nothing (the case has ended: {end.en})")


def notice_of(stage: PlayState, case: str | None, kind: str) -> NoticeRow:
    """Return the newest notice of ``kind`` in the case."""
    with stage.desk.store.read() as tx:
        rows = [n for n in tx.notices.select(case_id=stage.case(case)) if n.kind == kind]
    if not rows:
        called = terms_of(stage.package).word(kind)
        raise ScenarioMistake(
            Text(f"办件“{case}”没有公示“{called.zh}”。", f"Case “{case}” has no notice “{called.en}”.")
        )
    return rows[-1]


def who_does(stage: PlayState, tx: Transaction, task: TaskRow) -> str:
    """Return the word by which a step names who does ``task``."""
    if task.assignee_id is not None:
        word = stage.cast.word_of(task.assignee_id)
        if word is not None:
            return word
    if task.body_id is None:
        return task.role
    nick = next((n for n, body in stage.cast.organisations.items() if body == task.body_id), None)
    return nick if nick is not None else f"{task.role}@{tx.bodies.get(task.body_id).key}"


def nick_of(stage: PlayState, case: int) -> str | None:
    """Return the nickname of a case, None for one that a diagram started and nobody named."""
    return next((nick for nick, ident in stage.cases.items() if ident == case), None)


def find_row(stage: PlayState, case: CaseRow, parent: str) -> dict[str, Any] | None:
    """Return the step that names a case below the case called ``parent``; None where no step can say which it is."""
    with stage.desk.store.read() as tx:
        same = [
            c for c in tx.cases.select(parent_id=stage.cases[parent], process=case.process) if c.subject_id == case.subject_id
        ]  # fmt: skip
    if not same or same[-1].id != case.id:
        return None
    subject = next((n for n, body in stage.cast.organisations.items() if body == case.subject_id), None)
    nick = fresh_nick(stage, f"{subject or ''}{stage.package.process(case.process).name}")
    return {"find": case.process, "parent": parent, **({"for": subject} if subject else {}), "name": nick}


def fresh_nick(stage: PlayState, wanted: str) -> str:
    """Return a nickname that no case has yet."""
    number, nick = 1, wanted
    while nick in stage.cases:
        number += 1
        nick = f"{wanted}{number}"
    return nick
