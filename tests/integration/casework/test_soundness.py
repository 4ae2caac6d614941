"""What the deep look finds: a sound database has nothing, and each damage is told by case, element and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.app import Installation
from service.casework.access.actor import SYSTEM
from service.casework.assemble import open_desk
from service.casework.desk.belonging import NotTogether, adopt_database_storage, require_belonging
from service.casework.desk.desk import Desk
from service.casework.soundness.nightly import rebuild_search_table
from service.casework.soundness.prove import prove
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.errors import Conflict
from service.sdk import operations
from service.settings import read_settings
from service.store.models.cases import case, subscription, task
from service.store.models.log import audit
from service.store.models.register import document
from service.store.models.work import search_gram, work_item
from tests.support import records
from tests.support.desks import Bench
from tests.support.postgres import owner_of

FORM = {"founded_on": "2010-05-01", "contact": "张三"}
Damage = Callable[[sa.Connection, int], object]


def decided(bench: Bench, decision: str) -> int:
    """A case in its notice, which waits for a timer and a message, or one that ended with a document."""
    ident = bench.started()
    for actor, form in ((bench.applicant, FORM), (bench.office, {"decision": decision, "reason": "成立不满三年"})):
        bench.complete(ident, actor, form)
    bench.drain()
    return ident


def posted(bench: Bench) -> int:
    return decided(bench, "pass")


def refused(bench: Bench) -> int:
    return decided(bench, "fail")


def timer_gone(db: sa.Connection, ident: int) -> object:
    return db.execute(sa.delete(work_item).where(work_item.c.case_id == ident, work_item.c.kind == "timer"))


def timer_elsewhen(db: sa.Connection, ident: int) -> object:
    later = {"due_at": case_time(db, ident)}
    return db.execute(
        sa.update(work_item).where(work_item.c.case_id == ident, work_item.c.kind == "timer").values(later)
    )


def case_time(db: sa.Connection, ident: int) -> object:
    return db.scalar(sa.select(case.c.started_at).where(case.c.id == ident))


def timer_twice(db: sa.Connection, ident: int) -> object:
    return twice(db, work_item, sa.and_(work_item.c.case_id == ident, work_item.c.kind == "timer"), effect_key="again")


def task_gone(db: sa.Connection, ident: int) -> object:
    return db.execute(sa.delete(task).where(task.c.case_id == ident))


def task_twice(db: sa.Connection, ident: int) -> object:
    return twice(db, task, task.c.case_id == ident)


def twice(db: sa.Connection, table: sa.Table, where: sa.ColumnElement[bool], **changes: object) -> object:
    row = dict(db.execute(sa.select(table).where(where)).mappings().one())
    return db.execute(sa.insert(table).values({**row, **changes, "id": 900_000}))


def awaited_gone(db: sa.Connection, ident: int) -> object:
    return db.execute(sa.delete(subscription).where(subscription.c.case_id == ident))


def history_changed(db: sa.Connection, ident: int) -> object:
    return db.execute(sa.update(audit).where(audit.c.case_id == ident, audit.c.seq == 1).values(text="别的话"))


def state_spoilt(db: sa.Connection, ident: int) -> object:
    return db.execute(sa.update(case).where(case.c.id == ident).values(state=b"\0\0\0\2{}nothing"))


def left_open(db: sa.Connection, ident: int) -> object:
    return db.execute(sa.update(task).where(task.c.case_id == ident, task.c.element == "review").values(state="open"))


def unsearchable(db: sa.Connection, ident: int) -> object:
    return db.execute(
        sa.delete(search_gram).where(search_gram.c.subject == "document", search_gram.c.row_id == of(db, ident))
    )


def of(db: sa.Connection, ident: int) -> int:
    return int(db.execute(sa.select(document.c.id).where(document.c.case_id == ident)).scalar_one())


DAMAGES: tuple[tuple[Callable[[Bench], int], Damage, str], ...] = (
    (posted, timer_gone, "没有后台事项，永远不会到期"),
    (posted, timer_elsewhen, "到期，后台事项却定在2026-03-02"),
    (posted, timer_twice, "有2个后台事项"),
    (Bench.started, task_gone, "环节“填写申报书”等人办理，待办清单里却没有"),
    (Bench.started, task_twice, "环节“填写申报书”列出2项相同的待办"),
    (Bench.started, awaited_gone, "等待消息“withdrawn”，却没有登记"),
    (Bench.started, history_changed, "第1条起有改动或缺失"),
    (Bench.started, state_spoilt, "请与提供程序的人员联系"),
    (refused, left_open, "办件已经结束，还留有待办"),
)


def faults(bench: Bench) -> list[tuple[str, str]]:
    return [(fault.what.zh, fault.found.zh) for proof in prove(bench.desk, SYSTEM) for fault in proof.faults]


def test_every_damage_is_told_and_what_is_sound_is_not(bench: Bench, database_url: str) -> None:
    sound = [posted(bench), bench.started(), refused(bench)]
    damaged = [(prepare(bench), damage, said) for prepare, damage, said in DAMAGES]
    assert faults(bench) == []
    engine = sa.create_engine(owner_of(database_url))
    with engine.begin() as db:
        for ident, damage, _ in damaged:
            damage(db, ident)
    found = faults(bench)
    for ident, damage, said in damaged:
        mine = [text for what, text in found if f"{what} ".startswith((f"办件 {ident} ", f"记录链 case {ident} "))]
        assert len(mine) == 1, (damage.__name__, mine)
        assert said in mine[0], damage.__name__
    assert len(found) == len(damaged), "nothing is told of the sound ones"
    assert {ident for ident, *_ in damaged}.isdisjoint(sound)
    engine.dispose()


def test_a_file_gone_and_a_name_not_searched_by_are_told(bench: Bench, database_url: str) -> None:
    gone, spoilt, last = refused(bench), refused(bench), refused(bench)
    with bench.desk.store.read() as tx:
        files = [tx.documents.select(case_id=ident)[0] for ident in (gone, spoilt)]
    paths = [bench.desk.store.files.root / row.sha256[:2] / row.sha256 for row in files]
    assert paths[0] != paths[1]
    paths[0].unlink()
    paths[1].write_bytes(b"another")
    engine = sa.create_engine(owner_of(database_url))
    with engine.begin() as db:
        unsearchable(db, last)
        number = of(db, last)
    engine.dispose()
    found = faults(bench)
    assert any("文件不在" in text for what, text in found if what == f"办件 {gone}")
    assert any("内容被改动" in text for what, text in found if what == f"办件 {spoilt}")
    assert f"文书 {number}" in {what for what, _ in found}
    rebuild_search_table(bench.desk, SYSTEM)
    assert [text for what, text in faults(bench) if not what.startswith("办件")] == []


# What several processes share must be shared: a process with other files or other ballot keys is refused at its start.


def desk_in(url: str, files: Path, keys: Path) -> Desk:
    return open_desk(url, files, load_calendars(bundled_calendars()), operations(), ballot_keys=keys)


def test_a_process_with_other_files_or_other_keys_is_refused(database_url: str, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    require_belonging(desk_in(database_url, one, one / "keys"))
    require_belonging(desk_in(database_url, one, one / "keys"))
    with pytest.raises(NotTogether, match="LAUREL_DATA"):
        require_belonging(desk_in(database_url, two, one / "keys"))
    with pytest.raises(NotTogether, match="LAUREL_BALLOT_KEYS"):
        require_belonging(desk_in(database_url, one, two / "keys"))
    moved = desk_in(database_url, two, two / "keys")
    adopt_database_storage(moved)
    require_belonging(moved)
    with pytest.raises(NotTogether):
        require_belonging(desk_in(database_url, one, one / "keys"))


def test_the_keys_of_another_installation_are_not_adopted(sqlite_url: str, tmp_path: Path) -> None:
    own, theirs = tmp_path / "own", tmp_path / "theirs"
    require_belonging(desk_in(sqlite_url, own, own / "keys"))
    with desk_in(f"sqlite:///{tmp_path}/theirs.db", theirs, theirs / "keys").store.write() as tx:
        records.case(tx)
    mixed = desk_in(sqlite_url, own, theirs / "keys")
    with pytest.raises(NotTogether, match="另一套安装"):
        adopt_database_storage(mixed)
    require_belonging(desk_in(sqlite_url, own, own / "keys"))


def test_one_process_is_at_a_sqlite_file_whatever_its_data_folder(sqlite_url: str, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "laurel.db")
    one, two, linked = (
        Installation(read_settings({"LAUREL_DATABASE": url, "LAUREL_DATA": str(tmp_path / name)}))
        for url, name in ((sqlite_url, "one"), (sqlite_url, "two"), (f"sqlite:///{link}", "three"))
    )
    with one.stopped():
        for other in (two, linked):
            with pytest.raises(Conflict, match="另一个进程"), other.stopped():
                pass
