"""What the scanner knows is not taken, and stands in the book; without a verdict the installation's setting decides."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.office import Scanner
from service.store import Store
from tests.support.browsers import Browser, make_app
from tests.support.clamd import EICAR, clamd_server
from tests.support.desks import Bench, make_bench

AWAY = Path("/nowhere/clamd.ctl")


@pytest.fixture(scope="module")
def clamd() -> Iterator[Path]:
    with clamd_server() as line:
        yield line


@pytest.fixture
def bench(sqlite_store: Store) -> Bench:
    return make_bench(sqlite_store)


def sent(bench: Bench, scanner: Scanner, content: bytes) -> tuple[int, str]:
    """Send a licence as an applicant does; returns status and answer."""
    bench.desk = replace(bench.desk, scanner=scanner)
    case = bench.started()
    [task] = bench.tasks(case)
    applicant = Browser(make_app(bench), bench, "applicant")
    file = {"file": (io.BytesIO(content), "执照.pdf")}
    page = f"/tasks/{task.id}"
    answer = applicant.post(f"{page}/uploads?field=licence", file, page, content_type="multipart/form-data")
    return answer.status_code, answer.text


def stored(bench: Bench) -> list[str]:
    return list(bench.desk.store.files.names())


def test_what_the_scanner_knows_is_refused_in_a_sentence_and_booked(bench: Bench, clamd: Path) -> None:
    assert sent(bench, Scanner(clamd), b"%PDF-1.7 licence")[0] == 200
    kept = stored(bench)
    status, told = sent(bench, Scanner(clamd), b"%PDF-1.7 " + EICAR)
    assert (status, "含有恶意程序" in told, "Laurel.Eicar" in told) == (422, True, False)
    assert stored(bench) == kept
    with bench.desk.store.read() as tx:
        [entry] = [row for row in tx.acts.select(after=0, limit=100) if row.action == "upload.add"]
    assert (entry.chain, entry.outcome, "执照.pdf" in entry.about) == ("refusal", "upload_harmful", True)


@pytest.mark.parametrize(("needed", "status"), [(True, 503), (False, 200)])
def test_without_a_verdict_the_setting_decides(bench: Bench, needed: bool, status: int) -> None:
    found, told = sent(bench, Scanner(AWAY, needed=needed), b"%PDF-1.7 licence")
    assert (found, "无法检查" in told, bool(stored(bench))) == (status, needed, not needed)


def test_a_scanner_that_reads_no_further_gives_no_verdict(bench: Bench, clamd: Path) -> None:
    """A clamd refuses streams above its StreamMaxLength (100 MB by default) before it has read them."""
    limit = 100 * 1024 * 1024
    assert sent(bench, Scanner(clamd), b"%PDF-1.7 " + b"0" * 1000)[0] == 200
    with pytest.raises(Exception, match="无法检查"):
        Scanner(clamd).threat(bytes(limit + 1))
