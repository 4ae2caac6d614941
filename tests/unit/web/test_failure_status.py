""""""

from __future__ import annotations

import errno
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import service
from service.domain.ballots.count import BoxMismatch
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed, NotFound
from service.domain.text import Text
from service.engine import StepFailed
from service.engine.errors import NotWaiting
from service.store.errors import Busy, Stale
from service.web.frame.requests.failures import register_failures
from service.web.frame.requests.refusals import OF_CODE, status_of

SIGN_STATE_WORDS = Text("不行", "no")
OMITTED_STRETCH = ("migrations", "__main__", "office.child")


def kinds(base: type[LaurelError] = LaurelError) -> Iterator[type[LaurelError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (LaurelError(SIGN_STATE_WORDS), 400),
        (NotAllowed(SIGN_STATE_WORDS), 403),
        (NotFound(SIGN_STATE_WORDS), 404),
        (Conflict(SIGN_STATE_WORDS), 409),
        (NotWaiting(SIGN_STATE_WORDS), 409),
        (BoxMismatch(SIGN_STATE_WORDS), 500),
        (Stale(SIGN_STATE_WORDS), 409),
        (Busy(SIGN_STATE_WORDS), 503),
        (Invalid(SIGN_STATE_WORDS), 422),
        (StepFailed(SIGN_STATE_WORDS, "t"), 422),
    ],
)
def test_the_nearest_class_with_a_status_decides(error: LaurelError, status: int) -> None:
    assert status_of(error) == status


def test_every_code_of_the_table_is_an_error_s() -> None:
    for module in pkgutil.walk_packages(service.__path__, "service."):
        if not any(word in module.name for word in OMITTED_STRETCH):
            importlib.import_module(module.name)
    assert set(OF_CODE) <= {kind.code for kind in kinds()} | {LaurelError.code}


def write_to_a_full_disk() -> None:
    Path("/dev/full").write_bytes(b"x")


def find_no_folder() -> None:
    raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")  # as tempfile says it


@pytest.mark.parametrize("act", [write_to_a_full_disk, find_no_folder])
def test_an_upload_on_its_way_that_finds_no_room_is_told_so(act: object) -> None:
    app = Flask("test")
    register_failures(app)
    app.add_url_rule("/upload", view_func=act, endpoint="upload")  # type: ignore[arg-type]
    answer = app.test_client().get("/upload", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (507, "storage_full")
    assert "磁盘空间已满" in answer.json["detail_zh"]
