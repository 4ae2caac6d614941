"""Two cities beside each other: what means the same is no difference, whatever its id and place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from service.casework.access.actor import SYSTEM, Actor
from service.casework.definitions.deploy import deploy_package
from service.casework.studio.drafts.compare_draft import DRAFT, DraftComparison, compare_draft
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.serving.await_job import await_job
from service.casework.studio.work.jobs import job_of
from service.catalog import build_catalog
from service.catalog.tree import read_sources
from service.store.rows import MembershipRow
from tests.support.browsers import Browser
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


def sit_elsewhere(town: Lakeside) -> None:
    """Give the designer a second seat, in the other county."""
    with town.desk.store.write() as tx:
        seat = MembershipRow(
            person_id=town.people["designer"],
            body_id=tx.people.bodies("lakeside")[0].id,
            jurisdiction="hillside",
            role="designer",
            since=town.desk.clock.now(),
        )
        tx.people.add_membership(seat)


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


def test_two_places_are_compared_beside_the_requests_and_once_while_neither_changes(town: Lakeside) -> None:
    deploy_elsewhere(town)
    draft = open_draft(town.desk, town.designer, KEY, "对照")
    actor = everywhere(town)
    first = compare_draft(town.desk, actor, draft, DRAFT, ELSEWHERE)
    assert first.job is not None
    assert not first.files
    assert first.found.parameters, "what needs no reading of files is shown at once"
    before = compared(town, actor, draft)
    assert before.files
    assert compare_draft(town.desk, actor, draft, DRAFT, ELSEWHERE).files == before.files
    with town.desk.store.read() as tx:
        assert job_of(tx, draft, first.job.id).over

    opened = open_file(town.desk, actor, draft, DIAGRAM)
    changed = opened.content.replace('name="书面说明理由"'.encode(), 'name="说明理由"'.encode())
    save_file(town.desk, actor, draft, DIAGRAM, changed, opened.hash)
    again = compare_draft(town.desk, actor, draft, DRAFT, ELSEWHERE)
    assert again.job is not None
    assert again.job.id != first.job.id
    assert DIAGRAM not in [file.path for file in compared(town, actor, draft).files]


def test_the_page_shows_how_far_it_is_and_a_diagram_waits_for_it(
    town: Lakeside, browse: Callable[..., Browser]
) -> None:
    deploy_elsewhere(town)
    draft = open_draft(town.desk, town.designer, KEY, "对照")
    sit_elsewhere(town)
    browser, sides = browse("designer"), f"left=draft&right={ELSEWHERE}"
    page = browser.get(f"/studio/drafts/{draft}/compare?{sides}").text
    job = re.search(r'data-job-url="([^"]+)"', page)
    assert job, "the comparison goes on beside the request"
    until(lambda: '"over":true' in browser.get(job[1]).text.replace(" ", ""), what="the comparison is over")
    assert "在两张图上看" in browser.get(f"/studio/drafts/{draft}/compare?{sides}").text
    both = browser.get(f"/studio/drafts/{draft}/compare/diagram?{sides}&path={DIAGRAM}").text
    assert both.count("data-diagram-url") == 2
