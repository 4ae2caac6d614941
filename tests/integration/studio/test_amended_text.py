"""The register of a draft follows the whole amended text, where somebody confirms what it changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.amend_law import confirm_amendment, propose_amendment
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.remove_clause import ClauseInUse
from service.catalog.law_text.compare_texts import ClauseAct
from service.domain.errors import Conflict, Invalid
from tests.support.amended_text import law_as_text
from tests.support.browsers import Browser
from tests.support.lakeside import KEY, Lakeside

Browse = Callable[..., Browser]
LETTER = f"processes/{KEY}/documents/refusal.yaml"


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


def test_the_page_compares_keeps_what_is_ticked_and_writes_it(browse: Browse, town: Lakeside, draft: int) -> None:
    designer, here, text = browse("designer"), f"/studio/drafts/{draft}/clauses/amend", amended(town, draft)
    assert "修改后的全文" in designer.get(here).text
    shown = designer.post(here, {"text": text}).text
    assert "每届至多5个" in shown
    assert 'name="take" value="1" checked' in shown
    assert 'name="take" value="3">' in shown, "what is cited goes only where somebody says so"
    assert "没有正在办理的办件" in shown
    assert "写明在办办件怎么办" in shown
    [revision] = re.findall(r'name="revision" value="(\d+)"', shown)
    for taken in ("²", "9" * 5000):
        refused = designer.post(here, {"text": text, "take": taken, "confirm": "yes"})
        assert (refused.status_code, "每届至多5个" in refused.text) == (422, True), "nothing is ticked, the text stays"
    sent = {"text": text, "take": ["2"], "confirm": "yes", "revision": revision}
    assert designer.post(here, sent).status_code == 302
    assert "LS-8-1" in package_of(town.desk, draft).law.clauses
    again = designer.post(here, sent)
    assert (again.status_code, "对照以后，草稿又改过" in again.text) == (409, True)
    assert designer.post(here, {"text": "无"}).status_code == 422


def test_a_draft_that_changed_meanwhile_is_compared_again(town: Lakeside, draft: int) -> None:
    text = amended(town, draft)
    change_clause(town.desk, town.designer, draft, "LS-7", {"article": "第七条", "summary": "经费"})
    with pytest.raises(Conflict, match="没有写入"):
        confirm_amendment(town.desk, town.designer, draft, text, {1}, revision=0)


def test_articles_that_move_are_told_with_the_files_that_name_them(town: Lakeside, browse: Browse, draft: int) -> None:
    opened = open_file(town.desk, town.designer, draft, LETTER)
    naming = opened.content.replace("不予受理".encode(), "依照第六条不予受理".encode())
    save_file(town.desk, town.designer, draft, LETTER, naming, opened.hash)
    law = package_of(town.desk, draft).law
    lines = law_as_text(law).split("\n")
    numbers = "一二三四五六七八"
    more = [f"第{numbers[3]}条 新设的一条，写明监督机关受理举报。"]
    text = "\n".join(
        [
            *lines[:3],
            *more,
            *(re.sub(r"^第(.)条", lambda m: f"第{numbers[numbers.index(m[1]) + 1]}条", line) for line in lines[3:]),
        ]
    )
    program, api = browse("designer"), f"/api/v1/drafts/{draft}/amendment"
    told = program.send("POST", api, {"text": text}).json
    assert told["moved"] == {f"第{a}条": f"第{b}条" for a, b in pairwise(numbers[3:])}
    assert LETTER in told["naming"]
    take = [change["number"] for change in told["changes"]]
    clauses = {c["id"]: c for c in program.send("PUT", api, {"text": text, "chosen": take}).json["clauses"]}
    assert clauses["LS-7"]["article"] == "第八条"
    assert propose_amendment(town.desk, town.designer, draft, text).changes == ()
