"""Cookies that open something are bound to this host where they travel over HTTPS."""

from __future__ import annotations

import pytest

from service.settings import read_settings
from service.web.frame.requests.cookies import SESSION, VISITOR_FORMS, get_cookie_name


@pytest.mark.parametrize("name", [SESSION, VISITOR_FORMS])
def test_no_neighbour_of_the_domain_can_set_them(name: str) -> None:
    assert get_cookie_name(name, read_settings({"LAUREL_HTTPS": "yes"})) == f"__Host-{name}"
    assert get_cookie_name(name, read_settings({})) == name, "without HTTPS browsers refuse the prefix"
