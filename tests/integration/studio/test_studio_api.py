"""What the scripts of the studio ask the interface for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.casework.studio.drafts.open_draft import open_draft, share_draft
from tests.support.browsers import Browser
from tests.support.lakeside import KEY, Lakeside

Browse = Callable[..., Browser]


@pytest.fixture
def draft(town: Lakeside) -> int:
    ident = open_draft(town.desk, town.designer, KEY, "程序")
    share_draft(town.desk, town.designer, ident, shared=True)
    return ident


@pytest.fixture
def base(draft: int) -> str:
    return f"/api/v1/drafts/{draft}"


def save(program: Browser, base: str, path: str, old: str, new: str, opened: dict[str, str] | None = None):
    held = opened or program.get(f"{base}/file?path={path}").json
    assert old in held["content"]
    sent = {"path": path, "content": held["content"].replace(old, new), "base": held["hash"]}
    return program.send("PUT", f"{base}/file", sent)


def test_an_entry_is_not_written_over_one_that_was_saved_since(browse: Browse, base: str) -> None:
    program = browse("designer")
    opened = program.get(f"{base}/basics").json
    section = next(one for one in opened["sections"] if len(one["entries"]) > 1)
    first = section["entries"][0]
    here = f"{base}/basics/{section['section']}"
    for name, status in (("先写的名字", 200), ("后写的名字", 409)):
        said = {"id": first["id"], "said": {**first["said"], "name": name}, "revision": opened["revision"]}
        answer = program.send("PUT", here, said)
        assert answer.status_code == status
    assert answer.json["code"] == "draft_conflict"
