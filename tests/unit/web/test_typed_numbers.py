"""Whole numbers that people type: a refusal names the field as the page does."""

import pytest
from flask import Flask

from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.frame.requests.parse_values import number

MINUTES = Text("时长（分钟）", "Minutes")


def test_a_number_that_is_none_is_refused_with_the_name_of_its_field() -> None:
    with Flask(__name__).test_request_context(method="POST", data={"minutes": "半小时", "hours": "40"}):
        assert number("hours", MINUTES) == 40
        with pytest.raises(Invalid, match="“时长（分钟）”请填写整数"):
            number("minutes", MINUTES)
        with pytest.raises(Invalid, match="页面内容不完整"):
            number("version")
