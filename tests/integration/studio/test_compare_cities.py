"""Two cities beside each other: their parameters."""

from __future__ import annotations

from dataclasses import replace

from service.casework.access.actor import SYSTEM
from service.casework.definitions.deploy import deploy_package
from service.casework.studio.drafts.compare_draft import DRAFT, compare_draft
from service.casework.studio.drafts.open_draft import open_draft
from service.catalog import build_catalog
from service.catalog.tree import read_sources
from tests.support.lakeside import KEY, MINIATURE, Lakeside

ELSEWHERE = KEY.replace("lakeside", "hillside")


def deploy_elsewhere(town: Lakeside) -> None:
    """Publish the same procedure in another county, with another number of years."""
    files = {
        path.replace("lakeside", "hillside"): data.replace(b"lakeside", b"hillside").replace(
            b"value: 3\n", b"value: 4\n"
        )
        for path, data in read_sources(MINIATURE).items()
    }
    deploy_package(town.desk, SYSTEM, build_catalog(files).package(ELSEWHERE), sources=files)


def test_of_two_cities_the_parameters_are_compared(town: Lakeside) -> None:
    deploy_elsewhere(town)
    draft = open_draft(town.desk, town.designer, KEY, "对照")
    everywhere = replace(town.designer, seats=tuple(replace(seat, jurisdiction="*") for seat in town.designer.seats))
    found = compare_draft(town.desk, everywhere, draft, DRAFT, ELSEWHERE)
    assert [pair.key for pair in found.found.parameters if not pair.same] == ["min_years"]
    assert found.files == (), "files of two places are drawn and named apart"
