"""What erasing a small case takes, whatever became of its forms; and the database written anew by a plain account."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from service.casework.archives.gather import start_archive
from service.casework.archives.view import as_zip, open_archive
from service.casework.definitions.publish import publish_package
from service.casework.retention.erase import ask_erasures
from service.catalog import Package, load_catalog
from service.domain.audit.archive_check import check_archive
from service.domain.proof.audit_chain import ERASURE, AuditEvent
from service.domain.retention import INTERNAL, MAILS, PERSONAL, SECRET, SHEETS
from service.store import Store
from service.store.models import CaseMoveRow, ErasureRow, metadata
from tests.support.desks import DATA, PACKAGE, Bench, make_bench

LATE = datetime(2070, 5, 4, 2, tzinfo=UTC)
PERSON = "张三丰"


@pytest.fixture
def bench(sqlite_store: Store) -> Bench:
    """The small award on SQLite."""
    return make_bench(sqlite_store)


def refused(bench: Bench, contact: str = PERSON) -> int:
    """An application that was refused long ago."""
    number = bench.decided("fail", contact, reason="未补材料")
    bench.drain()
    return number


def erased(bench: Bench, number: int) -> list[dict[str, object]]:
    """Erase all of a case but its internal contents, and return what is left of its forms."""
    bench.clock.move_to(datetime(2033, 5, 4, 2, tzinfo=UTC))
    ask_erasures(bench.desk, bench.office, [number], "期满")
    bench.drain()
    with bench.desk.store.read() as tx:
        [row] = tx.erasures.select(case_id=number, state__ne="refused")
        assert (row.state, "internal" in row.parts) == ("done", False)
        return [dict(form.data) for form in tx.forms.of_case(number, taken_back=True)]


def test_fields_that_an_earlier_version_called_personal_go(bench: Bench) -> None:
    number, old = refused(bench), load_catalog(DATA).packages[PACKAGE]
    plain = {path: whole.replace(b'"personal": "true"', b'"personal": "false"') for path, whole in old.files.items()}
    new = Package.from_files(plain, old.operations)
    assert new.version != old.version
    with bench.desk.store.write() as tx:
        publish_package(tx, new, bench.clock.now(), "test")
        tx.moves.insert_new(
            CaseMoveRow(mark="m", case_id=number, verdict="moved", from_version=old.version, at=bench.clock.now())
        )
        tx.cases.save(tx.cases.get(number), definition=new.version)
    assert PERSON not in str(erased(bench, number))


def test_of_a_form_that_is_gone_nothing_is_left(bench: Bench) -> None:
    number, forms = refused(bench), metadata.tables["form_result"]
    with bench.desk.store._engine.begin() as db:
        db.execute(sa.update(forms).where(forms.c.form == "testville/application").values(form="testville/gone"))
        db.execute(sa.update(forms).where(forms.c.form == "application").values(form="gone"))
    left = erased(bench, number)
    assert {} in left
    assert PERSON not in str(left)


def test_an_archive_masks_no_number_by_which_a_chain_is_verified(bench: Bench) -> None:
    number = refused(bench, "12")
    named = {
        "erasure": 1,
        "case": number,
        "parts": ["mails"],
        "events": {"12": "ab", "3": "cd"},
        "rows": {},
        "files": [],
    }
    with bench.desk.store.write() as tx:
        tx.history.record(number, [AuditEvent(LATE, "12", ERASURE, "清除", None, None, named)])
    ident = start_archive(bench.desk, bench.office, number, "公开", full=False)
    bench.drain()
    whole = b"".join(as_zip(bench.desk.store, open_archive(bench.desk, bench.office, ident)[1]))
    packed = zipfile.ZipFile(io.BytesIO(whole))
    [history] = [name for name in packed.namelist() if name.endswith("办理记录.json")]
    [event] = [one for one in json.loads(packed.read(history)) if one["action"] == ERASURE]
    assert event["data"] == named
    assert event["actor"] != "12"
    assert check_archive(packed.namelist(), lambda name: packed.open(name)).faults == ()  # type: ignore[arg-type,return-value]


def files(engine: sa.Engine) -> dict[str, int]:
    with engine.connect() as db:
        return {str(name): int(node) for name, node in db.execute(sa.text("select relname, relfilenode from pg_class"))}


def erasure(bench: Bench, number: int) -> ErasureRow:
    parts = [PERSONAL, SECRET, INTERNAL, SHEETS, MAILS]
    return ErasureRow(case_id=number, jurisdiction="testville", parts=parts, reason="期满", asked_at=bench.clock.now())
