"""A case says under which version of its package it runs, and whether a newer one exists."""

from __future__ import annotations

from collections.abc import Callable

from service.catalog import Package
from tests.integration.law.test_amendment import amendment
from tests.support.browsers import Browser
from tests.support.lakeside import KEY, Lakeside


def test_a_case_under_the_current_version_says_so(town: Lakeside, browse: Callable[..., Browser]) -> None:
    page = browse("office").get(f"/cases/{town.start()}").text
    assert "按2026年3月2日（周一）发布的流程版本办理，即现行版本。" in page
    assert "/law/compare?" not in page


def test_a_newer_version_is_told_with_the_comparison(
    town: Lakeside, amended: Callable[..., Package], browse: Callable[..., Browser]
) -> None:
    case = town.start()
    old = town.case(case).definition
    amended(8)
    office, admin = (browse(name).get(f"/cases/{case}").text for name in ("office", "admin"))
    link = f"/law/compare?left={KEY}@{old}&amp;right={KEY}"
    assert link in office
    assert link in admin
    assert browse("office").get(link.replace("&amp;", "&")).status_code == 200
    assert old[:12] not in office.replace(link, ""), "the version's code is for who administers"
    assert old[:12] in admin
    assert f"/law/{KEY}/running" in admin
    assert "按启动时的版本办完" in admin


def test_an_amendment_that_may_reach_the_case_says_so_to_the_administrator(
    town: Lakeside, browse: Callable[..., Browser]
) -> None:
    case = town.start()
    town.deploy(amendment())
    assert "现行版本可以适用于此办件。" in browse("admin").get(f"/cases/{case}").text
    assert "现行版本可以适用于此办件。" not in browse("first").get(f"/cases/{case}").text
