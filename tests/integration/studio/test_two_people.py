"""Two people on one draft: what meets is chosen, what was published meanwhile is taken in, and nothing is lost."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import FrameType

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.definitions.deploy import deploy_package
from service.casework.studio.drafts.compare_draft import DRAFT, compare_draft, compared_file
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.presence import Meeting, note_presence
from service.casework.studio.drafts.restore_revision import restore_revision
from service.casework.studio.drafts.save_file import DraftConflict, save_file
from service.casework.studio.drafts.settle_save import give_up_save, list_held, settle_save
from service.casework.studio.drafts.share_draft import share_draft
from service.casework.studio.drafts.take_in import published_meanwhile, take_in
from service.casework.studio.drafts.undo_last_save import undo_last_save, view_last_save
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.drafts.view_history import view_history, view_revision
from service.casework.studio.publication.publish_draft import publish_draft
from service.casework.studio.publication.review_draft import review_draft
from service.casework.studio.publication.submit_draft import submit_draft
from service.catalog import Package
from service.catalog.merge import Side
from service.catalog.merge.differences import PieceChange
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


def meet(town: Lakeside, draft: int) -> int:
    """Let the designer save 湖畔 and the checker, who opened the same, 湖心; returns what is held for the checker."""
    opened = open_file(town.desk, town.checker, draft, LAW)
    change(town, draft, "湖滨", "湖畔")
    mine = opened.content.decode().replace("湖滨", "湖心").encode()
    with pytest.raises(DraftConflict) as met:
        save_file(town.desk, town.checker, draft, LAW, mine, opened.hash)
    return met.value.held


def test_each_difference_is_chosen_before_anything_is_saved(town: Lakeside, draft: int) -> None:
    held = meet(town, draft)
    assert list_held(town.desk, town.designer, draft) == ()
    (waiting,) = list_held(town.desk, town.checker, draft)
    assert waiting.row.id == held
    assert waiting.author == "designer"
    field = waiting.conflicts[0].fields[0]
    assert ("湖心" in str(field.ours), "湖畔" in str(field.theirs)) == (True, True)
    with pytest.raises(Invalid):
        settle_save(town.desk, town.checker, draft, held, {})
    assert "湖畔" in text_of(town, draft)
    saved = settle_save(town.desk, town.checker, draft, held, {c.id: Side.OURS for c in waiting.conflicts})
    assert saved.content is not None
    assert "湖心" in saved.content.decode()
    assert list_held(town.desk, town.checker, draft) == ()
    with pytest.raises(NotFound):
        settle_save(town.desk, town.checker, draft, held, {})


def test_what_is_held_can_be_given_up_by_its_owner_alone(town: Lakeside, draft: int) -> None:
    held = meet(town, draft)
    with pytest.raises(NotFound):
        give_up_save(town.desk, town.designer, draft, held)
    give_up_save(town.desk, town.checker, draft, held)
    assert "湖畔" in text_of(town, draft)


def test_the_second_sees_which_file_the_first_has_open_for_two_minutes(town: Lakeside, draft: int) -> None:
    assert note_presence(town.desk, town.designer, draft, LAW) == Meeting((), None)
    (seen,) = note_presence(town.desk, town.checker, draft, DIAGRAM).others
    assert (seen.name, seen.path, seen.title.zh) == ("designer", LAW, "条款")
    (seen,) = note_presence(town.desk, town.designer, draft, LAW).others
    assert seen.title.zh.startswith("“")
    assert ".bpmn" not in seen.title.zh
    town.clock.move_to(town.clock.now() + timedelta(minutes=3))
    assert note_presence(town.desk, town.checker, draft, DIAGRAM).others == ()


def test_whoever_is_at_a_draft_is_told_of_a_version_published_meanwhile(town: Lakeside, draft: int) -> None:
    version = deployed_elsewhere(town, "湖滨", "湖东")
    newer = note_presence(town.desk, town.designer, draft, LAW).newer
    assert newer is not None
    assert newer.version == version
    take_in(town.desk, town.designer, draft, version, {})
    assert note_presence(town.desk, town.designer, draft, LAW).newer is None


def test_every_revision_says_in_words_what_it_changed(town: Lakeside, draft: int) -> None:
    change(town, draft, 'name="决定是否受理"', 'name="新的决定是否受理"', DIAGRAM)
    history = view_history(town.desk, town.checker, draft)
    assert [(line.row.revision, line.row.author) for line in history.lines] == [(1, "designer")]
    assert [event.action for event in history.events] == ["shared"]
    difference = view_revision(town.desk, town.checker, draft, 1).difference
    assert difference is not None
    assert {each.change for each in difference.records} == {PieceChange.CHANGED}
    assert all(each.fields for each in difference.records)
    with pytest.raises(NotFound):
        view_revision(town.desk, town.checker, draft, 2)


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


def deployed_elsewhere(town: Lakeside, old: str, new: str) -> str:
    """Publish the folder with a text replaced, sources included, as the command does."""
    sources = dict(read_sources(MINIATURE))
    sources[LAW] = sources[LAW].decode().replace(old, new).encode()
    package = amended_package({LAW: [(old, new)]})
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


def test_what_both_changed_is_chosen_when_it_is_taken_in(town: Lakeside, draft: int) -> None:
    change(town, draft, "湖滨", "湖畔")
    version = deployed_elsewhere(town, "湖滨", "湖东")
    meanwhile = published_meanwhile(town.desk, town.designer, draft)
    assert meanwhile is not None
    with pytest.raises(Invalid):
        take_in(town.desk, town.designer, draft, version, {})
    (file,) = meanwhile.conflicts
    chosen = {(file.path, each.id): Side.THEIRS for each in file.conflicts}
    take_in(town.desk, town.designer, draft, version, chosen)
    assert "湖东" in text_of(town, draft)
    assert package_of(town.desk, draft).version == version


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


def test_an_editor_learns_of_the_last_save_without_a_package_being_built(town: Lakeside, draft: int) -> None:
    change(town, draft, "湖滨", "湖畔")
    change(town, draft, "湖畔", "湖心")
    change(town, draft, 'name="', 'name="\u65b0', DIAGRAM)
    built: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is Package.from_files.__func__.__code__:  # type: ignore[attr-defined]
            built.append(event)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        last = view_last_save(town.desk, town.designer, draft, LAW)
        assert view_last_save(town.desk, town.designer, draft, PARAMETERS) is None
    finally:
        sys.setprofile(before)
    assert last is not None
    assert (last.revision, last.author, built) == (2, "designer", [])


def test_only_the_save_that_was_told_is_undone(town: Lakeside, draft: int) -> None:
    change(town, draft, "湖滨", "湖畔")
    told = view_last_save(town.desk, town.designer, draft, LAW)
    assert told is not None
    change(town, draft, "湖畔", "湖心")
    with pytest.raises(Conflict, match="刚刚又保存过"):
        undo_last_save(town.desk, town.designer, draft, LAW, told.revision)
    with pytest.raises(Conflict, match="刚刚又保存过"):
        restore_revision(town.desk, town.designer, draft, told.revision - 1, LAW, last=told.revision)
    assert "湖心" in text_of(town, draft)
    undo_last_save(town.desk, town.designer, draft, LAW, told.revision + 1)
    assert "湖畔" in text_of(town, draft)


@pytest.mark.parametrize("later", [False, True], ids=["today", "from_a_day_on"])
def test_what_was_held_when_a_draft_is_published_stays_in_a_draft_of_its_author(
    town: Lakeside, draft: int, browse: Callable[..., Browser], later: bool
) -> None:
    meet(town, draft)
    submit_draft(town.desk, town.designer, draft, "改称湖畔。")
    assert "checker还有没选定的修改" in re.sub(
        r"<[^>]+>|\s", "", browse("designer").get(f"/studio/drafts/{draft}/publish").text
    )
    review_draft(town.desk, town.checker, draft, approved=True, reason="情景另行核对。")
    version = publish_draft(town.desk, town.admin, draft, date(2026, 3, 9) if later else None)
    town.advance(datetime(2026, 3, 9, 1, tzinfo=UTC))
    assert list_held(town.desk, town.checker, draft) == ()
    with town.desk.store.read() as tx:
        (own,) = [row for row in tx.package_drafts.alive() if row.person_id == town.checker.person_id]
        told = [mail for mail in tx.mail.inbox(town.checker.person_id or 0) if f"/{own.id}/choices" in mail.text]
    assert (own.base, own.title, len(told)) == (version, "两人同改（未选定的修改）", 1)
    (waiting,) = list_held(town.desk, town.checker, own.id)
    saved = settle_save(town.desk, town.checker, own.id, waiting.row.id, {c.id: Side.OURS for c in waiting.conflicts})
    assert saved.content is not None
    assert "湖心" in saved.content.decode()
    assert published_meanwhile(town.desk, town.checker, own.id) is None
    submit_draft(town.desk, town.checker, own.id, "改称湖心。")
