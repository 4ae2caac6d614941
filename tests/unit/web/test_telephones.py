"""Telephone numbers in what is read are links that call them."""

import pytest

from service.web.frame.page.telephones import telephones


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("咨询电话0578-0000100，周一至周五", '咨询电话<a href="tel:05780000100">0578-0000100</a>，周一至周五'),
        (
            "13812345678 or 400-100-2000",
            '<a href="tel:13812345678">13812345678</a> or <a href="tel:4001002000">400-100-2000</a>',
        ),
        ("<b>甲&乙</b> 2026-03-23 91650100MA77000001", "&lt;b&gt;甲&amp;乙&lt;/b&gt; 2026-03-23 91650100MA77000001"),
        ("", ""),
    ],
)
def test_only_numbers_become_links_and_nothing_is_taken_for_markup(words: str, shown: str) -> None:
    assert telephones(words) == shown
