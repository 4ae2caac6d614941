"""How long lists are that the interface answers with: continued by a cursor, or short by what they list.

A list with a cursor takes ``after`` and answers with ``next``, which is null on the last page.
Every other list is bounded by its subject, and the OpenAPI document says by what (``x-bounded``).
"""

from __future__ import annotations

from collections.abc import Mapping

CURSOR = "after"
"""The parameter that continues a list."""

BOUNDED: Mapping[str, str] = {
    "/cases/": "what waits, runs and can be done in one case, and its last events",
    "/definitions": "the published awards, and the clauses, diagrams and elements of one of them",
    "/drafts/": "what the package of one draft holds",
    "/experts/": "what is on record of one expert",
    "/health": "the checks of one installation",
    "/monitor": "the steps and kinds of case of published awards, and sixty days",
    "/notices/": "the entries and files of one notice",
    "/objections": "the notices and cases that can be objected to at one time",
    "/people/bodies": "the bodies of the places that one administers",
    "/register/organisations/": "the awards of one organisation, and the newest notices that name it",
    "/search": "ten of each kind; more names the kinds that have more",
    "/signs": "the hundred oldest that are asked, the twenty newest that were given, and what stands in one",
    "/start": "the kinds of case of published awards, each below two hundred cases at most, and the reader's organisations",
    "/tasks/": "the fields of one form, and those who sign beside one task",
    "/versions/": "the published versions of one award",
}
"""By what a list without a cursor is bounded, by the beginning of its path; the longest that fits says it."""


def is_paged(query: Mapping[str, object] | None) -> bool:
    """Return whether an operation answers page by page."""
    return CURSOR in (query or {})


def bound_of(path: str) -> str | None:
    """Return by what a list at ``path`` is bounded; None where nothing is said of it."""
    found = max((begin for begin in BOUNDED if path.startswith(begin)), key=len, default=None)
    return BOUNDED[found] if found is not None else None
