"""No text is longer than what it is for: none of any page or operation takes one without end."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter

from service.web.api.operation import ROUTES
from service.web.frame.requests.request_checks import LONGEST, LONGEST_FILE, RowNumber
from tests.support.browsers import Browse
from tests.support.samples import LONG, is_sampled

WRITING = ("POST", "PUT", "PATCH", "DELETE")


def of(app: Flask) -> list[tuple[str, str, bool]]:
    """Return method, address and whether whole files are sent there, of every route that takes a text."""
    found = []
    bodiless = {(one.method, f"/api/v1{one.path}") for one in ROUTES if one.body is None}
    for rule in app.url_map.iter_rules():
        guard = getattr(app.view_functions[rule.endpoint], "guard", None)
        place = rule.build({name: _value(converter) for name, converter in rule._converters.items()})
        assert place is not None, rule
        sending = [each for each in WRITING if each in (rule.methods or ()) and (each, rule.rule) not in bodiless]
        files = guard is not None and guard.action.startswith("draft.")
        found += [(method, place[1], files) for method in sending]
    return found


def _value(converter: BaseConverter) -> object:
    if isinstance(converter, RowNumber):
        return 1
    return min(converter.items) if isinstance(converter, AnyConverter) else "x"


WHO = ("admin", "office", "applicant", None)


@pytest.mark.parametrize("who", WHO)
def test_every_route_refuses_a_text_without_end_whatever_field_it_stands_in(
    app: Flask, browse: Browse, who: str | None
) -> None:
    """Of the routes each person asks half, and two of the four every one (`make fuzz`: each all)."""
    browser, told, refused = browse(who), [], 0
    mark = browser.mark()
    for number, (method, place, files) in enumerate(of(app)):
        if not is_sampled(number + WHO.index(who), 2):
            continue
        words = "a" * ((LONGEST_FILE if files else LONGEST) + 1)
        if place.startswith("/api/"):
            answer = browser.client.open(place, method=method, json={"any": words}, headers={"X-CSRF-Token": mark})
        else:
            answer = browser.client.open(place, method=method, data={"any": words, "csrf_token": mark})
        refused += answer.status_code in (413, 422)
        if answer.status_code < 400 and not answer.headers.get("Location", "").startswith(("/sign-in", "/account")):
            told.append((method, place, answer.status_code))
    assert told == []
    assert refused > (200 if who == "admin" else 20) // (1 if LONG else 3)


def test_it_is_told_how_long_it_may_be_and_what_to_do(browse: Browse) -> None:
    sent = browse("office").post("/account/profile", {"email": "a" * (LONGEST + 1)})
    assert (sent.status_code, f"超过 {LONGEST} 个" in sent.text, "作为附件上传" in sent.text) == (422, True, True)
    searched = browse("office").get(f"/search?q={'a' * (LONGEST + 1)}")
    assert searched.status_code in (414, 422)
