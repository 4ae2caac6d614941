"""Catalogues: sentences as they stand, and sentences of a shape."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path
from time import thread_time

import pytest

from deploy.languages.extract import of_python, of_template
from service.domain.forms import compile_form
from service.domain.forms.model import Input, Shown
from service.domain.forms.refusals import FormRefused
from service.domain.text import Text
from service.domain.translation import Catalogue, install_catalogues
from service.domain.wording.article_words import english_article
from service.domain.wording.cause_words import cause_words
from service.domain.wording.masked_names import masked_name


@pytest.fixture
def kyrgyz() -> Iterator[None]:
    install_catalogues(
        {
            "ky": Catalogue(
                {
                    "提交": "Тапшыруу",
                    "第{0}条": "{0}-берене",
                    "“{0}”不能设为“{1}”": "{1} → {0} болбойт",
                    "“{0}”不能空着": "{0} бош",
                    "{0}": "!",
                    "撤回": "",
                }
            )
        }
    )
    yield
    install_catalogues({})


@pytest.mark.parametrize(
    ("zh", "said"),
    [
        ("提交", "Тапшыруу"),
        ("第5条", "5-берене"),
        ("“提交”不能设为“第3条”", "3-берене → Тапшыруу болбойт"),
        ("“甲”不能空着", "甲 бош"),
        ("撤回", "撤回"),
        ("没有的话", "没有的话"),
    ],
)
def test_what_a_catalogue_has_is_said_in_its_language_and_the_rest_in_chinese(kyrgyz: None, zh: str, said: str) -> None:
    assert Text(zh, "en").pick("ky") == said
    assert (Text(zh, "en").pick("en"), Text(zh, "en").pick("zh"), Text(zh, "en").pick("ug")) == ("en", zh, zh)


@pytest.mark.parametrize(
    "text",
    [
        "长" * 20_000,
        "：“" * 2_000 + "（）" * 1_000 + "最迟" * 1_000 + "提交，晚。x",
        "：".join("x" * 5_000),
        "（" * 5_000,
    ],
)
def test_what_a_person_wrote_into_a_sentence_is_read_once(text: str) -> None:
    shapes = ("{0}：“{1}”（{2}）最迟{3}提交，晚。{4}", "{0}：{1}", "{0}（{1}）", "{0}第{1}条、第{2}条、第{3}条")
    catalogue = Catalogue({shape: shape for shape in shapes})
    began = thread_time()
    assert catalogue.find(text) in (text, None)
    assert thread_time() - began < 1, "of the processor, whatever else it does"


@pytest.mark.parametrize(
    ("shape", "zh", "parts"),
    [
        ("{0}第{1}条", "甲第1条、第2条", "甲/1条、第2"),
        ("从{0}到{0}", "从一到一", "一"),
        ("从{0}到{0}", "从一到二", None),
        ("{0}条", "条", ""),
        ("条{0}条", "条", None),
        ("{0}、{1}、", "甲、", None),
    ],
)
def test_a_hole_holds_as_little_as_can_be(shape: str, zh: str, parts: str | None) -> None:
    said = "{0}/{1}" if "{1}" in shape else "{0}"
    assert Catalogue({shape: f"{said}!"}).find(zh) == (None if parts is None else f"{parts}!")


def test_sentences_of_the_program_are_collected_with_holes_for_what_comes_from_elsewhere() -> None:
    program = """
def f(name):
    "不收：说明"
    refuse(Text(f"没有“{name}”，" "请核对。", f"No {name}."))
    refuse("共 %s 项" % name, "值" + name + ("是" if name else "否"))
"""
    assert list(of_python(program)) == [
        (4, "没有“{0}”，请核对。", "No {0}."),
        (5, "共 {0} 项", ""),
        (5, "值{0}{1}", ""),
        (5, "是", ""),
        (5, "否", ""),
    ]
    template = (
        "<p>{{ t('共 %s 项'|format(n), '%s in all'|format(n)) }}{{ t('是' if n else '否', 'x') }}{{ t(a, b) }}</p>"
    )
    assert [(zh, en) for _, zh, en in of_template(template)] == [("共 {0} 项", "{0} in all"), ("是", "x"), ("否", "x")]


FORM = {
    "id": "apply",
    "type": "default",
    "properties": {"title": "申报", "title_en": "Apply", "title_ug": "ئىلتىماس"},
    "components": [
        {"type": "text", "id": "hint", "text": "共 {{kind}} 项", "properties": {"text_ug": "جەمئىي {{kind}}"}},
        {"type": "radio", "id": "kind", "key": "kind", "label": "种类", "properties": {"label_ug": "تۈر", "help": "选一个", "help_ug": "تاللاڭ"},
         "values": [{"label": "是", "value": "yes", "label_en": "Yes", "label_ug": "ھەئە"}]},
    ],
}  # fmt: skip


def test_a_form_may_be_written_in_any_language() -> None:
    form = compile_form(FORM)
    hint, kind = form.nodes
    assert form.title == Text("申报", "Apply", (("ug", "ئىلتىماس"),))
    assert isinstance(hint, Shown)
    assert isinstance(kind, Input)
    assert hint.pieces_in("ug")[0] == "جەمئىي "
    assert hint.pieces_in("ky") == hint.pieces_in("zh")
    assert [kind.label.pick(language) for language in ("zh", "en", "ug", "ky")] == ["种类", "种类", "تۈر", "种类"]
    assert kind.hint.pick("ug") == "تاللاڭ"
    assert kind.options[0].label.pick("ug") == "ھەئە"
    slip = {**FORM, "properties": {"title": "申报", "title_xx": "?"}}
    with pytest.raises(FormRefused):
        compile_form(slip)


# Articles as English cites them.

LAWS = sorted((Path(__file__).parents[3] / "processes").glob("*/law.yaml"))


@pytest.mark.parametrize(
    ("cited", "said"),
    [
        ("第十一条第（二）项", "Art. 11(2)"), ("第二条第二款", "Art. 2, para. 2"), ("第十条第（六）项第一段", "Art. 10(6), part 1"),
        ("11(三)", "11(3)"), ("20条", "Art. 20"), ("三（十三）1", "3(13)1"), ("题注", "Note to the title"),
        ("第二十三条第一款（第一个第二十三条）", "Art. 23, para. 1 (no. 1 of that number)"), ("见通知全文", "见通知全文"),
    ],
)  # fmt: skip
def test_an_article_is_cited_by_rule(cited: str, said: str) -> None:
    assert english_article(cited) == said


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.parent.name)
def test_every_article_of_the_cities_is_said_in_english(law: Path) -> None:
    articles = set(re.findall(r'article: "?([^,"}\n]+)', law.read_text()))
    assert articles
    assert [one for one in articles if re.search("[\u4e00-\u9fff]", english_article(one))] == []


# A line or a disk that failed is told in words: in Chinese where it is known, as the system said it in English.

FOUND = (
    errno.ECONNREFUSED, errno.ECONNRESET, errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENOENT, errno.EACCES,
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE,
)  # fmt: skip


@pytest.mark.parametrize("number", FOUND)
def test_what_the_system_says_has_words(number: int) -> None:
    words = cause_words(OSError(number, os.strerror(number)))
    assert not re.search(r"[A-Za-z]", words.zh)
    assert os.strerror(number) in words.en


# Names of people tell them apart and do not say who they are.


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("李", "李*"),
        ("李四", "李*"),
        ("王建国", "王**"),
        ("欧阳修文", "欧阳**"),
        ("阿卜杜·买买提", "阿**·***"),
        ("Anna Li", "A. ***"),
    ],
)
def test_a_name_keeps_its_beginning_alone(name: str, shown: str) -> None:
    assert masked_name(name) == shown
