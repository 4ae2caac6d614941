"""What somebody is told of their account comes in the language in which they read, and in no other."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.people.factors.tell import (
    OwnChange,
    tell_of_factor,
    tell_of_link,
    tell_of_means,
    tell_of_name,
    tell_of_password,
)
from service.store import Transaction
from service.store.models import MailRow
from tests.support.desks import Bench

TOLD: dict[str, Callable[[Desk, Transaction, Actor, int], None]] = {
    "password": tell_of_password,
    "factor": lambda desk, tx, actor, person: tell_of_factor(desk, tx, actor, person, "reason"),
    "name": lambda desk, tx, actor, person: tell_of_name(desk, tx, actor, person, "Wang"),
    "link": lambda desk, tx, actor, person: tell_of_link(desk, tx, actor, person, "wang@city"),
    "address": lambda desk, tx, _, person: tell_of_means(
        desk, tx, person, OwnChange.ADDRESS, before="before@example.cn"
    ),
}
CHINESE, WORDS = re.compile("[\u4e00-\u9fff]"), re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", re.I)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("what", TOLD)
def test_a_message_about_the_account_is_in_one_language(bench: Bench, what: str, language: str) -> None:
    person = bench.office.person_id or 0
    actor = Actor(bench.people["applicant"], "Li")
    with bench.desk.store.write() as tx:
        tx.people.change(person, language=language, name="Wang", email="now@example.cn")
        TOLD[what](bench.desk, tx, actor, person)
    with bench.desk.store.read() as tx:
        rows = tx.mail.select("id")
    assert len(rows) == (2 if what == "address" else 1), "an address of before is told too"
    for row in rows:
        require_one_language(row, language)


def require_one_language(row: MailRow, language: str) -> None:
    for text in (row.subject, row.text):
        assert bool(CHINESE.search(text)) == (language == "zh"), text
    assert bool(WORDS.search(row.text)) == (language == "en"), row.text
