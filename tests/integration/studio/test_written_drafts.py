"""Who can only write the database publishes nothing that no reviewer approved."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.desk.packages import pack_files, unpack_files
from service.casework.people.seals.row_seals import seal_rows, unsealed
from service.casework.soundness.versions import altered_versions
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.publication.approvals import APPROVAL, NotAsApproved
from service.casework.studio.publication.publish_draft import publish_draft
from service.casework.studio.publication.review_draft import review_draft
from service.casework.studio.publication.submit_draft import submit_draft, take_back_draft
from service.domain.errors import Conflict, NotAllowed
from service.store.rows import DraftRevisionRow
from service.store.rows.drafts import draft_revision, package_draft
from service.store.rows.packages import definition
from service.store.seals.altered import SourcesAltered
from tests.integration.studio.test_publish import approved, current, draft, events, later, run_publications
from tests.support.lakeside import KEY, PARAMETERS, Lakeside

__all__ = ["draft"]


def by_hand(town: Lakeside, draft: int, **changes: object) -> None:
    """Change the row of a draft as whoever has the database alone does."""
    with town.desk.store.write() as tx:
        tx._connection.execute(sa.update(package_draft).where(package_draft.c.id == draft).values(changes))


@pytest.fixture
def sealed(town: Lakeside) -> Lakeside:
    """The town after the first start of the program."""
    seal_rows(town.desk, SYSTEM)
    return town


def parameters(town: Lakeside, ident: int) -> bytes:
    """Return the parameters of a draft with one that nobody approved."""
    content = open_file(town.desk, town.designer, ident, PARAMETERS).content
    other = content.replace(b"value: 5", b"value: 6", 1)
    assert other != content
    return other


def test_a_state_of_approved_that_somebody_wrote_publishes_nothing(sealed: Lakeside, draft: int) -> None:
    before = current(sealed)
    said = {"by": "checker", "person": sealed.people["checker"], "approved": True, "reason": "", "at": "2026-03-02"}
    details = {"submitted": {"by": "designer"}, "reviewed": {**said, "seal": "x.y"}}
    by_hand(sealed, draft, state="approved", details=details)
    with pytest.raises(NotAsApproved, match=f"package_draft 表第{draft}行"):
        publish_draft(sealed.desk, sealed.designer, draft)
    assert current(sealed) == before


def test_nobody_reviews_their_own_draft_by_writing_another_author(sealed: Lakeside, draft: int) -> None:
    submit_draft(sealed.desk, sealed.designer, draft, "改了参数")
    other = sealed.people["checker"]
    with sealed.desk.store.write() as tx:
        tx._connection.execute(sa.update(draft_revision).values(person_id=other))
        details = {**(tx.package_drafts.get(draft).details or {}), "submitted": {"person": other, "by": "checker"}}
    by_hand(sealed, draft, person_id=other, details=details)
    with pytest.raises(NotAllowed, match="另一人评审"):
        review_draft(sealed.desk, sealed.designer, draft, True, "可以")
    by_hand(sealed, draft, package="lakeside/other")
    with pytest.raises((Conflict, NotAllowed)):
        review_draft(sealed.desk, sealed.designer, draft, True, "可以")


def test_a_revision_written_after_the_approval_asks_for_a_new_review(sealed: Lakeside, draft: int) -> None:
    approved(sealed, draft)
    before, other = current(sealed), parameters(sealed, draft)
    with sealed.desk.store.write() as tx:
        newest = tx.package_drafts.newest(draft)[-1]
        told = {"path": PARAMETERS, "content": zlib.compress(other), "hash": hashlib.sha256(other).hexdigest()}
        row: DraftRevisionRow = replace(newest, id=0, revision=newest.revision + 1, **told)  # type: ignore[arg-type]
        tx.package_drafts._insert(draft_revision, row)
    by_hand(sealed, draft, revision=package_draft.c.revision + 1)
    with pytest.raises(NotAsApproved):
        publish_draft(sealed.desk, sealed.designer, draft)
    assert current(sealed) == before
    take_back_draft(sealed.desk, sealed.designer, draft)
    submit_draft(sealed.desk, sealed.designer, draft, "再看一次。")
    review_draft(sealed.desk, sealed.checker, draft, approved=True, reason="看过。")
    assert publish_draft(sealed.desk, sealed.designer, draft) == current(sealed)


def test_another_reviewer_cannot_be_written_into_an_approval(sealed: Lakeside, draft: int) -> None:
    approved(sealed, draft)
    with sealed.desk.store.read() as tx:
        details = dict(tx.package_drafts.brief(draft).details or {})
    details["reviewed"]["person"] = sealed.people["designer"]
    by_hand(sealed, draft, details=details)
    with pytest.raises(NotAsApproved):
        publish_draft(sealed.desk, sealed.designer, draft)


def test_what_an_older_program_approved_is_published_until_seals_are_demanded(town: Lakeside, draft: int) -> None:
    approved(town, draft)
    with town.desk.store.read() as tx:
        details = dict(tx.package_drafts.brief(draft).details or {})
    del details["reviewed"]["seal"]
    seals = town.desk.store.seals
    assert seals is not None
    assert not seals.asks_for(APPROVAL)
    by_hand(town, draft, details=details)
    assert publish_draft(town.desk, town.designer, draft) == current(town)


def test_no_draft_begins_with_sources_that_somebody_wrote(sealed: Lakeside) -> None:
    version = current(sealed)
    with sealed.desk.store.read() as tx:
        before = tx.definitions.get(version)
    assert before.sources is not None
    files = {**unpack_files(before.sources)}
    files[PARAMETERS] = files[PARAMETERS].replace(b"value: 5", b"value: 6", 1)
    own = definition.c.version == version
    with sealed.desk.store.write() as tx:
        tx._connection.execute(sa.update(definition).where(own).values(sources=pack_files(files)))
    with pytest.raises(SourcesAltered):
        open_draft(sealed.desk, sealed.designer, KEY, "x")
    (found,) = altered_versions(sealed.desk)
    assert "column sources" in found.en
    with sealed.desk.store.write() as tx:
        tx._connection.execute(sa.update(definition).where(own).values(sources=before.sources))
    assert open_draft(sealed.desk, sealed.designer, KEY, "x")
    assert [*altered_versions(sealed.desk)] == []


def days_later(town: Lakeside, days: int) -> None:
    later(town, days)
    run_publications(town)


def told(town: Lakeside) -> list[str]:
    """Return what looks at the seals (`laurel audit verify`, `laurel doctor`) say."""
    return [one.en for one in unsealed(town.desk)]


@pytest.mark.parametrize(("name", "value"), [("administrator", 1), ("home", "elsewhere"), ("reviewed", {})])
def test_no_version_begins_by_an_approval_that_was_changed_before_its_day(
    sealed: Lakeside, draft: int, name: str, value: object
) -> None:
    approved(sealed, draft)
    before = current(sealed)
    publish_draft(sealed.desk, sealed.designer, draft, date(2026, 3, 10))
    assert told(sealed) == []
    with sealed.desk.store.read() as tx:
        details = dict(tx.package_drafts.brief(draft).details or {})
    by_hand(sealed, draft, details={**details, name: value})
    assert f"draft {draft} (row {draft} of table package_draft" in "".join(told(sealed))
    days_later(sealed, 9)
    assert current(sealed) == before
    assert events(sealed)[-1] == "publication_missed"
    by_hand(sealed, draft, details=details)
    take_back_draft(sealed.desk, sealed.designer, draft)
    assert told(sealed) == []


def test_an_approval_that_was_taken_back_begins_nothing_when_it_is_written_back(sealed: Lakeside, draft: int) -> None:
    approved(sealed, draft)
    before = current(sealed)
    publish_draft(sealed.desk, sealed.designer, draft, date(2026, 3, 10))
    with sealed.desk.store.read() as tx:
        details = dict(tx.package_drafts.brief(draft).details or {})
    take_back_draft(sealed.desk, sealed.designer, draft)
    by_hand(sealed, draft, details=details, state="approved")
    assert f"draft {draft} " in "".join(told(sealed))
    days_later(sealed, 9)
    assert current(sealed) == before
    by_hand(sealed, draft, details={name: said for name, said in details.items() if name != "from"})
    with pytest.raises(NotAsApproved):
        publish_draft(sealed.desk, sealed.designer, draft)


def without_standing(town: Lakeside, draft: int) -> None:
    """Leave the approval of a draft as a program before its seal wrote it."""
    with town.desk.store.read() as tx:
        details = dict(tx.package_drafts.brief(draft).details or {})
    by_hand(town, draft, details={name: said for name, said in details.items() if name != "standing"})


@pytest.mark.parametrize("demanded", [False, True])
def test_a_version_that_an_older_program_was_to_let_begin_does_so(
    town: Lakeside, draft: int, *, demanded: bool
) -> None:
    """Its approval is sealed as everything else is that stood before the upgrade."""
    approved(town, draft)
    before = current(town)
    publish_draft(town.desk, town.designer, draft, date(2026, 3, 10))
    without_standing(town, draft)
    assert told(town) == []
    if demanded:
        assert seal_rows(town.desk, SYSTEM) > 0
        assert told(town) == []
    days_later(town, 9)
    assert current(town) != before


def test_an_approval_from_a_backup_is_sealed_again_on_request(sealed: Lakeside, draft: int) -> None:
    approved(sealed, draft)
    before = current(sealed)
    publish_draft(sealed.desk, sealed.designer, draft, date(2026, 3, 10))
    without_standing(sealed, draft)
    assert f"draft {draft} " in "".join(told(sealed))
    assert seal_rows(sealed.desk, SYSTEM, again=True) == 1
    assert told(sealed) == []
    days_later(sealed, 9)
    assert current(sealed) != before
