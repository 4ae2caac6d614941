"""The public page of a regulation: the diagram with zoom, its articles beside it, and whole on paper."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.browsers import Browser
from tests.support.lakeside import KEY

Browse = Callable[..., Browser]


def test_the_page_has_zoom_articles_and_a_picture_for_paper(browse: Browse) -> None:
    page = browse().get(f"/portal/{KEY}/regulation").text
    assert 'class="diagram-tools"' in page
    assert "决定是否受理" in page
    assert f'<img class="on-paper" src="/portal/{KEY}/diagrams/lakeside_application.svg"' in page


def test_the_picture_is_the_published_diagram(browse: Browse) -> None:
    visitor = browse()
    picture = visitor.get(f"/portal/{KEY}/diagrams/lakeside_application.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "决定是否受理" in picture.text
    assert visitor.get(f"/portal/{KEY}/diagrams/nothing.svg").status_code == 404
