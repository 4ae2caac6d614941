"""The studio through the interface for programs: a draft's whole life without a page."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.share_draft import share_draft
from service.office.pdf import Printer
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import DIAGRAM, KEY, LAW, PARAMETERS, Lakeside, amended_package

Browse = Callable[..., Browser]


@pytest.fixture
def draft(town: Lakeside) -> int:
    ident = open_draft(town.desk, town.designer, KEY, "程序")
    share_draft(town.desk, town.designer, ident, shared=True)
    return ident


@pytest.fixture
def base(draft: int) -> str:
    return f"/api/v1/drafts/{draft}"


def save(program: Browser, base: str, path: str, old: str, new: str, opened: dict[str, str] | None = None):
    held = opened or program.get(f"{base}/file?path={path}").json
    assert old in held["content"]
    sent = {"path": path, "content": held["content"].replace(old, new), "base": held["hash"]}
    return program.send("PUT", f"{base}/file", sent)


def test_what_differs_is_told_and_one_change_in_words(browse: Browse, base: str) -> None:
    program = browse("designer")
    save(program, base, DIAGRAM, "决定是否受理", "决定受理与否")
    found = program.get(f"{base}/compare").json
    assert [side["word"] for side in (found["left"], found["right"])] == ["published", "draft"]
    [file] = found["files"]
    assert (file["path"], file["change"]) == (DIAGRAM, "changed")
    field = file["records"][0]["fields"][0]
    assert (field["left"], field["right"]) == ("决定是否受理", "决定受理与否")
    assert program.get(f"{base}/revisions/1").json["difference"]["records"][0]["element"] == "decide"
    opened = program.get(f"{base}/file?path={DIAGRAM}").json
    bare = re.sub(r'\s*<spiffworkflow:property name="role" value="office" ?/>', "", opened["content"], count=1)
    program.send("PUT", f"{base}/file", {"path": DIAGRAM, "content": bare, "base": opened["hash"], "note": ""})
    told = program.get(f"{base}/revisions/2").json["difference"]["records"][0]["fields"]
    assert [(one["left"], one["right"]) for one in told] == [("办公室", None)], "as the dialog of undoing says it"
    before = program.get(f"{base}/compare/file?side=published&path={DIAGRAM}").json["content"]
    assert "决定是否受理" in before
    assert program.get(f"{base}/compare?left=nobody").status_code == 404


def test_a_parameter_that_differs_is_told_in_words(browse: Browse, base: str) -> None:
    program = browse("designer")
    here = f"{base}/parameters/decision_working_days"
    known = program.get(here).json
    typed = {"name": known["name"], "clauses": "LS-4", "unit": "working_days", "value": "7", "maximum": "10"}
    program.send("PUT", here, {**typed, "confirm": True})
    [pair] = program.get(f"{base}/compare").json["parameters"]
    assert (pair["id"], pair["left"]["zh"], pair["right"]["zh"]) == ("decision_working_days", "10个工作日", "7个工作日")
    assert program.send("DELETE", here, {}).status_code == 409


def test_a_conflict_is_listed_and_settled(browse: Browse, base: str) -> None:
    one, other = browse("designer"), browse("checker")
    opened = other.get(f"{base}/file?path={LAW}").json
    save(one, base, LAW, "湖滨", "湖畔")
    assert save(other, base, LAW, "湖滨", "湖心", opened).status_code == 409
    [held] = other.get(f"{base}/held").json["held"]
    [field] = held["conflicts"][0]["fields"]
    assert ("湖畔" in field["theirs"], "湖心" in field["ours"]) == (True, True)
    here = f"{base}/held/{held['id']}"
    assert other.send("POST", here, {"chosen": {}}).status_code == 422
    settled = other.send("POST", here, {"chosen": {one["id"]: "ours" for one in held["conflicts"]}}).json
    assert "湖心" in settled["content"]
    assert other.send("DELETE", here, {}).status_code == 404


def test_what_was_published_elsewhere_is_taken_in(browse: Browse, town: Lakeside, base: str) -> None:
    program = browse("designer")
    assert program.get(f"{base}/meanwhile").json["version"] is None
    save(program, base, DIAGRAM, "决定是否受理", "决定受理与否")
    town.clock.move_to(town.clock.now() + timedelta(hours=1))
    town.deploy(amended_package({PARAMETERS: [("value: 10", "value: 9")]}))
    meanwhile = program.get(f"{base}/meanwhile").json
    assert PARAMETERS in meanwhile["files"]
    assert program.send("POST", f"{base}/take-in", {"version": "old"}).status_code == 409
    state = program.send("POST", f"{base}/take-in", {"version": meanwhile["version"]}).json
    assert state["state"] == "open"
    assert "value: 9" in program.get(f"{base}/file?path={PARAMETERS}").json["content"]
    assert program.get(f"{base}/meanwhile").json["version"] is None


def test_a_draft_is_discarded_and_brought_back_by_an_administrator(browse: Browse, draft: int, base: str) -> None:
    program, admin = browse("designer"), browse("admin")
    assert program.send("DELETE", base, {}).status_code == 204
    assert program.send("POST", f"{base}/bring-back", {}).status_code == 403
    assert [row["id"] for row in admin.get("/api/v1/drafts/discarded").json["drafts"]] == [draft]
    assert admin.send("POST", f"{base}/bring-back", {}).json["state"] == "open"


def test_a_version_in_use_is_not_deleted_and_a_bad_one_withdrawn(browse: Browse, town: Lakeside, base: str) -> None:
    program, checker = browse("designer"), browse("checker")
    save(program, base, DIAGRAM, "决定是否受理", "决定受理与否")
    assert "submit" in program.get(f"{base}/publication").json["may"]
    program.send("POST", f"{base}/submit", {"note": "名称更准确。"})
    checker.send("POST", f"{base}/review", {"approved": True, "reason": "同意。"})
    version = program.send("POST", f"{base}/publish", {}).json["version"]
    case = town.start("first")
    here = f"/api/v1/definitions/{KEY}/versions/{version}"
    refused = program.send("DELETE", here, {})
    assert refused.status_code == 409
    assert "现行版本" in refused.json["detail_zh"]
    assert [row["id"] for row in program.send("POST", f"{here}/withdraw", {"reason": "有误"}).json["running"]] == [case]
    found = program.get(here).json
    assert ([row["id"] for row in found["cases"]], found["running"], found["ended"], found["next"]) == (
        [case],
        1,
        0,
        None,
    )
    assert found["withdrawn"]["why"].endswith("：有误")
    assert program.get(f"/api/v1/definitions/{KEY}/versions/nobody").status_code == 404
    again = program.send("DELETE", here, {})
    assert (again.status_code, "按它在办 1 件、已办结 0 件" in again.json["detail_zh"]) == (409, True)


def test_a_draft_leaves_and_comes_in_as_folders(browse: Browse, base: str) -> None:
    program = browse("designer")
    out = program.get(f"{base}/folder").json
    data = base64.b64decode(out["content"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert LAW in archive.namelist()
    same = program.send("PUT", f"{base}/folder", {"content": out["content"]}).json
    assert (same["changed"], same["removed"]) == ([], [])
    assert program.send("PUT", f"{base}/folder", {"content": "?"}).status_code == 422
    bad = base64.b64encode(b"no zip").decode()
    assert "zip" in program.send("PUT", f"{base}/folder", {"content": bad}).json["detail"]


def test_a_form_that_is_still_in_use_is_not_removed(browse: Browse, base: str) -> None:
    program = browse("designer")
    forms = program.get(f"{base}/forms").json["pieces"]
    used = next(form for form in forms if form["users"])
    opened = program.get(f"{base}/file?path={used['path']}").json
    refused = program.send("PUT", f"{base}/file", {"path": used["path"], "content": None, "base": opened["hash"]})
    assert (refused.status_code, refused.json["code"]) == (409, "piece_in_use")
    assert refused.json["errors"][0]["path"] == used["users"][0]["file"]
    made = {"kind": "form", "ident": "unused", "title": "没人用"}
    new = program.send("POST", f"{base}/pieces", made).json
    gone = program.send("PUT", f"{base}/file", {"path": new["path"], "content": None, "base": new["hash"]})
    assert gone.json["content"] is None


def test_an_assistant_shows_and_writes(browse: Browse, base: str) -> None:
    program = browse("designer")
    assert f"{DIAGRAM}#decide" in {one["element"] for one in program.get(f"{base}/assistance").json["elements"]}
    piece = {"place": "第八条", "numbers": [8], "text": "6个工作日内答复。"}
    program.send("POST", f"{base}/clauses", {"prefix": "LS", "pieces": [piece]})
    told = {
        "kind": "time_limit", "clause": "LS-8-1", "parameter": "reply_working_days", "name": "答复期限",
        "unit": "working_days", "value": "6", "bound": "maximum", "element": f"{DIAGRAM}#decide",
    }  # fmt: skip
    read = program.get(f"{base}/assistance/LS-8-1").json
    assert read == {
        "kind": "time_limit",
        "values": {"value": "6", "unit": "working_days", "bound": "maximum"},
        "words": {"value": "6个工作日"},
        "asked": {},
        "others": [],
        "unread": [],
        "condition": False,
        "tier": "",
        "tiers": [],
    }
    assert program.get(f"{base}/assistance/LS-8-1?kind=notime").status_code == 422
    shown = program.send("POST", f"{base}/assistance", told).json
    assert {change["path"] for change in shown["changes"]} == {PARAMETERS, DIAGRAM}
    assert program.get(f"{base}/parameters/reply_working_days").status_code == 404
    assert program.send("POST", f"{base}/assistance", {**told, "confirm": True}).json["written"]
    assert program.get(f"{base}/parameters/reply_working_days").json["values"][0]["value"]["zh"] == "6个工作日"


def test_a_city_begins_from_blank(browse: Browse) -> None:
    program = browse("designer")
    choices = program.get("/api/v1/drafts/cities").json
    assert KEY in {package["key"] for package in choices["packages"]}
    piece = {"place": "第一条", "numbers": [1], "text": "公示5个工作日。"}
    asked = {
        "id": "lanshan", "name": "兰山县", "calendar": choices["calendars"][0]["key"], "award_name": "县长质量奖",
        "law_title": "办法", "since": "2026-01-01", "office": "办公室", "committee": "委员会",
        "tiers": [{"name": "质量奖", "places": 5}], "prefix": "LN", "pieces": [piece], "cited": {"notice": [0], "objection": [0]},
        "steps": ["objection"],
    }  # fmt: skip
    assert program.send("POST", "/api/v1/drafts/cities/blank", {**asked, "cited": {"notice": [1]}}).status_code == 422
    made = program.send("POST", "/api/v1/drafts/cities/blank", asked).json
    assert any(file["path"] == "processes/lanshan/law.yaml" for file in made["files"])
    assert any("objection" in file["path"] for file in made["files"])


def test_the_calendar_is_told_and_a_notice_foreseen(browse: Browse, base: str) -> None:
    program = browse("designer")
    year = program.get(f"{base}/calendar?year=2026").json
    assert year["year"] == 2026
    assert year["working_days"] > 200
    text = "湖节 2026-03-09 2026-03-10"
    sent = {"text": text, "layer": year["layers"][0]["key"], "year": 2026, "title": "湖节放假的通知"}
    forecast = program.send("POST", f"{base}/calendar/forecast", sent)
    assert forecast.json["working_days"] == 259  # the year of the notice alone: 261 weekdays, two of them off
    assert "湖节" in forecast.json["file"]
    assert program.send("POST", f"{base}/calendar/forecast", {**sent, "layer": "moon"}).status_code == 422


def test_a_scenario_is_read_edited_and_proofs_are_listed(browse: Browse, base: str) -> None:
    program = browse("designer")
    path = program.get(f"{base}/scenarios").json["scenarios"][0]["path"]
    found = program.get(f"{base}/scenario?path={path}").json
    assert found["steps"]
    head = {"do": "head", "title": "改名", "start": "2026-03-02"}
    edited = program.send("PATCH", f"{base}/scenario", {"path": path, "base": found["hash"], "edits": [head]}).json
    assert edited["scenario"]["title"] == "改名"
    stale = {"path": path, "base": found["hash"], "edits": [{**head, "title": "又改"}]}
    assert program.send("PATCH", f"{base}/scenario", stale).status_code == 409
    copied = program.send("POST", f"{base}/scenario/copy", {"path": path, "title": "另一个"})
    assert copied.json["scenario"]["title"] == "另一个"
    last = program.get(f"{base}/last-save?path={path}").json["last"]
    undone = program.send("POST", f"{base}/last-save/undo", {"path": path, "revision": last["revision"]})
    assert undone.status_code == 200, undone.text
    assert program.get(f"{base}/scenario?path={path}").json["hash"] == found["hash"]


def test_the_largest_number_of_a_revision_is_one_that_is_not_there(browse: Browse, base: str) -> None:
    """One more than it is no number of the database."""
    program, most = browse("designer"), 2**63 - 1
    assert program.get(f"{base}/revisions/{most}").status_code == 404
    assert program.get(f"{base}/revisions?before={most}").status_code == 200
    assert program.send("POST", f"{base}/restore", {"revision": most}).status_code in (404, 409, 422)
    undo = {"path": DIAGRAM, "revision": most}
    assert program.send("POST", f"{base}/last-save/undo", undo).status_code in (404, 409, 422)


def test_a_recording_goes_by_calls(browse: Browse, base: str) -> None:
    program, here = browse("designer"), f"{base}/recording"
    assert program.get(here).status_code == 404
    begun = program.send("POST", here, {"title": "录", "start": "2026-03-02", "organisations": ["甲公司"]}).json
    start = next(one for one in begun["startable"] if one["process"] == "application")
    form = program.get(f"{here}/start?process=application&who={start['who']}&parent={start['parent']}").json
    values = {**form["values"], "founded": "2010-05-01", "merit": "全面质量管理。"}
    started = program.send(
        "POST", f"{here}/start", {**{k: start[k] for k in ("process", "who", "parent")}, "values": values}
    )
    assert started.json["tasks"][0]["element"] == "decide"
    task = f"{here}/tasks/{started.json['tasks'][0]['id']}"
    assert program.get(task).json["title"] == "决定是否受理"
    assert program.send("POST", f"{here}/clock", {"to": "2026-03-03"}).json["steps"]
    assert len(program.send("POST", f"{here}/undo", {}).json["steps"]) == 1
    assert program.get(f"{here}/expectations").json["expectations"]
    assert program.send("DELETE", here, {}).status_code == 204
    assert program.get(here).status_code == 404


def test_diagrams_are_printed(town: Lakeside, base: str) -> None:
    town.desk = replace(town.desk, printer=Printer())
    program = Browser(make_app(town), town, "designer")
    printed = program.get(f"{base}/diagram/print?path={DIAGRAM}&format=svg").json
    assert b"<svg" in base64.b64decode(printed["content"])
    assert program.get(f"{base}/diagram/print?path={DIAGRAM}&format=doc").status_code == 422


def test_what_is_known_of_pieces_is_told(browse: Browse, base: str) -> None:
    program = browse("designer")
    form = program.get(f"{base}/forms").json["pieces"][0]["path"]
    assert program.get(f"{base}/form?path={form}").json["form"]["path"] == form
    documents = program.get(f"{base}/documents").json["pieces"]
    assert all(program.get(f"{base}/document?path={one['path']}").json["said"] for one in documents)
    table = program.send("POST", f"{base}/tables", {"ident": "grounds", "name": "条件"}).json
    assert "<definitions" in table["content"]
    shared = program.get(f"{base}/shared").json["pieces"]
    assert all(program.get(f"{base}/shared/piece?path={one['path']}").json["content"] for one in shared[:3])


def test_what_a_place_declares_is_told_changed_and_moved(browse: Browse, base: str) -> None:
    program = browse("designer")
    sections = {one["section"]: one["entries"] for one in program.get(f"{base}/basics").json["sections"]}
    section = next(word for word, entries in sections.items() if len(entries) > 1)
    first = sections[section][0]
    said = {"id": first["id"], "said": {**first["said"], "name": "换了名字"}}
    after = program.send("PUT", f"{base}/basics/{section}", said).json["sections"]
    entries = next(one["entries"] for one in after if one["section"] == section)
    assert entries[0]["said"]["name"] == "换了名字"
    moved = program.send("POST", f"{base}/basics/{section}/{first['id']}/move", {"by": 1}).json["sections"]
    assert next(one["entries"] for one in moved if one["section"] == section)[1]["id"] == first["id"]
    assert program.send("DELETE", f"{base}/basics/{section}/nobody", {}).status_code == 404


def test_an_entry_of_an_older_revision_is_kept_beside_what_another_wrote(browse: Browse, base: str) -> None:
    program = browse("designer")
    opened = program.get(f"{base}/basics").json
    section = next(one for one in opened["sections"] if len(one["entries"]) > 1)
    first = section["entries"][0]
    here = f"{base}/basics/{section['section']}"
    for name, status in (("先写的名字", 200), ("后写的名字", 409)):
        said = {"id": first["id"], "said": {**first["said"], "name": name}, "revision": opened["revision"]}
        answer = program.send("PUT", here, said)
        assert answer.status_code == status
    assert answer.json["held"]


def test_a_scenario_begins_from_blank(browse: Browse, base: str) -> None:
    made = browse("designer").send("POST", f"{base}/scenarios", {"title": "新的", "start": "2026-03-02"}).json
    assert (made["scenario"]["title"], made["steps"]) == ("新的", [])
    assert browse("designer").get("/api/v1/drafts/cities?name=兰山县").json["id"]


def test_scoring_editions_are_listed_and_what_is_none_is_refused(browse: Browse, base: str) -> None:
    program = browse("designer")
    listed = program.get(f"{base}/scoring").json["scorings"]
    assert all(one["id"] and one["said"]["name"] for one in listed)
    assert program.send("PUT", f"{base}/scoring", {"said": {"name": ""}, "new": True}).status_code == 422
    assert program.send("PUT", f"{base}/scoring", {"id": "nobody", "said": {"name": "x"}}).status_code == 404
