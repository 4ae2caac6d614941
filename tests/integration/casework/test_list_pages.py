"""Long lists go on where a page ended, and read no more rows than a page has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from service.casework.archives import view as archives
from service.casework.queries.law import view_moves
from service.casework.queries.monitoring import list_batches
from service.casework.queries.people import experts
from service.casework.queries.public import portal
from service.casework.register import confirm_same
from service.casework.retention import view as retention
from service.casework.studio.drafts import open_draft as discard_draft
from service.store import Transaction
from service.store.models import (
    ArchiveRow,
    ErasureRow,
    ExpertRow,
    InterventionBatchRow,
    MoveBatchRow,
    NoticeRow,
    PackageDraftRow,
)
from tests.support import records
from tests.support.desks import PACKAGE, Bench

Read = Callable[[Bench, Any], tuple[Sequence[Any], Any]]
"""Reads a page that follows a place: its rows, and the place where the list goes on."""


def _experts(bench: Bench, after: Any) -> tuple[Sequence[Any], Any]:
    page = experts.list_experts(bench.desk, bench.admin, "testville", "", after).page
    return page.lines, page.after


def _archives(bench: Bench, after: Any) -> tuple[Sequence[Any], Any]:
    page = archives.view_archives(bench.desk, bench.admin, after)
    return page.archives, page.before


def _doubts(bench: Bench, after: Any) -> tuple[Sequence[Any], Any]:
    page = confirm_same.list_doubts(bench.desk, bench.office, after)
    return page.doubts, page.after


def _discarded(bench: Bench, after: Any) -> tuple[Sequence[Any], Any]:
    page = discard_draft.list_discarded(bench.desk, bench.admin, after)
    return page.lines, page.after


def _moves(bench: Bench, after: Any) -> tuple[Sequence[Any], Any]:
    page = view_moves.list_batches(bench.desk, bench.admin, PACKAGE, after)
    return page.lines, page.after


def _notices(bench: Bench, after: Any) -> tuple[Sequence[Any], Any]:
    page = portal.view_portal(bench.desk, bench.admin, None, after)
    return page.past, page.before


def _erasures(bench: Bench, after: Any) -> tuple[Sequence[Any], Any]:
    page = retention.view_retention(bench.desk, bench.admin, None, after)
    return page.erasures, page.before


def _batches(bench: Bench, after: Any) -> tuple[Sequence[Any], Any]:
    page = list_batches.list_batches(bench.desk, bench.admin, after)
    return page.lines, page.before


PAGED: tuple[tuple[Any, str, Read, int], ...] = (
    (experts, "PAGE", _experts, 3),
    (archives, "PAGE", _archives, 3),
    (confirm_same, "PAGE", _doubts, 3),
    (discard_draft, "PAGE", _discarded, 3),
    (view_moves, "BATCHES", _moves, 3),
    (portal, "PAGE", _notices, 3),
    (list_batches, "MOST", _batches, 6),
    (retention, "PAGE", _erasures, 3),
)
"""The module and name of the size of its page, what reads one, and how many rows there are."""


def three_of_each(tx: Transaction, bench: Bench, case: int) -> None:
    """Put three of what `PAGED` lists on record."""
    version = tx.cases.get(case).definition
    now, day, here = bench.clock.now(), date(2026, 3, 2), "testville"
    admin = bench.people["admin"]
    for n in range(1, 4):
        person = records.person(tx, f"expert.{n}")
        tx.bodies.upsert("*", f"K{n}", kind="organisation", name="同名公司")
        fixed = {"person_id": person, "practising_since": day, "term_from": day, "created_at": now, "changed_at": now}
        tx.experts.insert(ExpertRow(jurisdiction=here, employer="大学", education="doctor", **fixed))
        tx.archives.insert(
            ArchiveRow(case_id=case, jurisdiction=here, title="届", full=False, purpose="p", cases=1, begun_at=now)
        )
        tx.move_batches.insert(
            MoveBatchRow(
                package=PACKAGE, target=version, reason="r", dry=True, person_id=admin, begun_at=now, state="done"
            )
        )
        tx.interventions.begin(
            InterventionBatchRow(kind="suspend", at=now, person_id=admin, reason="r", given={}, dry=True, public=False),
            [case],
        )
        tx.erasures.insert(
            ErasureRow(case_id=case, jurisdiction=here, person_id=admin, parts=["personal"], reason="r", asked_at=now)
        )
        tx.package_drafts.insert(
            PackageDraftRow(
                package=PACKAGE, title="稿", sources=b"", person_id=admin, author="管", state="discarded",
                created_at=now, changed_at=now,
            )
        )  # fmt: skip
        tx.notices.insert(
            NoticeRow(
                jurisdiction=here, case_id=case, element="e", kind="k", title="公示", content={}, fingerprint="f",
                posted_at=now, first_day=day, last_day=day, ends_at=now, period={}, state="closed",
            )
        )  # fmt: skip


def test_every_list_is_read_to_its_end_page_by_page(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    case = bench.started()
    with bench.desk.store.write() as tx:
        three_of_each(tx, bench, case)
    for module, size, read, count in PAGED:
        whole, end = read(bench, None)
        assert (len(whole), end) == (count, None), module.__name__
        monkeypatch.setattr(module, size, 1)
        pages, after = [], None
        while not pages or after is not None:
            rows, after = read(bench, after)
            pages.append(rows)
        assert len(pages) >= 2, module.__name__
        assert sorted(map(repr, (row for rows in pages for row in rows))) == sorted(map(repr, whole)), module.__name__
