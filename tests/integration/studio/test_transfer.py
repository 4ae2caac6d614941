"""A draft goes out as its city's folders, to those alone who may see it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest

from service.casework.studio.drafts.open_draft import share_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.transfer import export_draft
from service.casework.studio.drafts.view_draft import view_draft
from service.catalog.tree import read_sources
from service.catalog.version import pack_folder
from service.domain.errors import NotAllowed, NotFound
from tests.support.browsers import Browse
from tests.support.lakeside import KEY, MINIATURE, Lakeside


def test_the_folder_goes_out_without_a_changed_byte(town: Lakeside, draft: int) -> None:
    packed = pack_folder(export_draft(town.desk, town.designer, draft))
    sources = read_sources(MINIATURE)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        held = {name: archive.read(name) for name in archive.namelist() if not name.endswith(".sha256")}
    assert held
    assert all(sources[path] == data for path, data in held.items())
    assert pack_folder(export_draft(town.desk, town.designer, draft)) == packed


def test_a_private_draft_is_not_exported_to_others(town: Lakeside, browse: Browse, draft: int) -> None:
    save_file(town.desk, town.designer, draft, f"processes/{KEY}/documents/new.typ", b"x", None)
    assert browse("checker").get(f"/studio/drafts/{draft}/folder.zip").status_code == 404


WHO: dict[str, tuple[tuple[str, str], ...]] = {
    "a designer of another city": (("elsewhere", "designer"),),
    "an administrator of another city": (("elsewhere", "administrator"),),
    "an applicant of everywhere": (("*", "applicant"),),
    "an audit administrator": (("*", "audit_administrator"),),
    "nobody any more": (),
}


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("who", WHO)
def test_nobody_else_shares_it_or_takes_it_out(town: Lakeside, draft: int, who: str, shared: bool) -> None:
    """Whether the draft is passed on to the other designers of its city or not."""
    if shared:
        share_draft(town.desk, town.designer, draft, True)
    own = town.designer.seats[0]
    seats = tuple(
        replace(own, jurisdiction=place, role=role, body_kind="organisation" if role == "applicant" else own.body_kind)
        for place, role in WHO[who]
    )
    other = replace(town.office, seats=seats)
    before = view_draft(town.desk, town.designer, draft).row
    for attempt in (
        lambda: export_draft(town.desk, other, draft),
        lambda: share_draft(town.desk, other, draft, not shared),
    ):
        with pytest.raises((NotAllowed, NotFound)):
            attempt()
    after = view_draft(town.desk, town.designer, draft).row
    assert (after.revision, after.shared, after.person_id) == (before.revision, shared, before.person_id)


def test_whom_a_draft_is_passed_on_to_does_not_pass_it_on(town: Lakeside, draft: int) -> None:
    with pytest.raises(NotFound):
        export_draft(town.desk, town.checker, draft)
    share_draft(town.desk, town.designer, draft, True)
    assert export_draft(town.desk, town.checker, draft)
    with pytest.raises(NotAllowed):
        share_draft(town.desk, town.checker, draft, False)
    share_draft(town.desk, town.designer, draft, False)
    with pytest.raises(NotFound):
        export_draft(town.desk, town.checker, draft)
