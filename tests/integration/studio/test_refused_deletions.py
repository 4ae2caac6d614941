"""What is still needed is not deleted: a form in use, a clause that is cited, a version under which cases run."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.pieces.preview_document import preview_document
from service.casework.studio.pieces.study_document import list_documents
from service.casework.studio.pieces.study_form import list_forms
from tests.support.browsers import Browser
from tests.support.lakeside import KEY, LAW, Lakeside

Browse = Callable[..., Browser]


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "删除")


def test_a_form_that_a_task_shows_stays_and_the_task_is_named(browse: Browse, town: Lakeside, draft: int) -> None:
    form = next(line for line in list_forms(town.desk, town.designer, draft) if line.users)
    opened = open_file(town.desk, town.designer, draft, form.path)
    here = f"/studio/drafts/{draft}/forms"
    answer = browse("designer").post(f"{here}/remove", {"path": form.path, "base": opened.hash}, page=here)
    assert answer.status_code == 409
    assert "还在使用，没有删除" in answer.text
    assert form.users[0].name in answer.text
    assert open_file(town.desk, town.designer, draft, form.path).content == opened.content


def test_a_letter_in_use_gives_way_to_the_shared_one_only_where_that_is_confirmed(
    browse: Browse, town: Lakeside, draft: int
) -> None:
    letter = next(line for line in list_documents(town.desk, town.designer, draft) if line.users and not line.shared)
    shared = f"processes/shared/documents/{letter.ident}.yaml"
    own = open_file(town.desk, town.designer, draft, letter.path)
    save_file(
        town.desk, town.designer, draft, shared, own.content.replace("告知书".encode(), "告知书（共用）".encode()), None
    )
    designer, here = browse("designer"), f"/studio/drafts/{draft}/documents"
    asked = {"path": letter.path, "base": own.hash}
    told = designer.post(f"{here}/remove", asked, page=here)
    assert told.status_code == 409
    assert all(user.name in told.text for user in letter.users)
    assert "改用各地共用的同名一份，内容以共用的为准。" in told.text
    assert shared not in re.sub(r"<[^>]*>", "", told.text), "a reader is told no path of a file"
    href = re.search(r'<a href="([^"]+)">看看共用的这一份', told.text)
    assert href is not None
    assert shared in designer.get(unescape(href[1])).text
    preview = preview_document(
        town.desk, town.designer, draft, shared, open_file(town.desk, town.designer, draft, shared).content
    )
    assert "（共用）" in str(preview.content), "its pages are shown although the own letter stands before it"
    body = {**asked, "content": None}
    refused = designer.send("PUT", f"/api/v1/drafts/{draft}/file", body)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "piece_gives_way")
    assert open_file(town.desk, town.designer, draft, letter.path).hash == own.hash, "nothing was removed yet"
    assert designer.post(f"{here}/remove", {**asked, "give_way": "yes"}, page=here).status_code == 302
    lines = {line.ident: line.path for line in list_documents(town.desk, town.designer, draft)}
    assert lines[letter.ident] == shared


def test_a_clause_that_is_cited_stays_and_the_places_are_named(browse: Browse, town: Lakeside, draft: int) -> None:
    here = f"/studio/drafts/{draft}/clauses"
    answer = browse("designer").post(f"{here}/LS-4/remove", {}, page=here)
    assert answer.status_code == 409
    assert "决定是否受理" in answer.text
    assert b"LS-4" in open_file(town.desk, town.designer, draft, LAW).content


def test_the_current_version_is_not_deleted(browse: Browse, town: Lakeside, draft: int) -> None:
    with town.desk.store.read() as tx:
        current = tx.definitions.current(KEY)
    assert current is not None
    here = f"/studio/drafts/{draft}/publish"
    answer = browse("designer").post(f"{here}/delete", {"version": current.version}, page=here)
    assert answer.status_code == 409
    assert "正在使用，不能删除" in answer.text
    with town.desk.store.read() as tx:
        assert tx.definitions.current(KEY) == current
