"""Who uses a form, a document."""

from __future__ import annotations

from functools import cache

from service.catalog import Package
from service.catalog.uses.piece_users import users_of_document, users_of_form
from tests.support.bundled import bundled


@cache
def package() -> Package:
    return bundled().package("urumqi/quality_award")


def test_a_form_is_used_where_it_is_filled_in_attached_and_read() -> None:
    users = users_of_form(package(), "application")
    assert ("prepare.bpmn", "fill_application") in {(u.file.rpartition("/")[2], u.place) for u in users}
    assert "call_for_applications" in {u.place for u in users}
    assert any(u.file.endswith("eligibility.dmn") for u in users)
    assert all(u.name for u in users)
    keys = [u.name for form in package().forms for u in users_of_form(package(), form) if u.name.isascii()]
    assert keys == []
    assert not users_of_form(package(), "no_such_form")


def test_a_document_is_used_where_it_is_issued_or_included() -> None:
    assert "issue_acceptance" in {u.place for u in users_of_document(package(), "acceptance_notice")}
    assert "acceptance_notice" in {u.place for u in users_of_document(package(), "inquiries")}
