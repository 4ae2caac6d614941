"""What a person chooses for themselves."""

import pytest

from service.casework.access.actor import Actor
from service.casework.access.guards import SignInNeeded
from service.casework.people.accounts.preferences import keep_setting, setting_of, settings_of
from tests.support.desks import Bench


def test_a_choice_is_kept_for_its_person_alone(bench: Bench) -> None:
    assert setting_of(bench.desk, bench.office, "tasks.views") is None
    for name in ("甲", "乙"):
        keep_setting(bench.desk, bench.office, "tasks.views", lambda before, name=name: [*(before or []), name])
    keep_setting(bench.desk, bench.office, "tasks.dense", lambda _before: True)
    both = {"tasks.views": ["甲", "乙"], "tasks.dense": True}
    assert settings_of(bench.desk, bench.office, "tasks.views", "tasks.dense", "tasks.columns") == both
    assert setting_of(bench.desk, bench.applicant, "tasks.views") is None


def test_a_visitor_keeps_nothing(bench: Bench) -> None:
    with pytest.raises(SignInNeeded):
        keep_setting(bench.desk, Actor(None, "访客"), "tasks.views", lambda _before: [])
