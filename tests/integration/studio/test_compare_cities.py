"""Two cities beside each other: what means the same is no difference, whatever its id and place."""

from __future__ import annotations

from dataclasses import replace

from service.casework.access.actor import SYSTEM
from service.casework.definitions.deploy import deploy_package
from service.casework.studio.compare_draft import DRAFT, compare_draft
from service.casework.studio.open_draft import open_draft
from service.catalog import build_catalog
from service.catalog.tree import read_sources
from tests.support.lakeside import DIAGRAM, KEY, MINIATURE, Lakeside

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


def test_another_id_is_no_difference_between_two_cities(town: Lakeside) -> None:
    deploy_elsewhere(town)
    draft = open_draft(town.desk, town.designer, KEY, "对照")
    both = replace(town.designer, seats=tuple(replace(seat, jurisdiction="*") for seat in town.designer.seats))
    found = compare_draft(town.desk, both, draft, DRAFT, ELSEWHERE)
    file = found.file(DIAGRAM)
    assert file.right_path == DIAGRAM.replace("lakeside", "hillside")
    assert [(r.element, [(f.name, f.left, f.right) for f in r.fields]) for r in file.difference.records] == [
        ("explain", [("name", "书面说明理由", "说明理由")])
    ]
    assert file.difference.there["examine"] == "Activity_7"
