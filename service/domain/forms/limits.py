"""Constraints on single values, with their error messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from service.domain.forms.expressions import FormExpression
from service.domain.forms.model import Input, InputType, Option
from service.domain.forms.values import NOT_WHOLE, not_among, number_text
from service.domain.text import Text, read_translated_text
from service.domain.values.identity_codes import valid_credit_code, valid_identity_number
from service.domain.values.typed_text import is_address
from service.domain.wording.numbers import counted

Scope = Mapping[str, object]

_PHONE = re.compile(r"(?:\+86)?1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|400-?\d{3}-?\d{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A kind of number with a check sign: whether a text is one on a day, and what is said where it is none."""

    fits: Callable[[str, date], bool]
    wrong: Text


NUMBERS: Mapping[str, Numbered] = {
    "credit_code": Numbered(
        lambda text, _today: valid_credit_code(text),
        Text(
            "统一社会信用代码的校验位不对，或者这是公民身份号码，请对照营业执照或者登记证书逐位核对。",
            "The check character of the credit code is wrong, or this is an identity number; compare it with the licence or certificate.",
        ),
    ),
    "identity_number": Numbered(
        valid_identity_number,
        Text(
            "公民身份号码的位数、出生日期或者校验位不对，请对照身份证件核对。",
            "The identity number is wrong: its length, birthday or check sign; compare it with the document.",
        ),
    ),
}
"""What a text field may be checked for (property ``check``)."""

_ASK = {
    InputType.CHECKBOX: Text("请勾选“{0}”。", "Please tick “{0}”."),
    InputType.RADIO: Text("请选择“{0}”。", "Please choose “{0}”."),
    InputType.SELECT: Text("请选择“{0}”。", "Please choose “{0}”."),
    InputType.CHECKLIST: Text("请选择“{0}”。", "Please choose “{0}”."),
    InputType.TAGLIST: Text("请选择“{0}”。", "Please choose “{0}”."),
    InputType.UPLOAD: Text("请上传“{0}”。", "Please upload “{0}”."),
}
UNLABELLED = Text("（没有标签）", "(no label)")
"""What stands for the label of a field that has none."""
_ASK_TEXT = Text("请填写“{0}”。", "Please fill in “{0}”.")


def name_of(node: Input) -> Text:
    """Return how a field is called, on a page and in a sentence; its key is no word."""
    return node.label if node.label.zh.strip() else UNLABELLED


def is_required(node: Input, scope: Scope, today: date) -> bool:
    """Return whether a field has to be filled in: always, or while its condition is true."""
    return node.required or (node.required_if is not None and node.required_if.value(scope, today) is True)


def missing(node: Input) -> Text:
    """Return the sentence for a required field without a value."""
    name, ask = name_of(node), _ASK_TEXT if node.typed else _ASK.get(node.type, _ASK_TEXT)
    return Text(ask.zh.format(name.zh), ask.en.format(name.en))


def iterate_value_problems(node: Input, value: object, scope: Scope, today: date) -> Iterator[Text]:
    """Yield what is wrong with a value that was entered."""
    for limit in _LIMITS.get(node.type, ()):
        problem = limit(node, value, scope, today)
        if problem:
            yield problem


def options_of(node: Input, scope: Scope, today: date) -> tuple[Option, ...]:
    """Return the options of a choice, computed where the form says so."""
    if not isinstance(node.options, FormExpression):
        return node.options
    values = node.options.value(scope, today)
    return tuple(option for value in (values if isinstance(values, list) else []) if (option := to_option(value)))


def to_option(value: object) -> Option | None:
    """Return what a formula gives for an option, a text or a context of ``value`` and ``label``; None for anything else."""
    if isinstance(value, Mapping) and value.get("value") not in (None, ""):
        code = str(value["value"])
        label = str(value.get("label") or code)
        return Option(code, read_translated_text(value, "label", label))
    return Option(value, Text(value, value)) if isinstance(value, str) else None


def limit_number(limit: Decimal | int | FormExpression | None, scope: Scope, today: date) -> Decimal | None:
    """Return a limit as a number; one that is computed and unknown is none."""
    number = limit.value(scope, today) if isinstance(limit, FormExpression) else limit
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        return None
    return Decimal(number)


def _check_length(node: Input, value: object, scope: Scope, today: date) -> Text | None:
    least, most = (limit_number(limit, scope, today) for limit in (node.min_length, node.max_length))
    count = len(str(value))
    if least is not None and count < least:
        return Text(f"至少 {least} 个字，现有 {count} 个。", f"At least {least} characters; there are {count}.")
    if most is not None and count > most:
        return Text(f"最多 {most} 个字，现有 {count} 个。", f"At most {most} characters; there are {count}.")
    return None


def _check_pattern(node: Input, value: object, _scope: Scope, _today: date) -> Text | None:
    if node.fits is None or node.fits(str(value)):
        return None
    return node.pattern_message or Text("格式不符合要求。", "This does not have the required format.")


def _check_form(node: Input, value: object, _scope: Scope, _today: date) -> Text | None:
    text = str(value)
    if node.form_of == "email" and not is_address(text):
        return Text(
            "请填写有效的电子邮箱，如 name@example.cn。", "Enter a valid e-mail address such as name@example.cn."
        )
    if node.form_of == "phone" and not _PHONE.fullmatch(text):
        return Text(
            "请填写有效的电话号码，如 13800000000 或 010-12345678。",
            "Enter a valid telephone number such as 13800000000 or 010-12345678.",
        )
    return None


def _check_number(node: Input, value: object, scope: Scope, today: date) -> Text | None:
    wanted, text = NUMBERS.get(node.number_of or ""), str(value)
    if wanted is None or _check_pattern(node, value, scope, today):
        return None
    return None if wanted.fits(text, today) else wanted.wrong


def _check_range(node: Input, value: object, scope: Scope, today: date) -> Text | None:
    assert isinstance(value, Decimal)
    least, most = (limit_number(limit, scope, today) for limit in (node.minimum, node.maximum))
    if least is not None and value < least:
        return Text(f"不能小于 {number_text(least)}。", f"This cannot be less than {number_text(least)}.")
    if most is not None and value > most:
        return Text(f"不能大于 {number_text(most)}。", f"This cannot be more than {number_text(most)}.")
    return None


def _check_digits(node: Input, value: object, _scope: Scope, _today: date) -> Text | None:
    assert isinstance(value, Decimal)
    _, _, fraction = number_text(value).partition(".")
    if node.digits is not None and len(fraction) > node.digits:
        if node.digits == 0:
            return NOT_WHOLE.text
        return Text(f"最多保留 {node.digits} 位小数。", f"At most {node.digits} decimal places.")
    if node.step is not None and value % node.step:
        return Text(
            f"应为 {number_text(node.step)} 的倍数。", f"This should be a multiple of {number_text(node.step)}."
        )
    return None


def _check_choice(node: Input, value: object, scope: Scope, today: date) -> Text | None:
    labels = {option.value: option.label for option in options_of(node, scope, today)}
    chosen = value if isinstance(value, list) else [value]
    if not set(chosen) <= labels.keys() or len(set(chosen)) < len(chosen):
        if node.typed:
            return not_among(str(value), labels)
        return Text("所选内容不在选项中，请重新选择。", "The choice is not among the options; choose again.")
    return None


def _not_past(node: Input, value: object, _scope: Scope, today: date) -> Text | None:
    day = value.date() if isinstance(value, datetime) else value
    if node.no_past and isinstance(day, date) and day < today:
        return Text("不能早于今天。", "This cannot be before today.")
    return None


def _check_files(node: Input, value: object, _scope: Scope, _today: date) -> Text | None:
    files = value if isinstance(value, list) else []
    if len(files) > node.upload.max_count:
        return Text(f"最多 {node.upload.max_count} 个文件。", f"At most {counted(node.upload.max_count, 'file')}.")
    if len({file["id"] for file in files}) < len(files):
        return Text("同一个文件附了两次，请删去一个。", "The same file is attached twice; remove one.")
    return None


_Limit = Callable[[Input, object, Scope, date], Text | None]
_TEXT: tuple[_Limit, ...] = (_check_length, _check_pattern, _check_form, _check_number)
_LIMITS: Mapping[InputType, tuple[_Limit, ...]] = {
    InputType.TEXTFIELD: _TEXT,
    InputType.TEXTAREA: _TEXT,
    InputType.NUMBER: (_check_range, _check_digits),
    InputType.RADIO: (_check_choice,),
    InputType.SELECT: (_check_choice,),
    InputType.CHECKLIST: (_check_choice,),
    InputType.TAGLIST: (_check_choice,),
    InputType.DATE: (_not_past,),
    InputType.DATETIME: (_not_past,),
    InputType.UPLOAD: (_check_files,),
}
