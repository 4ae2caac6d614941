"""Large files in pieces: taken up where they stopped, by who began them, and gone when nobody finishes them."""

import base64
import hashlib
import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from service.casework.public.resume import resume_publicly
from service.casework.public.space import SpaceUsedUp
from service.casework.simulate.stage.stage import PlayState
from service.casework.tasks.attach_upload import attach_upload
from service.casework.tasks.resume_upload import begin_upload, find_unfinished, give_up_upload
from service.casework.tasks.unfinished_uploads import LEAST_PIECE, Announced, Piece, become
from service.domain.errors import NotFound
from service.domain.forms import UploadRules
from service.web import create_app
from service.web.frame.requests.current import VISITOR
from tests.integration.objections.conftest import quick  # noqa: F401  a season whose notice is running
from tests.integration.objections.test_lodging import winners
from tests.integration.web.test_task_way import PDF, started  # noqa: F401  an application that was begun
from tests.support.browsers import Browser, settings_for_tests
from tests.support.desks import Bench
from tests.support.exampleton import PACKAGE

Browse = Callable[..., Browser]
WHOLE = PDF + b"0" * (3 * LEAST_PIECE - len(PDF))
TUS = {"Tus-Resumable": "1.0.0", "Accept": "application/json"}


def begin(person: Browser, address: str, size: int = len(WHOLE), name: str = "执照.pdf") -> TestResponse:
    told = f"filename {base64.b64encode(name.encode()).decode()}"
    headers = {**TUS, "X-CSRF-Token": person.mark(), "Upload-Length": str(size), "Upload-Metadata": told}
    return person.client.post(address, headers=headers)


def send(person: Browser, at: str, offset: int, content: bytes, checksum: str | None = None) -> TestResponse:
    headers = {**TUS, "X-CSRF-Token": person.mark(), "Upload-Offset": str(offset)}
    if checksum is not None:
        headers["Upload-Checksum"] = checksum
    kind = "application/offset+octet-stream"
    return person.client.patch(at, data=content, content_type=kind, headers=headers)


def far(person: Browser, at: str) -> str:
    return person.client.head(at, headers=TUS).headers["Upload-Offset"]


def stored(bench: Bench | PlayState) -> list[str]:
    return list(bench.desk.store.files.names())


@pytest.fixture
def address(bench: Bench, started: int) -> str:  # noqa: F811
    (task,) = bench.tasks(started)
    return f"/tasks/{task.id}/uploads?field=licence"


def test_a_file_goes_on_where_it_broke_off(bench: Bench, browse: Browse, address: str) -> None:
    me, before = browse("applicant"), stored(bench)
    begun = begin(me, address)
    at = begun.headers["Location"]
    assert (begun.status_code, begun.headers["Upload-Offset"]) == (201, "0")
    first = send(me, at, 0, WHOLE[:LEAST_PIECE])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(LEAST_PIECE))
    again = send(me, at, 0, WHOLE[:LEAST_PIECE])  # sent twice, since the answer was lost
    assert (again.status_code, f"已收到 {LEAST_PIECE} 字节" in again.json["message"]) == (409, True)
    assert (far(me, at), me.get(at, headers=TUS).status_code) == (str(LEAST_PIECE), 409)
    override = {**TUS, "X-CSRF-Token": me.mark(), "Upload-Offset": far(me, at), "X-HTTP-Method-Override": "PATCH"}
    kind = "application/offset+octet-stream"
    last = me.client.post(at, data=WHOLE[LEAST_PIECE:], content_type=kind, headers=override)
    assert (last.status_code, far(me, at)) == (204, str(len(WHOLE)))
    kept = me.get(at).json
    assert (kept["name"], kept["size"], me.get(kept["url"]).data) == ("执照.pdf", len(WHOLE), WHOLE)
    assert send(me, at, len(WHOLE), b"").status_code == 204  # the last answer was lost: nothing happens twice
    assert me.get(at).json == kept
    assert len(stored(bench)) == len(before) + 1  # no piece is left


def test_a_piece_that_was_damaged_on_its_way_is_not_taken(browse: Browse, address: str) -> None:
    me = browse("applicant")
    at, piece = begin(me, address).headers["Location"], WHOLE[:LEAST_PIECE]
    right = base64.b64encode(hashlib.sha256(piece).digest()).decode()
    damaged = send(me, at, 0, piece[:-1] + b"1", f"sha256 {right}")
    assert (damaged.status_code, "在途中损坏" in damaged.json["message"], far(me, at)) == (460, True, "0")
    assert send(me, at, 0, piece, "md5 AAAA").status_code == 422
    assert send(me, at, 0, piece, f"sha256 {right}").status_code == 204
    small = send(me, at, LEAST_PIECE, b"0")
    assert (small.status_code, "字节之间" in small.json["message"]) == (422, True)


def test_what_would_not_be_taken_is_refused_before_the_first_byte(browse: Browse, address: str) -> None:
    me = browse("applicant")
    assert "超过上限" in begin(me, address, 10**12).json["message"]
    assert "的类型不在接受之列" in begin(me, address, name="执照.txt").json["message"]
    assert begin(me, address.replace("licence", "contact")).status_code == 404
    assert begin(browse("stranger"), address).status_code == 403
    for _ in range(30):
        begin(me, address)
    assert "没有传完" in begin(me, address).json["message"]


def test_two_files_begun_at_one_moment_are_counted_one_after_the_other(
    bench: Bench, browse: Browse, address: str
) -> None:
    me = browse("applicant")
    for _ in range(29):
        begin(me, address)
    task = int(address.split("/")[2])
    file = Announced("licence", "执照.pdf", 99, UploadRules(max_bytes=99), task)
    with ThreadPoolExecutor(2) as people:
        with bench.desk.store.write():
            both = [people.submit(begin_upload, bench.desk, bench.applicant, file) for _ in range(2)]
            wait(both, 0.3)  # so that both come to where they have to wait
        refused = [each.exception() for each in both]
    assert sorted(type(each).__name__ for each in refused) == ["Conflict", "NoneType"]


def test_what_is_given_up_as_its_end_arrives_is_not_attached(bench: Bench, browse: Browse, address: str) -> None:
    me = browse("applicant")
    at = begin(me, address).headers["Location"].rsplit("/", 1)[1]
    desk, actor = bench.desk, bench.applicant
    row, kept = (
        find_unfinished(desk, actor, at),
        attach_upload(
            desk,
            actor,
            int(address.split("/")[2]),
            "licence",
            "执照.pdf",
            io.BytesIO(WHOLE),
            UploadRules(max_bytes=10**6),
        ),
    )
    give_up_upload(desk, actor, at)
    with pytest.raises(NotFound):
        become(desk, row, kept.id)
    with desk.store.read() as tx:
        assert tx.uploads.get(kept.id).removed_at is not None


def test_what_is_not_what_its_name_says_is_refused_at_the_end_and_leaves_nothing(
    bench: Bench, browse: Browse, address: str
) -> None:
    me, before = browse("applicant"), stored(bench)
    at = begin(me, address).headers["Location"]
    refused = send(me, at, 0, b"0" * len(WHOLE))
    assert (refused.status_code, "的内容不是有效的" in refused.json["message"]) == (422, True)
    assert (me.client.head(at).status_code, stored(bench)) == (404, before)


def test_nobody_else_reads_or_goes_on_with_a_file(browse: Browse, address: str) -> None:
    me, other = browse("applicant"), browse("stranger")
    at = begin(me, address).headers["Location"]
    without = browse()
    assert [other.client.head(at).status_code, send(other, at, 0, WHOLE).status_code] == [404, 404]
    assert without.client.head(f"/objections{at}").status_code == 404
    instead = {**TUS, "X-HTTP-Method-Override": "DELETE"}
    assert me.client.get(at, headers=instead).status_code == 409  # it asks what became of the file, and changes nothing
    assert far(me, at) == "0"
    gave_up = me.client.delete(at, headers={"X-CSRF-Token": me.mark()})
    assert (gave_up.status_code, me.client.head(at).status_code) == (204, 404)


def test_without_an_account_too_until_nobody_finishes_it(quick: PlayState) -> None:  # noqa: F811
    app = create_app(quick.desk, settings_for_tests())
    app.config["TESTING"] = False
    visitor = Browser(app, SimpleNamespace(desk=quick.desk, people={}))  # type: ignore[arg-type]
    page = f"/objections/{PACKAGE}/objection"
    address, before = f"{page}/uploads?notice={winners(quick)}&field=evidence", stored(quick)
    at, lost, empty = (begin(visitor, address).headers["Location"] for _ in range(3))
    with quick.desk.store.read() as tx:
        assert tx.unfinished_uploads.public_bytes() == 0  # nothing came yet: others may send theirs
    assert send(visitor, at, 0, WHOLE[:LEAST_PIECE]).status_code == 204
    with quick.desk.store.read() as tx:
        assert tx.unfinished_uploads.public_bytes() == LEAST_PIECE
    assert send(visitor, at, LEAST_PIECE, WHOLE[LEAST_PIECE:]).status_code == 204
    full = replace(quick.desk, public_space=replace(quick.desk.public_space, of_all=len(WHOLE)))
    with pytest.raises(SpaceUsedUp, match="待提交的附件过多"):
        resume_publicly(full, VISITOR, lost.rsplit("/", 1)[1], Piece(0, WHOLE[:LEAST_PIECE]))
    kept = visitor.get(at).json
    assert visitor.get(kept["url"]).data == WHOLE
    assert send(visitor, lost, 0, WHOLE[:LEAST_PIECE]).status_code == 204
    assert len(stored(quick)) == len(before) + 2
    quick.advance(quick.clock.now() + timedelta(minutes=59))
    assert visitor.client.head(empty).status_code == 204
    quick.advance(quick.clock.now() + timedelta(minutes=2))
    assert [visitor.client.head(each).status_code for each in (at, lost, empty)] == [204, 204, 404]
    quick.advance(quick.clock.now() + timedelta(hours=quick.desk.public_space.hours, minutes=1))
    assert [visitor.client.head(each).status_code for each in (at, lost)] == [404, 404]
    with quick.desk.store.read() as tx:
        assert (tx.unfinished_uploads.public_bytes(), set(stored(quick)) - set(before)) == (0, set())


def written(bench: Bench, sql: str, **values: object) -> None:
    """Do what somebody does who has the database alone."""
    with bench.desk.store.write() as tx:
        assert tx._connection.execute(sa.text(sql), values).rowcount == 1


def sent_whole(person: Browser, address: str, content: bytes) -> dict[str, str]:
    """Send a file in one piece; returns what it became."""
    at = begin(person, address, len(content)).headers["Location"]
    assert send(person, at, 0, content).status_code == 204
    found: dict[str, str] = person.get(at).json
    return found


def test_no_piece_of_others_becomes_part_of_a_file(bench: Bench, browse: Browse, address: str) -> None:
    """Who has the database and an account of their own names another's file as a piece of theirs, or another's upload as theirs."""
    me = browse("applicant")
    kept = sent_whole(me, address, WHOLE)
    half = begin(me, address).headers["Location"]
    send(me, half, 0, WHOLE[:LEAST_PIECE])
    other = browse("stranger")
    ident, stranger = half.rpartition("/")[2], bench.stranger.person_id
    written(
        bench, "update unfinished_upload set person_id = :who, task_id = null where id = :id", who=stranger, id=ident
    )
    taken = send(other, half, LEAST_PIECE, WHOLE[LEAST_PIECE:])
    assert (taken.status_code, "在系统之外被改动" in taken.json["message"], other.get(half).status_code) == (
        460,
        True,
        409,
    )
    with bench.desk.store.read() as tx:
        sha256 = tx.uploads.get(kept["id"]).sha256
    piece = json.dumps([{"sha256": sha256, "stamp": "", "size": len(WHOLE)}])
    written(bench, "update unfinished_upload set pieces = :pieces where id = :id", pieces=piece, id=ident)
    assert (send(other, half, len(WHOLE), b"").status_code, other.get(half).status_code) == (460, 409)
