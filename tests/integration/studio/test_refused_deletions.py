"""What is still needed is not deleted: a form in use, a clause that is cited, a version under which cases run."""

from __future__ import annotations

import re
from html import unescape

import pytest

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.pieces.documents import list_documents, preview_document
from tests.support.browsers import Browse
from tests.support.lakeside import KEY, Lakeside


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "删除")


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
    told = designer.post(f"/studio/drafts/{draft}/remove", asked, page=here)
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
    assert designer.post(f"/studio/drafts/{draft}/remove", {**asked, "give_way": "yes"}, page=here).status_code == 302
    lines = {line.ident: line.path for line in list_documents(town.desk, town.designer, draft)}
    assert lines[letter.ident] == shared
