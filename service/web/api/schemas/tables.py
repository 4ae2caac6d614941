"""Schemas of the API's routes of decision tables in drafts."""

from __future__ import annotations

from marshmallow import fields, validate

from service.catalog.table_sheets.sheet import AGGREGATIONS, MOST_COLUMNS, MOST_ROWS, POLICIES
from service.domain.feel.limits import MAX_TEXT
from service.web.api.schemas.common import BothOut, Out, Strict
from service.web.api.schemas.drafts import RuleProblemOut


class TableColumnIn(Strict):
    """A column of a table: conditions have an ``expression``, results a ``name``; without id it is a new one."""

    id = fields.String(required=True, validate=validate.Length(0, 200))
    label = fields.String(required=True, validate=validate.Length(0, 200))
    type = fields.String(required=True, validate=validate.Length(0, 200))
    expression = fields.String(load_default="", validate=validate.Length(0, MAX_TEXT))
    name = fields.String(load_default="", validate=validate.Length(0, 200))


class TableRowIn(Strict):
    """A row with a cell for every column; ``was`` is the id it had when the table was opened, "" for a new row."""

    id = fields.String(required=True, validate=validate.Length(0, 200))
    was = fields.String(required=True, validate=validate.Length(0, 200))
    description = fields.String(required=True, validate=validate.Length(0, 2000))
    inputs = fields.List(fields.String(validate=validate.Length(0, MAX_TEXT)), required=True)
    outputs = fields.List(fields.String(validate=validate.Length(0, MAX_TEXT)), required=True)


class TableSheetIn(Strict):
    """A decision table as it is edited."""

    id = fields.String(required=True, validate=validate.Length(0, 200))
    name = fields.String(required=True, validate=validate.Length(1, 200))
    hit_policy = fields.String(required=True, validate=validate.OneOf(POLICIES))
    aggregation = fields.String(required=True, validate=validate.OneOf(AGGREGATIONS))
    inputs = fields.List(fields.Nested(TableColumnIn), required=True, validate=validate.Length(0, MOST_COLUMNS))
    outputs = fields.List(fields.Nested(TableColumnIn), required=True, validate=validate.Length(0, MOST_COLUMNS))
    rows = fields.List(fields.Nested(TableRowIn), required=True, validate=validate.Length(0, MOST_ROWS))


class TableSheetOut(TableSheetIn):
    """A decision table as its file has it."""


class TableChoiceOut(Out):
    """A word that a cell may hold, and what it means."""

    value = fields.String(required=True)
    label = fields.Nested(BothOut, required=True)


class DraftTableOut(Out):
    """A table: ``uses`` are the files that name a row, by its id, ``called`` their names for people; ``choices`` the words.

    Words are those for a column of results, by its name.
    """

    path = fields.String(required=True)
    hash = fields.String(required=True)
    revision = fields.Integer(required=True)
    merged = fields.Boolean()
    table = fields.Nested(TableSheetOut, required=True)
    uses = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)
    called = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    choices = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(TableChoiceOut)), required=True)


class DraftTableIn(Strict):
    """A table to be saved over the version with hash ``base``; ``removed`` rows go although others name them.

    ``ancestor`` is the table sent before, where that was merged and ``table`` goes on from it without what was merged.
    """

    path = fields.String(required=True, validate=validate.Length(1, 300))
    table = fields.Nested(TableSheetIn, required=True)
    base = fields.String(required=True, validate=validate.Length(1, 64))
    note = fields.String(load_default="", validate=validate.Length(0, 300))
    removed = fields.List(fields.String(validate=validate.Length(1, 200)), load_default=list)
    ancestor = fields.Nested(TableSheetIn, load_default=None, allow_none=True)


class TableTrialIn(Strict):
    """A table to be tried as it stands in the editor, on a case or the sample, with facts (FEEL) by dotted path."""

    path = fields.String(required=True, validate=validate.Length(1, 300))
    table = fields.Nested(TableSheetIn, required=True)
    case = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**31))
    facts = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 300)),
        values=fields.String(validate=validate.Length(0, 2000)),
        load_default=dict,
    )


class TableFaultOut(Out):
    """What is wrong: in a cell (``row`` and ``column`` by id), a row, or the table."""

    row = fields.String(required=True)
    column = fields.String(required=True)
    severity = fields.Function(lambda fault: fault.severity.value)
    message = fields.Nested(BothOut, required=True)


class TriedRowOut(Out):
    """A row on the record: ``matched`` null where it is open; ``unknown`` facts leave open the row, or whether its ground is met."""

    id = fields.String(required=True)
    matched = fields.Boolean(required=True, allow_none=True)
    unknown_ = fields.List(fields.String(), required=True, data_key="unknown", attribute="unknown")
    outputs = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    decided_by = fields.List(fields.String(), required=True)


class FactChoiceOut(Out):
    """A text that a field of a form offers, in words."""

    value = fields.String(required=True)
    label = fields.Nested(BothOut, required=True)


class TableFactOut(Out):
    """A fact that the table reads, its FEEL type (``Any`` where it is not known), its value as FEEL, and what it may be."""

    path = fields.String(required=True)
    type = fields.String(required=True)
    label = fields.Nested(BothOut, required=True)
    value = fields.String(required=True)
    choices = fields.List(fields.Nested(FactChoiceOut), required=True)


class TableTrialOut(Out):
    """How a table comes out on ``record``; without ``rows`` where a cell does not compile or the trial was ``refused``."""

    faults = fields.List(fields.Nested(TableFaultOut), required=True)
    record = fields.Nested(BothOut, required=True)
    facts = fields.List(fields.Nested(TableFactOut), required=True)
    inputs = fields.Dict(keys=fields.String(), values=fields.String(), allow_none=True)
    rows = fields.List(fields.Nested(TriedRowOut), required=True)
    result = fields.String(required=True)
    refused = fields.Nested(BothOut, allow_none=True)


class SpreadsheetIn(Strict):
    """A spreadsheet (.xlsx or .csv) that was exported from the table ``path`` and changed; ``content`` in base64."""

    path = fields.String(required=True, validate=validate.Length(1, 300))
    name = fields.String(required=True, validate=validate.Length(1, 300))
    content = fields.String(required=True, validate=validate.Length(0, 14 * 1024 * 1024))


class SheetDifferenceOut(Out):
    """A difference in words, with the row and column that it is about."""

    row = fields.String(required=True)
    column = fields.String(required=True)
    said = fields.Nested(BothOut, required=True)


class SpreadsheetPreviewOut(Out):
    """What taking a spreadsheet would change; ``table`` is then what to save over ``base``, nothing was saved yet.

    ``uses`` are the files that name rows which would go, ``problems`` what the rules of the check would say that they do not
    say of the draft as it is.
    """

    table = fields.Nested(TableSheetOut, required=True, attribute="sheet")
    base = fields.String(required=True)
    differences = fields.List(fields.Nested(SheetDifferenceOut), required=True)
    faults = fields.List(fields.Nested(TableFaultOut), required=True)
    problems = fields.List(fields.Nested(RuleProblemOut), required=True)
    uses = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)
