"""Shared pieces: who uses each, what a change would mean for the others, versions taken over."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.definitions.deploy import deploy_package
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.pieces.shared_pieces import take_piece, takes, view_shared
from service.catalog import build_catalog
from service.catalog.tree import read_sources
from service.domain.errors import NotFound
from tests.support.lakeside import KEY, MINIATURE, Lakeside

ROOT = Path(__file__).parents[3]
NOTICE = "processes/shared/notice.bpmn"
OTHER = "hillside/star_award"


@pytest.fixture
def both(town: Lakeside) -> Lakeside:
    """The miniature and another city that has the same regulation."""
    files = {
        path.replace("lakeside", "hillside"): data.replace(b"lakeside", b"hillside").replace(
            "湖滨".encode(), "山城".encode()
        )
        for path, data in read_sources(MINIATURE).items()
        if "/shared/" not in path
    }
    shared = {path: data for path, data in read_sources(MINIATURE).items() if "/shared/" in path}
    deploy_package(town.desk, SYSTEM, build_catalog({**files, **shared}).package(OTHER))
    return town


def change(town: Lakeside, draft: int, old: str, new: str) -> bytes:
    opened = open_file(town.desk, town.designer, draft, NOTICE)
    text = opened.content.decode()
    assert old in text
    saved = save_file(town.desk, town.designer, draft, NOTICE, text.replace(old, new).encode(), opened.hash)
    assert saved.content is not None
    return saved.content


def some_name(town: Lakeside, draft: int) -> str:
    text = open_file(town.desk, town.designer, draft, NOTICE).content.decode()
    start = text.index(
        'name="', text.index("<bpmn:userTask") if "<bpmn:userTask" in text else text.index("<bpmn:serviceTask")
    )
    return text[start : text.index('"', start + 6) + 1]


def test_a_change_says_what_it_would_mean_elsewhere(both: Lakeside) -> None:
    draft = open_draft(both.desk, both.designer, KEY, "改共用图")
    before = view_shared(both.desk, both.designer, draft, NOTICE)
    assert [copy.use.key for copy in before.copies] == [OTHER]
    assert before.copies[0].same
    assert before.own is None
    content = change(both, draft, some_name(both, draft), 'name="换了名字的一步"')
    view = view_shared(both.desk, both.designer, draft, NOTICE)
    assert view.line.changed
    assert not view.copies[0].same
    assert view.copies[0].difference is not None
    assert view.own is not None
    said = str(view.copies[0].difference.records)
    assert "换了名字的一步" in said
    with both.desk.store.read() as tx:
        row = tx.definitions.current(OTHER)
        assert row is not None
        assert both.desk.packages.get(row.version, tx).files[NOTICE] != content


def test_the_version_of_another_place_is_taken_over(both: Lakeside) -> None:
    draft = open_draft(both.desk, both.designer, KEY, "改共用图")
    published = open_file(both.desk, both.designer, draft, NOTICE).content
    assert change(both, draft, some_name(both, draft), 'name="换了名字的一步"') != published
    take_piece(both.desk, both.designer, draft, NOTICE, OTHER)
    assert open_file(both.desk, both.designer, draft, NOTICE).content == published
    with pytest.raises(NotFound):
        take_piece(both.desk, both.designer, draft, NOTICE, "nowhere/award")
    with pytest.raises(NotFound):
        view_shared(both.desk, both.designer, draft, "processes/lakeside/law.yaml")


def test_patterns_are_used_by_what_is_made_of_them() -> None:
    files = read_sources(ROOT)
    form = "forms/shared/patterns/announcement.json"
    assert takes(files, "ganzhou/quality_award", form)
    assert not takes(files, "kizilsu/quality_award", form)
    used = {
        path: [
            key
            for key in ("ganzhou", "kizilsu", "qingyuan", "urumqi", "yining")
            if takes(files, f"{key}/quality_award", path)
        ]
        for path in files
        if path.startswith(("processes/shared/patterns/", "forms/shared/patterns/")) and not path.endswith(".yaml")
    }
    new_city = "".join(path.read_text("utf-8") for path in (ROOT / "service" / "catalog" / "new_city").glob("*.py"))
    unused = [path.rpartition("/")[2] for path, cities in used.items() if not cities]
    left = [name for name in unused if not name.startswith("start_") and f'"{name}"' not in new_city]
    assert left == [], "a new city begins with the others"
