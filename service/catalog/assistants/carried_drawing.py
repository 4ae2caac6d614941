"""Draw that places left over in one round are carried to the next: places of the award, or those of who recommends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from service.catalog.assistants.condition_rows import own_elements
from service.catalog.assistants.draw_between import recorded_before, with_facts
from service.catalog.assistants.vote_agendas import demanded_agendas, formula_of, kinds_above, with_formula
from service.catalog.bpmn.change_element import change_element
from service.catalog.bpmn.kinds import Kind
from service.catalog.bpmn.model import Diagram, Element
from service.catalog.bpmn.read import read_diagram
from service.catalog.clause_kinds.clause_question import AnswerKind, ClauseQuestion
from service.catalog.context_entries import with_entry
from service.catalog.package import Package
from service.catalog.parameters.parameters import Unit
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

OF_AWARD, OF_UNITS = "award", "recommendation"
CARRIED_QUESTIONS = (
    ClauseQuestion(
        "of",
        Text("结转的是什么名额", "Which places are carried over"),
        AnswerKind.CHOICE,
        options=(
            (OF_UNITS, Text("各推荐单位没有用完的推荐名额", "places that a recommending unit did not use")),
            (OF_AWARD, Text("各奖项空缺的名额", "places of a tier that stayed vacant")),
        ),
        hint=Text(
            "每届启动时取上一届余下的个数；结转来的当届没有用完的不再结转",
            "What the last round left is taken when a round is opened; what was carried over and is left again lapses",
        ),
    ),
)
"""What the assistant of places carried over asks."""
CARRIED_ON = Text(
    "从写入以后启动的届次起计余下的名额：以前各届没有记下余额，不结转。结转来的名额先用，当届没有用完的不再结转。",
    "What is left is counted in rounds opened from now on: earlier ones did not record it. What was carried over is used first, and "
    "lapses where it is left again.",
)
"""What is to be known of places that are carried over."""
CARRIED_PLACES, CARRIED_UNITS = "carried_places", "carried_recommendations"
"""The facts of a round: how many places of each tier, or of each recommending unit, the round before left to it."""
_OFFERED, _USED, _WINNERS = "places_offered", "recommendations_used", "winners"
_UNIT_PLACES = re.compile(r"param\.(\w+)\[unit = case\.recommender\]\[1\]\.places(?! \+)")
_OF_SETTINGS = re.compile(r"for (\w+) in param\.\w+ return \{[^{}()]*\}")
"""Places that follow from settings alone: known when the round is opened, though nobody may apply."""
_BRANCHES = re.compile(r"^\(?if\b")


def carried_drawn(
    filled: Files, package: Package, clause: str, parameter: str, unit: Unit, answers: Mapping[str, Any]
) -> dict[str, bytes]:
    """Return the files in which at most ``parameter`` places are carried over; raises Invalid where there is no place for it."""
    most = "" if unit is Unit.BOOLEAN else f"param.{parameter}, "
    if answers["of"] == OF_UNITS:
        return _of_units(filled, package, clause, most)
    return _of_award(filled, package, clause, most)


def carried_as_drawn(package: Package, parameter: str) -> dict[str, str]:
    """Return which places the parameter carries over as the place is drawn now; empty where it carries none."""
    for _, element in own_elements(package):
        said = _records(element)
        if parameter and f"param.{parameter}," in said:
            return {"of": OF_AWARD if f"{CARRIED_PLACES}:" in said else OF_UNITS}
    return {}


def _of_award(filled: Files, package: Package, clause: str, most: str) -> dict[str, bytes]:
    found = demanded_agendas(package)
    branching = next((element for _, element in found if _BRANCHES.match(formula_of(element, "tiers"))), None)
    if branching is not None:
        raise Invalid(
            Text(
                f"“{branching.name}”的名额按情形不同，不能自动加上结转的名额。请在它的 tiers 中写明哪种情形加上，再回来选这个图元。",
                f"The places of “{branching.name}” depend on what happened, so none can be added to them: write into its tiers where "
                "they are, then choose that element here.",
            )
        )
    rounds = dict.fromkeys(kind for path, _ in found for kind in kinds_above(package, path))
    formula = (
        f'{{held: siblings[{_OFFERED} != null and ({_WINNERS} != null or status = "ended")], '
        "last: held[id = max(for one in held return one.id)][1], "
        f"won: if last = null or last.{_WINNERS} = null then [] else last.{_WINNERS}, "
        f"left: if last = null then [] else for p in last.{_OFFERED} return "
        f"{{tier: p.tier, places: max(0, min({most}p.places, p.places + p.carried - count(won[tier = p.tier])))}}}}.left"
    )
    made = _opened(filled, package, clause, rounds, ("carry_places", "计入结转的名额"), {CARRIED_PLACES: formula})
    carried = f"if case.{CARRIED_PLACES} = null then [] else case.{CARRIED_PLACES}"
    for path, element in found:
        tiers = formula_of(element, "tiers")
        if CARRIED_PLACES in tiers:
            continue
        added = f"sum(concatenate([0], for k in ({carried}) return if k.tier = t.id then k.places else 0))"
        offered = (
            f"{{now: for t in ({tiers}) return {{tier: t.id, places: t.places, carried: {added}}}, "
            f"before: if case.{_OFFERED} = null then [] else case.{_OFFERED}, "
            "all: concatenate(before[not(list contains(now.tier, item.tier))], now)}.all"
        )
        step = ("note_places", "记录本届的名额")
        if _OF_SETTINGS.fullmatch(tiers):
            made |= _opened({**filled, **made}, package, clause, rounds, step, {_OFFERED: offered}, behind=True)
        else:
            made[path] = recorded_before(
                made.get(path, filled[path]), path, element.id, step, clause, {_OFFERED: offered}
            )
        both = f'for t in ({tiers}) return context put(t, "places", t.places + {added})'
        made[path] = with_formula(made.get(path, filled[path]), path, element, "tiers", both, clause)
    facts = {CARRIED_PLACES: "list", _OFFERED: "list", _WINNERS: "list"}
    return {**made, **with_facts({**filled, **made}, package, rounds, facts)}


def _of_units(filled: Files, package: Package, clause: str, most: str) -> dict[str, bytes]:
    judged = [(path, element) for path, element in own_elements(package) if _UNIT_PLACES.search(_prefill(element))]
    there = [element for _, element in own_elements(package) if CARRIED_UNITS in _prefill(element)]
    apply = package.award.processes.get("application")
    above = apply.parent if apply is not None else None
    rounds = {above: None} if above else {}
    path, over = next(((path, one) for path, one in own_elements(package) if one.id == "all_examined"), ("", None))
    if not (judged or there) or not rounds or over is None:
        raise Invalid(
            Text(
                "没有找到各推荐单位的名额。请先用助手“审核推荐（第一级）”画上推荐，并填写每个单位最多推荐几个，再回来。",
                "No recommending unit has places here: draw the recommendation first, by its assistant, with its places.",
            )
        )
    places = next((found[1] for _, one in judged if (found := _UNIT_PLACES.search(_prefill(one)))), "")
    left = (
        f"{{held: siblings[{_USED} != null], last: held[id = max(for one in held return one.id)][1], "
        f"left: if last = null then [] else for p in last.{_USED} return "
        f"{{unit: p.unit, places: max(0, min({most}p.places, p.places + p.carried - p.used))}}}}.left"
    )
    made = _opened(
        filled, package, clause, rounds, ("carry_recommendations", "计入结转的推荐名额"), {CARRIED_UNITS: left}
    )
    if judged:
        added = "sum(concatenate([0], for k in %s return if k.unit = %s then k.places else 0))"
        used = (
            f"for p in param.{places} return {{unit: p.unit, places: p.places, "
            f"carried: {added % (f'(if case.{CARRIED_UNITS} = null then [] else case.{CARRIED_UNITS})', 'p.unit')}, "
            'used: count(children[process = "application" and recommender = p.unit and recommended = true])}'
        )
        after = _following(package.diagrams[path], over)
        made[path] = recorded_before(
            made.get(path, filled[path]),
            path,
            after.id,
            ("note_recommendations", "记录用去的推荐名额"),
            clause,
            {_USED: used},
        )
        of_round = f"(if {above}.{CARRIED_UNITS} = null then [] else {above}.{CARRIED_UNITS})"
        more = added % (of_round, "case.recommender")
        for where, element in judged:
            said = _UNIT_PLACES.sub(lambda hit: f"{hit[0]} + {more}", _prefill(element))
            cited = " ".join(dict.fromkeys([*element.clauses, clause]))
            content = made.get(where, filled[where])
            made[where] = change_element(content, where, element.id, {"prefill": said, "clauses": cited}, {})
    facts = {CARRIED_UNITS: "list", _USED: "list"}
    return {**made, **with_facts({**filled, **made}, package, rounds, facts)}


def _opened(
    filled: Files,
    package: Package,
    clause: str,
    rounds: Mapping[str, None],
    step: tuple[str, str],
    records: Mapping[str, str],
    *,
    behind: bool = False,
) -> dict[str, bytes]:
    """Return the diagrams of rounds that record something as soon as they are opened; one that does so records it anew.

    ``behind``: right behind the step that counts what is carried over.
    """
    made: dict[str, bytes] = {}
    fact = next(iter(records))
    for path, known in package.diagrams.items():
        running = any(package.award.processes[kind].process == known.process_id for kind in rounds)
        if not running or not path.startswith(f"processes/{package.key}/"):
            continue
        diagram = read_diagram(filled[path], path)
        held = next((one for one in diagram.elements.values() if f"{fact}:" in _records(one)), None)
        if held is not None:
            made[path] = _recorded_anew(filled[path], path, held, clause, records)
            continue
        first = next(one for one in diagram.of(Kind.START) if not one.attached_to)
        if behind:
            first = next((one for one in diagram.elements.values() if f"{CARRIED_PLACES}:" in _records(one)), first)
        made[path] = recorded_before(filled[path], path, _following(diagram, first).id, step, clause, records)
    return made


def _recorded_anew(content: bytes, path: str, held: Element, clause: str, records: Mapping[str, str]) -> bytes:
    said = held.operation.parameters["from_records"] if held.operation else ""
    for fact, formula in records.items():
        said = with_entry(said, fact, formula, deep=False)
    cited = " ".join(dict.fromkeys([*held.clauses, clause]))
    return change_element(content, path, held.id, {"clauses": cited}, {"from_records": said})


def _following(diagram: Diagram, element: Element) -> Element:
    """Return the one element that a flow leads to from ``element``."""
    return next(diagram.elements[flow.target] for flow in diagram.flows.values() if flow.source == element.id)


def _records(element: Element) -> str:
    """Return what an element records from the records of its case."""
    return element.operation.parameters.get("from_records", "") if element.operation is not None else ""


def _prefill(element: Element) -> str:
    return element.properties.get("prefill", "")
