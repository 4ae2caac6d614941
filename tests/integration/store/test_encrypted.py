"""Encrypted columns: who has the database alone reads nothing in them, and nothing is read that was not written there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.desk.channels import Inbox
from service.casework.due.send_message import send_message
from service.domain.forms.masking import masked
from service.domain.proof.algorithms import CIPHERS, SM4
from service.jobs.channels import SmtpMail
from service.settings import Smtp
from service.store import DataDamaged, DataKeys, DataKeysMissing, KeysUnreadable, NewWork, Store
from service.store.connections.database import create_database_engine
from service.store.data_keys import HEAD, VERSION
from service.store.models import FormResultRow, MailRow, metadata
from service.store.types import Encrypted, Instant, Kind
from tests.support import records
from tests.support.desks import make_bench
from tests.support.records import NOON
from tests.support.smtp import MailServer, with_mail

PHONE, MAIL, WORDS = "13912345678", "Li.Na@example.cn", "身份证号 650102199001011234"
OPENED = ("person", "case_instance", "form_result", "mail")
COLUMNS = [column for table in metadata.sorted_tables for column in table.c if isinstance(column.type, Encrypted)]
VALUES = {Kind.TEXT: WORDS, Kind.JSON: {"words": WORDS, "more": ["材料" * 400]}, Kind.BYTES: WORDS.encode()}


@pytest.fixture
def keys(tmp_path: Path) -> DataKeys:
    """Keys with one key in them."""
    made = DataKeys(tmp_path / "kept" / "keys")
    made.make()
    return made


@pytest.fixture
def opening(database_url: str, tmp_path: Path) -> Iterator[Callable[[DataKeys | None], Store]]:
    """Opens the database with keys, or without."""
    opened: list[Store] = []

    def open_with(keys: DataKeys | None) -> Store:
        opened.append(Store(database_url, tmp_path / "files", durable=False, keys=keys))
        return opened[-1]

    yield open_with
    for store in opened:
        store.close()


def _fill(store: Store) -> tuple[int, int]:
    """Write a person, a case, a form and a message, and return the numbers of person and case."""
    with store.write() as tx:
        person = records.person(tx, telephone=PHONE, email=MAIL)
        case = records.case(tx, facts={"applicant": WORDS}, state=WORDS.encode(), findable="[]")
        data = {"contact": WORDS, "more": "材料" * 400}
        tx.forms.insert(FormResultRow(case_id=case, element="Apply", form="f", data=data, at=NOON))
        message = MailRow(address=MAIL, subject="受理", text=WORDS, effect_key="m", queued_at=NOON)
        assert tx.mail.queue_many([message]) == ["m"]
    return person, case


def _read(store: Store, person: int, case: int) -> list[Any]:
    """Return what the program reads of what was filled, each asked for twice: the second time as it was prepared."""
    found: list[Any] = []
    for _ in range(2):
        with store.read() as tx:
            row, of, (form,), mail = (
                tx.people.get(person),
                tx.cases.get(case),
                tx.forms.of_case(case),
                tx.mail.get(1),
            )
            found.append((row.telephone, row.email, of.facts, of.state, form.data["contact"], mail.address, mail.text))
    assert found[0] == found[1]
    return list(found[0])


ALL = [PHONE, MAIL, {"applicant": WORDS}, WORDS.encode(), WORDS, MAIL, WORDS]


def _stored(url: str, *tables: str) -> str:
    """Return everything that stands in these tables, those that were filled where none is named, as the database has it."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        rows = [tuple(row) for name in tables or OPENED for row in connection.execute(sa.text(f"select * from {name}"))]
    engine.dispose()
    return str(
        [
            bytes(one).decode("utf-8", "replace") if isinstance(one, bytes | memoryview) else one
            for row in rows
            for one in row
        ]
    )


def test_the_database_holds_nothing_that_can_be_read(
    opening: Callable[[DataKeys | None], Store], keys: DataKeys, database_url: str, tmp_path: Path
) -> None:
    with closing(Store(f"sqlite:///{tmp_path}/other.db", tmp_path / "files", durable=False)) as other:
        other.create_tables()
        assert _read(other, *_fill(other)) == ALL, "the same statements, prepared for a database without keys"
    assert PHONE in _stored(f"sqlite:///{tmp_path}/other.db")
    store = opening(keys)
    assert _read(store, *_fill(store)) == ALL
    found = _stored(database_url)
    assert not [word for word in (PHONE, MAIL, WORDS, "材料材料") if word in found]
    assert found.count(f"{VERSION.decode()}{keys.ids[0]}-a") == 7
    assert found.count(f"{VERSION.decode()}{keys.ids[0]}za") == 1, "what is long is packed first"


@pytest.mark.parametrize("cipher", CIPHERS)
@pytest.mark.parametrize("column", COLUMNS, ids=[f"{column.table.name}.{column.name}" for column in COLUMNS])
def test_each_column_is_encrypted_for_itself_alone(
    column: sa.Column[Any], cipher: str, keys: DataKeys, tmp_path: Path
) -> None:
    kind = column.type
    assert isinstance(kind, Encrypted)
    value, table = VALUES[kind.kind], column.table
    by = DataKeys(keys.file, cipher)
    engine = create_database_engine(f"sqlite:///{tmp_path}/one.db", durable=False, keys=by)
    metadata.create_all(engine)
    with engine.connect() as connection:  # nothing is kept: the rows that it points at are not there
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.execute(sa.insert(table).values({each.name: _sample(each) for each in table.c}))
        connection.execute(sa.update(table).values({column.name: value}))
        assert connection.scalar(sa.select(column)) == value
        raw = connection.exec_driver_sql(f"select {column.name} from {table.name}").scalar()
        pairs = {gram for (gram,) in connection.exec_driver_sql("select gram from search_gram")}
        assert pairs & {WORDS[at : at + 2] for at in range(len(WORDS) - 1)} == set(), "nobody finds it by its words"
    engine.dispose()
    whole = raw if isinstance(raw, bytes) else raw.encode()
    assert (WORDS.encode() in whole, "材料".encode() in whole) == (False, False)
    stored = raw if kind.kind is not Kind.JSON else raw.strip('"')
    assert kind.from_database(stored, by) == value
    for other in COLUMNS:
        if other is not column and isinstance(other.type, Encrypted) and other.type.kind is kind.kind:
            with pytest.raises(DataDamaged, match=rf"^{other.table.name}\.{other.name} 中的内容解不开"):
                other.type.from_database(stored, by)


def _sample(column: sa.Column[Any]) -> object:
    if isinstance(column.type, Encrypted):
        return VALUES[column.type.kind]
    if isinstance(column.type, Instant):
        return NOON
    if column.name == "findable":
        return "[]"
    if isinstance(column.type, sa.JSON | sa.TypeDecorator):
        return {}
    if isinstance(column.type, sa.LargeBinary):
        return b""
    if isinstance(column.type, sa.Date):
        return NOON.date()
    return "x" if isinstance(column.type, sa.String) else 1


@pytest.mark.parametrize(
    "spoil",
    {
        "cut": lambda text: text[:-4],
        "cut to its head": lambda text: text[:HEAD],
        "cut before its end": lambda text: text[: HEAD - 3],
        "changed": lambda text: f"{text[:-6]}{'AAAA' if text[-6:-2] != 'AAAA' else 'BBBB'}{text[-2:]}",
        "of another cipher": lambda text: text[: HEAD - 1] + "s" + text[HEAD:],
        "of another form": lambda text: text[: HEAD - 2] + "z" + text[HEAD - 1 :],
        "without its head": lambda text: text[HEAD:],
        "plain": lambda _: "13900000000",
        "no token": lambda text: f"{text[:HEAD]}材料",
    }.values(),
)
def test_what_was_cut_changed_or_written_plain_is_a_sentence(
    opening: Callable[[DataKeys | None], Store], keys: DataKeys, spoil: Callable[[str], str]
) -> None:
    store = opening(keys)
    person, _ = _fill(store)
    with store.write() as tx:
        text = tx._connection.scalar(sa.text("select telephone from person"))
        tx._connection.execute(sa.text("update person set telephone = :it"), {"it": spoil(text)})
    with store.read() as tx, pytest.raises(DataDamaged, match=r"person\.telephone 中的内容解不开"):
        tx.people.get(person)


def test_without_its_key_nothing_is_read_and_nothing_written(
    opening: Callable[[DataKeys | None], Store], keys: DataKeys, database_url: str, tmp_path: Path
) -> None:
    person, case = _fill(opening(keys))
    before, empty, foreign = _stored(database_url), DataKeys(tmp_path / "none"), DataKeys(tmp_path / "another")
    foreign.make()
    for lost in (None, empty, foreign):
        store = opening(lost)
        with store.write() as tx:
            for place, read in (
                ("person", lambda tx: tx.people.get(person)),
                ("case_instance", lambda tx: tx.cases.get(case)),
            ):
                with pytest.raises(DataKeysMissing, match=f"{place}.*{keys.ids[0]}"):
                    read(tx)
            if lost is not None:
                with pytest.raises(DataKeysMissing):
                    tx.encrypted.renew("person", (), 200)
    with opening(empty).write() as tx, pytest.raises(DataKeysMissing):
        tx.people.change(person, telephone="13900000000")
    assert _stored(database_url) == before
    foreign.file.write_text(keys.file.read_text())
    assert _read(store, person, case) == ALL, "its key was put back"
    foreign.file.write_text("nonsense")
    with pytest.raises(KeysUnreadable):
        _ = foreign.ids


def test_rows_come_under_another_key_and_cipher_in_pages(
    opening: Callable[[DataKeys | None], Store], keys: DataKeys, database_url: str
) -> None:
    store = opening(keys)
    person, case = _fill(store)
    with store.write() as tx:
        assert {name: tx.encrypted.left(name) for name in OPENED} == dict.fromkeys(OPENED, 0)
    first, second = keys.ids[0], keys.make()
    assert keys.ids == (second, first), "the newest first"
    other = opening(DataKeys(keys.file, SM4))
    for name in OPENED:
        with other.write() as tx:
            assert tx.encrypted.lacking(name, [second])[1] == first
            assert tx.encrypted.left(name) == 1
            after, count = tx.encrypted.renew(name, (), 200)
            assert (count, tx.encrypted.renew(name, after, 200), tx.encrypted.left(name)) == (1, ((), 0), 0)
            assert tx.encrypted.lacking(name, [second]) == ("", "")
    found = _stored(database_url)
    assert first not in found
    assert found.count(f"{VERSION.decode()}{second}-s") == 7
    assert _read(other, person, case) == _read(store, person, case) == ALL


def test_without_its_key_no_mail_counts_as_sent(
    opening: Callable[[DataKeys | None], Store], keys: DataKeys, tmp_path: Path, mail_server: MailServer
) -> None:
    bench = make_bench(opening(keys))
    with bench.desk.store.write() as tx:
        tx.mail.queue_many([MailRow(address=MAIL, subject="受理", text=WORDS, effect_key="m", queued_at=NOON)])
        tx.work.enqueue_many([NewWork("mail", None, "m:mail", {"message": "m"}, NOON)], NOON)
        item = tx.work.find(effect_key="m:mail")
    smtp = SmtpMail(Smtp(mail_server.host, mail_server.port, "award@example.cn", "", "", starttls=False))
    desk = replace(bench.desk, store=opening(DataKeys(tmp_path / "none")), channels=(Inbox(), smtp))
    assert item is not None
    with pytest.raises(DataKeysMissing, match="数据密钥文件"):
        send_message(desk, item)
    with bench.desk.store.read() as tx:
        row = tx.mail.find(effect_key="m")
    assert row is not None
    assert (row.sent_at, mail_server.to(MAIL)) == (None, [])


def test_an_address_that_takes_no_mail_stands_nowhere_to_be_read(
    opening: Callable[[DataKeys | None], Store], keys: DataKeys, database_url: str, mail_server: MailServer
) -> None:
    bench = with_mail(make_bench(opening(keys)), mail_server)
    store, mail_server.unknown = bench.desk.store, {MAIL}
    with store.write() as tx:
        tx.mail.queue_many([MailRow(address=MAIL, subject="受理", text=WORDS, effect_key="m", queued_at=NOON)])
        tx.work.enqueue_many([NewWork("mail", None, "m:mail", {"message": "m"}, NOON)], NOON)
        item = tx.work.claim(NOON, "test", timedelta(minutes=1))
    assert item is not None
    send_message(bench.desk, item)
    with store.read() as tx:
        [incident], dead = tx.incidents.list_open(), tx.work.get(item.id)
    assert (masked(MAIL) in incident.remedy["zh"], "550" in incident.detail, dead.last_error) == (
        True,
        True,
        incident.detail,
    )
    found = _stored(database_url, "incident", "work_item", "mail")
    assert (MAIL in found, incident.detail in found) == (False, False)


def test_people_are_found_by_their_whole_telephone_or_mail_under_any_key(
    opening: Callable[[DataKeys | None], Store], keys: DataKeys
) -> None:
    """Else a number that is taken seems to be free while another process encrypts under a new key."""
    server, command = opening(keys), opening(DataKeys(keys.file))
    person, _ = _fill(server)

    def find(*words: str) -> list[list[int]]:
        with server.read() as tx:
            return [[row.id for row in tx.people.everybody(text=word)] for word in words]

    assert find(PHONE, "9123", MAIL, f"li {PHONE}", "139") == [[person], [], [person], [person], []]
    DataKeys(keys.file).make()
    with command.write() as tx:
        tx.encrypted.renew("person", (), 200)
    assert find(PHONE) == [[person]]
    keys.file.rename(keys.file.with_name("away"))
    assert find(PHONE) == [[person]]


def test_what_was_moved_to_another_column_is_not_read(
    opening: Callable[[DataKeys | None], Store], keys: DataKeys
) -> None:
    store = opening(keys)
    person, _ = _fill(store)
    with store.write() as tx:
        tx._connection.execute(sa.text("update person set email = telephone"))
    with store.read() as tx, pytest.raises(DataDamaged, match=r"person\.email"):
        tx.people.get(person)
