"""Two cities beside each other: what means the same is no difference, whatever its id and place."""

from __future__ import annotations

from dataclasses import replace

from service.casework.access.actor import SYSTEM, Actor
from service.casework.definitions.deploy import deploy_package
from service.casework.studio.drafts.compare_draft import DRAFT, DraftComparison, compare_draft
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.serving.await_job import await_job
from service.catalog import build_catalog
from service.catalog.tree import read_sources
from tests.support.lakeside import DIAGRAM, KEY, MINIATURE, Lakeside
from tests.support.waiting import until

ELSEWHERE = KEY.replace("lakeside", "hillside")


def deploy_elsewhere(town: Lakeside) -> None:
    """Publish the same procedure in another county: an element has another id, another one another name."""
    files = {
        path.replace("lakeside", "hillside"): data.replace(b"lakeside", b"hillside")
        for path, data in read_sources(MINIATURE).items()
    }
    path = DIAGRAM.replace("lakeside", "hillside")
    text = files[path].decode().replace('"examine"', '"Activity_7"').replace(">examine<", ">Activity_7<")
    files[path] = text.replace('name="书面说明理由"', 'name="说明理由"').encode()
    deploy_package(town.desk, SYSTEM, build_catalog(files).package(ELSEWHERE), sources=files)


def compared(town: Lakeside, actor: Actor, draft: int) -> DraftComparison:
    """Compare the draft with the other county, as soon as the files of both were compared."""
    job = compare_draft(town.desk, actor, draft, DRAFT, ELSEWHERE).job
    if job:
        until(lambda: await_job(town.desk, actor, draft, job.id).over, what="the files of both are compared")
    return compare_draft(town.desk, actor, draft, DRAFT, ELSEWHERE)


def everywhere(town: Lakeside) -> Actor:
    """Return the designer with a seat in every county."""
    return replace(town.designer, seats=tuple(replace(seat, jurisdiction="*") for seat in town.designer.seats))


def test_another_id_is_no_difference_between_two_cities(town: Lakeside) -> None:
    deploy_elsewhere(town)
    draft = open_draft(town.desk, town.designer, KEY, "对照")
    found = compared(town, everywhere(town), draft)
    assert found.job is None
    file = found.file(DIAGRAM)
    assert file.right_path == DIAGRAM.replace("lakeside", "hillside")
    assert [(r.element, [(f.name, f.left, f.right) for f in r.fields]) for r in file.difference.records] == [
        ("explain", [("name", "书面说明理由", "说明理由")])
    ]
    assert file.difference.there["examine"] == "Activity_7"
    assert not [each.path for each in found.files if "/scenarios/" in each.path]
