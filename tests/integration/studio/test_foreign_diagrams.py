"""Diagrams of twenty other tools brought in, and what a designer meets who brings in a bad one."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.transfer import import_files
from service.casework.studio.pieces.import_diagram import inspect_import
from service.casework.studio.pieces.open_diagram import open_diagram
from service.casework.studio.pieces.remove_piece import remove_piece
from service.catalog.bpmn.read import read_diagram
from service.catalog.layout.draw import layout_diagram
from service.domain.errors import Invalid
from tests.support.browsers import Browse, Browser
from tests.support.lakeside import KEY, Lakeside

FOLDER = Path(__file__).parents[2] / "data" / "foreign"
SAMPLES = sorted(FOLDER.rglob("*.bpmn"))
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "导入")


def bpmn(inside: str) -> bytes:
    return f'<definitions xmlns="{MODEL}" targetNamespace="x">{inside}</definitions>'.encode()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_each_is_mended_told_and_taken_in(town: Lakeside, draft: int, sample: Path) -> None:
    found = inspect_import(town.desk, town.designer, draft, "foreign", sample.read_bytes())
    assert all(one.what.zh and one.what.en for one in found.mended)
    diagram = read_diagram(found.content, found.path)
    assert set(diagram.elements) <= set(diagram.shapes), "every element has its place in the drawing"
    told = {problem.element for problem in found.problems}
    assert told & set(diagram.elements), "what will not run is told on elements"
    assert all(problem.message.zh and problem.remedy.zh for problem in found.problems)
    save_file(town.desk, town.designer, draft, found.path, found.content, None)
    kept = package_of(town.desk, draft).diagrams[found.path]
    assert (kept.elements.keys(), kept.flows.keys()) == (diagram.elements.keys(), diagram.flows.keys())
    opened = read_diagram(open_diagram(town.desk, town.designer, draft, found.path).xml.encode(), found.path)
    assert set(opened.elements) <= set(opened.shapes)


def test_two_elements_of_one_id_get_two_and_the_diagram_opens(town: Lakeside, draft: int) -> None:
    inside = (
        '<process id="p"><startEvent id="s"/><userTask id="s" name="办"/><endEvent id="t"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="t"/></process>'
    )
    found = inspect_import(town.desk, town.designer, draft, "twice", bpmn(inside))
    assert "编号“s”与前面的图元重复，已编为 s_2" in next(one.what.zh for one in found.mended if one.element == "s_2")
    assert {problem.rule for problem in found.problems} & {"duplicate_id"} == set()
    diagram = read_diagram(found.content, found.path)
    assert set(diagram.elements) == {"s", "s_2", "t"} <= set(diagram.shapes)


def test_nothing_passes_as_checked_while_a_file_cannot_be_read(browse: Browse, town: Lakeside, draft: int) -> None:
    """A diagram without a role looked sound in its editor as long as another one had two elements of one id."""
    alone = '<process id="q"><startEvent id="a"/><userTask id="u"/></process>'
    twice = '<process id="p"><startEvent id="s"/><endEvent id="s"/></process>'
    alone_path, twice_path = (f"processes/{KEY}/{name}.bpmn" for name in ("alone", "twice"))
    save_file(town.desk, town.designer, draft, alone_path, bpmn(alone), None)
    base = save_file(town.desk, town.designer, draft, twice_path, bpmn(twice), None).hash
    told = browse("designer").get(f"/api/v1/drafts/{draft}/problems").json
    assert (told["whole"], {problem["rule"] for problem in told["problems"]}) == (False, {"duplicate_id"})
    assert "其余文件都还没有检查" in browse("designer").get(f"/studio/drafts/{draft}/problems").text
    remove_piece(town.desk, town.designer, draft, twice_path, base)
    told = browse("designer").get(f"/api/v1/drafts/{draft}/problems").json
    assert (told["whole"], "role_missing" in {problem["rule"] for problem in told["problems"]}) == (True, True)


def look(designer: Browser, draft: int, content: bytes, name: str = "foreign"):
    pages = f"/studio/drafts/{draft}/diagrams"
    sent = {"name": name, "file": (io.BytesIO(content), "foreign.bpmn")}
    return designer.post(f"{pages}/import", sent, page=pages)


def test_two_processes_in_one_pool_file(browse: Browse, town: Lakeside, draft: int) -> None:
    """Each is named with its elements, and becomes a diagram of its own; nothing is dropped in silence."""
    inside = (
        '<collaboration id="c"><participant id="p1" name="办公室" processRef="a"/><participant id="p2" name="专家组" processRef="b"/>'
        '<messageFlow id="m" sourceRef="t" targetRef="s2"/></collaboration>'
        '<process id="a"><startEvent id="s"/><userTask id="t" name="办理"/><endEvent id="e"/></process>'
        '<process id="b"><startEvent id="s2"/><userTask id="t2" name="评审"/></process>'
    )
    designer = browse("designer")
    page = look(designer, draft, bpmn(inside))
    assert page.status_code == 200
    assert "这个文件里有 2 个流程" in page.text
    assert "“专家组”是另一个流程（2 个图元：s2、评审）" in page.text
    assert "办理 → s2" in page.text, "the message flow by what it joins"
    found = inspect_import(town.desk, town.designer, draft, "foreign", bpmn(inside))
    [other] = found.others
    assert ("t" in read_diagram(found.content, "x").elements, "t2" in read_diagram(other.content, "x").elements) == (
        True,
        True,
    )
    both = [found, other]
    sent = {
        "path": [one.path for one in both],
        "content": [one.content.decode() for one in both],
        "wanted": [one.path for one in both],
    }
    taken = designer.post(f"/studio/drafts/{draft}/diagrams/import/take", sent, page=f"/studio/drafts/{draft}/diagrams")
    assert taken.status_code == 302
    assert {one.path for one in both} <= package_of(town.desk, draft).diagrams.keys()


def test_nothing_larger_than_anybody_draws_is_saved_whichever_way_it_comes(
    town: Lakeside, browse: Browse, draft: int
) -> None:
    content = bpmn('<process id="a">' + "".join(f'<userTask id="t{n}"/>' for n in range(20_000)) + "</process>")
    path = f"processes/{KEY}/vast.bpmn"
    sent = {"path": path, "content": content.decode(), "base": None}
    answer = browse("designer").send("PUT", f"/api/v1/drafts/{draft}/file", sent)
    assert (answer.status_code, "最多 400 个" in answer.json["detail"]) == (422, True)
    with pytest.raises(Invalid, match="最多 400 个"):
        import_files(town.desk, town.designer, draft, {path: content})
    with pytest.raises(Invalid, match="最多 400 个"):
        layout_diagram(content, path)


def test_a_diagram_of_twenty_megabytes_is_refused_without_being_read(browse: Browse, draft: int) -> None:
    designer = browse("designer")
    content = bpmn('<process id="a">' + "<userTask/>" * 2_000_000 + "</process>")
    assert len(content) > 20 * 1024 * 1024
    tracemalloc.start()
    try:
        page = look(designer, draft, content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert page.status_code in (413, 422)
    assert "MB" in page.text
    assert peak < 8 * len(content), "the file is held, not parsed"
    sent = {"path": f"processes/{KEY}/foreign.bpmn", "content": content.decode(), "base": None}
    answer = designer.send("PUT", f"/api/v1/drafts/{draft}/file", sent)
    assert (answer.status_code, "22000125 个字符，超过 4000000 个" in answer.json["detail"]) == (422, True)
