"""A draft: opened from what is published, saved file by file, checked, and never written over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from service.casework.studio.drafts import check_draft as module
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import hash_of, package_of, tree_of
from service.casework.studio.drafts.open_draft import open_draft, share_draft
from service.casework.studio.drafts.save_file import MOST_REVISIONS, DraftConflict, save_file, write_files
from service.casework.studio.drafts.view_draft import list_drafts, open_file, view_draft
from service.catalog.tree import read_sources
from service.domain.errors import Conflict, LaurelError, NotAllowed, NotFound
from service.store.errors import Stale
from tests.support.browsers import Browse, Browser
from tests.support.example_town import FOLDER, ExampleTown
from tests.support.lakeside import DIAGRAM, KEY, LAW, MINIATURE, PARAMETERS, Lakeside


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "公示期改为七个工作日")


def changed(town: Lakeside, draft: int, path: str, old: str, new: str) -> tuple[bytes, str]:
    """Return a file of the draft with a text replaced, and the mark of what was opened."""
    opened = open_file(town.desk, town.designer, draft, path)
    text = opened.content.decode()
    assert old in text
    return text.replace(old, new).encode(), opened.hash


def test_a_draft_begins_with_what_is_published(town: Lakeside, draft: int) -> None:
    with town.desk.store.read() as tx:
        tree = tree_of(town.desk, tx, draft)
    assert dict(tree.files) == dict(read_sources(MINIATURE))
    assert package_of(town.desk, draft).version == view_draft(town.desk, town.designer, draft).row.base
    assert check_draft(town.desk, town.designer, draft).problems == ()


def test_a_save_is_a_revision_and_what_would_be_published(town: Lakeside, draft: int) -> None:
    content, base = changed(town, draft, LAW, "湖滨", "湖畔")
    saved = save_file(town.desk, town.designer, draft, LAW, content, base, "改名")
    assert (saved.revision, saved.hash) == (1, hash_of(saved.content))
    assert "湖畔" in package_of(town.desk, draft).law.title
    with town.desk.store.read() as tx:
        row = tx.definitions.current(KEY)
    assert row is not None
    assert row.version != package_of(town.desk, draft).version
    again = save_file(town.desk, town.designer, draft, LAW, saved.content, saved.hash)
    assert again.revision == 1


def test_of_two_saves_at_one_moment_the_second_is_refused(town: Lakeside, draft: int) -> None:
    first, base = changed(town, draft, LAW, "湖滨", "湖畔")
    second, _ = changed(town, draft, DIAGRAM, 'name="', 'name="甲')
    with town.desk.store.read() as tx:
        row, before = tx.package_drafts.brief(draft), tree_of(town.desk, tx, draft)
    save_file(town.desk, town.designer, draft, LAW, first, base)
    with pytest.raises(Stale):
        write_files(town.desk, town.designer, row, before, {DIAGRAM: second}, "")
    assert open_file(town.desk, town.designer, draft, LAW).content == first


def test_a_save_over_an_older_version_is_refused_until_it_names_the_newest(town: Lakeside, draft: int) -> None:
    first, base = changed(town, draft, LAW, "湖滨", "湖畔")
    second, _ = changed(town, draft, LAW, "湖滨", "湖心")
    save_file(town.desk, town.designer, draft, LAW, first, base)
    with pytest.raises(DraftConflict) as conflict:
        save_file(town.desk, town.designer, draft, LAW, second, base)
    assert open_file(town.desk, town.designer, draft, LAW).content == first
    assert conflict.value.hash == hash_of(first)
    assert save_file(town.desk, town.designer, draft, LAW, first, base).revision == 1, "sent again: it is held already"
    save_file(town.desk, town.designer, draft, LAW, second, conflict.value.hash)
    assert open_file(town.desk, town.designer, draft, LAW).content == second


def test_a_problem_is_told_and_goes(town: Lakeside, draft: int) -> None:
    content, base = changed(town, draft, PARAMETERS, "unit: working_days", "unit: fortnights")
    saved = save_file(town.desk, town.designer, draft, PARAMETERS, content, base)
    told = check_draft(town.desk, town.designer, draft)
    assert told.revision == 1
    assert any(problem.file == PARAMETERS for problem in told.problems)
    back, mark = changed(town, draft, PARAMETERS, "unit: fortnights", "unit: working_days")
    assert mark == saved.hash
    save_file(town.desk, town.designer, draft, PARAMETERS, back, mark)
    assert check_draft(town.desk, town.designer, draft).problems == ()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("processes/lakeside/../other/x.bpmn", b"<a/>"),
        ("service/casework/x.yaml", b"a: 1\n"),
        ("processes/elsewhere/law.yaml", b"a: 1\n"),
        ("processes/lakeside/other/award.yaml", b"a: 1\n"),
        ("processes/lakeside/./x.yaml", b"a: 1\n"),
        ("processes/lakeside/x\ny.yaml", b"a: 1\n"),
        (f"processes/{KEY}/wide.bpmn", b"<a " + b" ".join(b'x%d="1"' % n for n in range(400)) + b"/>"),
        (f"processes/{KEY}/tool.py", b"print()"),
        (DIAGRAM, b"no xml"),
        (LAW, b"a: [1"),
        (DIAGRAM, b"x" * (8 * 1024 * 1024 + 1)),
        (f"processes/{KEY}/award.yaml", None),
    ],
)
def test_what_no_package_can_hold_is_refused(town: Lakeside, draft: int, path: str, content: bytes | None) -> None:
    with town.desk.store.read() as tx:
        base = hash_of(tree_of(town.desk, tx, draft).filled.get(path)) or None
    with pytest.raises(LaurelError) as refused:
        save_file(town.desk, town.designer, draft, path, content, base)
    assert refused.value.message.zh
    assert refused.value.message.en
    assert view_draft(town.desk, town.designer, draft).revision == 0


@pytest.mark.parametrize("side", ["r²", "r" + "9" * 5000, "r-1"])
def test_a_side_that_is_none_is_not_found(browse: Browse, draft: int, side: str) -> None:
    assert browse("designer").get(f"/studio/drafts/{draft}/compare", query_string={"left": side}).status_code == 404


def test_what_a_check_found_gives_way_to_who_acts_meanwhile(town: Lakeside, draft: int) -> None:
    with town.desk.store.write() as tx:
        seen = tx.package_drafts.brief(draft).changed_at
        tx.package_drafts.change(draft, changed_at=seen + timedelta(seconds=1), details={"submitted": {}})
        tx.package_drafts.change_where({"id": draft, "changed_at": seen}, details={"checked": {}})
        assert tx.package_drafts.brief(draft).details == {"submitted": {}}


def test_a_draft_is_private_until_shared(town: Lakeside, draft: int) -> None:
    assert [row.id for place in list_drafts(town.desk, town.designer) for row in place.drafts] == [draft]
    assert all(not place.drafts for place in list_drafts(town.desk, town.checker))
    with pytest.raises(NotFound):
        view_draft(town.desk, town.checker, draft)
    with town.desk.store.write() as tx:
        tx.package_drafts.change(draft, shared=True)
    assert view_draft(town.desk, town.checker, draft).editable
    assert not view_draft(town.desk, town.office, draft).editable
    content, base = changed(town, draft, LAW, "湖滨", "湖畔")
    with pytest.raises(NotAllowed):
        save_file(town.desk, town.office, draft, LAW, content, base)


def test_a_designer_of_another_city_sees_and_opens_nothing(town: Lakeside, draft: int) -> None:
    seat = replace(town.designer.seats[0], jurisdiction="elsewhere")
    other = replace(town.designer, person_id=999, seats=(seat,))
    assert list_drafts(town.desk, other) == ()
    with pytest.raises(NotFound):
        view_draft(town.desk, other, draft)
    with pytest.raises(NotAllowed):
        open_draft(town.desk, other, KEY, "别处")


def test_a_designer_sees_no_cases(town: Lakeside) -> None:
    assert not town.designer.oversees("lakeside")
    assert town.designer.studies("lakeside")


def test_a_save_stands_and_is_told_where_its_check_breaks(town: Lakeside, browse: Browse, draft: int) -> None:
    """What a check found cannot be kept here: the database refuses it. The file was saved before."""
    designer, path = browse("designer"), f"/api/v1/drafts/{draft}/file"
    opened = designer.get(f"{path}?path={LAW}").get_json()
    with town.desk.store.write() as tx:
        tx._connection.exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE UPDATE OF details ON package_draft BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    change = {"path": LAW, "content": opened["content"].replace("湖滨", "湖畔"), "base": opened["hash"], "check": True}
    saved = designer.send("PUT", path, change)
    assert saved.status_code == 200
    assert "已保存，但检查没有做完" in saved.json["untold"]["zh"]
    assert saved.json["problems"] is None
    assert "湖畔" in designer.get(f"{path}?path={LAW}").get_json()["content"]


def test_a_draft_that_was_changed_too_often_takes_no_more(town: Lakeside, draft: int) -> None:
    with town.desk.store.write() as tx:
        tx.package_drafts.change(draft, revision=MOST_REVISIONS)
    opened = open_file(town.desk, town.designer, draft, LAW)
    with pytest.raises(Conflict, match=str(MOST_REVISIONS)):
        save_file(town.desk, town.designer, draft, LAW, opened.content + b"# \n", opened.hash)


def test_problems_are_the_same_with_and_without_memory(example: ExampleTown) -> None:
    """A change there and back, and one that is wrong, are told as by a check that knows nothing."""
    path = f"{FOLDER}/parameters.yaml"
    notice = "minimum: 10\n    value: 10\n  winners_notice_media"
    for old, new in (
        (notice, notice.replace("value: 10", "value: 3")),
        (notice.replace("value: 10", "value: 3"), notice),
    ):
        example.change(path, old, new)
        told = check_draft(example.desk, example.designer, example.draft).problems
        module._MEMORIES[example.desk.store].clear()
        assert check_draft(example.desk, example.designer, example.draft).problems == told
        assert any("winners_notice" in str(p.message) or p.severity.value == "error" for p in told) is (new != notice)


def test_a_change_of_a_diagram_leaves_what_was_inferred_of_other_formulas(example: ExampleTown) -> None:
    check_draft(example.desk, example.designer, example.draft)
    memory = module._MEMORIES[example.desk.store][example.draft]
    before = memory.known
    example.change(f"{FOLDER}/application.bpmn", ' name="', ' name="甲')
    check_draft(example.desk, example.designer, example.draft)
    inferred = [key for key in before if isinstance(key, tuple) and key[0] == "inferred"]
    anew = [key for key in inferred if memory.known.get(key) is not before[key]]
    assert 4 * len(anew) < len(inferred)  # anew: a text that stands in two scopes of other types


@pytest.fixture
def shared(town: Lakeside) -> int:
    ident = open_draft(town.desk, town.designer, KEY, "程序")
    share_draft(town.desk, town.designer, ident, shared=True)
    return ident


@pytest.fixture
def base(shared: int) -> str:
    return f"/api/v1/drafts/{shared}"


def save(program: Browser, base: str, path: str, old: str, new: str, opened: dict[str, str] | None = None):
    held = opened or program.get(f"{base}/file?path={path}").json
    assert old in held["content"]
    sent = {"path": path, "content": held["content"].replace(old, new), "base": held["hash"]}
    return program.send("PUT", f"{base}/file", sent)


def test_an_entry_is_not_written_over_one_that_was_saved_since(browse: Browse, base: str) -> None:
    program = browse("designer")
    opened = program.get(f"{base}/basics").json
    section = next(one for one in opened["sections"] if len(one["entries"]) > 1)
    first = section["entries"][0]
    here = f"{base}/basics/{section['section']}"
    for name, status in (("先写的名字", 200), ("后写的名字", 409)):
        said = {"id": first["id"], "said": {**first["said"], "name": name}, "revision": opened["revision"]}
        answer = program.send("PUT", here, said)
        assert answer.status_code == status
    assert answer.json["code"] == "draft_conflict"
