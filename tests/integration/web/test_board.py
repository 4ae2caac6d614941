"""A round as a board: every applicant once, in its stage, with whom it is; few statements; for overseers alone."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.people.factors.sessions import acting_as, open_session
from service.casework.queries.cases.reasons import view_reasons
from service.casework.queries.cases.view_case import view_case
from service.casework.queries.rounds.round_board import BoardView, export_board, view_board
from service.domain.calendar import local_date
from service.domain.errors import NotAllowed, NotFound
from service.store import CaseFilter, Store
from service.web.frame.page.names import build_namer
from service.web.frame.requests.cookies import SESSION, get_cookie_name
from service.web.frame.requests.current import DESK, SETTINGS
from tests.support.half_seasons import season_until

CITIES = ["urumqi", "kizilsu", "ganzhou", "yining", "qingyuan"]


@pytest.fixture(scope="module")
def desk(demo: Flask) -> Desk:
    found: Desk = demo.extensions[DESK]
    return found


def person(desk: Desk, login: str) -> Actor:
    found = acting_as(desk, login)
    assert found is not None, login
    return found


def signed_in(demo: Flask, actor: Actor) -> FlaskClient:
    client = demo.test_client()
    token = open_session(demo.extensions[DESK], int(actor.person_id or 0), 12)
    client.set_cookie(get_cookie_name(SESSION, demo.extensions[SETTINGS]), token)
    return client


def boards(desk: Desk, city: str) -> list[BoardView]:
    """The boards of the rounds of a city, for the administrator."""
    admin, found = person(desk, "admin"), []
    with desk.store.read() as tx:
        tops = [c for c in tx.cases.search(CaseFilter([city]), limit=50) if c.parent_id is None]
    for top in tops:
        try:
            found.append(view_board(desk, admin, top.id))
        except NotFound:
            continue
    return found


@pytest.mark.parametrize("city", CITIES)
def test_every_applicant_stands_once_where_its_own_page_says(desk: Desk, city: str) -> None:
    shown = [board for board in boards(desk, city) if board.cards]
    assert shown
    admin = person(desk, "admin")
    for board in shown:
        with desk.store.read() as tx:
            below = {c.id for c in tx.cases.select(parent_id=board.round.id, process=board.kind.key)}
        assert sorted(card.id for card in board.cards) == sorted(below)
        for column in board.columns:
            for card in column.cards:
                page = view_case(desk, admin, card.id)
                now = next((stage.name for stage in page.brief.stages if stage.state == "now"), None)
                assert card.ended == (page.brief.status == "ended")
                if card.ended:
                    assert column.name.zh == page.brief.outcome
                elif now is not None:
                    assert column.name.zh == now
                own = f"{card.name}：", f"对{card.name}"  # a card says its name once
                waiting = {task.title.removeprefix(own[0]).replace(own[1], "") for task in page.tasks}
                assert waiting <= set(card.what.split("、")) or card.ended
                if not card.ended:
                    assert page.next is not None
                    assert page.tasks or page.next.step or any(wait.limit for wait in page.waiting), card.name


def test_who_waits_for_the_round_is_told_with_whom_it_is_and_until_when(demo: Flask, desk: Desk) -> None:
    (board,) = [board for board in boards(desk, "ganzhou") if len(board.cards) > 2]
    cards = [card for card in board.cards if not card.ended]
    with desk.store.read() as tx:
        ballots = [task for task in tx.tasks.open_of_case(board.round.id) if task.kind == "ballot"]
    last = {local_date(task.due_at - timedelta(seconds=1)) for task in ballots}
    for card in cards:
        assert card.holder == "评审委员会"  # the role: nobody learns who of it has not voted
        assert card.what == "等待本届“投票：拟获奖组织（区政府质量奖）”"  # and not the limit of that very vote
        assert {card.limit.last_day} == last
        assert card.days == (local_date(desk.clock.now()) - local_date(ballots[0].created_at)).days
    rows = {row[0]: row for row in export_board(desk, person(desk, "gz.gao"), board.round.id, build_namer("zh")).rows}
    assert [rows[card.name][3] for card in cards] == ["评审委员会"] * len(cards)
    client = signed_in(demo, person(desk, "gz.gao"))
    client.get("/language?to=en")
    assert "waiting for the round: “" in client.get(f"/cases/{board.round.id}/board").text


@pytest.mark.parametrize("city", ["ganzhou", "qingyuan"])
def test_who_was_refused_for_a_ground_reads_what_it_was_decided_from(demo: Flask, desk: Desk, city: str) -> None:
    board = max(boards(desk, city), key=lambda each: len(each.cards))
    [refused] = [card for card in board.cards if view_reasons(desk, person(desk, "admin"), card.id).grounds]
    with desk.store.read() as tx:
        [own, *_] = tx.people.people_of(tx.cases.get(refused.id).subject_id or 0, desk.clock.now())
    reader = person(desk, own.login)
    [ground] = [one for one in view_reasons(desk, reader, refused.id).grounds if one.result == "not_met"]
    assert [clause.article for clause in ground.clauses if clause.href] != []
    assert [fact.name.zh for fact in ground.facts] != []  # what others found is named, and shown to who oversees alone
    assert any(fact.value for fact in view_reasons(desk, person(desk, "admin"), refused.id).grounds[0].facts)
    page = signed_in(demo, reader).get(f"/cases/{refused.id}").text
    assert ground.text in page
    found = "由办理单位认定" if len(ground.facts) > 1 else "办理单位认定不符合。这一认定不同，结果才会不同。"
    for fact in ground.facts:
        assert fact.name.zh + "：" + (fact.value.zh if fact.value else found) in page


def test_the_workbook_says_what_the_board_says(demo: Flask, desk: Desk) -> None:
    office = person(desk, "qy.jiang")
    board = max(boards(desk, "qingyuan"), key=lambda each: len(each.cards))
    client = signed_in(demo, office)
    file = client.get(f"/cases/{board.round.id}/board?format=xlsx").data
    (cards,) = (list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(io.BytesIO(file)).worksheets)
    assert sorted(row[0] for row in cards[1:]) == sorted(card.name for card in board.cards)
    table = client.get(f"/cases/{board.round.id}/board?view=table&sort=name").text
    assert f'href="/cases/{board.round.id}/board?sort=name&amp;format=xlsx"' in table
    by_name = client.get(f"/cases/{board.round.id}/board?sort=name&format=xlsx").data
    names = [row[0] for row in load_workbook(io.BytesIO(by_name)).worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert names == sorted(card.name for card in board.cards)


def test_every_file_that_a_page_offers_by_its_own_address_is_handed_out(demo: Flask, desk: Desk) -> None:
    office, city = person(desk, "office.wang"), "urumqi"
    board, client = max(boards(desk, city), key=lambda each: len(each.cards)), signed_in(demo, office)
    here, start = f"/cases/{board.round.id}", f"/start/{city}/quality_award/round/plan"
    pages = [
        f"{here}/board", f"{here}/clauses", f"{start}?day={local_date(desk.clock.now()).year + 2}-10-31", f"/law/{city}", "/register", "/register/import",
        "/experts", "/lists/experts?place=urumqi", "/cases", "/tasks?scope=visible", "/tasks/done",
    ]  # fmt: skip
    for page in pages:
        # a PDF of a document is set by an office program, which not every machine has
        links = re.findall(r'href="([^"]*[?&;]format=(?!pdf)[^"]*)"', client.get(page).text)
        assert links, page
        for link in links:
            answer = client.get(urljoin(page, unescape(link)))
            kept = answer.headers.get("Content-Disposition", "").startswith("attachment")
            assert (answer.status_code, kept) == (200, True), link


def test_who_does_not_oversee_the_place_sees_no_board(desk: Desk) -> None:
    [board] = [each for each in boards(desk, "urumqi") if each.cards][:1]
    for stranger in (person(desk, "tianshan.zhao"), person(desk, "org.10"), Actor(None, "访客")):
        with pytest.raises(NotAllowed):
            view_board(desk, stranger, board.round.id)


@pytest.mark.parametrize("login", ["leading.he", "gz.xia", "yn.zhong"])
def test_a_head_sees_where_all_stand_and_opens_exports_and_urges_nothing(demo: Flask, desk: Desk, login: str) -> None:
    head = person(desk, login)
    [board] = [each for each in boards(desk, head.seats[0].jurisdiction) if each.cards][:1]
    client, path = signed_in(demo, head), f"/cases/{board.round.id}/board"
    assert f'href="{path}"' in client.get("/home").text
    for place in (path, f"{path}?view=table"):
        page = client.get(place).text.partition("<main")[2].partition("</main>")[0]
        assert board.cards[0].name in page
        assert "评审组（" not in page, "who reviews is not told"
        assert not re.search(r'href="/cases/\d+"|format=xlsx|board/urge', page)
    assert client.get(f"/cases/{board.round.id}/board?format=xlsx").status_code == 403
    other = next(each for each in boards(desk, "qingyuan") if each.cards)
    with pytest.raises(NotAllowed):
        view_board(desk, head, other.round.id)


def test_who_holds_up_picked_applications_is_urged_and_each_says_what_became_of_it(demo: Flask, desk: Desk) -> None:
    office = person(desk, "office.wang")
    board = max(boards(desk, "urumqi"), key=lambda each: len(each.cards))
    view = view_board(desk, office, board.round.id)
    waits, own = (
        next(card for card in view.cards if not card.ended and card.urges is which) for which in (True, False)
    )
    client, path = signed_in(demo, office), f"/cases/{board.round.id}/board"
    page = client.get(path).text
    assert page.count('data-together="urge"') == sum(card.urges for card in view.cards)
    mark = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert mark is not None
    given = {"csrf_token": mark[1], "case": [waits.id, own.id], "words": "材料截止在即"}
    first, again = (client.post(f"{path}/urge", data=given).text for _ in range(2))
    assert "选了 2 件，催办了 1 件，1 件没有催办" in first
    assert "现在没有等待他人办理的事项" in first
    assert "今天已经催办过" in again
    assert "催办了 0 件" in again
    assert client.post(f"{path}/urge", data={"csrf_token": mark[1]}).headers["Location"] == path
    listed = client.get("/tasks?scope=others").text
    (line, *_) = re.findall(r'name="task" value="(\d+)" data-together="urge"', listed)
    client.post("/tasks/bulk", data={"csrf_token": mark[1], "do": "urge", "task": line, "words": "请尽快"})
    assert re.search("已催办 1 项|今天已经催办过", client.get("/tasks?scope=others").text)


def test_the_board_marks_who_was_found_unqualified_and_waits_for_the_list(sqlite_store: Store) -> None:
    stage = season_until("urumqi/quality_award", "found_against", sqlite_store, "settle_acceptance", "届")
    view = view_board(stage.desk, stage.cast.actor("office"), stage.case("届"))
    marked = [card.id for card in view.cards if any(flag.text.zh == "审查不合格" for flag in card.flags)]
    with stage.desk.store.read() as tx:
        facts = {row.id: row.facts for row in tx.cases.select(parent_id=stage.case("届"), status="running")}
    assert marked
    assert set(marked) == {ident for ident, fact in facts.items() if fact.get("qualification") == "not_qualified"}
