"""Draw who goes first of candidates with as many votes: by their age, which each application records, or by a rule that is there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from service.catalog.assistants.condition_rows import name_of_application, own_elements
from service.catalog.assistants.draw_between import (
    drawn_anew,
    kinds_running,
    pieces_of,
    put_before,
    put_into_lane,
    with_facts,
)
from service.catalog.bpmn.change_element import change_element
from service.catalog.bpmn.model import Element
from service.catalog.clause_kinds.clause_question import AnswerKind, ClauseQuestion
from service.catalog.context_entries import entry_of, escaped, has_entry, unescaped, with_entry
from service.catalog.law_text.tie_said import TieOrder, tie_said
from service.catalog.new_city.site import ASKED
from service.catalog.package import Package
from service.catalog.parameters.parameter_entries import change_parameter
from service.catalog.source.xml import parse_xml
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

TIE = "vote_tie"
"""The parameter by which every ballot knows what follows equal votes at the last place."""
RULE_OF: Mapping[TieOrder, str] = {
    TieOrder.OLDER: "review_score",
    TieOrder.SCORE: "review_score",
    TieOrder.BALLOT: "second_ballot_then_vacant",
    TieOrder.CHAIR: "chair_decides",
    TieOrder.VACANT: "all_vacant",
}
"""The rule of the ballot for each order; what it calls the score is the age where that decides."""
TIE_QUESTIONS = (
    ClauseQuestion(
        "order",
        Text("得票相同、名额不够的", "Equal votes, too few places"),
        AnswerKind.CHOICE,
        options=(
            (TieOrder.OLDER.value, Text("成立时间早的优先", "the older organisation goes first")),
            (TieOrder.SCORE.value, Text("评审得分高的优先", "the better score goes first")),
            (
                TieOrder.BALLOT.value,
                Text("再投一次，仍相同的空缺", "a second ballot; vacant where they are equal again"),
            ),
            (TieOrder.CHAIR.value, Text("由主持人决定", "the chair decides")),
            (TieOrder.VACANT.value, Text("都不入选，名额空缺", "none of them; the place stays vacant")),
        ),
        hint=Text(
            "看成立时间的，助手让每个申报记下成立日期，表决时早的排在前面；日期也相同的，名额空缺",
            "By age: each application records the day of founding and the ballot puts the older first; equal days leave it vacant",
        ),
    ),
)
"""What the assistant of equal votes asks."""
AGE_AS_SCORE = Text(
    "参数“末位得票相同”写的是“看评审得分”：表决时，每个候选的这个得分换成了从成立到那一天的天数。成立日期也相同的，名额空缺。",
    "The parameter says “by review score”: at the vote that score of a candidate is how many days ago it was founded. Who was founded on "
    "the same day leaves the place vacant.",
)
"""What is to be known where the older goes first."""
FOUNDED = "founded_on"
"""The fact in which an application keeps when the organisation was founded."""
_AGE = f"(for k in children[string(id) = string(c.id)] return (today() - date(k.{FOUNDED})).days)[1]"
_AGED = ("for c in (", f') return context put(c, "score", {_AGE})')
"""What stands around the formula of the candidates where the older goes first."""
_DAY = re.compile(r"\b((?:[a-z_]\w*\.)+(?:founded|established_on))\b")
_FIELD = "founded"


def ties_drawn(
    files: Files, filled: Files, package: Package, clause: str, answers: Mapping[str, Any]
) -> dict[str, bytes]:
    """Return the files in which ballots keep to the order that was answered; ``files`` hold the parameter already.

    Raises Invalid where nothing is put to the vote, no application says when an organisation was founded, or no candidate has a
    score.
    """
    order = TieOrder(str(answers["order"]))
    agendas = [(path, element) for path, element in own_elements(package) if _candidates(element)]
    if not agendas:
        raise Invalid(
            Text(
                "没有找到提请表决的环节（取候选的值），请先画表决，再回来。",
                "No step puts candidates to the vote: draw the ballot first.",
            )
        )
    made: dict[str, bytes] = {}
    if order is TieOrder.OLDER:
        _demand_votes_first(package)
        made |= _noted(filled, package, clause)
    for path, element in agendas:
        made[path] = _ordered(made.get(path, filled[path]), path, element, clause, order)
    text = files[package.parameters_file].decode()
    said = tie_said((law := package.law.clause(clause)).text or law.summary)
    basis = (
        {"source": "stated", "question": None}
        if said and said[0] is order
        else {"source": "default", "question": ASKED}
    )
    made[package.parameters_file] = change_parameter(text, TIE, basis).encode()
    return made


def order_as_drawn(package: Package) -> str:
    """Return who goes first in a place as it is drawn now, "" where its ballots follow no rule of the place."""
    known = package.award.parameters.get(TIE)
    if known is None or not known.values:
        return ""
    aged = any(FOUNDED in _formula(element) for _, element in own_elements(package) if _candidates(element))
    if aged:
        return TieOrder.OLDER.value
    return next((order.value for order, rule in [*RULE_OF.items()][1:] if rule == known.values[-1].value), "")


def _candidates(element: Element) -> str:
    """Return in which parameter an element takes the candidates of a vote, "" where it takes none."""
    if element.operation is None or element.operation.operation != "values.take":
        return ""
    said = element.operation.parameters
    if "candidates" in said and "tiers" in said:
        return "candidates"
    held = (
        key for key in ("values", "given") if all(has_entry(said.get(key, ""), one) for one in ("candidates", "tiers"))
    )
    return next(held, "")


def _formula(element: Element) -> str:
    """Return the formula of the candidates."""
    key = _candidates(element)
    said = element.operation.parameters[key] if element.operation else ""
    return unescaped(said.strip()[1:-1]) if key == "candidates" else entry_of(said, "candidates", key == "values")


def _without_age(formula: str) -> str:
    """Return the candidates as they were before their age was put into the place of a score."""
    before, after = _AGED
    return formula[len(before) : -len(after)] if formula.startswith(before) and formula.endswith(after) else formula


def _ordered(content: bytes, path: str, element: Element, clause: str, order: TieOrder) -> bytes:
    """Return the diagram whose ballot cites the clause; by age, each candidate's score is how old it is."""
    key, formula = _candidates(element), _without_age(_formula(element))
    if order is TieOrder.SCORE and "score:" not in formula:
        raise Invalid(
            Text(
                f"“{element.name}”的候选没有评审得分，不能按得分排。请先用助手“各评审阶段的比重”或者“入围的分数线或者名次”画上评审打分。",
                f"The candidates of “{element.name}” have no score: draw the review with points first.",
            )
        )
    if order is TieOrder.OLDER:
        formula = f"{_AGED[0]}{formula}{_AGED[1]}"
    said = element.operation.parameters[key] if element.operation else ""
    new = f'"{escaped(formula)}"' if key == "candidates" else with_entry(said, "candidates", formula, key == "values")
    cited = " ".join(dict.fromkeys([*element.clauses, clause]))
    return change_element(content, path, element.id, {"clauses": cited}, {key: new})


def _noted(filled: Files, package: Package, clause: str) -> dict[str, bytes]:
    """Return the files in which each application records when the organisation was founded, before its conditions are examined."""
    examined = [
        (path, element)
        for path, element in own_elements(package)
        if element.operation is not None and element.operation.operation == "eligibility.examine"
    ]
    day = _day_of_founding(package)
    if not examined or not day:
        raise Invalid(
            Text(
                "申报表中没有成立日期，或者流程中没有审查条件的环节，不能按成立时间排。请先在申报表中加上成立日期（founded），并画上审查条件。",
                "No application says when an organisation was founded, or no step examines conditions: add the day (founded) to "
                "the form, and that step, first.",
            )
        )
    made: dict[str, bytes] = {}
    kinds: list[str] = []
    for path, element in examined:
        diagram = package.diagrams[path]
        running = _kinds_above(package, path)
        kinds += running
        if any(FOUNDED in package.award.processes[key].facts for key in running):
            continue
        records = f'{{{FOUNDED}: "if {day} = null then null else date({day})"}}'
        drawn = pieces_of(
            path,
            '<bpmn:serviceTask id="note_founding" name="记录成立日期"><bpmn:extensionElements><spiffworkflow:properties>'
            f'<spiffworkflow:property name="clauses" value={quoteattr(clause)} /></spiffworkflow:properties>'
            '<spiffworkflow:serviceTaskOperator id="case.set"><spiffworkflow:parameters>'
            f'<spiffworkflow:parameter id="from_records" type="context" value={quoteattr(records)} />'
            "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator></bpmn:extensionElements></bpmn:serviceTask>"
            f'<bpmn:sequenceFlow id="note_founding_to_{element.id}" sourceRef="note_founding" targetRef="{element.id}" />',
        )
        root = parse_xml(filled[path], path)
        put_before(root, diagram, element, drawn[:1], drawn[1:])
        process = next(one for one in root.iter() if one.get("id") == diagram.process_id)
        put_into_lane(process, element.id, drawn[:1])
        made[path] = drawn_anew(root)
    return {**made, **with_facts(filled, package, dict.fromkeys(kinds), {FOUNDED: "date"})}


def _kinds_above(package: Package, path: str) -> list[str]:
    """Return the kinds of case that run the diagram at ``path``, or one that calls it."""
    found, waiting = dict[str, None](), [path]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found[here] = None
            called = package.diagrams[here].process_id
            waiting += [above for above, element in own_elements(package) if element.called == called]
    return [key for one in found for key in kinds_running(package, package.diagrams[one])]


def _day_of_founding(package: Package) -> str:
    """Return the field of an application that says when its organisation was founded, as formulas read it; "" for none."""
    tables = (
        row.inputs + row.outputs for table in package.tables.values() if table.is_eligibility for row in table.rows
    )
    read = Counter(day for cells in tables for cell in cells for day in _DAY.findall(cell))
    if read:
        return str(read.most_common(1)[0][0])
    name = name_of_application(package)
    fields = package.form(name)["components"] if name in package.forms else []
    return f"{name}.{_FIELD}" if any(field.get("key") == _FIELD for field in fields) else ""


def _demand_votes_first(package: Package) -> None:
    """Raise Invalid where scores decide more than equal votes: the age may not take their place there."""
    over = package.award.parameters.get("over_quota")
    if over is not None and over.values and over.values[-1].value == RULE_OF[TieOrder.SCORE]:
        raise Invalid(
            Text(
                f"“{over.text.zh}”现在按评审得分取舍，得分不能换成成立时间。请先把它改为按得票取舍，再回来。",
                f"“{over.text.en}” goes by scores now, and the age cannot take their place: let it go by votes first.",
            )
        )
