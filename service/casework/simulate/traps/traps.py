"""Traps in a procedure, recognised on the stage of a play: a case that stops for ever, a day nobody can meet, and the like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from service.casework.simulate.seasons.season_record import Lasting, Span, every_case, season_record
from service.casework.simulate.stage.stage import PlayState
from service.catalog.scenarios.scenario_terms import day_text, terms_of
from service.domain.calendar import local_date
from service.domain.text import Text
from service.store import NEVER, Transaction
from service.store.rows import CaseRow

_ACTIVE = ("waiting", "running", "held")
_LIVE = ("open", "closed")
_MOST_EVENTS = 10_000


class TrapKind(StrEnum):
    """What can go wrong for good."""

    STOPS = "stops"
    DEADLINE = "deadline"
    EMPTY_PANEL = "empty_panel"
    VOTE = "vote"
    BREAKS = "breaks"
    SILENCE = "silence"
    NEVER = "never"
    UNUSED = "unused"

    @property
    def text(self) -> Text:
        """The kind in words."""
        return _WORDS[self]


_WORDS = {
    TrapKind.STOPS: Text("办件永远停住", "a case stops for ever"),
    TrapKind.DEADLINE: Text("谁也赶不上的期限", "a deadline nobody can meet"),
    TrapKind.EMPTY_PANEL: Text("没有人的评审组", "an empty panel"),
    TrapKind.VOTE: Text("全体赞成也通不过的表决", "a vote that cannot pass"),
    TrapKind.BREAKS: Text("办理中出错", "the procedure breaks"),
    TrapKind.SILENCE: Text("没有时限的步骤", "a step without a time limit"),
    TrapKind.NEVER: Text("永远用不上的条款", "a clause that can never apply"),
    TrapKind.UNUSED: Text("推演没有走到的步骤和条件", "steps and conditions that no play came to"),
}


@dataclass(frozen=True, slots=True)
class Trap:
    """A trap at an ``element`` of a ``process``, or at case kind ``process`` where no element is to blame.

    ``case`` is the nickname of the case that shows it, ``expect`` what a scenario expects of it while the trap is there.
    """

    kind: TrapKind
    process: str
    element: str
    name: str
    case: str
    clauses: tuple[str, ...]
    sentence: Text
    expect: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two sightings the same trap."""
        return self.kind.name, self.process, self.element


def traps_on(stage: PlayState, *, stuck: bool = False) -> Iterator[Trap]:
    """Yield the traps that the stage shows at once: days that cannot be met, empty panels and rolls, incidents.

    Experts drawn in vain while somebody is asked to put more on the register are one where the scenario got ``stuck``.
    """
    for span in season_record(stage).spans:
        ends = span.last if span.lasting in (Lasting.LIMIT, Lasting.NOTICE) else None
        if ends is not None and ends < span.first and not _somebody_was_late(stage, span):
            yield Trap(
                TrapKind.DEADLINE, span.process, span.element, span.label, span.case, span.clauses,
                Text(
                    f"“{span.label}”{day_text(span.first).zh}才开始，期限却是{day_text(ends).zh}。",
                    f"“{span.label}” only begins on {day_text(span.first).en}, its last day is {day_text(ends).en}.",
                ),
                _deadline(span),
            )  # fmt: skip
    yield from _empty(stage, stuck=stuck)
    with stage.desk.store.read() as tx:
        incidents = tx.incidents.raised(stage.package.jurisdiction.id)
    for row in incidents:
        yield Trap(
            TrapKind.BREAKS, "", row.element or "", _name(stage, row.element or ""), "",
            _clauses(stage, row.element or ""), Text(row.what["zh"], row.what["en"]),
        )  # fmt: skip


def _somebody_was_late(stage: PlayState, span: Span) -> bool:
    """Tell whether an earlier limit of the case was missed: then it is that which leaves no time for this one."""
    with stage.desk.store.read() as tx:
        tasks = tx.tasks.of_case(stage.cases[span.case]) if span.case in stage.cases else []
    return any(
        task.created_at <= task.due_at
        and local_date(task.due_at) < span.first
        and (task.state != "done" or task.done_at is None or task.done_at > task.due_at)
        for task in tasks
    )


def _name(stage: PlayState, element: str) -> str:
    return terms_of(stage.package).element(element)


def _clauses(stage: PlayState, element: str) -> tuple[str, ...]:
    """Return the clauses that an element of the package cites itself, by its id."""
    found = next((d.elements[element] for d in stage.package.diagrams.values() if element in d.elements), None)
    return tuple(clause for clause in (found.clauses if found else ()) if not clause.startswith("slot:"))


def _deadline(span: Span) -> dict[str, Any]:
    """Return the expectation that a day is the one that cannot be met."""
    last = span.last.isoformat() if span.last else ""
    if span.lasting is Lasting.NOTICE:
        return {"case": span.case, "notice": span.code, "first_day": span.first.isoformat(), "last_day": last}
    return {"case": span.case, "task": span.code, "due": last}


def stopped_cases(stage: PlayState) -> Iterator[Trap]:
    """Yield the cases that nothing and nobody can move any more, or only one who has no day to act by."""
    names = {ident: nick for nick, ident in stage.cases.items()}
    with stage.desk.store.read() as tx:
        cases = {case.id: case for case in every_case(tx)}
        moved = {ident: _moved_by_time(tx, ident) for ident in cases}
        waits = {ident: list(tx.tasks.open_of_case(ident)) for ident in cases}
    for case in cases.values():
        if case.status != "running" or case.id not in names:
            continue
        near = _near(case, cases)
        if any(moved[ident] for ident in near) or any(waits[i] for i in near if i != case.id):
            continue
        tasks = waits[case.id]
        if any(stage.clock.now() < task.due_at < NEVER for task in tasks):
            continue
        yield _stopped(
            stage, case, names[case.id], [(t.process_id, t.element, t.title, tuple(t.clauses)) for t in tasks]
        )


def _stopped(stage: PlayState, case: CaseRow, nick: str, tasks: list[tuple[str, str, str, tuple[str, ...]]]) -> Trap:
    if tasks:
        process, element, title, clauses = tasks[0]
        drawn = _name(stage, element)
        title = title if drawn == element else drawn
        return Trap(
            TrapKind.SILENCE, process, element, title, nick, clauses,
            Text(
                f"没有人办理“{title}”，也没有任何期限会使办件继续：它永远停在这里。",
                f"Nobody does “{title}”, and no day makes the case go on: it stays here for ever.",
            ),
        )  # fmt: skip
    process = stage.package.process(case.process).process
    with stage.desk.store.read() as tx:
        last = next(iter(reversed(tx.cases.visits(case.id))), None)
    element = last.element if last else ""
    diagram = stage.package.processes.get(last.process_id if last else process)
    found = diagram.elements.get(element) if diagram else None
    name = (found.name or element) if found else element
    return Trap(
        TrapKind.STOPS, last.process_id if last else process, element, name, nick, _clauses(stage, element),
        Text(
            f"办件经过“{name}”之后没有结束，却没有人有事可办，也没有任何日期会使它继续。",
            f"After “{name}” the case has not ended, yet nobody has anything to do and no day makes it go on.",
        ),
    )  # fmt: skip


def _near(case: CaseRow, cases: Mapping[int, CaseRow]) -> set[int]:
    """Return the case, what is below it, what is above it, and its fellows of the same kind: they may move it."""
    above, parent = set(), case.parent_id
    while parent is not None:
        above.add(parent)
        parent = cases[parent].parent_id
    below = {case.id}
    for other in cases.values():  # by id: a child comes after its parent
        if other.parent_id in below:
            below.add(other.id)
    fellows = {o.id for o in cases.values() if o.parent_id == case.parent_id and o.process == case.process}
    return {ident for ident in above | below | fellows if cases[ident].status == "running" or ident == case.id}


def _moved_by_time(tx: Transaction, case: int) -> bool:
    """Tell whether a timer runs in the case, or a ballot is open."""
    timers = any(
        item.state in _ACTIVE and item.kind in ("timer", "message", "barrier") for item in tx.work.of_case(case)
    )
    return timers or any(ballot.state in _LIVE for ballot in tx.ballots.of_case(case))


def _empty(stage: PlayState, *, stuck: bool) -> Iterator[Trap]:
    with stage.desk.store.read() as tx:
        for nick, ident in stage.cases.items():
            helped = not stuck and bool(tx.tasks.open_of_case(ident))  # then the procedure has its way out
            if not helped:
                yield from _never_drawn(stage, tx, ident, nick)
                yield from _without_members(stage, tx, ident, nick)
            yield from _without_voters(tx, ident, nick)


def _without_members(stage: PlayState, tx: Transaction, case: int, nick: str) -> Iterator[Trap]:
    """Yield the open panels of a case that have nobody."""
    panels = [panel for panel in tx.panels.of_case(case) if panel.state == "open"]
    seated = {m.panel_id for m in tx.panels.members([panel.id for panel in panels]) if m.state == "active"}
    for panel in panels:
        if panel.id not in seated:
            name = _name(stage, panel.stage)
            yield Trap(
                TrapKind.EMPTY_PANEL, "", panel.stage, name, nick, _clauses(stage, panel.stage),
                Text(f"“{name}”的评审组一个人也没有。", f"The panel of “{name}” has no member."),
                {"case": nick, "panel": panel.stage, "state": "active", "no": True},
            )  # fmt: skip


def _without_voters(tx: Transaction, case: int, nick: str) -> Iterator[Trap]:
    """Yield the ballots of a case on whose roll nobody is."""
    for number, ballot in enumerate(tx.ballots.of_case(case), 1):
        if not tx.ballots.roll(ballot.id):
            yield Trap(
                TrapKind.EMPTY_PANEL, ballot.process_id, ballot.element, ballot.title, nick, tuple(ballot.clauses),
                Text(f"表决“{ballot.title}”的名册上没有人。", f"Nobody is on the roll of “{ballot.title}”."),
                {"case": nick, "ballot": number, "elected": []},
            )  # fmt: skip


def _never_drawn(stage: PlayState, tx: Transaction, case: int, nick: str) -> Iterator[Trap]:
    """Yield the panels for which experts were drawn in vain, and which have nobody still."""
    panels = {p.stage: p.id for p in tx.panels.of_case(case)}
    seated = {m.panel_id for m in tx.panels.members(list(panels.values())) if m.state == "active"}
    failed = [row for row in tx.history.of_case(case, limit=_MOST_EVENTS) if row.action == "draw_failed"]
    for key, text in {str((row.data or {}).get("stage", "")): row.text for row in failed}.items():
        if panels.get(key) not in seated:
            name = _name(stage, key)
            yield Trap(
                TrapKind.EMPTY_PANEL, "", key, name, nick, _clauses(stage, key),
                Text(f"“{name}”的评审组抽不出人：{text}", f"Nobody can be drawn for the panel of “{name}”: {text}"),
                {"case": nick, "history": "draw_failed"},
            )  # fmt: skip


def votes_that_cannot_pass(stage: PlayState) -> Iterator[Trap]:
    """Yield the ballots that elected nobody, on a stage where everybody voted for everybody."""
    names = {ident: nick for nick, ident in stage.cases.items()}
    with stage.desk.store.read() as tx:
        for ident, nick in names.items():
            for number, ballot in enumerate(tx.ballots.of_case(ident), 1):
                result = tx.ballots.result(ballot.id)
                if result is not None and not result.outcome.get("elected") and not result.outcome.get("second_ballot"):
                    why = result.outcome.get("why", {})
                    yield Trap(
                        TrapKind.VOTE, ballot.process_id, ballot.element, ballot.title, nick, tuple(ballot.clauses),
                        Text(
                            f"全体成员都投赞成票，“{ballot.title}”仍无人通过：{why.get('zh', '')}",
                            f"Everybody votes in favour, and “{ballot.title}” still elects nobody: {why.get('en', '')}",
                        ),
                        {"case": nick, "ballot": number, "elected": []},
                    )  # fmt: skip
