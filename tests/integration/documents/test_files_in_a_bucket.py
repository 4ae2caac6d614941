"""Files in a bucket that is gone for a while: a sentence for who hands one in, and documents made when it is back."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import timedelta

from service.casework.access.actor import SYSTEM
from service.casework.due.run_item import run_item
from service.casework.tasks.complete import complete_task
from service.jobs import Sweeper
from service.store import Store
from service.store.files.s3_files import S3Files
from service.store.models import WorkItemRow
from tests.support.browsers import Browser, make_app
from tests.support.desks import Bench, make_bench
from tests.support.s3 import bucket_server
from tests.support.soundness import faults_of

LICENCE = hashlib.sha256(b"%PDF-1.7 licence").hexdigest()


def document_item(bench: Bench, case_id: int) -> WorkItemRow:
    with bench.desk.store.read() as tx:
        [item] = [item for item in tx.work.of_case(case_id, ("waiting", "done")) if item.kind == "document"]
    return item


def test_nothing_is_lost_while_the_bucket_is_gone(sqlite_store: Store) -> None:
    bench = make_bench(sqlite_store)
    bench = replace(bench, desk=replace(bench.desk, printer=None))
    sweeper = Sweeper(bench.desk.store, lambda item: run_item(bench.desk, SYSTEM, item), bench.clock.now, "test")
    with bucket_server() as server:
        bench.desk.store.files = S3Files(server.place)
        case_id = bench.started()
        [task] = bench.tasks(case_id)
        applicant = Browser(make_app(bench), bench, "applicant")
        url = f"/tasks/{task.id}/uploads?field=licence"
        page = f"/tasks/{task.id}"
        sent = {"file": (io.BytesIO(b"%PDF-1.7 licence"), "licence.pdf")}
        assert applicant.post(url, sent, page, content_type="multipart/form-data").status_code == 200
        server.kill()
        sent = {"file": (io.BytesIO(b"%PDF-1.7 another"), "licence.pdf")}
        refused = applicant.post(url, sent, page, content_type="multipart/form-data")
        assert refused.status_code == 503
        assert "存放附件和文书的地方" in refused.text
        complete_task(
            bench.desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01", "contact": "张三"}
        )
        bench.complete(case_id, bench.office, {"decision": "fail", "reason": "材料不全"})
        sweeper.drain(bench.clock.now())
        waiting = document_item(bench, case_id)
        assert waiting.state == "waiting"
        assert "files_unreachable" in str(waiting.last_error) or "FilesUnreachable" in str(waiting.last_error)
    with bucket_server() as server:
        bench.desk.store.files = S3Files(server.place)
        bench.clock.move_to(bench.clock.now() + timedelta(minutes=5))
        sweeper.drain(bench.clock.now())
        assert document_item(bench, case_id).state == "done"
        [gone] = faults_of(bench.desk)
        # the bucket that was killed kept the licence in memory; all else is as it should be
        assert f"an attachment is missing where files are kept ({LICENCE[:12]})" in gone
        assert "licence.pdf" not in gone
        assert len(list(bench.desk.store.files.names())) == 1
