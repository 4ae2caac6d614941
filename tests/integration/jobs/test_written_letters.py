"""Who can only write the database sends nobody a letter: it is neither shown nor mailed, and hands out no document."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.due.retry_incident import retry_incident
from service.casework.people.seals.row_seals import seal_rows, seal_rows_beside, unsealed
from service.casework.queries.downloads.files import open_document
from service.casework.queries.own_place.inbox import PAGE, count_unread, list_messages, read_message
from service.casework.soundness.digests import wrong_beside
from service.casework.soundness.written_letters import written_letters
from service.casework.step.post import letter_rows, put
from service.domain.errors import NotAllowed, NotFound
from service.store import Store
from service.store.rows import MailRow
from service.store.rows.work import mail
from service.store.seals.row_seals import _OF_TABLE, SEALED
from tests.integration.jobs.test_mail import refuse, sweeper
from tests.support.desks import Bench, make_bench
from tests.support.smtp import MailServer, with_mail

LINK = "https://example.org/sign-in"


@pytest.fixture
def upgraded(store: Store, mail_server: MailServer) -> Bench:
    """An installation with mail in which no seal is demanded yet; on SQLite and on PostgreSQL."""
    return with_mail(make_bench(store), mail_server)


@pytest.fixture
def town(upgraded: Bench) -> Bench:
    """The same after its first start."""
    seal_rows(upgraded.desk, SYSTEM)
    return upgraded


def posted(bench: Bench, *keys: str) -> None:
    """Let the program write to the office."""
    now = bench.clock.now()
    with bench.desk.store.write() as tx:
        reader = tx.people.person(bench.people["office"])
        for key in keys:
            rows = letter_rows([reader], None, key, f"关于{key}", "请查收", now)
            tx.work.enqueue_many(put(bench.desk, tx, rows, now), now)


def stored(bench: Bench, key: str) -> MailRow:
    with bench.desk.store.read() as tx:
        return next(row for row in tx.mail.newest(10_000) if row.effect_key == key)


def written(bench: Bench, key: str, **values: Any) -> None:
    """Write columns of a message as somebody does who has the database alone."""
    with bench.desk.store.write() as tx:
        tx._connection.execute(sa.update(mail).where(mail.c.effect_key == key).values(values))


def forged(bench: Bench, key: str, **values: Any) -> None:
    """Put a letter into the list of the office, as the same does."""
    row = {"person_id": bench.people["office"], "documents": [], "queued_at": bench.clock.now(), **values}
    with bench.desk.store.write() as tx:
        words = {"subject": "密码到期", "text": f"请登录 {LINK}", "effect_key": key}
        tx._connection.execute(sa.insert(mail).values({**words, **row}))


def shown(bench: Bench) -> list[str]:
    return [one.subject for one in list_messages(bench.desk, bench.office)[0]]


def told(bench: Bench) -> list[str]:
    words = [one.en for one in unsealed(bench.desk)]
    assert words == [one.en for one in written_letters(bench.desk)]
    assert {*words} <= {one.en for one in wrong_beside(bench.desk)}
    return words


def test_a_letter_that_somebody_wrote_is_neither_shown_nor_opened(town: Bench) -> None:
    posted(town, "a")
    forged(town, "own")
    assert shown(town) == ["关于a"]
    number = stored(town, "own").id
    with pytest.raises(NotFound):
        read_message(town.desk, town.office, number)
    assert [one.split(" (")[0] for one in told(town)] == [f"row {number} of table mail"]
    with town.desk.store.write() as tx:
        tx._connection.execute(sa.delete(mail).where(mail.c.id == number))
    assert told(town) == []


def test_a_letter_that_somebody_wrote_is_not_counted_as_unread(town: Bench) -> None:
    posted(town, "a")
    forged(town, "b")
    assert count_unread(town.desk, town.office) == 1


def test_letters_that_somebody_wrote_hide_none_of_the_program(town: Bench) -> None:
    posted(town, *(f"n{n}" for n in range(PAGE + 2)))
    for n in range(PAGE + 5):
        forged(town, f"own{n}")
    first, after = list_messages(town.desk, town.office)
    second, end = list_messages(town.desk, town.office, after)
    assert [one.subject for one in (*first, *second)] == [f"关于n{n}" for n in reversed(range(PAGE + 2))]
    assert (len(first), end) == (PAGE, None)


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "密码到期"},
        {"text": f"请登录 {LINK}"},
        {"address": "me@example.org"},
        {"documents": [7]},
        {"seal": ""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_letter_that_somebody_changed_is_not_sent_until_it_is_put_back(
    town: Bench, mail_server: MailServer, change: dict[str, Any]
) -> None:
    with town.desk.store.write() as tx:
        tx.people.update_person(town.people["office"], email="office@example.cn")
    posted(town, "a")
    key = f"a:{town.people['office']}"
    before = stored(town, key)
    written(town, key, **change)
    sweeper(town).drain(town.clock.now())
    assert (mail_server.messages, shown(town), len(told(town))) == ([], [], 1)
    with town.desk.store.read() as tx:
        (incident,) = tx.incidents.list_open()
    assert f"mail 表第{before.id}行" in str(incident.detail) + str(incident.what)
    written(town, key, **{name: getattr(before, name) for name in change})
    retry_incident(town.desk, town.admin, incident.id)
    sweeper(town).drain(town.clock.now())
    assert (len(mail_server.messages), shown(town), told(town)) == (1, ["关于a"], [])


def test_a_letter_of_somebody_else_is_not_given_to_another_reader(town: Bench) -> None:
    posted(town, "a")
    written(town, f"a:{town.people['office']}", person_id=town.people["stranger"])
    assert list_messages(town.desk, town.stranger)[0] == ()


def test_no_letter_is_swallowed_by_one_that_was_written_before_it(town: Bench) -> None:
    forged(town, f"a:{town.people['office']}", read_at=town.clock.now())
    posted(town, "a")
    assert (shown(town), told(town)) == (["关于a"], [])
    posted(town, "a")
    assert shown(town) == ["关于a"], "once per effect"


def test_no_document_is_handed_out_by_a_letter_that_somebody_wrote(town: Bench) -> None:
    case = refuse(town)
    town.drain()
    with town.desk.store.read() as tx:
        (document,) = tx.documents.of_case(case)
    words = {"case_id": case, "person_id": town.people["stranger"], "documents": [document.id]}
    forged(town, "own", **words)
    with pytest.raises(NotAllowed):
        open_document(town.desk, town.stranger, document.id)


def test_what_is_erased_of_a_letter_leaves_it_the_programs(town: Bench) -> None:
    case = refuse(town)
    town.drain()
    with town.desk.store.write() as tx:
        (letter,) = (row for row in tx.case_content.of_case(case) if row.table == "mail")
        tx.case_content.replace(letter, {**letter.values, "text": "已删除", "address": None})
    with town.desk.store.read() as tx:
        assert [row.text for row in tx.mail.of_case(case)] == ["已删除"]
    assert told(town) == []


def test_letters_of_a_program_before_are_shown_until_seals_are_demanded(upgraded: Bench) -> None:
    """An installation of the version before, in which other seals are demanded already."""
    seals = upgraded.desk.store.seals
    assert seals is not None
    posted(upgraded, "a", "b")
    for name in {SEALED, *_OF_TABLE.values()} - {_OF_TABLE["mail"]}:
        seals._keys.secret(name)
    with upgraded.desk.store.write() as tx:
        tx._connection.execute(sa.update(mail).values(seal=""))
    assert (seals.asks_for("task"), seals.asks_for("mail"), len(shown(upgraded))) == (True, False, 2)
    assert seal_rows_beside(upgraded.desk, SYSTEM) == 2
    forged(upgraded, "beside")
    upgraded.clock.move_to(upgraded.clock.now() + timedelta(hours=25))
    assert seal_rows_beside(upgraded.desk, SYSTEM) == 1, "an older program wrote it"
    assert (seals.asked_for, told(upgraded), len(shown(upgraded))) == (True, [], 3)
    forged(upgraded, "later")
    assert (len(told(upgraded)), len(shown(upgraded))) == (1, 3)
