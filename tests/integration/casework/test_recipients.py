"""Whom a letter to a role reaches: the people of the body that the case is bound to, each of them."""

from service.casework.step.post import letter_rows, list_role_holders
from service.store import Store
from tests.support.half_seasons import season


def test_a_letter_goes_to_everybody_of_the_bound_body_and_to_no_other(sqlite_store: Store) -> None:
    stage = season("urumqi/quality_award", "clean", sqlite_store, 2)
    for body in ("tianshan", "saybag"):
        stage.cast.actor(f"audit_unit@{body}")
    with stage.desk.store.read() as tx:
        case = tx.cases.get(max(stage.cases.values()))
        people = list_role_holders(tx, stage.package, case, "audit_unit", stage.clock.now())
        everybody = [person for person in tx.people.everybody() if person.name.startswith("audit_unit")]
    assert [person.name for person in people] == ["audit_unit@tianshan"]
    rows = letter_rows(everybody, case.id, "mail:1:x", "题", "文", stage.clock.now())
    assert len({row.effect_key for row in rows}) == len(everybody) > 1, "of each its own, or all but one would get none"
