"""The law of a draft through the interface for programs: what the pages do, programs do too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from tests.support.amended_text import law_as_text
from tests.support.browsers import Browser
from tests.support.lakeside import KEY, Lakeside

Browse = Callable[..., Browser]


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "接口")


def test_a_text_is_split_registered_changed_and_removed(browse: Browse, town: Lakeside, draft: int) -> None:
    program, here = browse("designer"), f"/api/v1/drafts/{draft}/clauses"
    units = program.send("POST", f"{here}/split", {"text": "第八条 每年公布。"}).json["units"]
    assert units[0]["place"] == "第八条"
    piece = {key: units[0][key] for key in ("place", "numbers", "text")}
    listed = program.send("POST", here, {"prefix": "LS", "pieces": [piece]}).json["clauses"]
    assert listed[-1]["id"] == "LS-8-1"
    assert listed[-1]["status"] == "uncovered"
    changed = program.send("PATCH", f"{here}/LS-8-1", {"summary": "每年公布名录"}).json["clauses"]
    assert changed[-1]["summary"] == "每年公布名录"
    assert program.send("DELETE", f"{here}/LS-8-1", {}).status_code == 204
    assert program.send("DELETE", f"{here}/LS-6", {}).status_code == 409
    assert program.send("POST", f"{here}/LS-6/rebind", {"other": "LS-4"}).status_code == 200
    assert "LS-4" in package_of(town.desk, draft).element("lakeside_application", "explain").clauses


def test_an_amended_text_is_compared_and_confirmed(browse: Browse, town: Lakeside, draft: int) -> None:
    program, here = browse("designer"), f"/api/v1/drafts/{draft}/amendment"
    text = law_as_text(package_of(town.desk, draft).law).replace("10个工作日", "7个工作日")
    proposed = program.send("POST", here, {"text": text}).json
    [change] = proposed["changes"]
    assert proposed["running"] == 0
    assert (change["act"], change["clause"], change["article"]) == ("change", "LS-4", "第四条")
    assert program.send("PUT", here, {"text": text, "chosen": []}).status_code == 422
    clauses = program.send("PUT", here, {"text": text, "chosen": [1]}).json["clauses"]
    assert "7个工作日" in next(clause["summary"] for clause in clauses if clause["id"] == "LS-4")


def test_a_parameter_is_foreseen_then_written(browse: Browse, town: Lakeside, draft: int) -> None:
    town.start()
    program, here = browse("designer"), f"/api/v1/drafts/{draft}/parameters/decision_working_days"
    typed = {"name": "受理决定期限", "clauses": "LS-4", "unit": "working_days", "value": "7", "maximum": "10"}
    foreseen = program.send("PUT", here, typed).json
    assert (foreseen["lines"], foreseen["written"]) == (["-    value: 10", "+    value: 7"], False)
    assert foreseen["limits"][0]["new"] == "2026-03-11"
    assert program.send("PUT", here, {**typed, "confirm": True}).json["written"]
    assert program.send("PUT", here, {**typed, "value": "11"}).status_code == 422


def test_a_bound_of_the_law_is_not_lost_where_a_program_leaves_it_out(
    browse: Browse, town: Lakeside, draft: int
) -> None:
    program, here = browse("designer"), f"/api/v1/drafts/{draft}/parameters/decision_working_days"
    before = package_of(town.desk, draft).award.parameters["decision_working_days"]
    assert program.send("PUT", here, {"value": "7", "confirm": True}).json["lines"] == [
        "-    value: 10",
        "+    value: 7",
    ]
    after = package_of(town.desk, draft).award.parameters["decision_working_days"]
    assert (after.name, after.clauses, after.maximum) == (before.name, before.clauses, 10)
    for typed in ({"maximum": ""}, {"maximum": "", "clauses": ""}):
        refused = program.send("PUT", here, {"value": "7", **typed, "confirm": True})
        assert refused.status_code == 422
        assert "不能没有上限：第四条（LS-4）写明了" in refused.text
    assert (
        program.send("PATCH", f"/api/v1/drafts/{draft}/clauses/LS-4", {"summary": "决定是否受理。"}).status_code == 200
    )
    assert "-    maximum: 10" in program.send("PUT", here, {"value": "7", "maximum": ""}).json["lines"]


def test_a_city_is_copied(browse: Browse) -> None:
    sent = {"package": KEY, "id": "lanshan", "name": "兰山县", "prefix": "LN"}
    made = browse("designer").send("POST", "/api/v1/drafts/cities", sent).json
    assert made["package"] == "lanshan/star_award"
    assert any(file["path"] == "processes/lanshan/law.yaml" for file in made["files"])
