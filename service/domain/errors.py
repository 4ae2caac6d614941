"""Errors a person can cause, each with a sentence that helps."""

from __future__ import annotations

from service.domain.text import Text


class LaurelError(Exception):
    """Base of every error that a person can cause.

    ``message`` says what happened, where, and what to do; ``code`` is a stable word for programs.
    Subclasses set ``code`` and ``status`` (the HTTP status a route answers with).
    """

    code = "error"
    status = 400

    def __init__(self, message: Text) -> None:
        super().__init__(message.zh)
        self.message = message


class NotAllowed(LaurelError):
    """The person may not do this (HTTP 403)."""

    code = "not_allowed"
    status = 403


class NotFound(LaurelError):
    """What was asked for does not exist or is not visible to the person (HTTP 404)."""

    code = "not_found"
    status = 404


class Conflict(LaurelError):
    """Somebody else changed the thing meanwhile (HTTP 409)."""

    code = "conflict"
    status = 409


class Invalid(LaurelError):
    """What was entered breaks a rule (HTTP 422)."""

    code = "invalid"
    status = 422
