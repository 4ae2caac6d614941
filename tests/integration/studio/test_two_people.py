"""Two people and one draft: one edits and another takes over, and what was published meanwhile is taken in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from itertools import pairwise

import pytest

from service.casework.access.actor import SYSTEM, Actor
from service.casework.definitions.deploy import deploy_package
from service.casework.studio.drafts.check_draft import check_draft, last_check
from service.casework.studio.drafts.compare_draft import DRAFT, compare_draft, compared_file
from service.casework.studio.drafts.draft_access import EditedByAnother
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft, share_draft, take_over_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.take_in import Side, published_meanwhile, take_in
from service.casework.studio.drafts.view_draft import (
    open_file,
    restore_revision,
    view_draft,
    view_history,
)
from service.casework.studio.publication.publish_draft import publish_draft
from service.casework.studio.publication.review_draft import (
    TypedAmendment,
    review_draft,
    state_amendment,
    submit_draft,
)
from service.catalog.differences.differences import PieceChange
from service.catalog.tree import read_sources
from service.domain.errors import Conflict, Invalid, NotFound
from tests.support.browsers import Browser
from tests.support.lakeside import DIAGRAM, KEY, LAW, MINIATURE, PARAMETERS, Lakeside, amended_package


@pytest.fixture
def draft(town: Lakeside) -> int:
    ident = open_draft(town.desk, town.designer, KEY, "两人同改")
    share_draft(town.desk, town.designer, ident, shared=True)
    return ident


def text_of(town: Lakeside, draft: int, path: str = LAW) -> str:
    return open_file(town.desk, town.designer, draft, path).content.decode()


def change(town: Lakeside, draft: int, old: str, new: str, path: str = LAW) -> None:
    opened = open_file(town.desk, town.designer, draft, path)
    assert old in opened.content.decode()
    save_file(town.desk, town.designer, draft, path, opened.content.decode().replace(old, new).encode(), opened.hash)


def checkers_change(town: Lakeside, draft: int, new: str) -> None:
    opened = open_file(town.desk, town.checker, draft, LAW)
    changed = re.sub("湖[滨畔心]", new, opened.content.decode())
    save_file(town.desk, town.checker, draft, LAW, changed.encode(), opened.hash)


def is_locked(town: Lakeside, draft: int, actor: Actor) -> bool:
    view = view_draft(town.desk, actor, draft)
    assert view.editable is not view.locked
    return view.locked


def test_whoever_changes_a_draft_edits_it_and_the_others_read(town: Lakeside, draft: int) -> None:
    assert not is_locked(town, draft, town.checker)
    change(town, draft, "湖滨", "湖畔")
    assert (is_locked(town, draft, town.designer), is_locked(town, draft, town.checker)) == (False, True)
    acts: list[Callable[[], object]] = [
        lambda: checkers_change(town, draft, "湖心"),
        lambda: restore_revision(town.desk, town.checker, draft, 0),
        lambda: submit_draft(town.desk, town.checker, draft, "改名。"),
    ]
    for act in acts:
        with pytest.raises(EditedByAnother, match="由designer编辑"):
            act()
    assert "湖畔" in text_of(town, draft)


def test_a_draft_is_taken_over_and_the_former_editor_is_told(town: Lakeside, draft: int) -> None:
    change(town, draft, "湖滨", "湖畔")
    take_over_draft(town.desk, town.checker, draft)
    checkers_change(town, draft, "湖心")
    with pytest.raises(EditedByAnother, match="由checker编辑"):
        change(town, draft, "湖心", "湖东")
    assert is_locked(town, draft, town.designer)
    assert [event.action for event in view_history(town.desk, town.checker, draft).events] == ["shared", "taken_over"]
    take_over_draft(town.desk, town.checker, draft)
    assert len(view_history(town.desk, town.checker, draft).events) == 2, "nobody else edits it"


def test_a_draft_is_free_after_half_an_hour_without_a_change(town: Lakeside, draft: int) -> None:
    change(town, draft, "湖滨", "湖畔")
    town.clock.move_to(town.clock.now() + timedelta(minutes=29))
    assert is_locked(town, draft, town.checker)
    change(town, draft, "湖畔", "湖滨")
    town.clock.move_to(town.clock.now() + timedelta(minutes=29))
    assert is_locked(town, draft, town.checker)
    town.clock.move_to(town.clock.now() + timedelta(minutes=1))
    checkers_change(town, draft, "湖心")
    assert is_locked(town, draft, town.designer)


def test_a_draft_is_free_once_its_editor_signs_out(town: Lakeside, draft: int, browse: Callable[..., Browser]) -> None:
    browser = browse("designer")
    change(town, draft, "湖滨", "湖畔")
    assert is_locked(town, draft, town.checker)
    browser.post("/sign-out", {})
    checkers_change(town, draft, "湖心")
    assert "湖心" in text_of(town, draft)


def test_the_page_says_who_edits_and_hands_over(town: Lakeside, draft: int, browse: Callable[..., Browser]) -> None:
    change(town, draft, "湖滨", "湖畔")
    page = browse("checker")
    assert "由designer编辑" in page.get(f"/studio/drafts/{draft}").text
    assert page.post(f"/studio/drafts/{draft}", {"do": "take_over"}).status_code == 302
    assert "data-locked" not in page.get(f"/studio/drafts/{draft}").text
    checkers_change(town, draft, "湖心")


def test_whoever_is_at_a_draft_is_told_of_a_version_published_meanwhile(town: Lakeside, draft: int) -> None:
    version = deployed_elsewhere(town, "湖滨", "湖东")
    newer = view_draft(town.desk, town.designer, draft).newer
    assert newer is not None
    assert newer.version == version
    take_in(town.desk, town.designer, draft, version, {})
    assert view_draft(town.desk, town.designer, draft).newer is None


def test_every_revision_says_in_words_what_it_changed(town: Lakeside, draft: int) -> None:
    change(town, draft, 'name="决定是否受理"', 'name="新的决定是否受理"', DIAGRAM)
    history = view_history(town.desk, town.checker, draft)
    assert [(line.row.revision, line.row.author) for line in history.lines] == [(1, "designer")]
    assert [event.action for event in history.events] == ["shared"]
    [file] = compare_draft(town.desk, town.checker, draft, "r0", "r1").files
    assert {each.change for each in file.difference.records} == {PieceChange.CHANGED}
    assert all(each.fields for each in file.difference.records)


def test_a_file_and_the_whole_draft_go_back_and_forth(town: Lakeside, draft: int) -> None:
    first, second = text_of(town, draft), text_of(town, draft, DIAGRAM)
    change(town, draft, "湖滨", "湖畔")
    change(town, draft, 'name="决定是否受理"', 'name="新的决定是否受理"', DIAGRAM)
    assert restore_revision(town.desk, town.designer, draft, 0, LAW) == 3
    assert text_of(town, draft) == first
    assert text_of(town, draft, DIAGRAM) != second
    restore_revision(town.desk, town.designer, draft, 0)
    assert text_of(town, draft, DIAGRAM) == second
    restore_revision(town.desk, town.designer, draft, 2)
    assert "湖畔" in text_of(town, draft)
    assert text_of(town, draft, DIAGRAM) != second
    with pytest.raises(Conflict):
        restore_revision(town.desk, town.designer, draft, 2)
    with pytest.raises(Invalid):
        restore_revision(town.desk, town.designer, draft, 99)


def deployed_elsewhere(town: Lakeside, old: str, new: str, path: str = LAW) -> str:
    """Publish the folder with a text replaced, sources included, as the command does."""
    sources = dict(read_sources(MINIATURE))
    sources[path] = sources[path].decode().replace(old, new).encode()
    package = amended_package({path: [(old, new)]})
    deploy_package(town.desk, SYSTEM, package, sources=sources)
    return package.version


def test_what_was_published_meanwhile_is_taken_in(town: Lakeside, draft: int) -> None:
    change(town, draft, 'name="决定是否受理"', 'name="新的决定是否受理"', DIAGRAM)
    assert published_meanwhile(town.desk, town.designer, draft) is None
    version = deployed_elsewhere(town, "湖滨", "湖东")
    with pytest.raises(Conflict):
        submit_draft(town.desk, town.designer, draft, "改名。")
    meanwhile = published_meanwhile(town.desk, town.designer, draft)
    assert meanwhile is not None
    assert (meanwhile.files, meanwhile.conflicts) == ((LAW,), ())
    take_in(town.desk, town.designer, draft, version, {})
    assert published_meanwhile(town.desk, town.designer, draft) is None
    assert "湖东" in text_of(town, draft)
    assert 'name="新的决定是否受理"' in text_of(town, draft, DIAGRAM)
    submit_draft(town.desk, town.designer, draft, "改名。")
    review_draft(town.desk, town.checker, draft, approved=True, reason="情景另行核对。")
    publish_draft(town.desk, town.designer, draft)


@pytest.mark.parametrize(("side", "there"), [(Side.OURS, "湖畔"), (Side.THEIRS, "湖东")])
def test_which_file_stands_is_chosen_where_both_changed_it(town: Lakeside, draft: int, side: Side, there: str) -> None:
    change(town, draft, "湖滨", "湖畔")
    version = deployed_elsewhere(town, "湖滨", "湖东")
    meanwhile = published_meanwhile(town.desk, town.designer, draft)
    assert meanwhile is not None
    with pytest.raises(Invalid):
        take_in(town.desk, town.designer, draft, version, {})
    assert "湖畔" in text_of(town, draft)
    (file,) = meanwhile.conflicts
    take_in(town.desk, town.designer, draft, version, {file.path: side})
    assert there in text_of(town, draft)
    assert (package_of(town.desk, draft).version == version) is (side is Side.THEIRS)


@pytest.mark.parametrize("side", [None, Side.OURS, Side.THEIRS])
def test_what_a_draft_says_of_running_cases_stays_when_a_version_is_taken_in(
    town: Lakeside, draft: int, side: Side | None
) -> None:
    if side is not None:
        change(town, draft, "湖滨", "湖畔")
    said = TypedAmendment(True, ("LS-4",), note="补充规定")
    state_amendment(town.desk, town.designer, draft, said)
    version = deployed_elsewhere(town, "湖滨", "湖东")
    meanwhile = published_meanwhile(town.desk, town.designer, draft)
    assert meanwhile is not None
    assert [file.path for file in meanwhile.conflicts] == ([] if side is None else [LAW])
    take_in(town.desk, town.designer, draft, version, {} if side is None else {LAW: side})
    assert ("湖畔" if side is Side.OURS else "湖东") in text_of(town, draft)
    amendment = package_of(town.desk, draft).law.amendment
    assert amendment is not None
    assert (amendment.applies_to_running, amendment.clauses, amendment.note.zh) == (True, ("LS-4",), "补充规定")


def test_two_changes_of_parameters_meet_only_where_they_are_of_the_same_one(town: Lakeside, draft: int) -> None:
    change(town, draft, "minimum: 3\n    value: 3", "minimum: 3\n    value: 4", PARAMETERS)
    version = deployed_elsewhere(town, "maximum: 10\n    value: 10", "maximum: 10\n    value: 8", PARAMETERS)
    meanwhile = published_meanwhile(town.desk, town.designer, draft)
    assert meanwhile is not None
    assert (meanwhile.files, meanwhile.conflicts) == ((PARAMETERS,), ())
    assert [file.path for file in compare_draft(town.desk, town.designer, draft).files] == [PARAMETERS]
    assert len(compare_draft(town.desk, town.designer, draft).files[0].difference.records) == 1, "its own change alone"
    take_in(town.desk, town.designer, draft, version, {})
    parameters = package_of(town.desk, draft).award.parameters
    assert [parameters[name].value_on(date(2026, 3, 2)) for name in ("min_years", "decision_working_days")] == [4, 8]
    check_draft(town.desk, town.designer, draft)
    version = deployed_elsewhere(town, "minimum: 3\n    value: 3", "minimum: 3\n    value: 5", PARAMETERS)
    meanwhile = published_meanwhile(town.desk, town.designer, draft)
    assert meanwhile is not None
    assert [file.path for file in meanwhile.conflicts] == [PARAMETERS]
    take_in(town.desk, town.designer, draft, version, {PARAMETERS: Side.OURS})
    parameters = package_of(town.desk, draft).award.parameters
    values = [parameters[name].value_on(date(2026, 3, 2)) for name in ("min_years", "decision_working_days")]
    assert values == [4, 10], "what is published of the others comes along"
    assert last_check(view_draft(town.desk, town.designer, draft).row) is None, "it was checked on the version before"


def test_a_value_from_a_later_day_is_taken_in_beside_another_change_of_the_parameter(
    town: Lakeside, draft: int
) -> None:
    change(town, draft, "minimum: 3\n    value: 3", "minimum: 2\n    value: 3", PARAMETERS)
    dated = "minimum: 3\n    values: [{from: 2024-01-01, value: 3}, {from: 2027-01-01, value: 5}]"
    version = deployed_elsewhere(town, "minimum: 3\n    value: 3", dated, PARAMETERS)
    meanwhile = published_meanwhile(town.desk, town.designer, draft)
    assert meanwhile is not None
    assert meanwhile.conflicts == ()
    take_in(town.desk, town.designer, draft, version, {})
    parameter = package_of(town.desk, draft).award.parameters["min_years"]
    assert (parameter.minimum, parameter.value_on(date(2026, 3, 2)), parameter.value_on(date(2027, 3, 2))) == (2, 3, 5)


def test_a_diagram_taken_back_to_what_was_published_is_no_change(town: Lakeside, draft: int) -> None:
    before = text_of(town, draft, DIAGRAM)
    change(town, draft, 'name="决定是否受理"', 'name="新的决定是否受理"', DIAGRAM)
    ways = re.findall(r" *<bpmn:sequenceFlow [^>]*/>\n", before)
    sources = [match[1] for way in ways if (match := re.search(r'sourceRef="(\w+)"', way))]
    alone = next(way for way, source in zip(ways, sources, strict=True) if sources.count(source) == 1)
    again = before.replace(alone, "").replace(ways[-1], ways[-1] + alone)
    assert again != before
    change(town, draft, text_of(town, draft, DIAGRAM), again, DIAGRAM)
    assert text_of(town, draft, DIAGRAM) == before
    assert compare_draft(town.desk, town.checker, draft).files == ()


def test_the_ways_of_one_decision_in_another_order_are_a_change(town: Lakeside, draft: int) -> None:
    before = text_of(town, draft, DIAGRAM)
    blocks = re.findall(r" *<bpmn:sequenceFlow [^>]*?(?:/>\n|>\n.*?</bpmn:sequenceFlow>\n)", before, re.DOTALL)
    sources = [match[1] for block in blocks if (match := re.search(r'sourceRef="(\w+)"', block))]
    first, second = next(
        (one, other)
        for (one, source), (other, source_of_other) in pairwise(zip(blocks, sources, strict=True))
        if source == source_of_other
    )
    change(town, draft, first + second, second + first, DIAGRAM)
    assert text_of(town, draft, DIAGRAM) != before


def test_a_draft_stands_beside_the_published_version_and_its_own_past(town: Lakeside, draft: int) -> None:
    change(town, draft, "湖滨", "湖畔")
    change(town, draft, 'name="决定是否受理"', 'name="新的决定是否受理"', DIAGRAM)
    found = compare_draft(town.desk, town.checker, draft)
    assert {file.path for file in found.files} == {LAW, DIAGRAM}
    assert found.file(DIAGRAM).difference.marks
    assert compared_file(town.desk, town.checker, draft, DRAFT, DIAGRAM).decode() == text_of(town, draft, DIAGRAM)
    assert [file.path for file in compare_draft(town.desk, town.checker, draft, "r1", DRAFT).files] == [DIAGRAM]
    for side in ("nothing", "elsewhere/award"):
        with pytest.raises(NotFound):
            compare_draft(town.desk, town.checker, draft, side, DRAFT)
    with pytest.raises(NotFound):
        found.file(PARAMETERS)


def test_a_difference_in_words_leads_to_its_element_on_both_diagrams(
    town: Lakeside, draft: int, browse: Callable[..., Browser]
) -> None:
    change(town, draft, 'name="决定是否受理"', 'name="新的决定是否受理"', DIAGRAM)
    (element,) = compare_draft(town.desk, town.checker, draft).files[0].difference.marks
    browser = browse("designer")
    listed = browser.get(f"/studio/drafts/{draft}/compare").text
    (link,) = set(re.findall(rf'href="([^"]*&amp;element={element})"', listed))
    for page, is_chosen in ((link, "true"), (link.partition("&amp;element")[0], "false")):
        states = re.findall(r'data-state="([^"]*)"', browser.get(unescape(page)).text)
        assert len(states) == 2
        assert all(f'"chosen":{is_chosen},"look":true' in unescape(state) for state in states)


def test_only_what_was_seen_is_undone(town: Lakeside, draft: int) -> None:
    change(town, draft, "湖滨", "湖畔")
    change(town, draft, "湖畔", "湖心")
    with pytest.raises(Conflict, match="刚刚又保存过"):
        restore_revision(town.desk, town.designer, draft, 0, LAW, last=1)
    assert "湖心" in text_of(town, draft)
    restore_revision(town.desk, town.designer, draft, 1, LAW, last=2)
    assert "湖畔" in text_of(town, draft)
