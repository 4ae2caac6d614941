"""What a step of a scenario means on the stage: the task or the notice that it names, and what the package calls it."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.simulate.scenarios.scenario import Move, ScenarioMistake
from service.casework.simulate.stage.stage import PlayState
from service.catalog.scenarios.scenario_terms import terms_of
from service.domain.text import Text
from service.store.models import NoticeRow, TaskRow


def called_at(stage: PlayState, move: Move) -> Text:
    """Return what the package calls the step, notice or kind of case that a move names."""
    return terms_of(stage.package).word(move.value)


def task_at(stage: PlayState, move: Move, actor: Actor) -> TaskRow:
    """Return the open task at the move's element that the actor may do; one they may not do when there is no other."""
    open_here = [t for t in stage.open_tasks(move.case) if t.element == move.value]
    mine = [t for t in open_here if actor.holds(t.jurisdiction, t.role, t.body_id)]
    mine.sort(key=lambda t: t.assignee_id != actor.person_id)
    found = mine or open_here
    if not found:
        terms = terms_of(stage.package)
        waiting = [terms.element(t.element) for t in stage.open_tasks(move.case)]
        told = Text("、".join(waiting), ", ".join(waiting)) if waiting else _instead(stage, move)
        wanted = terms.element(str(move.value))
        raise ScenarioMistake(
            Text(
                f"第{move.number}步：办件“{move.case}”此时没有等待“{wanted}”，正在等待：{told.zh}。",
                f"Step {move.number}: case “{move.case}” does not wait at “{wanted}” but at: {told.en}.",
            )
        )
    return found[0]


def _instead(stage: PlayState, move: Move) -> Text:
    """Return the state of a case without open tasks, in words."""
    with stage.desk.store.read() as tx:
        case = tx.cases.get(stage.case(move.case))
    if not case.ended_at:
        return Text("无", "nothing")
    end = terms_of(stage.package).outcome(case.process, case.outcome or case.status)
    return Text(f"无（办件已结束：{end.zh}）", f"nothing (the case has ended: {end.en})")


def notice_of(stage: PlayState, case: str | None, kind: str) -> NoticeRow:
    """Return the newest notice of ``kind`` in the case."""
    with stage.desk.store.read() as tx:
        rows = [n for n in tx.notices.of_case(stage.case(case)) if n.kind == kind]
    if not rows:
        called = terms_of(stage.package).word(kind)
        raise ScenarioMistake(
            Text(f"办件“{case}”没有公示“{called.zh}”。", f"Case “{case}” has no notice “{called.en}”.")
        )
    return rows[-1]
