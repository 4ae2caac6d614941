"""The expectation that shows that a clause happens: a scenario is played, and what holds at its end is chosen from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from service.casework.desk.desk import Desk
from service.casework.simulate.expecting.expectations import unmet_in
from service.casework.simulate.expecting.proposed_expectations import proposed_expectations
from service.casework.simulate.playing.play import play
from service.casework.simulate.scenarios.scenario import Move, Scenario
from service.casework.simulate.stage.stage import Follower, PlayState, empty_store
from service.casework.studio.law.text_proofs import BY_TEXT_ALONE, LETTERS, RANKINGS, rows_of_parts, rows_of_text
from service.casework.studio.scenarios.play_scenarios import read_file, workshop_of
from service.catalog import Package
from service.catalog.assistants.condition_rows import BAN_ROW
from service.catalog.clause_kinds.clause_assistants import ASSISTANTS, AssistKind, ClauseAssistant
from service.catalog.coverage.traces import sees
from service.catalog.law.proof import PROVES
from service.catalog.new_city.group_places import PLACED, UNPLACED
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.tree import Files
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text

_STOPPED = ("payment_stopped", "reports_stopped", "title_stopped", "lapsed")
"""How a case ends that was brought to a stop: what follows an award that is revoked, what is not corrected in time."""
_REVOKING = "revoke"
"""The element that shows a revocation which bars nobody afterwards."""
_FACTS = {
    AssistKind.PRIZE: ("prize_yuan",),
    AssistKind.GROUP_PLACES: (PLACED,),
    AssistKind.APPEAL: ("appeal_result",),
    AssistKind.CUT_OFF: RANKINGS,
    AssistKind.WEIGHTS: RANKINGS,
}
"""The facts that show a kind, where facts do."""
_OUTCOMES = {AssistKind.REPORTS: "completed", AssistKind.VALIDITY: "expired", AssistKind.CYCLE: "too_early"}
"""How a case ends that shows a kind, where outcomes do."""
_SHOWN_AT = {AssistKind.EXPERT_BAR: "extend_register", AssistKind.APPEAL: "decide_appeal"}
"""The task of a shared diagram that shows a kind: the office is told that no panel can be formed, an appeal is decided."""
_APPEAL_OVER = frozenset({"await_appeal"})
"""What waits until the time to appeal is over: no other kind is shown by what is waited for."""
_RECORDS = (
    "task",
    "waiting",
    "prefill",
    "reached",
    "notice",
    "ballot",
    "document",
    "finding",
    "sanction",
    "fact",
    "award",
)
"""What an expectation names of a case."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """What shows a clause: expectations that hold after the first ``steps`` of the scenario, None for all of them."""

    rows: tuple[Mapping[str, Any], ...] = ()
    steps: int | None = None


def demand_scenario(files: Files, path: str) -> Scenario:
    """Return the scenario at ``path`` of ``files``; raises Invalid, with the reason, for one that cannot be read."""
    file = read_file(files, path) if path in files else None
    if file is None:
        raise Invalid(Text("所选的情景已经不在了，请重新选择。", "The chosen scenario is gone: choose again."))
    if file.scenario is None:
        raise Invalid(file.trouble or Text("这个情景读不出来。", "This scenario cannot be read."))
    return file.scenario


def proving_rows(
    desk: Desk,
    files: Files,
    package: Package,
    kind: AssistKind,
    element: str,
    scenario: str,
    parameter: str = "",
    finding: str = "",
) -> ClauseShown:
    """Play ``scenario`` of ``files`` under ``package`` and return what shows ``kind`` at ``element`` ("file#id").

    Without an element it is what the ``parameter`` brings about: the tasks whose time limit reads it. Behind it stand the
    cases that it brought to a stop: a prize that is paid no more, reports that nobody owes any more. A bar is shown by
    somebody whom it bars (by the row ``finding``, else by those that read the parameter), not by somebody who is free: the
    steps after that are none of the proof. No row where the scenario does not come there, or cannot be played. Raises
    Invalid for a scenario that cannot be read.
    """
    shown = demand_scenario(files, scenario)
    follower = _Proposing(package, kind, element, parameter, finding)
    try:
        with empty_store() as store:
            played = play(
                store,
                package,
                shown,
                desk.calendars,
                desk.operations,
                follower=follower,
                workshop=workshop_of(package),
            )
    except LaurelError:
        return ClauseShown()
    held = played.passed or bool(shown.expect) or follower.until is not None
    return (
        ClauseShown((follower.found, *follower.stopped), follower.until) if follower.found and held else ClauseShown()
    )


def with_expectations(package: Package, text: str, shown: ClauseShown, clause: str) -> str:
    """Return a scenario with these expectations more; those that look at what comes of ``clause`` prove it.

    What it expected before of the same record for the same clause gives way, with the clauses it proved besides.
    """
    document, rows = load_yaml(text), shown.rows
    if shown.steps is not None:
        del document["steps"][shown.steps :]
    if not isinstance(document.get("expect"), list):
        document["expect"] = []
    for row in rows:
        said = CommentedMap({key: _as_written(value) for key, value in row.items()})
        if row is rows[0] or sees(package, row, clause):
            said["proves"] = _line(_taken_over(document["expect"], row, clause))
        said.fa.set_flow_style()
        document["expect"].append(said)
    if isinstance(document.get("clauses"), list) and clause not in document["clauses"]:
        document["clauses"].append(clause)
    return dump_yaml(document)


def _taken_over(expected: list[Any], row: Mapping[str, Any], clause: str) -> list[str]:
    """Take away the expectations that spoke of the same record for ``clause``; return all clauses that were proved by them."""
    record = _record_of(row)
    former = [
        one
        for one in expected
        if isinstance(one, dict) and clause in (one.get(PROVES) or ()) and record.items() <= _record_of(one).items()
    ]
    expected[:] = [one for one in expected if one not in former]
    return list(dict.fromkeys([*(proved for one in former for proved in one[PROVES]), clause]))


def _record_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return of which record an expectation speaks: an open task is the task, and a case ends once, whatever its outcome."""
    named = {"task" if key == "waiting" else key: row[key] for key in ("case", *_RECORDS) if key in row}
    return named | ({"outcome": ""} if "outcome" in row else {})


def _as_written(value: Any) -> Any:
    """Return a day as a day: a file writes it without quotes."""
    return date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else value


def _line(items: list[str]) -> CommentedSeq:
    row = CommentedSeq(items)
    row.fa.set_flow_style()
    return row


class _Proposing(Follower):
    """Looks, when the play is over, for what holds and shows that the clause happens."""

    def __init__(self, package: Package, kind: AssistKind, element: str, parameter: str, finding: str) -> None:
        self._assistant, self._element = ASSISTANTS[kind], _chosen(element)
        self._named = _named(package, kind, element, parameter)
        if finding:
            self._named["finding"] = frozenset({finding})
        if kind is AssistKind.REVOCATION and not self._element:
            self._element = _REVOKING
        known = package.award.parameters.get(parameter) if kind is AssistKind.PRIZE else None
        self._worth = known.values[-1].value if known else None
        said = package.award.parameters.get(parameter)
        self._said = str(said.values[-1].value) if said else ""
        self.found: Mapping[str, Any] | None = None
        self.stopped: tuple[Mapping[str, Any], ...] = ()
        self.until: int | None = None

    def after(self, stage: PlayState, move: Move, unmet: Sequence[Text]) -> None:
        """Keep the step after which who is barred is known to be: what it does afterwards cannot be played."""
        seeks = self._assistant.kind is AssistKind.BAR and self.until is None and not unmet
        if seeks and self._barred(stage):
            self.until = move.number
            results = {row.get("result"): row for row in reversed(tuple(self._fitting(stage)))}
            self.found = results.get("not_met")
            self.stopped = tuple(results[result] for result in ("met",) if result in results)

    def _barred(self, stage: PlayState) -> bool:
        grounds = self._named.get("finding", frozenset())
        asked = ({"case": nick, "finding": ground, "result": "not_met"} for nick in stage.cases for ground in grounds)
        return any(not unmet_in(stage, row) for row in asked)

    def _fitting(self, stage: PlayState) -> Iterator[Mapping[str, Any]]:
        """Yield what holds now and speaks of the clause."""
        proposed = (one.row for one in proposed_expectations(stage))
        return (row for row in proposed if _fits(row, self._assistant, self._named))

    def ended(self, stage: PlayState) -> None:
        if self._assistant.kind is AssistKind.BAR:  # it was shown before, or nobody is barred
            return
        proposed = [*rows_of_text(stage, self._assistant.kind, self._said)]
        if self._assistant.kind in BY_TEXT_ALONE:
            proposed.sort(key=lambda row: _kind_of(row, self._assistant)[0])
            self.found = next((row for row in proposed if _kind_of(row, self._assistant)[1]), None)
            self.stopped = tuple(row for row in proposed if "status" in row)[:1]
            return
        proposed += [one.row for one in proposed_expectations(stage)]
        ended = [{"case": row["case"], "outcome": row["outcome"]} for row in proposed if "outcome" in row]
        left = tuple(row for row in proposed if row.get("fact") == UNPLACED and "contains" in row)
        barred = tuple(row for row in proposed if row.get("finding") == BAN_ROW and row.get("result") == "not_met")
        parts = rows_of_parts(stage) if self._assistant.kind is AssistKind.PRIZE else ()
        self.stopped = (*(row for row in ended if row["outcome"] in _STOPPED), *left[:1], *barred[:1], *parts)
        fitting = [_lasting(row) for row in proposed if _fits(row, self._assistant, self._named) and self._agrees(row)]
        fitting.sort(key=lambda row: _kind_of(row, self._assistant)[0])
        reachable = self._element if self._worth is None else ""
        reached = ({"case": nick, "reached": reachable} for nick in stage.cases if reachable)
        if self._assistant.kind is AssistKind.APPEAL:  # until when one may appeal, and what was decided
            self.stopped = tuple(fitting[1:])
        self.found = next(iter(fitting), None) or next((row for row in reached if not unmet_in(stage, row)), None)

    def _agrees(self, row: Mapping[str, Any]) -> bool:
        """Tell whether ``row`` shows the clause: of a prize its amount."""
        return self._worth is None or self._worth in (row.get("value"), row.get("prize_yuan"))


def _lasting(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an expectation without how a notice stands that still runs: the season may go on to its end later."""
    running = "notice" in row and row.get("state") not in (None, "closed")
    return {key: value for key, value in row.items() if key != "state"} if running else row


def _kind_of(row: Mapping[str, Any], assistant: ClauseAssistant) -> tuple[int, str]:
    """Return which of the records that prove the kind ``row`` speaks of, and its place among them; "" for none."""
    kinds = assistant.proved_by
    return next(((place, kind) for place, kind in enumerate(kinds) if kind in row), (len(kinds), ""))


def _fits(row: Mapping[str, Any], assistant: ClauseAssistant, named: Mapping[str, frozenset[str]]) -> bool:
    kind = _kind_of(row, assistant)[1]
    return bool(kind) and (kind not in named or row[kind] in named[kind])


def _named(package: Package, kind: AssistKind, element: str, parameter: str) -> dict[str, frozenset[str]]:
    """Return by kind of record the names it must have; any where a kind is left out."""
    read = f"param.{parameter}"
    tasks = {
        e.id for d in package.diagrams.values() for e in d.elements.values() if read in e.properties.get("due", "")
    }
    chosen = _chosen(element)
    limited = frozenset({chosen} if chosen else tasks if parameter else ())
    if kind in _SHOWN_AT and not chosen:
        limited = frozenset({_SHOWN_AT[kind]})
    findings = frozenset(
        row.id for table in package.tables.values() for row in table.rows if read in "".join(row.outputs)
    )
    return {
        "task": limited,
        "waiting": limited,
        "timer": _APPEAL_OVER,
        "notice": frozenset(_notice_kinds(package, element, parameter)),
        "fact": frozenset(_FACTS.get(kind, ())),
        "document": frozenset({LETTERS[kind]} if kind in LETTERS else ()),
        "outcome": frozenset({_OUTCOMES[kind]} if kind in _OUTCOMES else ()),
        **({"finding": findings} if findings else {}),
    }


def _chosen(element: str) -> str:
    """Return the id of the chosen element, or of the task of a shared diagram that a chosen call leads to."""
    return element.partition("#")[2].rpartition("/")[2]


def _notice_kinds(package: Package, element: str, parameter: str) -> Iterator[str]:
    """Yield the kinds of the notices that the chosen element drafts; without one, of those whose days ``parameter`` gives."""
    path, _, ident = element.partition("#")
    drafts = (
        (file, e.id, e.operation.parameters)
        for file, diagram in package.diagrams.items()
        for e in diagram.elements.values()
        if e.operation is not None and e.operation.operation == "notice.draft"
    )
    for file, drafted, said in drafts:
        read = any(f"param.{parameter}" == value.strip() for value in said.values())
        if (file, drafted) == (path, ident) if element else read:
            yield said.get("kind", "").strip('"')
