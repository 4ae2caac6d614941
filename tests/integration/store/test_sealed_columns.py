"""Columns of personal data: who has the database alone reads nothing in them, and the program reads all it did before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.app import Installation
from service.casework.access.actor import SYSTEM
from service.casework.cases.start import start_case
from service.casework.desk.belonging import demand_belonging
from service.casework.desk.channels import Inbox
from service.casework.desk.desk import Desk
from service.casework.desk.premises import Premises
from service.casework.due.send_message import send_message
from service.casework.health.columns import columns
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.casework.soundness.seal_columns import left_plain, seal_columns
from service.casework.tasks.complete import complete_task
from service.cli.main import laurel
from service.domain.proof.algorithms import AES, SM4
from service.jobs.smtp import SmtpMail
from service.settings import Smtp, read_settings
from service.store import DataKeys, DataKeysMissing, KeysUnreadable, NewWork, Store
from service.store.rows import FormResultRow, MailRow, metadata
from service.store.secrecy.data_keys import MARK
from service.store.secrecy.sealed_columns import Sealed
from service.store.transfer import copy_without_cases
from tests.support import records
from tests.support.desks import PACKAGE, make_bench
from tests.support.log import broken_in
from tests.support.records import NOON
from tests.support.smtp import MailServer

PHONE, MAIL, WORDS = "13912345678", "Li.Na@example.cn", "身份证号 650102199001011234"
OPENED = ("person", "case_instance", "form_result", "mail")


@pytest.fixture
def keys(tmp_path: Path) -> DataKeys:
    """Keys with one key in them."""
    made = DataKeys(tmp_path / "kept" / "keys")
    made.make()
    return made


@pytest.fixture
def sealed(database_url: str, tmp_path: Path) -> Iterator[Callable[[DataKeys | None], Store]]:
    """Opens the database with keys, or without."""
    opened: list[Store] = []

    def opening(keys: DataKeys | None) -> Store:
        opened.append(Store(database_url, tmp_path / "files", durable=False, keys=keys))
        return opened[-1]

    yield opening
    for store in opened:
        store.close()


def filled(store: Store) -> tuple[int, int]:
    """Write a person, a case, a form and a message, and return the numbers of person and case."""
    with store.write() as tx:
        person = records.person(tx, telephone=PHONE, email=MAIL)
        case = records.case(tx, facts={"applicant": WORDS}, state=WORDS.encode(), findable="[]")
        data = {"contact": WORDS, "more": "材料" * 400}
        tx.forms.insert(FormResultRow(case_id=case, element="Apply", form="f", data=data, at=NOON))
        message = MailRow(address=MAIL, subject="受理", text=WORDS, effect_key="m", queued_at=NOON)
        assert tx.mail.queue_many([message]) == ["m"]
    return person, case


def read_back(store: Store, person: int, case: int) -> list[Any]:
    """Return what the program reads of what was `filled`, each asked for twice: the second time as it was prepared."""
    found: list[Any] = []
    for _ in range(2):
        with store.read() as tx:
            row, one, (form,), mail = (
                tx.people.person(person),
                tx.cases.get(case),
                tx.forms.of_case(case),
                tx.mail.get(1),
            )
            found.append(
                (row.telephone, row.email, one.facts, one.state, form.data["contact"], mail.address, mail.text)
            )
    assert found[0] == found[1]
    return list(found[0])


ALL = [PHONE, MAIL, {"applicant": WORDS}, WORDS.encode(), WORDS, MAIL, WORDS]


def kept(url: str) -> str:
    """Return everything that stands in the tables that were `filled`, as the database has it."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        rows = [tuple(row) for name in OPENED for row in connection.execute(sa.text(f"select * from {name}"))]
    engine.dispose()
    return str(
        [
            [bytes(one).decode("utf-8", "replace") if isinstance(one, bytes | memoryview) else one for one in row]
            for row in rows
        ]
    )


def test_the_database_holds_nothing_that_can_be_read(
    sealed: Callable[[DataKeys | None], Store], keys: DataKeys, database_url: str, tmp_path: Path
) -> None:
    other = Store(f"sqlite:///{tmp_path}/other.db", tmp_path / "files", durable=False, keys=DataKeys(tmp_path / "no"))
    other.create_tables()
    assert read_back(other, *filled(other)) == ALL, "the same statements, prepared for a database without keys"
    store = sealed(keys)
    assert read_back(store, *filled(store)) == ALL
    stands = kept(database_url)
    assert not [word for word in (PHONE, MAIL, WORDS, "材料材料") if word in stands]
    assert stands.count(f"{MARK}a-{keys.ids[0]}.") == 6
    assert stands.count(f"{MARK}az{keys.ids[0]}.") == 1, "what is long is packed first"
    assert "13912345678" in kept(f"sqlite:///{tmp_path}/other.db")
    other.close()


def test_what_was_plain_or_under_another_key_is_read_and_renewed_in_pages(
    sealed: Callable[[DataKeys | None], Store], keys: DataKeys, database_url: str
) -> None:
    person, case = filled(sealed(None))
    store = sealed(keys)
    assert read_back(store, person, case) == ALL
    with store.write() as tx:
        assert {name: tx.sealing.left(name) for name in OPENED} == dict.fromkeys(OPENED, 1)
        after, done = tx.sealing.renew("person", (), 200)
        assert (done, tx.sealing.renew("person", after, 200)) == (1, ((), 0))
    first, second = keys.ids[-1], keys.make()
    other = sealed(DataKeys(keys.file, SM4))
    for name in OPENED:
        with other.write() as tx:
            assert tx.sealing.renew(name, (), 200)[1] == 1
            assert tx.sealing.left(name) == 0
    stands = kept(database_url)
    assert first not in stands
    assert stands.count(f"{MARK}s-{second}.") == 6
    assert read_back(other, person, case) == ALL
    assert read_back(store, person, case) == ALL, "who began before the second key was made reads it now"
    with store.read() as tx:
        assert tx.cases.get(case).findable is not None, "no trigger took the facts for changed"


def test_without_its_key_a_text_is_empty_and_a_document_refuses(
    sealed: Callable[[DataKeys | None], Store], keys: DataKeys, database_url: str, tmp_path: Path
) -> None:
    person, case = filled(sealed(keys))
    lost = DataKeys(tmp_path / "another")
    lost.make()
    store, before = sealed(lost), kept(database_url)
    with store.write() as tx:
        assert tx.people.person(person).telephone == ""
        with pytest.raises(DataKeysMissing, match="case_instance"):
            tx.cases.get(case)
        with pytest.raises(DataKeysMissing, match="person"):
            tx.sealing.renew("person", (), 200)
    assert kept(database_url) == before, "what cannot be read is not written over"
    lost.file.write_text("nonsense")
    with pytest.raises(KeysUnreadable):
        _ = lost.ids


def test_nothing_is_written_over_a_text_whose_key_is_missing(
    sealed: Callable[[DataKeys | None], Store], keys: DataKeys, database_url: str, tmp_path: Path
) -> None:
    person, _ = filled(sealed(keys))
    before = kept(database_url)
    empty, foreign = DataKeys(tmp_path / "none"), DataKeys(tmp_path / "another")
    foreign.make()
    for lost in (empty, foreign):
        store = sealed(lost)
        for told in ("", "13900000000"):
            with store.write() as tx:
                assert tx.people.person(person).telephone == ""
                with pytest.raises(DataKeysMissing, match=r"person\.telephone"):
                    tx.people.update_person(person, telephone=told)
    assert kept(database_url) == before
    foreign.file.write_text(keys.file.read_text())
    with store.write() as tx:
        tx.people.update_person(person, telephone="13900000000")
        assert tx.people.person(person).telephone == "13900000000", "its key was put back"


def test_with_a_lost_file_no_key_is_made_and_nobody_goes_on(keys: DataKeys, sqlite_url: str, tmp_path: Path) -> None:
    with closing(Store(sqlite_url, tmp_path / "files", durable=False, keys=keys)) as store:
        filled(store)
    tools = Installation(read_settings({"LAUREL_DATA": str(tmp_path / "data"), "LAUREL_DATABASE": sqlite_url}))
    for word in ("show", "seal", "rotate"):
        result = CliRunner().invoke(laurel, ["data-keys", word], obj=tools)
        assert result.exit_code != 0
        assert keys.ids[-1] in f"{result.output}{result.exception}"
        assert "nothing is encrypted" not in result.output
    assert not tools.settings.data_keys.exists()
    for lost in ("", DataKeys(tools.settings.data_keys).make()):
        assert [(one.level, keys.ids[-1] in one.found.en) for one in look(tools.desk())] == [(Level.FAULT, True)], lost
        with pytest.raises(DataKeysMissing, match=keys.ids[-1]):
            demand_belonging(tools.desk())


def test_a_key_that_cannot_be_kept_leaves_no_stray_file(keys: DataKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        keys.make()
    assert [each.name for each in keys.file.parent.iterdir()] == ["keys"]
    assert len(keys.ids) == 1


def test_without_its_key_no_mail_counts_as_sent(
    sealed: Callable[[DataKeys | None], Store], keys: DataKeys, tmp_path: Path, mail_server: MailServer
) -> None:
    bench = make_bench(sealed(keys))
    with bench.desk.store.write() as tx:
        tx.mail.queue_many([MailRow(address=MAIL, subject="受理", text=WORDS, effect_key="m", queued_at=NOON)])
        tx.work.enqueue_many([NewWork("mail", None, "m:mail", {"message": "m"}, NOON)], NOON)
    smtp = SmtpMail(Smtp(mail_server.host, mail_server.port, "award@example.cn", "", "", starttls=False))
    lost = DataKeys(tmp_path / "none")
    desk = replace(bench.desk, store=sealed(lost), channels=(Inbox(), smtp))
    with bench.desk.store.read() as tx:  # an item of before columns were encrypted opens without a key
        item = tx.work.by_key("m:mail")
    assert item is not None
    with pytest.raises(DataKeysMissing, match="数据密钥文件"):
        send_message(desk, item)
    with desk.store.read() as tx:
        row = tx.mail.by_key("m")
    assert row is not None
    assert row.sent_at is None
    assert mail_server.to(MAIL) == []


def test_nothing_can_be_moved_to_another_column_or_changed(
    sealed: Callable[[DataKeys | None], Store], keys: DataKeys
) -> None:
    store = sealed(keys)
    person, _ = filled(store)
    with store.write() as tx:
        tx._connection.execute(sa.text("update person set email = telephone"))
        assert (tx.people.person(person).telephone, tx.people.person(person).email) == (PHONE, "")
        text = tx._connection.scalar(sa.text("select telephone from person"))
        tx._connection.execute(sa.text("update person set telephone = :it"), {"it": f"{text[:-6]}{'A' * 5}="})
        assert tx.people.person(person).telephone == ""


def test_people_are_found_by_their_whole_telephone_or_mail(
    sealed: Callable[[DataKeys | None], Store], keys: DataKeys
) -> None:
    person, _ = filled(sealed(None))

    def found(store: Store, *words: str) -> list[list[int]]:
        with store.read() as tx:
            return [[row.id for row in tx.people.everybody(text=word)] for word in words]

    assert found(sealed(None), PHONE, "9123", MAIL.lower()) == [[person]] * 3
    store = sealed(keys)
    assert found(store, PHONE, "9123") == [[person], []]
    with store.write() as tx:
        tx.sealing.renew("person", (), 200)
    keys.make()
    assert found(store, PHONE, "9123", MAIL, f"li {PHONE}", "139") == [[person], [], [person], [person], []]


def test_people_are_found_while_another_process_encrypts_under_a_new_key(
    sealed: Callable[[DataKeys | None], Store], keys: DataKeys
) -> None:
    """Else a number that is taken seems to be free, until the process meets a value under the new key by chance."""
    server, command = sealed(keys), sealed(DataKeys(keys.file))
    person, _ = filled(server)

    def found() -> list[int]:
        with server.read() as tx:
            return [row.id for row in tx.people.everybody(text=PHONE)]

    assert found() == [person]
    DataKeys(keys.file).make()
    with command.write() as tx:
        tx.sealing.renew("person", (), 200)
    assert found() == [person]
    keys.file.rename(keys.file.with_name("away"))
    assert found() == [person]


def test_of_keys_that_are_made_at_once_none_is_lost(tmp_path: Path) -> None:
    """What one of them encrypted meanwhile could never be read again."""
    file = tmp_path / "kept" / "keys"
    with ThreadPoolExecutor(8) as together:
        made = list(together.map(lambda _: DataKeys(file).make(), range(24)))
    assert sorted(DataKeys(file).ids) == sorted(made)


def test_every_sealed_column_is_bound_to_its_own_place() -> None:
    places = [
        (f"{t.name}.{c.name}", c.type.place) for t in metadata.sorted_tables for c in t.c if isinstance(c.type, Sealed)
    ]
    assert len(places) >= 15
    assert [name for name, place in places if name != place] == []


def look(desk: Desk) -> list[HealthFinding]:
    return list(columns(desk, Limits()))


@pytest.mark.parametrize("cipher", [AES, SM4])
def test_a_case_goes_on_after_everything_was_encrypted(sqlite_url: str, tmp_path: Path, cipher: str) -> None:
    keys = DataKeys(tmp_path / "keys", cipher)
    with closing(Store(sqlite_url, tmp_path / "files", durable=False, keys=keys)) as store:
        bench = make_bench(store)
        desk = bench.desk = replace(bench.desk, premises=Premises(data_keys=keys))
        number = start_case(desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
        assert "example.cn" in kept(sqlite_url), "there is no key yet"
        assert [(one.level, "laurel data-keys seal" in one.found.en) for one in look(desk)] == [(Level.WARNING, True)]
        counts = seal_columns(desk, SYSTEM, lambda _table, _rows: None)
        assert (counts["person"], counts["case_instance"]) == (5, 1)
        assert (left_plain(desk, SYSTEM), [one.level for one in look(desk)]) == ({}, [Level.FINE])
        without = replace(desk, premises=Premises(data_keys=DataKeys(tmp_path / "gone")))
        assert [(one.level, one.ok) for one in look(without)] == [(Level.FAULT, False)]
        [task] = bench.tasks(number)
        complete_task(desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01", "contact": WORDS})
        bench.drain()
        with store.read() as tx:
            assert [form.data["contact"] for form in tx.forms.of_case(number) if "contact" in form.data] == [WORDS]
        assert (left_plain(desk, SYSTEM), broken_in(desk)) == ({}, [])
        with store.read() as tx:
            [act] = [row for row in tx.acts.after(0, 100) if row.action == "columns.seal"]
        assert act.data["after"] == {"key": keys.ids[-1], "made": True}
        stands = kept(sqlite_url)
        assert not [word for word in (WORDS, "example.cn", "2010-05-01") if word in stands]
        seal_columns(desk, SYSTEM, lambda _table, _rows: None, anew=True)
        assert keys.ids[0] not in kept(sqlite_url)
        [task] = bench.tasks(number)
        complete_task(desk, bench.office, task.id, task.version, {"decision": "fail", "reason": "材料不全"})


def test_by_command_and_with_a_rehearsal(sqlite_url: str, tmp_path: Path) -> None:
    with closing(Store(sqlite_url, tmp_path / "files", durable=False)) as store:
        filled(store)
    given = {"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": sqlite_url, "LAUREL_SEPARATION": "one"}
    tools = Installation(read_settings({**given, "LAUREL_CIPHER": "sm4"}))

    def run(word: str) -> str:
        result = CliRunner().invoke(laurel, ["data-keys", word], obj=tools)
        assert result.exit_code == 0, result.output
        return result.output

    assert "run laurel data-keys seal" in run("show")
    assert "已加密 4 行" in run("seal")
    assert "已加密 0 行" in run("seal")
    assert "0 行、0 个文件尚未用最新的密钥加密" in run("show")
    assert "已加密 4 行" in run("rotate")
    keys = DataKeys(tools.settings.data_keys)
    assert (tools.settings.data_keys.stat().st_mode & 0o777, len(keys.ids)) == (0o600, 2)
    copy = f"sqlite:///{tmp_path}/copy.db"
    with closing(Store(copy, tmp_path / "files", durable=False, keys=keys)) as store:
        store.create_tables()
        assert copy_without_cases(sqlite_url, copy, keys)["person"] == 1
        with store.read() as tx:
            assert tx.people.person(1).telephone == PHONE
    assert PHONE not in kept(copy)
