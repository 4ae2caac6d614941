"""A city of the tests is built anew by hand: from the pasted text of its regulation to seasons that come out as expected.

Everything is typed, chosen, drawn and pressed in the browser. What comes out says what the files of the tests say.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from service.catalog import Package, load_catalog
from service.catalog.basics.sections import SECTIONS
from service.catalog.bpmn.read import read_diagram
from service.catalog.source.yaml import parse_yaml, plain
from service.catalog.table_sheets.sheet import sheet_of
from service.catalog.tree import read_tree
from tests.browser.studio.building.basics import type_basics
from tests.browser.studio.building.city import clear_away, start_city
from tests.browser.studio.building.clauses import ids_shown, say_why_nothing_is_done
from tests.browser.studio.building.draw import Draftsman
from tests.browser.studio.building.forms import make_form
from tests.browser.studio.building.hands import Hands
from tests.browser.studio.building.letters import write_letter
from tests.browser.studio.building.parameters import type_parameters
from tests.browser.studio.building.scenarios import write_scenario
from tests.browser.studio.building.scoring import type_scoring
from tests.browser.studio.building.tables import fill_table
from tests.conftest import PATIENCE
from tests.support.lakeside import Lakeside
from tests.support.meaning import compare_meaning
from tests.support.served import signed_in
from tests.support.tree import PROJECT, lay_out

pytestmark = pytest.mark.browser
CITY = PROJECT / "tests" / "data" / "example_city"
KEY = "example_city/quality_award"
SEASONS = tuple(sorted(path.stem for path in (CITY / "processes" / KEY / "scenarios").glob("*.yaml")))
"""All seasons of the city: `make walk` types every one, or those named in LAUREL_SEASONS."""
if named := os.environ.get("LAUREL_SEASONS", "").replace(",", " ").split():
    SEASONS = SEASONS if named == ["all"] else tuple(name for name in SEASONS if name in named)
else:
    SEASONS = (
        "clean_season",
        "late_and_refused",
        "no_quorum_then_enough",
        "objection_not_taken",
        "re_evaluated_and_withdrawn",
        "withdrawn",
    )
    """One without trouble, and those that meet refusal, absence, objection, years, withdrawal."""
DRAWN = ("call", "tenure", "deliberation", "qualification", "review", "objection", "application", "round")
OF_CASES = ("processes", "actions")
"""Sections of what is declared that name diagrams and forms."""
NOTHING = "除版面和编号以外没有差别"


@dataclass(frozen=True)
class Wanted:
    """The city that is to be built, as its files in the tests say it, in today's format."""

    root: Path

    @property
    def place(self) -> Path:
        return self.root / "processes" / "example_city"

    @property
    def award(self) -> Path:
        return self.place / "quality_award"

    @property
    def package(self) -> Package:
        return load_catalog(self.root).package(KEY)

    @property
    def declared(self) -> tuple[str, str]:
        """What the place and its award declare, as files."""
        return (self.place / "jurisdiction.yaml").read_text("utf-8"), self.text("award.yaml")

    def text(self, name: str) -> str:
        return (self.award / name).read_text("utf-8")

    def renamed(self, ids: dict[str, str], root: Path) -> Wanted:
        """Return the same city with other ids of clauses, below ``root``: what one reads who knows them by these."""
        lay_out(root, self.root)
        for path in (root / "processes" / "example_city").rglob("*"):
            if path.is_file():
                text = path.read_text("utf-8")
                path.write_text(re.sub(r"SL-[\d-]*\d", lambda found: ids.get(found[0], found[0]), text), "utf-8")
        return Wanted(root)


@pytest.fixture
def wanted(tmp_path: Path) -> Wanted:
    root = lay_out(tmp_path / "wanted", CITY)
    parameters = root / "processes" / KEY / "parameters.yaml"
    silent = re.compile(r"^ +(?:key: ''|minimum: null)\n", re.MULTILINE)  # what the common vocabulary says holds
    parameters.write_text(silent.sub("", parameters.read_text("utf-8")), "utf-8")
    for path in (root / "processes" / KEY / "scenarios").glob("*.yaml"):
        if path.stem not in SEASONS:
            path.unlink()
    return Wanted(root)


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Let pages take their time: what is built here is much, on whatever machine."""
    expect.set_options(timeout=2 * PATIENCE)
    yield
    expect.set_options(timeout=PATIENCE)


def test_a_city_is_built_by_hand_and_says_what_was_wanted(
    page: Page, chromium: Browser, town: Lakeside, base: str, wanted: Wanted, tmp_path: Path
) -> None:
    page.set_default_timeout(60_000)
    hands = start_city(page, base, wanted.package)
    ids = dict(zip(wanted.package.law.clauses, ids_shown(hands), strict=True))
    known = wanted.renamed(ids, tmp_path / "known")
    say_why_nothing_is_done(hands, list(known.package.law.clauses.values()))
    clear_away(hands)
    declare(hands, known)
    write_pieces(hands, known)
    draw(hands, known)
    package = known.package
    for name in SEASONS:
        write_scenario(hands, name, known.text(f"scenarios/{name}.yaml"), package)
    all_seasons_come_out(hands)
    assert compared(hands, wanted, tmp_path) == NOTHING
    with signed_in(chromium, town, "checker", base) as one, signed_in(chromium, town, "admin", base) as other:
        review_and_publish(hands, one.new_page(), other.new_page())
        give_office(other.new_page(), base)
    with signed_in(chromium, town, "office", base) as context:
        start_round(context.new_page(), base)
    with town.desk.store.read() as tx:
        current = tx.definitions.current(KEY)
        assert current is not None
        assert tx.cases.all_by_definition("example_city") == {current.version: 1}


def declare(hands: Hands, known: Wanted) -> None:
    """Type names, roles, bodies and tiers, the scoring edition, and every parameter."""
    before = [section.id for section in SECTIONS if section.id not in OF_CASES]
    type_basics(hands, *known.declared, before)
    for path in sorted((known.award / "scoring").glob("*.yaml")):
        type_scoring(hands, path.stem, path.read_bytes())
    package = known.package
    type_parameters(hands, package.award.parameters.values(), package.jurisdiction.law.since)


def write_pieces(hands: Hands, known: Wanted) -> None:
    """Make the forms, the letters and the tables."""
    for path in sorted((known.award / "forms").glob("*.json")):
        make_form(hands, json.loads(path.read_text("utf-8")))
    for path in sorted((known.award / "documents").glob("*.yaml")):
        write_letter(hands, plain(parse_yaml(path.read_bytes(), path.name)))
    for table in known.package.tables.values():
        if f"/{KEY}/" in table.file:
            fill_table(hands, sheet_of(table))


def draw(hands: Hands, known: Wanted) -> None:
    """Begin every diagram, say which kinds of cases and actions they serve, and draw them, the called before the callers.

    A kind of case names its diagram, and an operation on a diagram names a kind of case.
    """
    person = Draftsman(hands.page, hands.base, hands.draft)
    wanted = {name: read_diagram((known.award / f"{name}.bpmn").read_bytes(), f"{name}.bpmn") for name in DRAWN}
    begun = [person.begin(diagram, name, "office") for name, diagram in wanted.items()]
    type_basics(hands, *known.declared, OF_CASES)
    for drawn in begun:
        person.go_on(drawn)


def all_seasons_come_out(hands: Hands) -> None:
    """Play every season in the studio."""
    hands.go("scenarios")
    with hands.page.expect_navigation():
        hands.press("全部运行")
    expect(hands.page.get_by_role("button", name="全部运行")).to_be_visible(timeout=300_000)
    said = hands.page.locator("main .note").first
    expect(said).to_contain_text("最近一次全部运行", timeout=300_000)
    failed = hands.page.get_by_role("row").filter(has_text="未通过").get_by_role("link")
    pages = [str(link.get_attribute("href")) for link in failed.all() if link.inner_text().strip() != "复制"]
    assert [said_of(hands.page, f"{hands.base}{href}") for href in pages] == []
    expect(said).to_contain_text(f"{len(SEASONS)} 个情景，通过 {len(SEASONS)} 个")


def said_of(page: Page, address: str) -> str:
    """Return what a page of a scenario says of its last run."""
    page.goto(address)
    return page.locator("main").inner_text()


def compared(hands: Hands, wanted: Wanted, folder: Path) -> str:
    """Hand out what was built as folders, and compare it with what was wanted."""
    hands.go("transfer")
    with hands.page.expect_download() as download:
        hands.page.get_by_role("link", name="下载压缩包").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(folder / "handed_out")
    built = lay_out(folder / "built", folder / "handed_out")
    made = Wanted(built)
    words = compare_meaning(wanted.package, read_tree(wanted.root), made.package, read_tree(built))
    return words.partition("。")[0].strip() if words.startswith(NOTHING) else words


def review_and_publish(hands: Hands, second: Page, admin: Page) -> None:
    """Submit the draft; a second person reads and approves it, an administrator publishes it."""
    here = f"{hands.base}/studio/drafts/{hands.draft}/publish"
    hands.page.goto(f"{hands.base}/studio/drafts/{hands.draft}")
    hands.press("共享草稿")
    hands.go("publish")
    hands.page.get_by_label("改了什么、为什么").fill("示例市的办法施行，首次发布。")
    hands.press("提交评审")
    expect(hands.page.locator("main")).to_contain_text("等待另一人评审")
    second.goto(here)
    second.get_by_role("button", name="通过", exact=True).click()
    expect(second.locator("main")).to_contain_text("发布")
    admin.goto(here)
    admin.get_by_role("button", name="发布", exact=True).click()
    expect(admin.locator("main")).to_contain_text("已发布")


def give_office(admin: Page, base: str) -> None:
    """Give a person the role of the office of the new city."""
    admin.goto(f"{base}/people")
    admin.get_by_role("row").filter(has_text="office").first.get_by_role("link").click()
    form = admin.locator("#give")
    label = (
        form.locator("option")
        .filter(has_text="示例市质量奖评审办公室")
        .filter(has_text="评审办公室 ")
        .first.inner_text()
    )
    form.locator("select").select_option(label=label)
    form.get_by_role("button", name="添加角色").click()
    expect(admin.get_by_text("角色已添加")).to_be_visible()


def start_round(office: Page, base: str) -> None:
    """Open the first round under what was published."""
    office.goto(f"{base}/start/{KEY}/round")
    office.get_by_label("届次名称").fill("第一届")
    office.get_by_label("年度").fill("2026")
    office.get_by_label("申报截止日期").fill("2026-03-20")
    office.get_by_role("button", name="提交").first.click()
    expect(office.get_by_role("heading", name="第一届").first).to_be_visible()
