"""What no assistant writes and the page of the clause says how to draw: drawn so it passes the check and its season needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from service.casework.studio.drafts.draft_tree import DraftTree, grown
from service.casework.studio.drafts.save_files import FileChange, save_files
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.change_clause import change_clause
from service.catalog.coverage.matrix import ClauseStatus, matrix
from service.catalog.new_city.blank import parameter_entry
from service.catalog.new_city.site import NewParameter
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.parameter_entries import add_parameter
from service.catalog.source.format_xml import format_root
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.json import as_json_file
from service.catalog.source.xml import children, parse_xml
from tests.integration.studio.test_categories_of_a_place import errors
from tests.integration.studio.test_drawn_clauses import (
    AUTHORITY,
    AWARD,
    KEY,
    SEASON,
    fails,
    played,
    tree,
)
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import Lakeside

PLACE = "processes/lanshan/jurisdiction.yaml"
PARAMETERS, KINDS = f"{AWARD}/parameters.yaml", f"{AWARD}/award.yaml"
HEAD = (
    '<x xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)
READ = {"personal": "true", "purpose": "证明评审时有人在场", "purpose_en": "to prove who was there"}
Files = Mapping[str, bytes]


def drawn_behind(content: bytes, path: str, element: str, pieces: str) -> bytes:
    """Draw ``pieces`` behind an element: its flow leads to the first, the last leads on, as one draws it by mouse."""
    root, made = parse_xml(content, path), list(parse_xml(f"{HEAD}{pieces}</x>".encode(), path))
    for drawing in children(root, "BPMNDiagram"):
        root.remove(drawing)  # the layout draws it anew
    node = next(one for one in root.iter() if one.get("id") == element)
    [flow] = [one for one in root.iter() if one.get("sourceRef") == element]
    last = next(one for one in reversed(made) if not one.get("sourceRef"))
    onward = flow.makeelement(flow.tag, {"id": f"{last.get('id')}_onward", "sourceRef": last.get("id") or ""})
    onward.set("targetRef", flow.get("targetRef") or "")
    flow.set("targetRef", made[0].get("id") or "")
    node.getparent().extend([*made, onward])
    lane = next(one.getparent() for one in root.iter() if one.text == element)
    for piece in made:
        if not piece.get("sourceRef"):
            held = lane.makeelement(lane[0].tag)
            held.text = piece.get("id")
            lane.append(held)
    return format_root(root)


def with_entries(content: bytes, entries: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Put entries into mappings of a YAML file, each mapping named by its keys with slashes."""
    document = load_yaml(content.decode())
    for where, said in entries.items():
        held = document
        for key in where.split("/"):
            held = held.setdefault(key, {})
        held.update(said)
    return dump_yaml(document).encode()


def with_parameters(content: bytes, said: Mapping[str, NewParameter]) -> bytes:
    text = content.decode()
    for ident, one in said.items():
        text = add_parameter(text, ident, parameter_entry(("LN-2",), one))
    return text.encode()


def written(town: Lakeside, draft: int, text: str, changes: Files, season: Mapping[str, Any]) -> tuple[DraftTree, str]:
    """Write what is drawn and its season; the page says how, the check finds nothing, the clause is carried out, the season needs it."""
    before = tree(town, draft)
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": text})
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/clauses/LN-2/assist").text
    assert page.count("data-by-hand") == 1
    assert page.count("没有助手，这样画") == 1
    path = f"{AWARD}/scenarios/as_said.yaml"
    proof = dump_yaml(dict(season)).encode()
    opened = tree(town, draft).opened
    files = {**changes, path: proof}.items()
    saved = [FileChange(one, (opened(one) or b"").decode(), content.decode()) for one, content in files]
    save_files(town.desk, town.designer, draft, saved, "drawn by hand")
    assert errors(town, draft) == []
    after = tree(town, draft)
    assert [unmet.message.zh for unmet in played(town, after.package, after.filled, path).unmet] == []
    [line] = [line for line in matrix([after.package]).lines if line.clause.id == "LN-2"]
    assert line.status is ClauseStatus.CARRIED_OUT
    assert fails(town, grown(town.desk, KEY, before, {**before.files, path: proof}), path), (
        "without it the season fails"
    )
    return after, path


def season_of(filled: Files, path: str = SEASON) -> dict[str, Any]:
    document = dict(load_yaml(filled[path].decode()))
    return {**document, "title": "照所写的画", "steps": list(document["steps"]), "expect": []}


def test_a_district_officer_is_a_witness_at_the_visit(town: Lakeside) -> None:
    steps = (CityStep.RECOMMENDATION, CityStep.SCORING)
    draft = start_city(town.desk, town.designer, replace(AUTHORITY, steps=steps))
    now = tree(town, draft)
    path = f"{AWARD}/application.bpmn"
    drawing = drawn_behind(
        now.filled[path],
        path,
        "review",
        '<bpmn:userTask id="witness" name="现场见证"><bpmn:extensionElements><spiffworkflow:properties>'
        '<spiffworkflow:property name="role" value="recommending_unit" />'
        '<spiffworkflow:property name="body" value="case.recommender" />'
        '<spiffworkflow:property name="form" value="witness" />'
        '<spiffworkflow:property name="clauses" value="LN-2" />'
        "</spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>",
    )
    form = {
        "type": "default", "id": "witness", "schemaVersion": 19,
        "properties": {"title": "现场见证", "title_en": "Witness", "clauses": "LN-2"},
        "components": [
            {"type": "textfield", "id": "field_witness", "key": "witness", "label": "见证人",
             "validate": {"required": True, "maxLength": 60}, "properties": {"label_en": "Witness", **READ}},
            {"type": "datetime", "subtype": "date", "id": "field_day", "key": "day", "dateLabel": "见证日期",
             "validate": {"required": True}, "properties": {"label_en": "Day"}},
        ],
    }  # fmt: skip
    season = season_of(now.filled)
    steps_ = season["steps"]
    over = next(n for n, step in enumerate(steps_) if "until" in step)
    said = {"witness": "王某", "day": date(2026, 1, 12)}
    steps_.insert(over, {"as": "recommending_unit@recommender_1", "case": "甲", "complete": "witness", "with": said})
    season["expect"] = [{"case": "甲", "task": "witness", "state": "done", "proves": ["LN-2"]}]
    changes = {path: drawing, f"{AWARD}/forms/witness.json": as_json_file(form)}
    written(town, draft, "现场评审时，应当有申报组织所在地市场监督管理局人员在场见证。", changes, season)
