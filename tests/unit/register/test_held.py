"""Whom a case is about: ties with any of those who apply together count, and all of them are named."""

from dataclasses import fields
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.subjects.case_subjects import joint_name, subject_ids
from service.store.models import CaseRow

JOINT = {"partners": [{"id": 8, "name": "乙公司", "code": "X"}, {"id": 9, "name": "丙公司", "code": "Y"}]}


def case(**known: Any) -> CaseRow:
    return CaseRow(**({f.name: None for f in fields(CaseRow)} | known))


def test_a_case_is_about_the_leading_organisation_and_its_partners() -> None:
    assert subject_ids(case(subject_id=7, facts=JOINT)) == [7, 8, 9]
    assert subject_ids(case(subject_id=7, facts={})) == [7]
    assert subject_ids(case(subject_id=None, facts={})) == []


def test_their_names_stand_together() -> None:
    assert joint_name("甲公司", JOINT) == "甲公司、乙公司、丙公司"


def test_who_is_recused_from_a_partner_keeps_away_from_the_case() -> None:
    away = Actor(1, "某人", (), frozenset({9}))
    assert is_recused(away, case(subject_id=7, facts=JOINT))
    assert not is_recused(away, case(subject_id=7, facts={}))
