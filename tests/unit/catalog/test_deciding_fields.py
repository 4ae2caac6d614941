"""Which fields of forms decide: read by a condition through what tasks hand on, or by a table through the record."""

from service.catalog import Catalog
from service.catalog.form_fields.deciding_fields import is_decided_by

KEY = "lakeside/star_award"


def test_what_a_condition_or_a_table_reads_decides(catalog: Catalog) -> None:
    package = catalog.package(KEY)
    assert is_decided_by(package, "decide", ("decision",))
    assert is_decided_by(package, "apply", ("founded",))
    assert not is_decided_by(package, "decide", ("reason",))
    assert not is_decided_by(package, "apply", ("decision",))
