"""What people and machines do wrong at a task: each time a sentence, and nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from service.casework.spreadsheets.people import export_people
from service.domain.wording.signs import TurnedWriting, require_plain_direction
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
    assert me.client.post(address, data=form).status_code == 302
    assert me.get(f"/cases/{acknowledged + 1}").status_code == 200
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
        assert tx.history.verify(tx.tasks.get(int(begun.headers["Location"].rsplit("/", 1)[1])).case_id) is None
    assert faults_of(bench.desk) == []


HEAD = ["登录名", "姓\n名", "辖区", "角色", "单位", "邮箱", "电话", "备注"]


def test_an_odd_cell_refuses_its_line_with_column_and_remedy_and_the_others_go_on(
    browse: Callable[..., Browser], bench: Bench
) -> None:
    _, _, lines = export_people(bench.desk, bench.admin, "office")
    office = lines[0][2:5]
    book = Workbook()
    for row in (
        HEAD,
        ["ｗang.odd", "王\u200b奇", *office, "w＠example.cn", 13800138000, "内部"],
        ["li.odd", "#N/A", *office, "", "", ""],
        ["zhao.odd", "赵一\n赵二", *office, "", "", ""],
        ["qian.odd", "=B2", *office, "", "", ""],
        ["sun.odd", "孙奇", *office, "", "1.38E+10", ""],
    ):
        book.active.append(row)  # type: ignore[union-attr]
    buffer = io.BytesIO()
    book.save(buffer)
    sent = {"file": (io.BytesIO(buffer.getvalue()), "people.xlsx")}
    page = browse("admin").post("/lists/people", sent, content_type="multipart/form-data")
    assert page.status_code == 200
    for words in ("没有用到的列：备注", "公式错误 #N/A", "写成一行", "公式没有结果", "科学记数", "导入或更新 1 行"):
        assert words in page.text


TURNED = "甲公司\u202excod.exe"


@pytest.mark.parametrize("sign", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_each_sign_is_told_with_its_place_and_is_not_repeated(sign: str) -> None:
    with pytest.raises(TurnedWriting) as told:
        require_plain_direction(f"张{sign}三")
    assert f"“张▮三”中▮处有一个看不见的、会改变文字方向的控制字符（U+{ord(sign):04X}）" in told.value.message.zh
    assert sign not in told.value.message.zh + told.value.message.en


def test_uyghur_with_its_own_marks_is_plain(browse: Browse) -> None:
    words = "شىنجاڭ\u200f (ئۈرۈمچى)\u200e؛ \u061c١٢"
    require_plain_direction(words)
    assert browse("admin").get("/people", query_string={"q": words}).status_code == 200


def test_pages_programs_and_tables_refuse_it(browse: Browse) -> None:
    admin = browse("admin")
    page = admin.post("/people/new", {"login": "li.na", "name": TURNED})
    assert (page.status_code, "改变文字方向" in page.text) == (422, True)
    told = admin.send("POST", "/api/v1/organisations", {"name": TURNED, "code": "91650100MA77000001"})
    assert (told.status_code, "U+202E" in told.json["detail_en"]) == (422, True)
    assert admin.get(f"/people?q={TURNED}").status_code == 422
    table = f"登录名,姓名\nli.na,{TURNED}\n".encode()
    sent = {"file": (io.BytesIO(table), "people.csv")}
    looked = admin.post("/lists/people", sent, content_type="multipart/form-data")
    assert (looked.status_code, "改变文字方向" in looked.text) == (422, True)
