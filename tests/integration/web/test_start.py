"""What may be started is named by its award, and nobody is offered what begins by itself."""

from collections.abc import Callable

from tests.support.browsers import Browser

Browse = Callable[..., Browser]


def test_a_kind_of_case_without_a_case_above_is_named_by_its_award(browse: Browse) -> None:
    page = browse("applicant").get("/start").text
    assert "testville/" not in page.replace('href="/start/testville/', "")
