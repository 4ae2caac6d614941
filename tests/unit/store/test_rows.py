from __future__ import annotations

from dataclasses import fields

import pytest
import sqlalchemy as sa

from service.store import ballot_rows, rows, tables

PAIRS = [
    (rows.CaseRow, tables.case),
    (rows.TaskRow, tables.task),
    (rows.FormResultRow, tables.form_result),
    (rows.DraftRow, tables.draft),
    (rows.UploadRow, tables.upload),
    (rows.FindingRow, tables.finding),
    (rows.NoticeRow, tables.notice),
    (rows.DocumentRow, tables.document),
    (rows.BodyRow, tables.body),
    (rows.PersonRow, tables.person),
    (rows.MembershipRow, tables.membership),
    (rows.SessionRow, tables.session),
    (rows.DefinitionRow, tables.definition),
    (rows.WorkItemRow, tables.work_item),
    (rows.MailRow, tables.mail),
    (rows.AuditRow, tables.audit),
    (rows.IncidentRow, tables.incident),
    (rows.AwardRow, tables.award_record),
    (rows.SanctionRow, tables.sanction),
    (rows.SubscriptionRow, tables.subscription),
    (rows.InboxRow, tables.inbox),
    (rows.VisitRow, tables.visit),
    (ballot_rows.BallotRow, tables.ballot),
    (ballot_rows.RollRow, tables.ballot_roll),
    (ballot_rows.RecusalRow, tables.ballot_recusal),
    (ballot_rows.ResultRow, tables.ballot_result),
]


@pytest.mark.parametrize(("row", "table"), PAIRS, ids=[row.__name__ for row, _ in PAIRS])
def test_a_row_has_the_columns_of_its_table_in_their_order(row: type, table: sa.Table) -> None:
    assert [field.name for field in fields(row)] == [column.name for column in table.c]
