"""The register of a draft follows the whole amended text, where somebody confirms what it changes."""

from __future__ import annotations

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.law.clauses import ClauseInUse, change_clause, confirm_amendment, propose_amendment
from service.catalog.law_text.compare_texts import ClauseAct
from service.domain.errors import Conflict, Invalid
from tests.support.amended_text import law_as_text
from tests.support.lakeside import KEY, Lakeside


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "修改")


def amended(town: Lakeside, draft: int) -> str:
    """Seven days instead of ten, an article gone, an article more."""
    text = law_as_text(package_of(town.desk, draft).law, without="第六条").replace("10个工作日", "7个工作日")
    assert "7个工作日" in text
    return text + "\n第八条 每届至多5个。"


def test_changes_are_proposed_with_what_cites_their_clauses_and_written_where_confirmed(
    town: Lakeside, draft: int
) -> None:
    assert (
        propose_amendment(town.desk, town.designer, draft, law_as_text(package_of(town.desk, draft).law)).changes == ()
    )
    text = amended(town, draft)
    proposed = propose_amendment(town.desk, town.designer, draft, text).changes
    acts = {p.change.act: p for p in proposed}
    assert [p.change.act for p in proposed] == [ClauseAct.CHANGE, ClauseAct.ADD, ClauseAct.REMOVE]
    assert acts[ClauseAct.REMOVE].uses
    with pytest.raises(ClauseInUse):
        confirm_amendment(town.desk, town.designer, draft, text, {1, 3})
    assert confirm_amendment(town.desk, town.designer, draft, text, {1, 2}) == 2
    clauses = package_of(town.desk, draft).law.clauses
    assert "7个工作日" in clauses["LS-4"].summary
    assert clauses["LS-8-1"].summary == "每届至多5个。"
    with pytest.raises(Invalid, match="不是这部办法修改后的全文"):
        propose_amendment(town.desk, town.designer, draft, "今天天气好。")


def test_a_draft_that_changed_meanwhile_is_compared_again(town: Lakeside, draft: int) -> None:
    text = amended(town, draft)
    change_clause(town.desk, town.designer, draft, "LS-7", {"article": "第七条", "summary": "经费"})
    with pytest.raises(Conflict, match="没有写入"):
        confirm_amendment(town.desk, town.designer, draft, text, {1}, revision=0)
