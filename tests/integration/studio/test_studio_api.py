"""What the scripts of the studio ask the interface for."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from service.casework.studio.drafts.open_draft import open_draft, share_draft
from tests.support.browsers import Browser
from tests.support.lakeside import DIAGRAM, KEY, Lakeside

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


def test_one_change_is_told_in_words(browse: Browse, base: str) -> None:
    program = browse("designer")
    save(program, base, DIAGRAM, "决定是否受理", "决定受理与否")
    record = program.get(f"{base}/revisions/1").json["difference"]["records"][0]
    assert record["element"] == "decide"
    assert (record["fields"][0]["left"], record["fields"][0]["right"]) == ("决定是否受理", "决定受理与否")
    opened = program.get(f"{base}/file?path={DIAGRAM}").json
    bare = re.sub(r'\s*<spiffworkflow:property name="role" value="office" ?/>', "", opened["content"], count=1)
    program.send("PUT", f"{base}/file", {"path": DIAGRAM, "content": bare, "base": opened["hash"], "note": ""})
    told = program.get(f"{base}/revisions/2").json["difference"]["records"][0]["fields"]
    assert [(one["left"], one["right"]) for one in told] == [("办公室", None)], "as the dialog of undoing says it"


def test_the_largest_number_of_a_revision_is_one_that_is_not_there(browse: Browse, base: str) -> None:
    """One more than it is no number of the database."""
    program, most = browse("designer"), 2**63 - 1
    assert program.get(f"{base}/revisions/{most}").status_code == 404
    undo = {"path": DIAGRAM, "revision": most}
    assert program.send("POST", f"{base}/last-save/undo", undo).status_code in (404, 409, 422)


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
