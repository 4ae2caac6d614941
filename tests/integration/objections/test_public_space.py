"""Uploads without an account take so much space, and what is never submitted goes again."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta

import pytest

from service.casework.desk.premises import PublicSpace
from service.casework.public.uploads import (
    SpaceUsedUp,
    attach_publicly,
    find_public_upload,
    remove_public_upload,
)
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.typed_values import PDF
from service.casework.tasks.attach_upload import UNCLAIMED, attach_upload, drop_unclaimed, remove_upload
from service.domain.forms import UploadRules
from service.domain.proof.audit_chain import ERASED
from service.store.models import WorkItemRow
from service.web.frame.requests.current import VISITOR
from service.web.frame.requests.refusals import status_of
from tests.integration.objections.test_lodging import lodge
from tests.support.waiting import PATIENCE

RULES = UploadRules(max_bytes=10_000_000)
MEGABYTE = 1024 * 1024


def sent(stage: PlayState, size: int, origin: str, mark: bytes = b"0") -> str:
    content = PDF + mark * (size - len(PDF))
    return attach_publicly(stage.desk, VISITOR, "evidence", "证据.pdf", io.BytesIO(content), RULES, origin).id


def stored(stage: PlayState) -> set[str]:
    return set(stage.desk.store.files.names())


def test_an_address_and_all_together_send_so_many_bytes(stage: PlayState) -> None:
    desk = replace(stage.desk, public_space=PublicSpace(3 * MEGABYTE, 5 * MEGABYTE))
    limited, before = replace(stage, desk=desk), stored(stage)
    sent(limited, 2 * MEGABYTE, "home")
    kept = stored(stage)
    with pytest.raises(SpaceUsedUp, match="一天内最多上传 3 MB") as refused:
        sent(limited, 2 * MEGABYTE, "home", b"1")
    assert (status_of(refused.value), stored(stage)) == (429, kept)  # nothing of it is on the disk
    sent(limited, 2 * MEGABYTE, "work", b"2")
    with pytest.raises(SpaceUsedUp, match="待提交的附件过多"):
        sent(limited, 2 * MEGABYTE, "elsewhere", b"3")
    assert len(stored(stage) - before) == 2
    stage.clock.move_to(stage.clock.now() + timedelta(hours=25))
    sent(limited, MEGABYTE, "home", b"4")


def test_what_is_never_submitted_is_removed_and_what_is_stays(stage: PlayState) -> None:
    lost, shared, again = (sent(stage, MEGABYTE, "home", mark) for mark in (b"1", b"2", b"2"))
    receipt = lodge(stage)
    with stage.desk.store.read() as tx:
        content = {name: tx.uploads.get(name).sha256 for name in (lost, shared)}
        with_case = {row.sha256 for row in tx.uploads.list_of_case(receipt.case_id)}
    assert with_case <= stored(stage)
    stage.desk.store.files.put(PDF + b"2" * (MEGABYTE - len(PDF)))  # stored by somebody else too
    stage.advance(stage.clock.now() + timedelta(hours=stage.desk.public_space.hours, minutes=1))
    assert [find_public_upload(stage.desk, VISITOR, name) for name in (lost, shared, again)] == [None] * 3
    assert with_case <= stored(stage)
    assert content[shared] in stored(stage)
    assert content[lost] not in stored(stage)
    with stage.desk.store.read() as tx:
        assert tx.uploads.unclaimed_bytes() == 0


def test_what_is_taken_out_of_the_form_makes_room_only_as_its_content_goes(stage: PlayState) -> None:
    before, shared = stored(stage), sent(stage, MEGABYTE, "home", b"7")
    alone, again = sent(stage, MEGABYTE, "home", b"8"), sent(stage, MEGABYTE, "work", b"7")
    remove_public_upload(stage.desk, VISITOR, alone)
    remove_public_upload(stage.desk, VISITOR, shared)
    assert len(stored(stage) - before) == 1  # what the other still wants to submit
    assert find_public_upload(stage.desk, VISITOR, again) is not None
    stage.advance(stage.clock.now() + timedelta(hours=stage.desk.public_space.hours, minutes=1))
    assert stored(stage) == before


def expired(stage: PlayState, upload: str) -> WorkItemRow:
    """Take the work that removes ``upload``, when it is due, as a worker does."""
    due = stage.clock.now() + timedelta(hours=stage.desk.public_space.hours, minutes=1)
    while item := stage.desk.store.claim(due, "test"):
        if item.kind == UNCLAIMED and item.payload["upload"] == upload:
            return item
    raise AssertionError("nothing removes it")


def test_what_is_submitted_while_it_is_being_removed_stays_whole(stage: PlayState) -> None:
    late = sent(stage, MEGABYTE, "home", b"5")
    item, case = expired(stage, late), stage.case("甲")
    with ThreadPoolExecutor(1) as worker:
        with stage.desk.store.write() as tx:
            sha256 = tx.uploads.get(late).sha256
            assert tx.uploads.claim([late], case, None) == 1
            removing = worker.submit(drop_unclaimed, stage.desk, item)
            wait([removing], 0.5)  # so that it comes to where it has to wait for whoever submits
        removing.result(PATIENCE)
    with stage.desk.store.read() as tx:
        assert [row.removed_at for row in tx.uploads.list_of_case(case) if row.id == late] == [None]
    assert sha256 in stored(stage)


def test_what_somebody_signed_in_never_submitted_goes_after_a_month(stage: PlayState) -> None:
    desk, me, before = stage.desk, stage.cast.actor("甲"), stored(stage)
    sent_by = {
        name: attach_upload(desk, me, None, "papers", f"{name}身份证.pdf", io.BytesIO(PDF + name.encode()), RULES).id
        for name in ("李某", "王某", "赵某")
    }
    remove_upload(desk, me, sent_by["赵某"])
    with desk.store.write() as tx:
        assert tx.uploads.claim([sent_by["王某"]], stage.case("甲"), None, me.person_id) == 1
        content = tx.uploads.get(sent_by["王某"]).sha256
    stage.advance(stage.clock.now() + timedelta(days=29))
    assert len(stored(stage) - before) == 3
    stage.advance(stage.clock.now() + timedelta(days=2))
    assert stored(stage) - before == {content}
    with desk.store.read() as tx:
        assert [tx.uploads.get(ident).name for ident in sent_by.values()] == [ERASED, "王某身份证.pdf", ERASED]
