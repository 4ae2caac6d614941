"""The pages of a ballot, as a browser without scripts sees them."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask

from service.casework.desk.premises import Premises, SignInRules
from service.domain.ballots import Mark
from service.store import Store
from service.web.ballots.ballots import SENT
from tests.support.ballots import Hall, make_hall, paper
from tests.support.browsers import PASSWORD, Browser, give_password, make_app

Browse = Callable[[str], Browser]


@pytest.fixture
def hall(sqlite_store: Store) -> Hall:
    return make_hall(sqlite_store)


@pytest.fixture
def app(hall: Hall) -> Flask:
    return make_app(hall)  # type: ignore[arg-type]


@pytest.fixture
def browse(app: Flask, hall: Hall) -> Browse:
    return lambda login: Browser(app, hall, login)  # type: ignore[arg-type]


def marks(words: dict[str, str]) -> dict[str, str]:
    return {f"mark.{key}": SENT[Mark(mark)] for key, mark in words.items()}


def test_a_member_marks_reviews_casts_and_gets_a_receipt(hall: Hall, browse: Browse) -> None:
    _, ballot = hall.open()
    member, page = browse("member1"), f"/ballots/{ballot}"
    shown = member.get(page).text
    assert "质量奖：逐个表决，名额 2 个；不选视为弃权。" in shown
    assert shown.count('type="radio"') == 9 + 3  # one for each candidate says that nothing is marked
    assert "style=" not in shown
    review = member.post(page, {**marks(paper("yyn")), "do": "review"}).text
    assert "投出后不能更改" in review
    assert hall.ballot(ballot).cast == 0
    assert "checked" in member.post(page, {**marks(paper("yyn")), "do": "edit"}).text
    assert member.post(page, {**marks(paper("yyn")), "do": "cast"}).status_code == 303
    shown = member.get(page).text
    receipt = re.search(r'<span class="code">([2-9A-Z]{4}-[2-9A-Z]{4})</span>', shown)
    assert receipt
    assert hall.ballot(ballot).cast == 1
    for number in range(2, 10):
        hall.cast(ballot, number, paper("yyn"))
    hall.drain()
    shown = member.get(page).text
    assert ("已列入本页下方计入的回执号" in shown, f"<strong>{receipt[1]}</strong>" in shown) == (True, True)
    watched = browse("supervisor").get(page).text
    assert ("计入的回执号（9）" in watched, receipt[1] in watched, "<strong>" + receipt[1] in watched) == (
        True,
        True,
        False,
    )


def test_a_paper_sent_after_the_session_ended_is_not_carried_along(hall: Hall, app: Flask, browse: Browse) -> None:
    _, ballot = hall.open()
    client = app.test_client()
    client.get("/portal")
    mark = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/portal").text)
    assert mark
    answer = client.post(f"/ballots/{ballot}", data={"csrf_token": mark[1], **marks(paper("yyn")), "do": "cast"})
    assert (answer.status_code, "选票还没有投出" in answer.text) == (401, True)
    assert "quality:c1" not in answer.text


def test_an_old_sign_in_proves_itself_with_the_paper_that_is_kept_nowhere(hall: Hall) -> None:
    """The paper stands in the page that asks and goes on with the proof; from then on voting takes no step more."""
    hall.desk = replace(hall.desk, premises=Premises(sign_in=SignInRules(proof=timedelta(minutes=15))))
    _, ballot = hall.open()
    page, member = f"/ballots/{ballot}", Browser(make_app(hall), hall, "member1")  # type: ignore[arg-type]
    give_password(hall, "member1")  # type: ignore[arg-type]
    hall.clock.move_to(hall.clock.now() + timedelta(minutes=16))
    asked = [member.post(page, {**marks(paper(words)), "do": "review"}) for words in ("yyn", "nny")]
    assert len({(one.status_code, len(one.data)) for one in asked}) == 1, "the length tells no choice"
    assert 'name="mark.quality:c1" value="yes"' in asked[0].text
    with hall.desk.store.read() as tx:
        kept = tx.sessions.select(
            "-seen_at -id", limit=9, person_id=hall.people["member1"], expires_at__gt=hall.clock.now()
        )
    assert "mark" not in str([one.details for one in kept])
    form = {**marks(paper("yyn")), "do": "review", "laurel_proof": PASSWORD}
    assert "投出后不能更改" in member.post(page, form).text
    assert member.post(page, {**marks(paper("yyn")), "do": "cast"}).status_code == 303
    assert hall.ballot(ballot).cast == 1


def sent_by(page: str, ticked: dict[str, str]) -> dict[str, str]:
    """Return what a browser sends of the form that holds the marks, with ``ticked`` chosen."""
    form = next(f for f in re.findall(r"<form .*?</form>", page, re.S) if 'name="mark.' in f)
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if said["type"] == "hidden" or (said["type"] == "radio" and re.search(r"\schecked\b", tag)):
            sent[said["name"]] = said["value"]
    return {**sent, **ticked}


@pytest.mark.parametrize(
    "papers",
    [
        ({}, paper("yyn"), paper("nn-"), paper("---"), paper("..."), paper("y.n")),
        ({"unit": "approval_up_to_quota"}, paper("yy."), paper("..."), paper("y..")),
    ],
)
def test_no_length_tells_a_choice(hall: Hall, browse: Browse, papers: tuple[dict[str, str], ...]) -> None:
    """From the empty paper to the receipt: what is sent and what comes back has one length for every choice."""
    settings, *choices = papers
    lengths = set()
    for number, choice in enumerate(choices, 1):
        _, ballot = hall.open(**settings)
        member, address = browse(f"member{number}"), f"/ballots/{ballot}"
        first = sent_by(member.get(address).text, marks(choice))
        review = member.client.post(address, data={**first, "do": "review"})
        assert review.status_code == 200
        nothing = (
            not choice and not settings
        )  # what was left out altogether is said before it is cast, in as many bytes
        assert ("您没有作任何选择：投出后每一项都按弃权计" in review.text) == nothing
        left_out = (
            0 if settings else 3 - len(choice)
        )  # and so is each item without a mark, apart from a chosen abstention
        assert review.text.count("您没有选，按弃权计") == left_out
        second = sent_by(review.text, {})
        edit = member.client.post(address, data={**second, "do": "edit"})
        cast = member.client.post(address, data={**second, "do": "cast"})
        assert cast.status_code == 303
        names = len(member.login or "") + len(str(ballot))
        lengths.add(
            (
                len(urlencode(first)),
                len(review.data) - names,
                len(urlencode(second)),
                len(edit.data) - names,
                len(cast.data),
            )
        )
    assert len({one[:3] for one in lengths}) == 1, lengths
    assert len(lengths) == 1, lengths


def test_nobody_on_the_way_compresses_what_was_marked(hall: Hall, browse: Browse) -> None:
    _, ballot = hall.open()
    page = browse("member1").post(f"/ballots/{ballot}", data={**marks(paper("yyn")), "do": "review"})
    assert "no-transform" in page.headers["Cache-Control"]


def test_a_teller_who_may_not_enter_now_reads_why_and_faults_stand_where_they_are(hall: Hall, browse: Browse) -> None:
    _, ballot = hall.open()
    page, form = f"/ballots/{ballot}/hall", 'action="/ballots/'
    supervisor, office = browse("supervisor"), browse("teller1")
    early = supervisor.get(page).text
    assert ("请等另一方的计票人先录入" in early, f"{form}{ballot}/hall" in early) == (True, False)
    assert "请等另一方的计票人先录入" in supervisor.get(f"/ballots/{ballot}").text
    wrong = office.post(page, {"spoiled": "x", "quality:c1.yes": "二"})
    assert wrong.status_code == 422
    assert [wrong.text.count(f'id="{name}-error"') for name in ("member", "spoiled", "quality:c1", "quality:c2")] == [
        1,
        1,
        1,
        0,
    ]
    sheet = {"member": ["2"], **{f"quality:c{n}.yes": "1" for n in (1, 2, 3)}}
    assert office.post(page, sheet).status_code == 303
    same_side = browse("teller2").get(page).text
    assert ("您这一方的计票人已经录入" in same_side, f"{form}{ballot}/hall" in same_side) == (True, False)
    differs = supervisor.post(page, {**sheet, "member": ["3"]}).text
    assert ("录入不一致" in differs, "另一名计票人已录入" in differs) == (True, False)
    assert supervisor.post(page, sheet).status_code == 303
