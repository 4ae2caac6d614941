"""What the assistant of a clause draws: the agenda of a ballot, a row of the conditions, a step with its shared diagram."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from service.catalog.assistants.clause_demands import demand_drawable
from service.catalog.assistants.condition_rows import condition_row, form_of_application, own_elements, row_of_bans
from service.catalog.assistants.drawn_apart import drawn_apart
from service.catalog.assistants.drawn_clause import Drawn, DrawnFor
from service.catalog.assistants.replaced_question import without_question
from service.catalog.assistants.revocation_grounds import free_grounds, with_ground
from service.catalog.bpmn.change_element import change_element
from service.catalog.bpmn.model import Element
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.context_entries import entry_of, escaped, has_entry, unescaped, with_entry
from service.catalog.new_city.add_step import add_steps, steps_of
from service.catalog.new_city.correction_pieces import decision_with_correction
from service.catalog.new_city.enough_applicants import with_applicants
from service.catalog.new_city.first_recommendation import (
    opinion_form,
    recommenders_answered,
    with_recommended,
    with_recommender,
)
from service.catalog.new_city.further_recommendation import with_further
from service.catalog.new_city.group_places import with_choice, with_group
from service.catalog.new_city.scored_seasons import with_reviews
from service.catalog.new_city.seasons_changed import in_seasons
from service.catalog.new_city.site import REVIEWERS
from service.catalog.new_city.steps import CityStep
from service.catalog.package import Package
from service.catalog.parameters.parameters import Unit
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

_STEP_OF = {
    AssistKind.PRIZE: (CityStep.PAYMENT, "round", "confer"),
    AssistKind.OBJECTION_WINDOW: (CityStep.OBJECTION, "objection", "handle_objection"),
    AssistKind.REVOCATION: (CityStep.REVOCATION, "revocation", "revoke"),
    AssistKind.CORRECTION: (CityStep.CORRECTION, "application", "correct_material"),
    AssistKind.VALIDITY: (CityStep.TITLE, "round", "start_titles"),
    AssistKind.REPORTS: (CityStep.REPORTS, "round", "start_reports"),
    AssistKind.CALL: (CityStep.CALL, "round", "post_call"),
    AssistKind.ANNOUNCEMENT: (CityStep.ANNOUNCEMENT, "round", "post_announcement"),
    AssistKind.GROUP_PLACES: (CityStep.GROUPS, "round", "set_selection"),
    AssistKind.CYCLE: (CityStep.CYCLE, "round", "cycle_over"),
    AssistKind.CUT_OFF: (CityStep.RANKING, "round", "rank_candidates"),
    AssistKind.RECOMMENDATION: (CityStep.RECOMMENDATION, "application", "recommend"),
    AssistKind.FURTHER_RECOMMENDATION: (CityStep.FURTHER_RECOMMENDATION, "application", "recommend_further"),
    AssistKind.WEIGHTS: (CityStep.SECOND_REVIEW, "round", "rank_candidates"),
}
"""The step that each kind needs, and the element that carries the clause out, with its diagram."""
_SHORTLISTED = (CityStep.SHORTLIST, "round", "rank_first")
"""The same for a cut-off before the second stage of review."""
_NEEDS = {
    CityStep.RANKING: (CityStep.SCORING,),
    CityStep.SHORTLIST: (CityStep.SCORING, CityStep.SECOND_REVIEW),
    CityStep.SECOND_REVIEW: (CityStep.SCORING, CityStep.RANKING),
}
"""Further steps without which a step cannot be; those that are there stay."""
_STAGES = (CityStep.SCORING, CityStep.SECOND_REVIEW, CityStep.THIRD_REVIEW)
NO_BAR = "0"
"""The years of a bar where a clause that revokes says nothing of one."""
_RULES = ("vote_threshold", "vote_quorum")
"""Parameters that every ballot keeps to by their names."""


def draw_clause(files: Files, filled: Files, package: Package, wanted: DrawnFor) -> Drawn:
    """Return what has to be drawn so that the clause happens; nothing where something reads the parameter already.

    ``files`` have patterns unfilled. Raises Invalid where there is no place for it, and says what to do.
    """
    if wanted.kind in _STEP_OF:
        return _step(files, filled, package, wanted)
    apart = drawn_apart(files, filled, package, wanted)
    if apart is not None:
        return apart
    beside = wanted.second if wanted.kind is AssistKind.QUOTA else ""
    if wanted.kind is AssistKind.BAR:  # whatever else reads the parameter, such as the validity of a title
        asked = (wanted.clause, wanted.parameter, wanted.answers, wanted.unit, wanted.tier)
        drawn = condition_row(filled, package, *asked)
        return Drawn(without_question(drawn, filled, package, wanted.clause))
    if _read_already(package, wanted.parameter) and not (beside and not _read_already(package, beside)):
        return Drawn()
    if wanted.kind is AssistKind.QUOTA:
        agenda = _agenda(filled, package, wanted, "tiers", lambda old: _capped(old, package, wanted))
        said = wanted.answers.get("share")
        more = in_seasons(filled, package, lambda text: with_applicants(text, Fraction(said))) if said else {}
        return replace(agenda, files=agenda.files | more)
    if wanted.kind is AssistKind.MAJORITY:
        return _majority(filled, package, wanted)
    return Drawn()


def _step(files: Files, filled: Files, package: Package, wanted: DrawnFor) -> Drawn:
    """Return the step with its pieces; of one that is there what the clause adds: a tier's prize, a ground, what was answered."""
    step, name, mark = _SHORTLISTED if wanted.answers.get("before") == "second" else _STEP_OF[wanted.kind]
    demand_drawable(package, wanted.kind, wanted.answers, wanted.clause)
    known = steps_of(package)
    there = step in known
    if not there and _read_already(package, wanted.parameter):
        return Drawn()
    steps = [*(needed for needed in _NEEDS.get(step, ()) if needed not in known), step]
    if wanted.answers.get("hold") == "concerned":
        steps.append(CityStep.SEPARATE)
    if step is CityStep.CALL and wanted.answers.get("day"):
        steps.append(CityStep.CALL_DAY)
    if wanted.answers.get("third"):
        steps.append(CityStep.THIRD_REVIEW)
    answers = {**wanted.answers, "tier": wanted.tier} if wanted.kind is AssistKind.PRIZE else wanted.answers
    if answers.get("within_years"):
        clause = package.law.clause(wanted.clause)
        free = free_grounds(str(answers["ground"]), wanted.parameter, clause.text or clause.summary)
        answers = {**answers, "free_grounds": free}
    drawn = add_steps(files, package, steps, wanted.clause, wanted.parameter, answers)
    if not {*_STAGES, CityStep.SHORTLIST}.isdisjoint(set(steps) - known):
        stages = sum(stage in known or stage in steps for stage in _STAGES)
        listed, begun = CityStep.SHORTLIST in known.union(steps), not known.isdisjoint(_STAGES)
        drawn |= _reviewed(filled, package, stages, listed=listed, begun=begun)
    if step is CityStep.GROUPS:
        form = form_of_application(package)
        drawn |= {form: with_choice(filled[form], str(wanted.answers["group"]).strip())}
        drawn |= in_seasons(filled, package, with_group)
    if step is CityStep.RECOMMENDATION and not there:
        form, named = form_of_application(package), recommenders_answered(wanted.answers)
        opinion = f"processes/{package.key}/forms/recommend.json"
        drawn |= {form: with_recommender(filled[form], named), opinion: opinion_form(wanted.clause)}
        drawn |= in_seasons(filled, package, lambda text: with_recommended(text, named))
    if step is CityStep.FURTHER_RECOMMENDATION and not there:
        drawn |= in_seasons(filled, package, with_further)
    if step is CityStep.CORRECTION and not there:
        drawn |= decision_with_correction(filled, package)
    if wanted.kind is AssistKind.REVOCATION and wanted.answers.get("value") != NO_BAR:
        drawn |= row_of_bans(filled, package, wanted.clause)
    place = f"processes/{package.key}/{name}.bpmn"
    if not there:
        return Drawn(drawn, (f"{place}#{mark}",) if _draws_on(wanted.kind, known) else ())
    if wanted.kind is AssistKind.PRIZE:
        drawn |= _priced(filled, package, wanted, place)
    if wanted.kind is AssistKind.REVOCATION:
        limited = bool(wanted.answers.get("within_years"))
        label = str(wanted.answers.get("ground", ""))
        drawn |= with_ground(filled, package, place, wanted.clause, wanted.parameter, label, limited=limited)
    return Drawn(drawn, (f"{place}#{mark}",))


def _draws_on(kind: AssistKind, known: frozenset[CityStep]) -> bool:
    """Tell whether the element that carries the clause out is there already, and only reads more from now on."""
    return kind is AssistKind.WEIGHTS and CityStep.RANKING in known


def _reviewed(filled: Files, package: Package, stages: int, *, listed: bool, begun: bool) -> dict[str, bytes]:
    """Return the place's scenarios in which everybody who is accepted goes through so many stages; ``listed``: by a shortlist."""
    known = package.award.parameters.get("reviewers")
    reviewers = int(known.values[-1].value) if known else REVIEWERS
    return in_seasons(filled, package, lambda text: with_reviews(text, reviewers, stages, listed=listed, begun=begun))


def _priced(filled: Files, package: Package, wanted: DrawnFor, path: str) -> dict[str, bytes]:
    """Return the round whose conferral gives the prize of one tier more, or of all."""
    element = package.diagrams[path].elements["confer"]
    said = element.operation.parameters.get("prize_from", "") if element.operation else ""
    prize = f"param.{wanted.parameter}"
    if prize in said:
        return {}
    old = unescaped(said.strip()[1:-1]) or "0"
    formula = f'if row.tier = "{wanted.tier}" then {prize} else {old}' if wanted.tier else prize
    return {path: change_element(filled[path], path, "confer", {}, {"prize_from": f'"{escaped(formula)}"'})}


def _read_already(package: Package, parameter: str) -> bool:
    """Tell whether a diagram or a table reads the parameter."""
    asked = re.compile(rf"param\.{re.escape(parameter)}\b|\"{re.escape(parameter)}\"")
    tables = (row.outputs + row.inputs for table in package.tables.values() for row in table.rows)
    if any(asked.search(cell) for cells in tables for cell in cells):
        return True
    return any(asked.search(said) for _, element in own_elements(package) for said in _formulas(element))


def _formulas(element: Element) -> Iterator[str]:
    yield from element.properties.values()
    if element.operation is not None:
        yield from element.operation.parameters.values()


def _agenda(filled: Files, package: Package, wanted: DrawnFor, entry: str, written: Callable[[str], str]) -> Drawn:
    """Return the diagrams that set up a ballot, with ``entry`` of its agenda written anew."""
    found = [(path, e) for path, e in own_elements(package) if _sets_agenda(e)]
    if not found:
        raise Invalid(
            Text(
                "没有找到提请表决的环节（取 agenda 的值），请先画表决，再回来。",
                "No step sets up a ballot (takes the values of “agenda”): draw the ballot first.",
            )
        )
    changed: dict[str, bytes] = {}
    for path, element in found:
        key, said = _holder(element, "tiers")
        deep = key == "values"
        old = entry_of(said, entry, deep)
        after = with_entry(said, entry, written(old), deep)
        cited = " ".join(dict.fromkeys([*element.clauses, wanted.clause]))
        changed[path] = change_element(
            changed.get(path, filled[path]), path, element.id, {"clauses": cited}, {key: after}
        )
    return Drawn(changed)


def _sets_agenda(element: Element) -> bool:
    return (
        element.operation is not None
        and element.operation.operation == "values.take"
        and bool(_holder(element, "tiers")[0])
    )


def _holder(element: Element, entry: str) -> tuple[str, str]:
    """Return the parameter of ``values.take`` that has ``entry``, with its text; ("", "") where none has."""
    said = element.operation.parameters if element.operation else {}
    for key in ("values", "given"):
        if has_entry(said.get(key, ""), entry):
            return key, said[key]
    return "", ""


def _capped(old: str, package: Package, wanted: DrawnFor) -> str:
    """Return the tiers of a ballot with at most as many places as the quota, in one tier or in all together."""
    quota = _most(wanted)
    if wanted.tier or len(package.award.tiers) == 1:
        tier = wanted.tier or package.award.tiers[0].id
        fewer = f'if t.id = "{tier}" then min(t.places, {quota}) else t.places'
        return f'for t in ({old}) return context put(t, "places", {fewer})'
    taken = "(if i = 1 then 0 else sum(sublist(all.places, 1, i - 1)))"
    fewer = f"max(0, min(all[i].places, {quota} - {taken}))"
    return f'{{all: {old}, kept: for i in 1..count(all) return context put(all[i], "places", {fewer})}}.kept'


def _most(wanted: DrawnFor) -> str:
    """Return how many places there are at most: so many, a share of the applications rounded down, or the fewer of both."""
    share = 'floor(param.{} * count(children[process = "application"]))'
    most = share.format(wanted.parameter) if wanted.unit is Unit.FRACTION else f"param.{wanted.parameter}"
    return f"min({most}, {share.format(wanted.second)})" if wanted.second else most


def _majority(filled: Files, package: Package, wanted: DrawnFor) -> Drawn:
    """Every ballot keeps to parameters of the usual names; others are put into its rules, and the call cites the clause.

    What one tier takes stands with its places.
    """
    own = "" if wanted.tier else wanted.parameter
    said = [(rule, name) for rule, name in zip(_RULES, (own, wanted.second), strict=True) if name]
    calls = [f"{path}#{e.id}" for path, e in own_elements(package) if e.called == "shared_ballot"]
    if wanted.tier:
        passing = f'if t.id = "{wanted.tier}" then param.{wanted.parameter} else get value(t, "threshold")'
        each = 'for t in ({}) return context put(t, "threshold", {})'
        drawn = _agenda(filled, package, wanted, "tiers", lambda old: each.format(old, passing))
        return replace(drawn, citing=tuple(calls[:1]))
    if all(rule == name for rule, name in said):
        return Drawn({}, tuple(calls[:1]))
    rules = "{" + ", ".join(f"{rule}: param.{name}" for rule, name in said) + "}"
    return replace(_agenda(filled, package, wanted, "rules", lambda _: rules), citing=tuple(calls[:1]))
