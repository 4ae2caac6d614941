"""Convert between submitted or stored values (JSON) and FEEL values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from service.domain.calendar import CHINA
from service.domain.forms.expressions import FormExpression
from service.domain.forms.model import Input, InputType, ZoneFormat
from service.domain.text import Text
from service.domain.values.typed_text import CONTROL, clean_code, clean_line, clean_phone, clean_text, clean_word
from service.domain.values.typed_times import YEARS

MAX_TEXT = 20_000
MAX_LINE = 2_000

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_LONG = 10
"""A typed value is repeated with so many signs at most."""
_FEW = 6
"""So many options are named one by one where none of them was met."""


class BadValue(ValueError):
    """A value of the wrong kind; ``text`` says what is expected."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


class _File(Schema):
    class Meta:
        unknown = RAISE

    id = fields.String(required=True, validate=validate.Length(1, 100))
    name = fields.String(required=True, validate=validate.Regexp(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,255}\Z"))
    size = fields.Integer(required=True, validate=validate.Range(min=0))


_WRONG = {
    InputType.TEXTFIELD: BadValue("应为文字。", "This should be text."),
    InputType.TEXTAREA: BadValue("应为文字。", "This should be text."),
    InputType.NUMBER: BadValue("请填写数字，如 1234.5。", "Enter a number such as 1234.5."),
    InputType.DATE: BadValue("请填写存在的日期，如 2026-05-26。", "Enter a date that exists, such as 2026-05-26."),
    InputType.TIME: BadValue("请填写时间，如 09:30。", "Enter a time such as 09:30."),
    InputType.DATETIME: BadValue(
        "请填写日期和时间，如 2026-05-26 09:30。", "Enter a date and a time such as 2026-05-26 09:30."
    ),
    InputType.CHECKBOX: BadValue("只能勾选或不勾选。", "This can only be ticked or not."),
    InputType.RADIO: BadValue("请从选项中选择。", "Choose one of the options."),
    InputType.SELECT: BadValue("请从选项中选择。", "Choose one of the options."),
    InputType.CHECKLIST: BadValue("请从选项中选择。", "Choose from the options."),
    InputType.TAGLIST: BadValue("请从选项中选择。", "Choose from the options."),
    InputType.UPLOAD: BadValue("附件信息不完整，请重新上传。", "The attachment is incomplete; upload it again."),
}

NOT_WHOLE = BadValue("请填写整数，如 120。", "Enter a whole number such as 120.")

_FIELDS: Mapping[InputType, fields.Field[Any]] = {
    InputType.TEXTFIELD: fields.String(),
    InputType.TEXTAREA: fields.String(),
    InputType.NUMBER: fields.Decimal(allow_nan=False),
    InputType.DATE: fields.Date(format="iso"),
    InputType.TIME: fields.String(validate=validate.Regexp(re.compile(_TIME.pattern + r"\Z", re.ASCII))),
    InputType.CHECKBOX: fields.Boolean(),
    InputType.RADIO: fields.String(),
    InputType.SELECT: fields.String(),
    InputType.CHECKLIST: fields.List(fields.String()),
    InputType.TAGLIST: fields.List(fields.String()),
    InputType.UPLOAD: fields.List(fields.Nested(_File)),
}


_AS_TYPED = frozenset({InputType.TEXTFIELD, InputType.TEXTAREA, InputType.RADIO, InputType.SELECT})
"""What is text, and as it was typed: nothing has to be read out of it."""


def is_empty(value: object) -> bool:
    """Return whether nothing was entered; blanks are nothing, 0 and false are something."""
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def from_json(node: Input, raw: object) -> object:
    """Return the FEEL value of what was submitted or stored for a field; nothing entered is null.

    Raises:
        BadValue: if it is of the wrong kind.
    """
    if is_empty(raw):
        return None
    if isinstance(raw, str):
        raw = _clean_text(node, raw)
        if not raw:
            return None
    if isinstance(raw, str) and CONTROL.search(raw):
        raise BadValue("含有无法显示的字符，请删除后重填。", "This holds invisible characters; remove them.")
    if type(raw) is str and node.type in _AS_TYPED:
        return _check_text(node, raw)
    if node.type is InputType.NUMBER:
        _refuse_long_number(node, raw)
    try:
        field = _moment_field(node) if node.type is InputType.DATETIME else _FIELDS[node.type]
        value = field.deserialize(raw)
    except (ValidationError, ValueError, ArithmeticError, TypeError) as error:
        raise _wrong_kind(node) from error
    return _finish_value(node, value)


AS_BOX = Text("请以 true 或 false 发送，不加引号。", "Send true or false, without quotes.")
AS_NUMBER = Text("请以数字发送，不加引号。", "Send it as a number, without quotes.")


def find_other_kind(node: Input, raw: object, value: object) -> Text | None:
    """Return what is asked instead where ``raw`` was read as ``value`` and JSON has a kind of its own for that."""
    if node.type is InputType.CHECKBOX and not isinstance(raw, bool):
        return AS_BOX
    return AS_NUMBER if isinstance(raw, str) and isinstance(to_json(value, node), int | float) else None


def _clean_text(node: Input, typed: str) -> str:
    """Return a text as it is judged and stored: codes and addresses in plain signs, what a pattern asks for if it fits then."""
    if node.number_of is not None:
        return clean_code(typed)
    if node.form_of is not None:
        return clean_word(typed) if node.form_of == "email" else clean_phone(typed)
    text = clean_line(typed) if node.type is InputType.TEXTFIELD else clean_text(typed)
    if node.fits is not None and not node.fits(text):
        return next((signs for signs in (clean_word(text), clean_code(text)) if node.fits(signs)), text)
    return text


def _moment_field(node: Input) -> fields.Field[Any]:
    return fields.NaiveDateTime() if node.zone is ZoneFormat.NONE else fields.AwareDateTime()


def _wrong_kind(node: Input) -> BadValue:
    return NOT_WHOLE if node.type is InputType.NUMBER and node.digits == 0 else _WRONG[node.type]


def _refuse_long_number(node: Input, raw: object) -> None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        raise _wrong_kind(node)
    if len(str(raw)) > 40 or (
        isinstance(raw, str) and not re.fullmatch(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+", raw.strip(), re.ASCII)
    ):
        raise _wrong_kind(node)


def _finish_value(node: Input, value: object) -> object:
    if isinstance(value, str):
        return _check_text(node, value)
    if isinstance(value, date) and value.year not in YEARS:
        raise BadValue("年份应在 1900 至 2200 之间。", "The year should be between 1900 and 2200.")
    return value.astimezone(CHINA) if isinstance(value, datetime) and value.tzinfo else value


def _check_text(node: Input, value: str) -> object:
    if node.type is InputType.TIME:
        return time.fromisoformat(value.replace("Z", "+00:00"))
    if node.typed:
        value = clean_word(value).removesuffix(node.suffix).strip()
        _require_offered(node, value)
    most = MAX_TEXT if node.type is InputType.TEXTAREA else MAX_LINE
    if len(value) > most:
        raise BadValue(f"超过 {most} 个字，请缩短。", f"This is longer than {most} characters; shorten it.")
    return value


def _require_offered(node: Input, value: str) -> None:
    """Refuse a typed value that is none of those the form names, so that no formula computes with it."""
    if not value or isinstance(node.options, FormExpression):
        return
    labels = {option.value: option.label for option in node.options}
    if value not in labels:
        message = not_among(value[:_LONG], labels)
        raise BadValue(message.zh, message.en)


def not_among(typed: str, options: Mapping[str, Text]) -> Text:
    """Return the sentence for a typed value that is no option: what may be typed, of numbers the nearest ones.

    Of many options the first two and the last are named, with how many there are.
    """
    near = list(options)
    if typed.isascii() and typed.isdecimal() and len(typed) < _LONG and all(key.isdecimal() for key in options):
        most = max(options, key=int)
        if int(typed) > int(most):
            return Text(f"不能超过 {options[most].zh}。", f"It cannot exceed {options[most].en}.")
        near = sorted(sorted(options, key=lambda key: abs(int(key) - int(typed)))[:2], key=int)
    if len(near) > _FEW:
        first, second, last = (options[near[n]] for n in (0, 1, -1))
        zh = f"{first.zh}、{second.zh}……{last.zh}（共 {len(near)} 档）"
        en = f"{first.en}, {second.en} … {last.en} ({len(near)} in all)"
    else:
        zh, en = "、".join(options[key].zh for key in near), ", ".join(options[key].en for key in near)
    return Text(f"没有“{typed}”这一档，可填 {zh}。", f"There is no “{typed}”; you may enter {en}.")


def to_json(value: object, node: Input | None = None) -> object:
    """Return a FEEL value as JSON keeps it: numbers as such where JSON holds them exactly, dates as ISO text."""
    if isinstance(value, Decimal):
        return _number_to_json(value, as_string=node is not None and node.as_string)
    if isinstance(value, datetime | time):
        return _moment_to_json(value, node)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def number_text(value: Decimal) -> str:
    """Return a number without exponent and without zeros at the end."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number_to_json(value: Decimal, *, as_string: bool) -> int | float | str:
    if as_string:
        return number_text(value)
    if value == value.to_integral_value() and value.adjusted() < 30:
        return int(value)
    # Read back as it was typed: a decimal kept as a text would compare with no number.
    return float(value) if Decimal(repr(float(value))) == value else number_text(value)


def _moment_to_json(value: datetime | time, node: Input | None) -> str:
    if node is not None and node.zone is ZoneFormat.NORMALIZED and isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(UTC)
    text = value.isoformat(timespec="minutes" if value.second == 0 else "seconds")
    return text.replace("+00:00", "Z")
