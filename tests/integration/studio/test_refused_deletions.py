"""What is still needed is not deleted: a form in use, a clause that is cited, a version under which cases run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.casework.studio.open_draft import open_draft
from service.casework.studio.study_form import list_forms
from service.casework.studio.view_draft import open_file
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
