"""Draw a further step into the procedure of a place that was begun from blank, also where it was drawn on since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from service.catalog.merge.merge_file import merge_file
from service.catalog.new_city.blank import parameter_entry
from service.catalog.new_city.rows import flowing
from service.catalog.new_city.step_pieces import Rows, Site, StepPieces, pieces_of
from service.catalog.new_city.steps import CityStep, Slots, application_slots, round_slots
from service.catalog.package import Package
from service.catalog.parameter_entries import add_parameter
from service.catalog.patterns import DIAGRAMS, USES, fill_patterns
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

_MARKS = {
    CityStep.OBJECTION: ("round", "objections_over"),
    CityStep.SCORING: ("application", "review"),
    CityStep.APPROVAL: ("round", "approval"),
    CityStep.PAYMENT: ("round", "start_payments"),
    CityStep.REVOCATION: ("revocation", "revoke"),
}
"""By which element of which diagram a step is known."""
_GROWN = {"round": ("notice_result", "confer", "conferred"), "application": ("accepted", "done")}
"""The elements without which a diagram is not the one that a place begins with."""


def steps_of(package: Package) -> frozenset[CityStep]:
    """Return the further steps that the procedure of a place begun from blank has."""
    found = {step for step, (name, mark) in _MARKS.items() if mark in _elements(package, name)}
    return frozenset(found)


def add_step(
    files: Files, package: Package, step: CityStep, clause: str, parameter: str = "", tier: str = ""
) -> dict[str, bytes]:
    """Return the files that change where ``step`` is drawn for ``clause``; patterns are left unfilled.

    ``parameter`` carries the prize or the years of the bar, ``tier`` is the one that the prize is for, "" for all.

    Raises Invalid where the place was not begun from blank, or where what was drawn since is in the way.
    """
    for name, marks in _GROWN.items():
        if not set(marks) <= _elements(package, name):
            raise Invalid(
                Text(
                    f"这里的流程不是从空白新建的样子（“{name}”中找不到{'、'.join(marks)}），不能自动画上这一环节。请在流程图中画，再回来选图元。",
                    f"The procedure is not the one a blank place begins with (“{name}” lacks {', '.join(marks)}): "
                    "draw the step on the diagram, then choose its element here.",
                )
            )
    before = steps_of(package)
    site = Site(package.jurisdiction.id, {step.value: (clause,)}, clause, before | {step})
    if parameter and step is CityStep.PAYMENT:
        site = replace(site, prize=parameter)
    if parameter and step is CityStep.REVOCATION:
        site = replace(site, ban=parameter)
    pieces = pieces_of(step, site)
    award = f"processes/{package.key}"
    prize = f"param.{site.prize}"
    prize = f'if row.tier = "{tier}" then {prize} else 0' if tier else prize
    slots = round_slots(before, {}, clause), round_slots(site.steps, site.cited, clause, prize)
    made = _diagram(files, f"{award}/round.bpmn", package, *slots)
    slots = application_slots(before, {}, clause), application_slots(site.steps, site.cited, clause)
    made |= _diagram({**files, **made}, f"{award}/application.bpmn", package, *slots)
    made |= _new_patterns({**files, **made}, award, pieces)
    made[f"{award}/award.yaml"] = _award(files[f"{award}/award.yaml"], pieces)
    made[package.parameters_file] = _parameters(files[package.parameters_file], package, pieces, clause)
    place = f"processes/{package.jurisdiction.id}/jurisdiction.yaml"
    made[place] = _jurisdiction(files[place], pieces)
    return {path: content for path, content in made.items() if files.get(path) != content}


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
                said[slot] = value
        return {uses: dump_yaml(entries).encode()}
    if old == new:
        return {}
    drawn = package.diagrams[path]
    cited = {e.id: " ".join(e.clauses) or None for e in drawn.elements.values()}
    old = {
        slot: cited.get(slot, value) if value != new[slot] or slot in cited else value for slot, value in old.items()
    }
    merged = merge_file(
        path, _filled(files, path, old), files[path], _filled(files, path, {**old, **_changed(old, new, cited)})
    )
    if merged.conflicts or merged.content is None:
        names = "、".join(conflict.subject.zh for conflict in merged.conflicts)
        raise Invalid(
            Text(
                f"这一环节和已经画的内容相冲突（{names}），没有自动画。请在流程图中画，再回来选图元。",
                f"The step and what was drawn since are in each other's way ({names}): draw it on the diagram.",
            )
        )
    return {path: merged.content}


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
        raise Invalid(problems[0].message)
    return made[path]


def _new_patterns(files: Files, award: str, pieces: StepPieces) -> dict[str, bytes]:
    uses = f"{award}/{USES}"
    entries = load_yaml(files[uses].decode()) if uses in files else None
    entries = {} if entries is None else entries
    wanted = {n: said for n, said in pieces.patterns.items() if n not in entries and f"{award}/{n}" not in files}
    entries.update(wanted)
    return {uses: dump_yaml(entries).encode()} if wanted else {}


def _award(content: bytes, pieces: StepPieces) -> bytes:
    document = load_yaml(content.decode())
    processes = document["processes"]
    _put_missing(processes, flowing(pieces.processes))
    for name, facts in (("round", pieces.round_facts), ("application", pieces.application_facts)):
        if facts:
            _put_missing(processes[name].setdefault("facts", {}), facts)
    if pieces.actions:
        _put_missing(document.setdefault("actions", {}), flowing(pieces.actions))
    return dump_yaml(document).encode()


def _jurisdiction(content: bytes, pieces: StepPieces) -> bytes:
    document = load_yaml(content.decode())
    _put_missing(document["roles"], flowing({"roles": pieces.roles})["roles"])
    known = {body["id"] for body in document["bodies"]}
    document["bodies"].extend(flowing({"b": [body]})["b"][0] for body in pieces.bodies if body["id"] not in known)
    if pieces.bindings:
        _put_missing(document.setdefault("bindings", {}), pieces.bindings)
    return dump_yaml(document).encode()


def _parameters(content: bytes, package: Package, pieces: StepPieces, clause: str) -> bytes:
    text = content.decode()
    known = load_yaml(text)["parameters"]
    for ident, parameter in pieces.parameters.items():
        if ident not in known and ident not in package.award.parameters:
            text = add_parameter(text, ident, parameter_entry((clause,), parameter))
    return text.encode()


def _put_missing(held: Any, wanted: Rows) -> None:
    for key, value in wanted.items():
        if key not in held:
            held[key] = value
