"""Compile input fields of form-js."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import re2

from service.domain.files.uploads import FileKind, UploadRules
from service.domain.forms.common import COMMON_PROPERTIES, read_common_properties, read_purpose
from service.domain.forms.expressions import FormExpression
from service.domain.forms.limits import NUMBERS
from service.domain.forms.model import TRADE_SECRET, Input, InputType, Option, ZoneFormat
from service.domain.forms.names import PERSONS
from service.domain.forms.normal import CHOICES
from service.domain.forms.reading import Component
from service.domain.text import Text, read_translated_text
from service.domain.values.typed_text import clean_text

MAX_PATTERN = 200

_TOKEN = re.compile(r"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|\(\?.?|.", re.DOTALL)
_FOREIGN = re.compile(r"\\[^\WbBdDfnrsStuvwWx_]|\\[ux]|\(\?[^:]?|[\ud800-\udfff]")
_NAMED_SET = re.compile(r"\[[^\]]*\[:")

Fits = Callable[[str], bool]
"""Whether a value has the form that a pattern asks for."""


class PatternRefused(ValueError):
    """A pattern that means something else to RE2, or nothing at all; ``reason`` says which."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def js_pattern(source: str) -> Fits:
    r"""Compile a JavaScript pattern: ``\d``, ``\w`` and ``\s`` are ASCII, ``$`` is the very end, unanchored.

    Raises:
        PatternRefused: for constructs that RE2 lacks or reads otherwise, and for what does not parse.
    """
    if slashed := re.fullmatch(r"/(\^.*\$)/[a-z]*", source, re.DOTALL):
        raise PatternRefused(
            Text(
                f"校验格式两头的斜线是程序里的写法，在这里会被当作要填的字符，谁都填不对：写成“{slashed[1]}”",
                f"the slashes around the pattern are part of it here, so that nothing fits: write “{slashed[1]}”",
            )
        )
    if len(source) > MAX_PATTERN:
        raise PatternRefused(
            Text(f"校验格式超过 {MAX_PATTERN} 个字符", f"the pattern exceeds {MAX_PATTERN} characters")
        )
    tokens = _TOKEN.findall(source)
    if any(_FOREIGN.fullmatch(token) for token in tokens) or _NAMED_SET.search(source):
        raise PatternRefused(
            Text(
                "校验格式用了前瞻、后顾、具名分组、反向引用或 \\p 等写法",
                "the pattern uses lookahead, lookbehind, named groups, references, \\p or the like",
            )
        )
    options = re2.Options()
    options.log_errors = False
    spelled = "".join(rf"\x{{{token[2:]}}}" if token[:2] == r"\u" else token for token in tokens)
    try:
        compiled = re2.compile(spelled, options)
    except re2.error as error:
        reason = error.args[0].decode()
        raise PatternRefused(Text(f"校验格式无法识别（{reason}）", f"the pattern does not parse ({reason})")) from error
    return lambda text: compiled.search(text) is not None


INPUTS = {kind.value for kind in InputType if kind not in (InputType.DATE, InputType.TIME)}

_VALIDATE = {
    "required", "min", "max", "minLength", "maxLength", "pattern", "patternErrorMessage", "validationType"
}  # fmt: skip
_CHOICES = {InputType.RADIO, InputType.SELECT, InputType.CHECKLIST, InputType.TAGLIST}
_PROPERTIES = COMMON_PROPERTIES | {
    "personal", "purpose", "purpose_en", "check", "requiredIf", "secret", "patternErrorMessage_en", "beside", "staff"
}  # fmt: skip
_UPLOAD_PROPERTIES = {"maxBytes", "maxCount", "accept", "assessed"}
_BOX_PROPERTIES = {"unticked"}
_NORMAL_PROPERTIES = {"normal"}
_RADIO_PROPERTIES = {"normal", "stops_files"}
_SELECT_PROPERTIES = {"typed"}
_MORE: Mapping[InputType, set[str]] = {
    InputType.UPLOAD: _UPLOAD_PROPERTIES,
    InputType.CHECKBOX: _BOX_PROPERTIES,
    InputType.RADIO: _RADIO_PROPERTIES,
    InputType.SELECT: _NORMAL_PROPERTIES | _SELECT_PROPERTIES,
    InputType.TEXTFIELD: _NORMAL_PROPERTIES | {"person"},
    InputType.TEXTAREA: _NORMAL_PROPERTIES,
}


def compile_input(component: Component) -> Input:
    """Compile one field.

    Raises:
        FormRefused: for settings whose effect the server could not check.
    """
    kind = _read_kind(component)
    more = _MORE.get(kind, set())
    component.properties.only(_PROPERTIES | more, "properties")
    validate = component.validate
    validate.only(_VALIDATE, "validate")
    appearance = component.raw.get("appearance") or {}
    adorners = Component({"id": component.id, **(appearance if isinstance(appearance, Mapping) else {})})
    fits, message = _read_pattern(component, validate)
    options = _read_options(component) if kind in _CHOICES else ()
    _require_order(validate, validate.number_or_formula("min"), validate.number_or_formula("max"))
    _require_order(validate, validate.whole_or_formula("minLength"), validate.whole_or_formula("maxLength"))
    return Input(
        key=component.name("key"),
        type=kind,
        required=validate.flag("required"),
        required_if=_required_if(component),
        readonly=component.flag_or_formula("readonly"),
        disabled=component.flag_or_formula("disabled"),
        default=_read_default(component, validate, options, fits),
        options=options,
        minimum=validate.number_or_formula("min"),
        maximum=validate.number_or_formula("max"),
        min_length=validate.whole_or_formula("minLength"),
        max_length=validate.whole_or_formula("maxLength"),
        fits=fits,
        pattern_message=message,
        form_of=_form_of(validate),
        number_of=_number_of(component),
        digits=component.whole("decimalDigits"),
        step=_read_step(component),
        as_string=component.flag("serializeToString"),
        zone=_read_zone(component),
        no_past=component.flag("disallowPassedDates"),
        upload=_read_upload_rules(component),
        prefix=adorners.string("prefixAdorner"),
        suffix=adorners.string("suffixAdorner"),
        personal=component.properties.flag("personal"),
        purpose=read_purpose(component),
        secret=_read_secret(component),
        unticked_is_false=_unticked_is_false(component),
        normal=_read_normal_value(component, kind, options),
        typed=component.properties.flag("typed"),
        person=_read_person(component),
        beside=_read_neighbour_parts(component),
        assessed=component.properties.flag("assessed"),
        staff=component.properties.flag("staff"),
        stops_files=_read_stopping_option(component, options),
        **read_common_properties(component),
    )


def _require_order(
    validate: Component, least: Decimal | int | FormExpression | None, most: Decimal | int | FormExpression | None
) -> None:
    """Refuse a least that is above the most: no answer would fit."""
    if isinstance(least, int | Decimal) and isinstance(most, int | Decimal) and least > most:
        raise validate.refuse(
            f"最少是{least}，最多是{most}，没有一个答案能符合", f"the least is {least} and the most {most}: no answer fits",
            Text("把最少改到不大于最多", "Make the least no greater than the most"),
        )  # fmt: skip


def _read_kind(component: Component) -> InputType:
    if component.type != "datetime":
        return InputType(component.type)
    subtype = component.string("subtype", "date")
    if subtype not in ("date", "time", "datetime"):
        raise component.refuse(f"不认识的日期类型“{subtype}”", f"unknown kind of date {subtype!r}")
    return InputType(subtype)


def _read_options(component: Component) -> tuple[Option, ...] | FormExpression:
    if component.has("valuesKey"):
        raise component.refuse(
            "选项来自 valuesKey，服务器无法核对",
            "the options come from valuesKey, which the server cannot check",
            Text("请改用固定选项或 valuesExpression", "Use fixed options or valuesExpression"),
        )
    if component.has("valuesExpression"):
        return component.formula("valuesExpression")
    options = tuple(_read_option(component, raw) for raw in component.children("values"))
    if not options or len({option.value for option in options}) < len(options):
        raise component.refuse("没有选项，或选项的值重复", "there are no options, or two have the same value")
    for labels in ([option.label.zh.strip() for option in options], [option.label.en.strip() for option in options]):
        if twice := next((label for label in labels if labels.count(label) > 1), ""):
            raise component.refuse(
                f"两个选项都写着“{twice}”，填写的人分不清", f"two options read “{twice}”: nobody can tell them apart",
                Text("给每个选项写不同的标签（label、label_en）", "Give each option a label of its own (label, label_en)"),
            )  # fmt: skip
    return options


def _read_default(
    component: Component, validate: Component, options: tuple[Option, ...] | FormExpression, fits: Fits | None
) -> object:
    """Return the first value of a field; that of a choice is among its options, and others keep to their own bounds."""
    default = component.raw.get("defaultValue")
    if isinstance(default, str | int | float) and default != "" and not _fits_bounds(component, validate, fits):
        raise component.refuse(
            f"预填的“{default}”不合本栏自己的限制", f"“{default}”, filled in beforehand, does not keep to the field's own bounds",
            Text("改 defaultValue，或者改限制（min、max、minLength、maxLength、pattern）", "Change defaultValue or the bounds"),
        )  # fmt: skip
    chosen = default if isinstance(default, list) else [] if default in (None, "") else [default]
    values = [option.value for option in options] if isinstance(options, tuple) else []
    strange = next((str(value) for value in chosen if values and str(value) not in values), None)
    if strange is not None:
        raise component.refuse(
            f"预选的“{strange}”不是它的选项", f"“{strange}”, chosen beforehand, is none of its options",
            Text(f"把 defaultValue 改为选项的值之一：{'、'.join(values[:6])}", f"Make defaultValue the value of an option: {', '.join(values[:6])}"),
        )  # fmt: skip
    return default


def _fits_bounds(component: Component, validate: Component, fits: Fits | None) -> bool:
    text = str(component.raw["defaultValue"])
    number = component.number("defaultValue") if component.type == "number" else None
    least, most = validate.number_or_formula("min"), validate.number_or_formula("max")
    shortest, longest = validate.whole_or_formula("minLength"), validate.whole_or_formula("maxLength")
    return (
        not (number is not None and isinstance(least, Decimal) and number < least)
        and not (number is not None and isinstance(most, Decimal) and number > most)
        and not (isinstance(shortest, int) and len(text) < shortest)
        and not (isinstance(longest, int) and len(text) > longest)
        and (fits is None or fits(text))
    )


def _read_option(component: Component, raw: Mapping[str, object]) -> Option:
    value = raw.get("value")
    if value in (None, "") or isinstance(value, list | dict):
        raise component.refuse("有选项没有值", "an option has no value")
    if clean_text(str(value)) != str(value):
        raise component.refuse(
            f"选项的值“{value}”前后有空格，或者有看不见的字符，同条件里写的对不上",
            f"the value “{value}” of an option has blanks around it or invisible signs: no condition would meet it",
            Text(f"把值写成“{clean_text(str(value))}”", f"Write the value as “{clean_text(str(value))}”"),
        )
    label = str(raw.get("label") or value)
    return Option(str(value), read_translated_text(raw, "label", label))


def _read_pattern(component: Component, validate: Component) -> tuple[Fits | None, Text | None]:
    source = validate.string("pattern")
    if not source:
        return None, None
    try:
        fits = js_pattern(source)
    except PatternRefused as refused:
        raise component.refuse(
            refused.reason.zh, refused.reason.en, Text("请写成更简单的格式", "Write a simpler pattern")
        ) from refused
    message = validate.string("patternErrorMessage")
    return fits, read_translated_text(component.properties.raw, "patternErrorMessage", message) if message else None


def _form_of(validate: Component) -> str | None:
    kind = validate.string("validationType")
    if kind not in ("", "custom", "email", "phone"):
        raise validate.refuse(f"不认识的校验类型“{kind}”", f"unknown validationType {kind!r}")
    return kind if kind in ("email", "phone") else None


def _unticked_is_false(component: Component) -> bool:
    """Return whether a box left alone says no; otherwise it says nothing."""
    unticked = component.properties.string("unticked")
    if unticked not in ("", "false"):
        raise component.refuse("unticked 只能写 false", "unticked can only be false")
    return bool(unticked)


def _read_normal_value(
    component: Component, kind: InputType, options: tuple[Option, ...] | FormExpression
) -> str | FormExpression | None:
    """Return what the field says where nothing is found; a formula where it depends on what is known."""
    text = component.properties.string("normal")
    if text.startswith("="):
        return component.compile("normal", text)
    values = {option.value for option in options} if isinstance(options, tuple) else {text}
    if text and kind in CHOICES and text not in values:
        raise component.refuse(
            f"normal 的“{text}”不是它的选项，可用：{'、'.join(sorted(values))}",
            f"normal {text!r} is none of its options: {', '.join(sorted(values))}",
        )
    return text or None


def _read_stopping_option(component: Component, options: tuple[Option, ...] | FormExpression) -> str | None:
    word = component.properties.string("stops_files")
    if word and word not in ({option.value for option in options} if isinstance(options, tuple) else ()):
        raise component.refuse(f"stops_files 的“{word}”不是它的选项", f"stops_files {word!r} is none of its options")
    return word or None


def _read_secret(component: Component) -> str | None:
    word = component.properties.string("secret")
    if word not in ("", TRADE_SECRET):
        raise component.refuse(f"secret“{word}”应为“{TRADE_SECRET}”", f"secret {word!r} has to be {TRADE_SECRET!r}")
    return word or None


def _read_person(component: Component) -> str | None:
    """Return whose name the field asks for, None where it asks for none."""
    whose = component.properties.string("person")
    if whose and whose not in PERSONS:
        choices = "、".join(PERSONS)
        raise component.refuse(f"person 只能是：{choices}，现为“{whose}”", f"person is one of {choices}, not {whose!r}")
    return whose or None


def _read_neighbour_parts(component: Component) -> tuple[str, ...]:
    """Return the parts of other forms that are read beside the field, each as ``form.path``."""
    named = component.properties.words("beside")
    strange = next((part for part in named if not re.fullmatch(r"[\w/-]+(\.\w+)+", part)), None)
    if strange is not None:
        raise component.refuse(
            f"beside 中的“{strange}”不是“表单.字段”的写法",
            f"{strange!r} in beside is not written as form.field",
            Text(
                "如 application.conditions.merit，几项用空格隔开",
                "Such as application.conditions.merit, with blanks between",
            ),
        )
    return named


def _required_if(component: Component) -> FormExpression | None:
    text = component.properties.string("requiredIf")
    return component.compile("requiredIf", text) if text else None


def _number_of(component: Component) -> str | None:
    kind = component.properties.string("check")
    if kind and (kind not in NUMBERS or component.type != "textfield"):
        choices = "、".join(NUMBERS)
        raise component.refuse(
            f"check 只能用于单行文本，可用：{choices}，现为“{kind}”",
            f"check is for text fields and one of {choices}, not {kind!r}",
        )
    return kind or None


def _read_step(component: Component) -> Decimal | None:
    step = component.number("increment")
    if step is not None and step <= 0:
        raise component.refuse("increment 应大于 0", "increment should be more than 0")
    return step


def _read_zone(component: Component) -> ZoneFormat:
    text = component.string("timeSerializingFormat") or ZoneFormat.OFFSET.value
    if text not in {zone.value for zone in ZoneFormat}:
        raise component.refuse(f"不认识的时间格式“{text}”", f"unknown timeSerializingFormat {text!r}")
    return ZoneFormat(text)


def _read_upload_rules(component: Component) -> UploadRules:
    properties, standard = component.properties, UploadRules()
    accept = properties.words("accept") or component.words("accept") or standard.accept
    strange = [kind for kind in accept if not re.fullmatch(r"\.[A-Za-z0-9]+", kind)]
    if component.type == "upload" and strange:
        raise component.refuse(
            f"accept 中的“{strange[0]}”不是扩展名",
            f"{strange[0]!r} in accept is not a name extension",
            Text("请写成 .pdf,.jpg 这样的扩展名", "Write extensions such as .pdf,.jpg"),
        )
    return UploadRules(
        properties.whole("maxBytes") or standard.max_bytes,
        properties.whole("maxCount") or standard.max_count,
        _both_spellings([kind.lower() for kind in accept]),
    )


def _both_spellings(accept: Sequence[str]) -> tuple[str, ...]:
    """Return extensions with both of JPEG where one is accepted: cameras and telephones write either."""
    jpeg = next((kind for kind in accept if kind in FileKind.JPEG.extensions), None)
    added = [kind for kind in FileKind.JPEG.extensions if jpeg and kind not in accept]
    return (*accept, *added)
