"""An application on its way through the pages, without JavaScript."""

from collections.abc import Callable

import pytest

from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]
START = f"/start/{PACKAGE}/application"


def test_given_an_applicant_when_starting_then_the_page_of_the_case_says_what_to_do(browse: Browse) -> None:
    me = browse("applicant")
    page = me.get(START)
    assert page.status_code == 200, page.text
