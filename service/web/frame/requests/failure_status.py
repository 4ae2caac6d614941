"""HTTP statuses of domain errors, by their codes."""

from __future__ import annotations

from service.domain.errors import LaurelError

OF_CODE = {
    "error": 400,
    "sign_in_needed": 401,
    "metrics_token": 401,
    "wrong_password": 401,
    "given_password_over": 401,
    "wrong_code": 401,
    "wrong_passkey": 401,
    "not_vouched": 401,
    "not_linked": 403,
    "second_factor_needed": 401,
    "basic_refused": 401,
    "not_allowed": 403,
    "address_not_allowed": 403,
    "step_up_needed": 403,
    "not_found": 404,
    "conflict": 409,
    "bad_period": 422,
    "calendar_refused": 422,
    "decision_model": 422,
    "feel_limit": 422,
    "feel_syntax": 422,
    "form_refused": 422,
    "hit_policy": 422,
    "nothing_matches": 422,
    "invalid": 422,
    "step_failed": 422,
    "stopped": 422,
    "undeclared_value": 422,
    "unsupported_media": 415,
    "upload_refused": 422,
    "too_many_tries": 429,
    "own_space_used_up": 429,
    "too_many_requests": 429,
    "too_often": 429,
    "bad_layout": 500,
    "bad_setting": 500,
    "box_mismatch": 500,
    "half_prepared": 500,
    "key_lost": 500,
    "missing_calendar": 500,
    "nothing_given": 500,
    "unknown_operation": 500,
    "unknown_work": 500,
    "urn_damaged": 500,
    "version_altered": 500,
    "busy": 503,
    "displaced": 503,
    "file_altered": 500,
    "files_busy": 503,
    "files_unreachable": 503,
    "data_damaged": 503,
    "data_keys_missing": 503,
    "data_keys_unreadable": 503,
    "key_folder_gone": 503,
    "no_chinese_font": 503,
    "provider_unreachable": 503,
    "no_printer": 409,
    "not_printable": 503,
    "read_only": 503,
    "restore_unfinished": 503,
    "sandbox_busy": 503,
    "scanner_away": 503,
    "unreachable": 503,
    "unusable_database": 503,
    "storage_full": 507,
}
"""Statuses by the code of an error; a class whose code is not here has the status of the class that it extends."""
PASSING = frozenset({"files_busy", "sandbox_busy", "provider_unreachable"})
"""Codes of refusals that are over within a minute: nothing is wrong with the installation, so nobody is to be called."""


def status_of(error: LaurelError) -> int:
    """Return the status of the nearest class of ``error`` whose code has one."""
    return next(
        OF_CODE[code]
        for kind in type(error).__mro__
        if (code := vars(kind).get("code")) in OF_CODE and code is not None
    )
