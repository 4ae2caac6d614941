"""A further language is a catalogue: every sentence of a page is looked up in it, and the page says how it is written."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from flask import Flask

from deploy.languages import extract
from deploy.languages.extract import HAN, collected
from service.domain.text import Text
from service.domain.translation import install_catalogues
from service.web.frame.page.languages import LANGUAGE_NAME_KEY, describe_language, load_languages
from tests.support.browsers import Browser, make_app
from tests.support.desks import Bench

OPEN, SHUT = "⟦", "⟧"


@cache
def collected_once() -> Catalog:
    """What is to be translated; looking through all files takes seconds."""
    return collected()


def few() -> Catalog:
    """Some of it, with what the tests below look for: to write all of it takes more than a second."""
    catalog = Catalog(project="Laurel", charset="utf-8", fuzzy=False)
    for place, message in enumerate(collected_once()):
        if message.id and (place % 100 == 0 or message.id in ("提交", LANGUAGE_NAME_KEY)):
            catalog.add(message.id, locations=message.locations, auto_comments=message.auto_comments)
    return catalog


@cache
def pseudo_messages() -> bytes:
    """A compiled catalogue of every sentence of the program and the packages, each marked as translated."""
    template = collected_once()
    catalog = Catalog(locale="ug", charset="utf-8", fuzzy=False)
    for message in template:
        if message.id:
            catalog.add(message.id, f"{OPEN}{message.id}{SHUT}")
    catalog[LANGUAGE_NAME_KEY].string = "ئۇيغۇرچە"
    for name in ("测试市质量奖", "测试市", "测试市质量奖管理办法", "填写申报书", "审核", "申报"):
        catalog.add(name, f"{OPEN}{name}{SHUT}")
    written = BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the catalogue of a language written from right to left."""
    (tmp_path / "ug.mo").write_bytes(pseudo_messages())
    return tmp_path


@pytest.fixture
def browse(bench: Bench, folder: Path) -> Iterator[Callable[..., Browser]]:
    """Opens a browser that reads in that language."""
    app: Flask = make_app(bench, LAUREL_LANGUAGES=str(folder))

    def call(login: str | None = None) -> Browser:
        browser = Browser(app, bench, login)
        browser.get("/language?to=ug&next=/portal")
        return browser

    yield call
    install_catalogues({})


def shown(page: str) -> list[str]:
    """Return the pieces of text of a page, those of its attributes that are read too."""
    body = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    said = re.findall(r'(?:title|aria-label|placeholder|alt)="([^"]*)"', body)
    return [html.unescape(piece).strip() for piece in (*re.split(r"<[^>]*>", body), *said) if piece.strip()]


@pytest.mark.parametrize(
    ("who", "path"),
    [(None, "/portal"), (None, "/sign-in"), ("office", "/tasks"), ("office", "/cases"), ("office", "/monitor"),
     ("office", "/law"), ("office", "/inbox"), ("office", "/nowhere"), ("admin", "/permissions"), ("applicant", "/start")],
)  # fmt: skip
def test_every_sentence_of_a_page_is_looked_up(browse: Callable[..., Browser], who: str | None, path: str) -> None:
    page = browse(who).get(path).text
    assert '<html lang="ug" dir="rtl">' in page
    assert sum(OPEN in piece for piece in shown(page)) > 5
    assert {piece for piece in shown(page) if HAN.search(piece) and OPEN not in piece} <= {
        "中文",
        "· 测试市质量奖办公室",
    }, "names are said as they are"


def test_a_form_and_the_dates_of_a_case_are_read_in_it(bench: Bench, browse: Callable[..., Browser]) -> None:
    bench.started()
    page = browse("applicant").get("/tasks/1").text
    assert f"{OPEN}提交{SHUT}" in page
    assert re.search(rf"{OPEN}\d+年\d+月\d+日（周{OPEN}?.{SHUT}?）{SHUT}", html.unescape(page))


def test_a_language_without_a_catalogue_is_not_offered(app: Flask, bench: Bench) -> None:
    browser = Browser(app, bench)
    browser.get("/language?to=ug&next=/portal")
    page = browser.get("/portal").text
    assert '<html lang="zh-CN" dir="ltr">' in page
    assert "ug" not in re.findall(r'hreflang="([^"]*)"', page)


@pytest.fixture
def restored() -> Iterator[None]:
    """Takes the languages away again that a test brought."""
    yield
    install_catalogues({})


@pytest.mark.parametrize(
    ("language", "direction", "name"),
    [("ug", "rtl", "ئۇيغۇرچە"), ("ky", "ltr", "кыргызча"), ("ky-Arab", "rtl", "кыргызча")],
)
def test_a_catalogue_is_made_brought_up_to_date_and_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restored: None, language: str, direction: str, name: str
) -> None:
    monkeypatch.setattr(extract, "collected", collected_once if language == "ug" else few)
    extract.main(tmp_path, [language])
    path = tmp_path / f"{language}.po"
    text = path.read_text("utf-8")
    assert "#. Submit\n" in text
    path.write_text(re.sub(r'msgid "提交"\nmsgstr ""', 'msgid "提交"\nmsgstr "!!!"', text), "utf-8")
    extract.main(tmp_path, [language])
    load_languages(tmp_path)
    assert Text("提交", "Submit").pick(language) == "!!!"
    assert Text("没有这一句", "None").pick(language) == "没有这一句"
    assert (describe_language(language).direction, describe_language(language).name) == (direction, name)


def test_a_translation_that_drops_what_is_filled_in_is_left_in_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restored: None, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(extract, "collected", few)
    extract.main(tmp_path, ["ug"])
    path = tmp_path / "ug.po"
    shape = next(str(m.id) for m in few() if m.id and "{0}" in m.id and "{1}" not in m.id and '"' not in m.id)
    text = path.read_text("utf-8")
    assert f'msgid "{shape}"\nmsgstr ""' in text
    for said in ("!!!", "!{0}{1}!"):
        path.write_text(text.replace(f'msgid "{shape}"\nmsgstr ""', f'msgid "{shape}"\nmsgstr "{said}"'), "utf-8")
        extract.main(tmp_path, ["ug"])
        assert said in capsys.readouterr().out
        assert said in path.read_text("utf-8")
        load_languages(tmp_path)
        assert Text(shape.replace("{0}", "7"), "x").pick("ug") == shape.replace("{0}", "7")


SLIPS = {
    "a quote that does not close": ('msgstr "!!!"', 'msgstr "!!!'),
    "a quote inside": ('msgstr "!!!"', 'msgstr "!"!!"'),
    "a word that is none": ('msgstr "!!!"', 'msgstrr "!!!"'),
    "nothing said": ('msgstr "!!!"\n', ""),
    "a conflict of versions": ('msgstr "!!!"', '<<<<<<< mine\nmsgstr "!!!"'),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_catalogue_that_cannot_be_read_keeps_what_was_translated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slip: str
) -> None:
    monkeypatch.setattr(extract, "collected", few)
    extract.main(tmp_path, ["ug"])
    path = tmp_path / "ug.po"
    text = path.read_text("utf-8").replace('msgid "提交"\nmsgstr ""', 'msgid "提交"\nmsgstr "!!!"')
    assert SLIPS[slip][0] in text
    path.write_text(text.replace(*SLIPS[slip]), "utf-8")
    before = path.read_bytes()
    with pytest.raises(SystemExit, match=r"ug\.po"):
        extract.main(tmp_path, ["ug"])
    path.write_bytes(text.encode("gb18030"))
    with pytest.raises(SystemExit, match=r"ug\.po"):
        extract.main(tmp_path, ["ug"])
    assert before != path.read_bytes() == text.encode("gb18030")
