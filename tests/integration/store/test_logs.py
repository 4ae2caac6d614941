"""What reaches a log when a statement fails says which one, never whose data it carried."""

import traceback
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from service.store import Store
from service.store.models import PersonRow

SECRET = {"login": "wang.xiaoming", "name": "王小明", "telephone": "13800138000", "email": "wang@example.cn"}


def test_a_failed_statement_names_no_person(store: Store) -> None:
    columns = {"password": None, "language": "zh", "active": True, "created_at": datetime(2026, 3, 2, tzinfo=UTC)}
    with store.write() as tx:
        tx.people.insert(PersonRow(**SECRET, **columns))
    with pytest.raises(sa.exc.IntegrityError) as failed, store.write() as tx:
        tx.people.insert(PersonRow(**SECRET, **columns))
    written = "".join(traceback.format_exception(failed.value))
    assert "person" in written
    assert not [value for value in SECRET.values() if value in written], written
    with pytest.raises(sa.exc.IntegrityError) as failed, store.write() as tx:
        tx.people.insert(PersonRow(**{**SECRET, "login": "other", "name": None}, **columns))
    written = "".join(traceback.format_exception(failed.value))
    assert not [value for value in SECRET.values() if value in written], written
