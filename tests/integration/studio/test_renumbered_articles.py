"""An amendment that gives articles new numbers: the register, and everything else that names them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.amend_law import confirm_amendment, propose_amendment
from service.casework.studio.law.follow_articles import follow_articles, keep_articles
from service.casework.studio.law.view_clauses import view_clauses
from service.catalog.law_text.amend import ClauseAct
from service.domain.errors import Conflict, Invalid
from tests.support.browsers import Browser
from tests.support.lakeside import DIAGRAM, KEY, PARAMETERS, Lakeside
from tests.support.written_amendment import over

Browse = Callable[..., Browser]
LETTER = f"processes/{KEY}/documents/refusal.yaml"
SCENARIO = f"processes/{KEY}/scenarios/ordinary.yaml"
FORM = "forms/lakeside/decision.json"
ADDED = "一、增加一条，作为第五条：“第五条 受理以前先听取意见。”"


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "改编号")


def write(town: Lakeside, draft: int, path: str, old: str, new: str) -> None:
    opened = open_file(town.desk, town.designer, draft, path)
    changed = opened.content.replace(old.encode(), new.encode(), 1)
    assert changed != opened.content, path
    save_file(town.desk, town.designer, draft, path, changed, opened.hash)


def text(town: Lakeside, draft: int, path: str) -> str:
    return open_file(town.desk, town.designer, draft, path).content.decode()


def name_articles(town: Lakeside, draft: int) -> None:
    write(town, draft, LETTER, "理由如下", "依据《湖滨县工匠之星奖管理办法》第六条，理由如下")
    write(town, draft, PARAMETERS, "受理决定期限", "第四条的受理决定期限和第五条的公示")
    write(town, draft, DIAGRAM, "说明理由", "依第六条说明理由")


def everything(town: Lakeside, draft: int, decision: str) -> set[int]:
    changes = propose_amendment(town.desk, town.designer, draft, decision).changes
    return {p.number for p in changes if p.change.act is not ClauseAct.LOOK}


def old_articles(town: Lakeside, draft: int) -> list[tuple[str, str]]:
    found = check_draft(town.desk, town.designer, draft).problems
    return [(p.file, p.severity.value) for p in found if p.rule == "old_article"]


def test_what_names_moved_articles_is_shown_before_and_follows_where_ticked(town: Lakeside, draft: int) -> None:
    name_articles(town, draft)
    proposed = propose_amendment(town.desk, town.designer, draft, ADDED)
    assert proposed.moved.words() == ("第五条→第六条", "第六条→第七条", "第七条→第八条")
    assert {one.path for one in proposed.naming} >= {LETTER, PARAMETERS, DIAGRAM}
    moving = [one for one in proposed.changes if one.change.act is ClauseAct.RENUMBER]
    assert moving
    assert not any(one.uses for one in moving), "every file read for every article took minutes"
    confirm_amendment(
        town.desk, town.designer, draft, ADDED, everything(town, draft, ADDED), follow=[LETTER, PARAMETERS]
    )
    assert "《湖滨县工匠之星奖管理办法》第七条，理由" in text(town, draft, LETTER)
    assert "第四条的受理决定期限和第六条的公示" in text(town, draft, PARAMETERS)
    assert "依第六条说明理由" in text(town, draft, DIAGRAM)
    assert old_articles(town, draft) == [(DIAGRAM, "error")]


def test_a_problem_stands_until_the_file_follows_and_is_followed_once(town: Lakeside, draft: int) -> None:
    name_articles(town, draft)
    confirm_amendment(town.desk, town.designer, draft, ADDED, {1}, renumber=True)
    assert {path for path, _ in old_articles(town, draft)} >= {LETTER, PARAMETERS, DIAGRAM}
    follow_articles(town.desk, town.designer, draft, DIAGRAM)
    assert "依第七条说明理由" in text(town, draft, DIAGRAM)
    with pytest.raises(Conflict, match="没有要改的条文编号"):
        follow_articles(town.desk, town.designer, draft, DIAGRAM)
    assert follow_articles(town.desk, town.designer, draft) >= 2
    assert old_articles(town, draft) == []
    assert package_of(town.desk, draft).law.renumbered is None


def test_an_article_that_goes_leaves_its_name_to_a_person(town: Lakeside, draft: int) -> None:
    write(town, draft, PARAMETERS, "受理决定期限", "第七条之外的受理决定期限")
    decision = "一、删去第七条。"
    assert propose_amendment(town.desk, town.designer, draft, decision).moved.stays
    confirm_amendment(town.desk, town.designer, draft, decision, {1}, follow=[PARAMETERS])
    assert "第七条之外" in text(town, draft, PARAMETERS), "nobody knows what takes its place"
    assert old_articles(town, draft) == [(PARAMETERS, "error")]
    keep_articles(town.desk, town.designer, draft, PARAMETERS)
    assert old_articles(town, draft) == []


def test_articles_get_their_numbers_together_or_not_at_all(town: Lakeside, draft: int) -> None:
    wanted = everything(town, draft, ADDED)
    with pytest.raises(Invalid, match="一起改"):
        confirm_amendment(town.desk, town.designer, draft, ADDED, {min(wanted)})
    write(town, draft, PARAMETERS, "受理决定期限", "受理决定期限（第五条）")
    confirm_amendment(town.desk, town.designer, draft, ADDED, wanted)
    again = "一、增加一条，作为第二条：“第二条 本办法适用于全县。”"
    with pytest.raises(Invalid, match="上一次"):
        confirm_amendment(town.desk, town.designer, draft, again, everything(town, draft, again))


def test_a_new_article_stands_at_its_place(town: Lakeside, draft: int) -> None:
    confirm_amendment(town.desk, town.designer, draft, ADDED, everything(town, draft, ADDED))
    places = [article.name for article in view_clauses(town.desk, town.designer, draft).articles]
    assert places == ["第一条", "第二条", "第三条", "第四条", "第五条", "第六条", "第七条", "第八条"]


def test_the_pages_name_the_words_and_mend_them_by_one_click(town: Lakeside, browse: Browse, draft: int) -> None:
    name_articles(town, draft)
    designer, here = browse("designer"), f"/studio/drafts/{draft}"
    shown = designer.post(f"{here}/clauses/amend", {"decision": ADDED}).text
    assert "第五条→第六条" in shown
    assert "依据《湖滨县工匠之星奖管理办法》第六条" in shown
    stays = designer.post(f"{here}/clauses/amend", {"decision": "一、删去第五条。"}).text
    assert "没有写明条文顺序作相应调整" in stays
    sent = {
        "decision": ADDED,
        "confirm": "yes",
        "take": [str(n) for n in everything(town, draft, ADDED)],
        "renumber": "yes",
    }
    assert designer.post(f"{here}/clauses/amend", sent).status_code == 302
    assert over(town, draft).count
    page = designer.get(f"{here}/problems").text
    assert "改成新的编号" in page
    assert designer.post(f"{here}/articles/follow", {"path": LETTER}).status_code == 302
    assert designer.post(f"{here}/articles/keep", {"path": DIAGRAM}).status_code == 302
    assert designer.post(f"{here}/articles/follow", {"path": ""}).status_code == 302
    assert "改成新的编号" not in designer.get(f"{here}/problems").text
    assert "依第六条说明理由" in text(town, draft, DIAGRAM)


def test_programs_follow_too(town: Lakeside, browse: Browse, draft: int) -> None:
    name_articles(town, draft)
    program, here = browse("designer"), f"/api/v1/drafts/{draft}"
    proposed = program.send("POST", f"{here}/amendment", {"text": ADDED}).json
    assert proposed["moved"] == {"第五条": "第六条", "第六条": "第七条", "第七条": "第八条"}
    [letter] = [one for one in proposed["naming"] if one["path"] == LETTER]
    assert [(p["before"], p["after"]) for p in letter["places"]] == [("第六条", "第七条")]
    chosen = [change["number"] for change in proposed["changes"]]
    sent = {"text": ADDED, "chosen": chosen, "values": [], "follow": [LETTER]}
    assert program.send("PUT", f"{here}/amendment", sent).status_code == 200
    assert program.send("POST", f"{here}/articles", {"path": PARAMETERS}).json["left"] == [DIAGRAM]
    assert program.send("POST", f"{here}/articles", {"path": DIAGRAM, "keep": True}).json["left"] == []
    assert program.send("POST", f"{here}/articles", {"path": DIAGRAM}).status_code == 409
