"""Whoever declared a tie is told what was decided about it, sees meanwhile that it waits, and so does the office."""

from __future__ import annotations

import re

import pytest

from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.review import ReviewBench

TIE = "{kind: shareholding, text: 持有股票1000股}"


def declared(bench: ReviewBench) -> int:
    """Let one member of the panel declare a tie and the others none; returns that person."""
    first, *others = bench.active()
    bench.play(
        f"{{as: {bench.member(first).name}, case: 甲, complete: declare_interest, with: {{declared: 'yes', interests: [{TIE}], truthful: true}}}}",
        *(
            f"{{as: {bench.member(one).name}, case: 甲, complete: declare_interest, with: {{declared: 'no', truthful: true}}}}"
            for one in others
        ),
    )
    return first


def decided(bench: ReviewBench, recuse: str, reason: str) -> None:
    bench.play(
        f"{{as: office, case: 甲, complete: decide_recusals, with: {{decisions: [{{recuse: '{recuse}', reason: {reason}}}]}}}}"
    )


def browsing(bench: ReviewBench, person: int) -> Browser:
    bench.people["member"] = person
    return Browser(create_app(bench.desk, settings_for_tests()), bench, "member")  # type: ignore[arg-type]


def told(bench: ReviewBench, person: int) -> list[tuple[str, str]]:
    with bench.desk.store.read() as tx:
        rows = tx.mail.inbox(person, 50)
        return [(row.subject, row.text) for row in rows if row.effect_key.startswith("recusal:")]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize(
    ("recuse", "subject", "follows", "state"),
    [
        ("yes", "决定回避：甲公司", "不再参加其评审", "recused"),
        ("no", "决定不予回避：甲公司", "您继续参加其评审", "kept"),
    ],
)
def test_an_expert_is_told_how_a_declared_tie_was_decided(
    here: ReviewBench, recuse: str, subject: str, follows: str, state: str
) -> None:
    person = declared(here)
    browser = browsing(here, person)
    assert told(here, person) == []
    for page in ("/home", "/appointments"):
        shown = words(browser.get(page).text)
        assert "持有股份（持有股票1000股）" in shown, page
        assert "还没有决定是否回避" in shown, page
    decided(here, recuse, "数额另行核实")
    [(said, text)] = told(here, person)
    assert said == subject
    assert "理由：数额另行核实" in text
    assert follows in text
    assert 'href="/appointments#ties"' in browser.letters()
    for page in ("/home", "/appointments"):
        shown = words(browser.get(page).text)
        assert "数额另行核实" in shown, page
        assert "还没有决定" not in shown, page
    (tie,) = browser.get("/api/v1/declared-ties").json["ties"]
    assert (tie["applicant"], tie["led_to"], tie["reason"]) == ("甲公司", state, "数额另行核实")
    others = [one for one in here.active() if one != person]
    assert [told(here, one) for one in others] == [[] for _ in others]
