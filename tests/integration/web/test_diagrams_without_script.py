"""Where no script draws a diagram its page shows the picture that the server draws."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench


@pytest.mark.parametrize(
    ("login", "place"),
    [
        ("admin", "/monitor/report?part=heat"),
        ("office", "/cases/{case}/process"),
        ("admin", f"/law/{PACKAGE}/diagrams/testville_application"),
        (None, f"/portal/{PACKAGE}/regulation"),
    ],
)
def test_a_page_with_a_diagram_has_its_picture(
    bench: Bench, browse: Callable[..., Browser], login: str | None, place: str
) -> None:
    case = bench.started()
    reader = browse(login)
    page = reader.get(place.format(case=case))
    assert page.status_code == 200
    found = re.search(r'<noscript><img src="([^"]+)" alt="([^"]+)"></noscript>', page.text)
    assert found, "an empty box without script"
    drawn = reader.get(unescape(found[1]))
    assert (drawn.status_code, drawn.mimetype) == (200, "image/svg+xml")
    assert drawn.text.startswith("<svg")
    assert drawn.text.count("<text") > 3
