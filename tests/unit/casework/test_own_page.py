"""What is no form is not submitted as one, and the sentence says where it is done."""

from datetime import UTC, datetime

import pytest

from service.casework.access.case_access import BALLOT, CONFIRM
from service.casework.tasks.own_page import demand_form_task
from service.domain.errors import Conflict
from service.store.models import TaskRow


def _task(kind: str) -> TaskRow:
    common = {"case_id": 1, "engine_id": "e", "process_id": "p", "element": "e", "jurisdiction": "a", "role": "x"}
    when = datetime(2026, 3, 19, tzinfo=UTC)
    return TaskRow(id=1, title="表决", subject="甲", kind=kind, created_at=when, due_at=when, **common)  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "where"), [(BALLOT, "从待办打开选票.*查看计票结果"), (CONFIRM, "填写最后一日后提交")])
def test_what_has_a_page_of_its_own_is_not_submitted_as_a_form(kind: str, where: str) -> None:
    with pytest.raises(Conflict, match=where):
        demand_form_task(_task(kind))
