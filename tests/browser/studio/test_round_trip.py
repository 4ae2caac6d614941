"""Every diagram of a city opened in the editor and saved unchanged keeps its bytes; half of them in each run, all in `make walk`."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import open_file, view_draft
from service.catalog.layout.drawn import as_kept
from service.catalog.pieces.piece_kinds import PieceKind
from service.store import Store
from tests.support.city import make_city
from tests.support.samples import sample
from tests.support.served import served, signed_in
from tests.support.tree import PROJECT

pytestmark = pytest.mark.browser
CITIES = [path.parent.parent.name for path in sorted(PROJECT.glob("processes/*/*/award.yaml"))]
SAVE = "async () => (await laurelStudio.modeler.saveXML({ format: true })).xml"


def diagrams_of(city: str) -> int:
    return len(list(PROJECT.glob(f"processes/{city}/*/*.bpmn")))


def test_opening_and_saving_changes_no_byte(chromium: Browser, sqlite_store: Store) -> None:
    town = make_city(sqlite_store, max(CITIES, key=diagrams_of))
    draft = open_draft(town.desk, town.designer, town.key, "不改")
    diagrams = view_draft(town.desk, town.designer, draft).of(PieceKind.DIAGRAM)
    assert len(diagrams) > 20
    with served(town) as base, signed_in(chromium, town, "designer", base) as context:
        page = context.new_page()
        for file in sample(diagrams, 2):
            page.goto(f"{base}/studio/drafts/{draft}/diagrams/edit?path={file.path}")
            expect(page.locator(".studio-modeler[data-ready=yes]"), file.path).to_be_visible()
            kept = open_file(town.desk, town.designer, draft, file.path).content
            assert as_kept(file.path, page.evaluate(SAVE).encode(), kept) == kept, file.path
