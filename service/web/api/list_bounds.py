"""How long lists are that the interface answers with: continued by a cursor, or short by what they list.

A list with a cursor takes ``after`` and answers with ``next``, which is null on the last page.
Every other list is bounded by its subject, and the OpenAPI document says by what (``x-bounded``).
"""

from __future__ import annotations

from collections.abc import Mapping

CURSOR = "after"
"""The parameter that continues a list."""

CURSOR_BEFORE = "before"
"""What it was called where a list has the newest first; still taken, and described nowhere."""

BOUNDED: Mapping[str, str] = {
    "/account/messages": "the kinds of messages and the channels of one installation",
    "/ballots/": "the candidates, electors and voting accounts of one ballot, and what its case has beside it",
    "/calendar/years": "years that a city typed, one entry each",
    "/cases/": "what waits, runs and can be done in one case, and its last events",
    "/clock": "the first fifty limits; total counts all",
    "/coverage": "the jurisdictions, clauses and files of published regulations",
    "/declared-ties": "the thirty newest declarations of one person",
    "/definitions": "the published awards, and the clauses, diagrams and elements of one of them",
    "/drafts": "drafts that are worked on; they leave the list when published or discarded",
    "/drafts/": "what the package of one draft holds",
    "/drafts/cities": "the calendars of places, and the published packages",
    "/hold": "the first twenty of what is due and of what would be sent",
    "/expert-invitations": "registers of other cities that asked the reader",
    "/experts/": "what is on record of one expert",
    "/health": "the checks of one installation",
    "/interventions/holders": "the five hundred who have claimed most, and the bodies of one of them",
    "/records": "the first fifty faults; count counts all",
    "/monitor": "the steps and kinds of case of published awards, and sixty days",
    "/notes": "the newest hundred for the reader that were not read yet",
    "/notices/": "the entries and files of one notice",
    "/objections": "the notices and cases that can be objected to at one time",
    "/people/bodies": "the bodies of the places that one administers",
    "/register/organisations/": "the awards of one organisation, and the newest notices that name it",
    "/registrations/": "the bodies of one place that verify",
    "/search": "ten of each kind; more names the kinds that have more",
    "/self-checks/": "the questions and conditions of one award",
    "/sessions": "the hundred last used sessions of one person; more says that there are others",
    "/settings/": "the parameters of one award",
    "/signs": "the hundred oldest that are asked, the twenty newest that were given, and what stands in one",
    "/sittings": "the first twenty that are to come",
    "/sittings/": "who is called to one sitting, and what its case has for it",
    "/start": "the kinds of case of published awards, each below two hundred cases at most, and the reader's organisations",
    "/tasks/": "the fields of one form, and those who sign beside one task",
    "/tasks/views": "twelve views of one person",
    "/uploads/": "fifty pages of one file, and the reader's notes at them",
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
