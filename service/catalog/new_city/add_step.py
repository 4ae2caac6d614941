"""Draw a further step into the procedure of a place that was begun from blank, also where it was drawn on since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from service.catalog.law_text.limit_starts import StartSaid, start_said
from service.catalog.new_city.application_slots import AS_USUAL, application_slots
from service.catalog.new_city.conferral import hands_over
from service.catalog.new_city.correction_pieces import late_of
from service.catalog.new_city.first_recommendation import recommenders_answered
from service.catalog.new_city.follow_up_pieces import parts_of_prize
from service.catalog.new_city.put_pieces import put_award, put_parameters, put_place
from service.catalog.new_city.recommendation_pieces import recommender_as_drawn, recommender_from
from service.catalog.new_city.redraw import redraw
from service.catalog.new_city.score_pieces import as_drawn, cited_besides, stages_of_review
from service.catalog.new_city.site import Rows, Site, StepPieces
from service.catalog.new_city.step_pieces import pieces_of
from service.catalog.new_city.steps import RANKED, CityStep, Slots, round_slots
from service.catalog.package import Package
from service.catalog.patterns.patterns import DIAGRAMS, USES, PatternMistake, fill_patterns
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.freeze import thaw
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

_MARKS = {
    CityStep.OBJECTION: ("round", "objections_over"),
    CityStep.SCORING: ("application", "review"),
    CityStep.APPROVAL: ("round", "approval"),
    CityStep.PAYMENT: ("round", "start_payments"),
    CityStep.REVOCATION: ("revocation", "revoke"),
    CityStep.REPORTS: ("round", "start_reports"),
    CityStep.WITHDRAWAL: ("application", "withdrawn"),
    CityStep.TITLE: ("round", "start_titles"),
    CityStep.SEPARATE: ("round", "anyone_waiting"),
    CityStep.CORRECTION: ("application", "correct_material"),
    CityStep.CATEGORIES: ("application", "set_category"),
    CityStep.SECOND_REVIEW: ("application", "second_review"),
    CityStep.THIRD_REVIEW: ("application", "third_review"),
    CityStep.SHORTLIST: ("round", "rank_first"),
    CityStep.RANKING: ("round", "rank_candidates"),
    CityStep.ANNOUNCEMENT: ("round", "draft_announcement"),
    CityStep.RECOMMENDATION: ("application", "recommend"),
    CityStep.FURTHER_RECOMMENDATION: ("application", "recommend_further"),
    CityStep.CALL: ("round", "draft_call"),
    CityStep.CALL_DAY: ("round", "await_call_day"),
    CityStep.CYCLE: ("round", "cycle_over"),
    CityStep.GROUPS: ("round", "set_selection"),
}
"""By which element of which diagram a step is known."""
_PARAMETER_OF = {
    CityStep.PAYMENT: "prize",
    CityStep.REVOCATION: "ban",
    CityStep.REPORTS: "reports",
    CityStep.TITLE: "validity",
    CityStep.CORRECTION: "correction",
    CityStep.ANNOUNCEMENT: "announcer",
    CityStep.CALL: "caller",
}
_BOUND = {
    CityStep.SCORING: "review",
    CityStep.SECOND_REVIEW: "second_review",
    CityStep.THIRD_REVIEW: "third_review",
    CityStep.APPROVAL: "approval",
}
"""The slot of the shared diagram that a step calls: what it held in a place without the step says nothing."""
_NONE: Rows = {}
_GROWN = {"round": ("notice_result", "confer", "conferred"), "application": ("accepted", "done")}
"""The elements without which a diagram is not the one that a place begins with."""


def steps_of(package: Package) -> frozenset[CityStep]:
    """Return the further steps that the procedure of a place begun from blank has."""
    found = {step for step, (name, mark) in _MARKS.items() if mark in _elements(package, name)}
    return frozenset(found)


def add_steps(
    files: Files, package: Package, steps: Sequence[CityStep], clause: str, parameter: str = "", answers: Rows = _NONE
) -> dict[str, bytes]:
    """Return the files that change where ``steps`` are drawn for ``clause``; patterns are left unfilled.

    ``parameter`` carries the prize, the years of the bar or of the reports; ``answers`` are those to the questions of the
    assistant, ``tier`` among them the one that the prize is for, "" for all. Of a step that is there already only what was
    answered is written.

    Raises Invalid where the place was not begun from blank, or where what was drawn since is in the way.
    """
    for name, marks in _GROWN.items():
        if not set(marks) <= _elements(package, name):
            raise Invalid(
                Text(
                    "这里的流程不是从空白新建的样子，不能自动画上这一环节。请在流程图中画，再回来选图元。",
                    "The procedure is not the one a blank place begins with: "
                    "draw the step on the diagram, then choose its element here.",
                )
            )
    before = steps_of(package)
    site = site_for(package, steps, clause, parameter, answers)
    award = f"processes/{package.key}"
    place = f"processes/{package.jurisdiction.id}/jurisdiction.yaml"
    made: dict[str, bytes] = {}
    if not set(steps) <= before or answers.get("ranking"):
        made |= _diagram(files, f"{award}/round.bpmn", package, *_of_round(package, site, steps))
        slots = _of_application(package, site, steps)
        made |= _diagram({**files, **made}, f"{award}/application.bpmn", package, *slots)
    for step in steps:
        pieces, now = pieces_of(step, site), {**files, **made}
        made |= _new_patterns(now, award, pieces) | _new_documents(now, award, pieces)
        made[f"{award}/award.yaml"] = put_award(now[f"{award}/award.yaml"], pieces)
        made[package.parameters_file] = put_parameters(now.get(package.parameters_file, b""), package, pieces, clause)
        made[place] = put_place(now[place], pieces, bool(answers) or step is CityStep.APPROVAL)
    return {path: content for path, content in made.items() if files.get(path) != content}


def _of_round(package: Package, site: Site, steps: Sequence[CityStep]) -> tuple[Slots, Slots]:
    """Return what the pattern of a round is filled with as it is, and with the steps."""
    tier, prize = str(site.answers.get("tier", "")), f"param.{site.prize}"
    prize = f'if row.tier = "{tier}" then {prize} else 0' if tier else prize
    days, there = "winners_notice_calendar_days" in package.award.parameters, as_drawn(package)
    vote = package.diagrams[f"processes/{package.key}/round.bpmn"].elements.get("vote")
    there = {**there, "vote_name": vote.name} if vote is not None and vote.name else there
    more = {**there, **site.answers.get("ranking", {})}
    if CityStep.ANNOUNCEMENT in steps:
        more["announcer"] = site.announcer
    if CityStep.CALL in steps:
        more |= {"caller": site.caller, "call_says": RANKED["call_says"]}
    old = round_slots(steps_of(package), {}, calendar=days, more=there)
    old = _without_undrawn(old, package, steps)
    return old, round_slots(site.steps, site.cited, prize, days, more)


def _of_application(package: Package, site: Site, steps: Sequence[CityStep]) -> tuple[Slots, Slots]:
    """Return what the pattern of an application is filled with as it is, and with the steps."""
    was, becomes = stages_of_review(package, site.answers)
    how, by = _correction(package, steps, site.answers), recommender_as_drawn(package)
    old = application_slots(steps_of(package), {}, names=was, recommender=by)
    by = recommender_from(site.recommenders) if site.recommenders else by
    new = application_slots(site.steps, site.cited, how, becomes, by, _starts(package, site, steps))
    return _without_undrawn(old, package, steps), new


def _starts(package: Package, site: Site, steps: Sequence[CityStep]) -> dict[str, StartSaid | None]:
    """Return from when the time to recommend counts, where that is drawn now."""
    cited = site.citing(CityStep.RECOMMENDATION) if CityStep.RECOMMENDATION in steps else None
    clause = package.law.clauses.get(cited or "")
    return {"recommendation_due": start_said(clause.text or clause.summary)} if clause is not None else {}


def _without_undrawn(slots: Slots, package: Package, steps: Sequence[CityStep]) -> Slots:
    """Return the slots as they are, without what the calls of ``steps`` cite that are not drawn yet."""
    drawn = steps_of(package)
    undrawn = {slot for step, slot in _BOUND.items() if step in steps and step not in drawn}
    return {slot: None if slot in undrawn else value for slot, value in slots.items()}


def site_for(package: Package, steps: Sequence[CityStep], clause: str, parameter: str, answers: Rows) -> Site:
    """Return what the pieces of ``steps`` need to know of the place."""
    place, cited = package.jurisdiction, {step.value: (clause,) for step in steps}
    site = Site(place.id, cited, steps_of(package) | set(steps), answers=answers, hands_over=hands_over(package))
    site = replace(site, government=f"{place.text.zh}人民政府", roles=frozenset(place.roles))
    if CityStep.PAYMENT in steps:
        site = replace(site, answers={**answers, "plan": _plan(package, answers)})
    if CityStep.RECOMMENDATION in steps:
        site = replace(site, recommenders=recommenders_answered(answers))
    held: dict[str, Any] = {_PARAMETER_OF[step]: parameter for step in steps if parameter and step in _PARAMETER_OF}
    return replace(site, **held)


def _correction(package: Package, steps: Sequence[CityStep], answers: Rows) -> Mapping[str, str]:
    """Return how an application is corrected: by its start form, within the time and with the consequence answered."""
    if CityStep.CORRECTION not in steps:
        return AS_USUAL
    form = package.award.processes["application"].start_form or AS_USUAL["correction_form"]
    due = str(answers.get("due") or AS_USUAL["correction_due"])
    return {"correction_form": form, "correction_due": due, "lapsed_name": late_of(answers)}


def _plan(package: Package, answers: Rows) -> list[dict[str, Any]]:
    """Return the plan of all prizes: of a tier what was answered, of the others what is there."""
    tier, known = str(answers.get("tier", "")), package.award.parameters.get("prize_parts")
    rows = thaw(known.values[-1].value) if known else []
    of_all = [row for row in rows if not row.get("tier")]
    if not tier or (of_all and not answers.get("parts")):
        return parts_of_prize(answers) if answers.get("parts") or not rows else list(rows)
    others = [other.id for other in package.award.tiers if other.id != tier]
    kept = [{**row, "tier": other} for other in others for row in of_all] if of_all else rows
    return [*(row for row in kept if row.get("tier") != tier), *parts_of_prize(answers, tier)]


def _elements(package: Package, name: str) -> set[str]:
    diagram = package.diagrams.get(f"processes/{package.key}/{name}.bpmn")
    return set(diagram.elements) if diagram else set()


def _diagram(files: Files, path: str, package: Package, old: Slots, new: Slots) -> dict[str, bytes]:
    """Return what changes of one of the two diagrams: its slots, or the file itself where it is the place's own."""
    name = path.rpartition("/")[2]
    uses = f"{path.rpartition('/')[0]}/{USES}"
    entries = load_yaml(files[uses].decode()) if uses in files else {}
    if name in (entries or {}):
        said = entries[name].setdefault("slots", {})
        for slot, value in new.items():
            if slot not in said or value != old[slot]:
                said[slot] = cited_besides(slot, said.get(slot), value)
        return {uses: dump_yaml(entries).encode()}
    if old == new:
        return {}
    drawn = package.diagrams[path]
    cited = {e.id: " ".join(e.clauses) or None for e in drawn.elements.values()}
    old = {
        slot: cited.get(slot, value) if value != new[slot] or slot in cited else value for slot, value in old.items()
    }
    becomes = _filled(files, path, {**old, **_changed(old, new, cited)})
    return {path: redraw(path, _filled(files, path, old), files[path], becomes)}


def _changed(old: Slots, new: Slots, cited: Mapping[str, str | None]) -> Slots:
    """Return the slots that the step fills otherwise; what elements that are there cite stays."""
    return {slot: value for slot, value in new.items() if slot not in cited and old.get(slot) != value}


def _filled(files: Files, path: str, slots: Slots) -> bytes:
    """Return what the pattern of ``path`` becomes with ``slots``."""
    folder, _, name = path.rpartition("/")
    patterns = {key: content for key, content in files.items() if key.startswith(DIAGRAMS)}
    place = f"processes/{path.split('/')[1]}/jurisdiction.yaml"
    said = dump_yaml({name: {"pattern": f"start_{name}", "slots": dict(slots)}}).encode()
    made, problems = fill_patterns({**patterns, place: files[place], f"{folder}/{USES}": said})
    if problems:
        raise PatternMistake(problems[0])
    return made[path]


def _new_patterns(files: Files, award: str, pieces: StepPieces) -> dict[str, bytes]:
    uses = f"{award}/{USES}"
    entries = load_yaml(files[uses].decode()) if uses in files else None
    entries = {} if entries is None else entries
    wanted = {n: said for n, said in pieces.patterns.items() if n not in entries and f"{award}/{n}" not in files}
    entries.update(wanted)
    return {uses: dump_yaml(entries).encode()} if wanted else {}


def _new_documents(files: Files, award: str, pieces: StepPieces) -> dict[str, bytes]:
    made = {f"{award}/documents/{name}.yaml": said for name, said in pieces.documents.items()}
    return {path: dump_yaml(said).encode() for path, said in made.items() if path not in files}
