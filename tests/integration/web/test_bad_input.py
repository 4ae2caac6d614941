"""What people and machines do wrong at a task: each time a sentence, and nothing is lost."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from service.store import Store
from tests.support import postgres as pg
from tests.support.browsers import Browse, Browser, make_app
from tests.support.desks import PACKAGE, Bench, make_bench
from tests.support.soundness import faults_of

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
GOOD = {"founded_on": "2010-05-01", "contact": "张三", "do": "submit"}


@pytest.fixture
def task(bench: Bench):
    """The applicant's own task of a case just started."""
    (found,) = bench.tasks(bench.started())
    return found


def submitted(bench: Bench, task) -> int:
    with bench.desk.store.read() as tx:
        return len(tx.forms.of_case(task.case_id, "application"))


@contextmanager
def full_disk(store: Store) -> Iterator[None]:
    """Let the database file grow no further, as on a disk without room."""

    def no_room(connection: sa.Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA max_page_count=1")

    engine = store._engine
    sa.event.listen(engine, "begin", no_room)
    try:
        yield
    finally:
        sa.event.remove(engine, "begin", no_room)
        engine.dispose()


@contextmanager
def full_tablespace(store: Store, server: pg.Cluster) -> Iterator[None]:
    """Let PostgreSQL find no room for the first case: the file of its table is a device that is always full."""
    with store._engine.connect() as connection:
        named = connection.exec_driver_sql("select pg_relation_filepath('case_instance')").scalar()
    table = server.folder / "data" / str(named)
    kept = table.with_name(f"{table.name}.kept")
    server.execute("CHECKPOINT")
    store._engine.dispose()  # whoever has the file open goes on writing to it
    table.rename(kept)
    table.symlink_to("/dev/full")
    try:
        yield
    finally:
        kept.replace(table)
        store._engine.dispose()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("营业执照.pdf", b"MZ\x90\x00 a program", "不是有效的 .pdf 文件"),
        ("营业执照.pdf", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "与扩展名 .pdf 不符"),
        ("营业执照.pdf", b"", "空的"),
    ],
)
def test_a_mislabelled_file_is_refused_beside_its_field_and_what_was_typed_stays(
    bench: Bench, browse: Browse, task, name: str, content: bytes, says: str
) -> None:
    me = browse("applicant")
    form = {**GOOD, "contact": "李四四", "licence": (io.BytesIO(content), name)}
    refused = me.post(f"/tasks/{task.id}", form, content_type="multipart/form-data")
    by_script = me.post(
        f"/tasks/{task.id}/uploads?field=licence",
        {"file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
        headers={"Accept": "application/json"},
    )
    assert (refused.status_code, says in refused.text, "李四四" in refused.text) == (422, True, True)
    assert by_script.status_code in (400, 413, 422)
    assert says in by_script.json["detail_zh"]
    assert submitted(bench, task) == 0


def test_a_file_too_large_for_anything_is_refused_with_a_sentence(bench: Bench, browse: Browse, task) -> None:
    form = {"file": (io.BytesIO(PDF + b"0" * (52 * 1024 * 1024)), "大.pdf")}
    answer = browse("applicant").post(
        f"/tasks/{task.id}/uploads?field=licence", form, content_type="multipart/form-data"
    )
    assert answer.status_code in (413, 422)
    assert "上限" in answer.text or "太大" in answer.text or "过大" in answer.text, answer.text[:500]


def test_a_full_disk_is_said_and_keeps_exactly_what_was_acknowledged(bench: Bench, browse: Browse) -> None:
    me = browse("applicant")
    address, form = f"/start/{PACKAGE}/application", {"ready": "on", "csrf_token": me.mark()}
    with full_disk(bench.desk.store):
        acknowledged = 0
        while (answer := me.client.post(address, data=form)).status_code == 302:
            acknowledged += 1
    assert (answer.status_code, "磁盘空间已满" in answer.text) == (507, True)
    with bench.desk.store.read() as tx:
        assert [tx.history.verify(c + 1) for c in range(acknowledged)] == [None] * acknowledged
    assert me.get(f"/cases/{acknowledged + 1}").status_code == 404
    assert me.client.post(address, data=form).headers["Location"] == f"/cases/{acknowledged + 1}"
    assert faults_of(bench.desk) == []


@pytest.mark.postgres
def test_a_full_disk_of_postgresql_is_said_and_work_goes_on_once_there_is_room(
    postgres: pg.Cluster, postgres_url: str, open_store: Callable[[str], Store]
) -> None:
    bench = make_bench(open_store(postgres_url))
    me = Browser(make_app(bench), bench, "applicant")
    address, form = f"/start/{PACKAGE}/application", {"ready": "on", "csrf_token": me.mark()}
    with full_tablespace(bench.desk.store, postgres):
        answer = me.client.post(address, data=form)
    assert (answer.status_code, "磁盘空间已满" in answer.text) == (507, True)
    begun = me.client.post(address, data=form)
    assert begun.status_code == 302
    with bench.desk.store.read() as tx:
        assert tx.history.verify(int(begun.headers["Location"].rsplit("/", 1)[1])) is None
    assert faults_of(bench.desk) == []
