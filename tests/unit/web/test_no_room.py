"""The volume of temporary files, where uploads arrive first, is full: a sentence, as of every other volume."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from flask import Flask

from service.web.frame.requests.failures import register_failures


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
