"""The menu of a person: the places of whose eyes they look through, and what belongs to each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from flask import request

from service.casework.access.actor import (
    ADMINISTRATOR,
    APPLICANT_KINDS,
    AUDIT_ADMINISTRATOR,
    BUILT_IN,
    DESIGNER,
    SECURITY_ADMINISTRATOR,
    SYSTEM_ADMINISTRATOR,
    Actor,
    Seat,
)
from service.casework.access.guards import GUARDS
from service.catalog.stages import round_kind
from service.domain.text import Text
from service.store.errors import Unreachable
from service.web.frame.page.names import published
from service.web.frame.requests.current import say

RECORDS = "/monitor/records"
DENGBAO = "/monitor/dengbao"
INBOX = "/inbox"
_EVERYWHERE = (RECORDS, DENGBAO)
"""Pages for who holds their office in every city."""
_ROUNDS = "/cases?process="
"""Leads to the rounds of the reader's city, whose kind of case its package names."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a place; ``under``: addresses below which every page belongs to it, too."""

    action: str
    label: Text
    href: str
    under: tuple[str, ...] = ()

    def depth_above(self, path: str) -> int:
        """Return how long the address is by which the page at ``path`` belongs to this one, 0 where it does not.

        ``path`` has its query: of two pages with the same path that one is nearer whose query it has.
        """
        if path == self.href:
            return len(path)
        bare = path.partition("?")[0]
        addresses = (each.partition("?")[0] for each in (self.href, *self.under))
        return max((len(each) for each in addresses if f"{bare}/".startswith(f"{each}/")), default=0)


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the menu: it leads to the first of its pages that the reader may open, from there to the others."""

    label: Text
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A link of the menu, or of the row below it."""

    label: str
    href: str
    active: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    """What the reader is led to: ``entries``, the pages ``beside`` the one that is shown, and ``messages`` where no entry leads there."""

    entries: tuple[MenuEntry, ...] = ()
    beside: tuple[MenuEntry, ...] = ()
    messages: MenuEntry | None = None


def _make_page(action: str, zh: str, en: str, href: str, *under: str) -> Page:
    return Page(action, Text(zh, en), href, under)


_OF_APPLICANT = ("/tasks", "/cases", "/start", "/search", "/appointments", "/sittings", "/signs")
_HOME = _make_page("task.list", "工作台", "My place", "/home")
_APPLICATION = replace(_HOME, label=Text("我的申报", "My application"), under=_OF_APPLICANT)
_TASKS = _make_page("task.list", "待办", "Tasks", "/tasks", "/signs")
_WAITING = replace(_TASKS, href=_HOME.href, under=(_TASKS.href, *_TASKS.under))
_SUBMITTED = _make_page("task.list", "呈报名单", "Submitted lists", "/submitted")
_RAISED = _make_page("case.start", "提出监督意见", "Raise a finding", "/start?of=intervention")
_CASES = _make_page("case.view", "办件", "Cases", "/cases", "/search", "/start")
_ROUNDS_PAGE = _make_page("case.view", "届次", "Rounds", _ROUNDS)
_OBJECTIONS = _make_page("case.view", "异议", "Objections", "/cases?process=objection")
_MEETINGS = _make_page("review.view", "会议与评审安排", "Meetings and appointments", "/appointments", "/sittings")
_BALLOTS = _make_page("ballot.view", "表决", "Ballots", "/ballots")
_EXPERTS = _make_page("experts.view", "评审专家", "Experts", "/experts")
_NOTICES = _make_page("portal.view", "公示与办法", "Notices and regulations", "/portal", "/notices", "/objections")
_REGISTER = _make_page("register.view", "获奖名录", "Register of awards", "/register")
_MONITOR = _make_page("monitor.view", "监控", "Monitor", "/monitor")
_LAW = _make_page("law.study", "条款与设置", "Law and settings", "/law")
_STUDIO = _make_page("draft.view", "设计", "Studio", "/studio")
_HEALTH = _make_page("health.view", "运行状况", "Health", "/monitor/health", "/monitor/hold")
_RETENTION = _make_page("retention.view", "归档与保存", "Archives and retention", "/monitor/retention")
_PEOPLE = _make_page("people.view", "人员", "People", "/people")
_PERMISSIONS = _make_page("permissions.view", "权限表", "Permissions", "/permissions")
_BOOK = _make_page("book.read", "操作日志", "Book of acts", "/book")
_BOOK_CASES = _make_page("book.read", "办件操作记录", "Acts on cases", "/book/cases")
_RECORDS = _make_page("records.view", "记录核对", "Records compared", RECORDS)
_DENGBAO = _make_page("dengbao.view", "等保设置", "Security settings", DENGBAO)
_REGISTRATIONS = _make_page("registration.decide", "组织注册", "Registrations", "/registrations")
_REPORT = _make_page("monitor.view", "报表", "Reports", "/monitor/report")
_LOG = _make_page("monitor.view", "办理日志", "Log of cases", "/log")

_INBOX = _make_page("inbox.view", "消息", "Messages", INBOX)
_INBOX_PLACE = Place(_INBOX.label, (_INBOX,))
_TASKS_PLACE = Place(Text("待办", "Tasks"), (_WAITING,))
_CASES_PLACE = Place(Text("办件", "Cases"), (_CASES,))
_MONITORED = Place(Text("监控", "Monitor"), (_MONITOR, _REPORT, _LOG))
_VERSIONS = Place(Text("版本", "Versions"), (_LAW, _STUDIO))
_SYSTEM = Place(Text("系统", "System"), (_HEALTH, _RETENTION, _DENGBAO))
_RIGHTS = Place(Text("人员与权限", "People and rights"), (_PEOPLE, _PERMISSIONS))
_VERIFICATION = Place(Text("日志与核验", "Log and verification"), (_BOOK, _BOOK_CASES, _RECORDS))
_MENUS: Mapping[str, tuple[Place, ...]] = {
    "applicant": (
        Place(_APPLICATION.label, (_APPLICATION,)),
        _INBOX_PLACE,
        Place(Text("公示", "Notices"), (_NOTICES, _REGISTER)),
    ),
    "member": (_TASKS_PLACE, Place(Text("会议", "Meetings"), (_MEETINGS, _BALLOTS)), _INBOX_PLACE),
    "body": (_TASKS_PLACE, Place(_CASES.label, (_CASES, _MEETINGS)), _INBOX_PLACE),
    "government": (
        Place(Text("待审", "To decide"), (_WAITING,)),
        Place(Text("名单", "Lists"), (_SUBMITTED, _CASES, _MEETINGS, _MONITOR, _REGISTER)),
        _INBOX_PLACE,
    ),
    "supervisor": (
        Place(_TASKS.label, (_WAITING, _RAISED)),
        Place(Text("届次", "Rounds"), (_ROUNDS_PAGE, _OBJECTIONS, _MEETINGS, _EXPERTS)),
        Place(Text("日志", "Log"), (_LOG, _MONITOR, _REPORT)),
    ),
    "office": (
        Place(_HOME.label, (_HOME,)),
        Place(_TASKS.label, (_TASKS,)),
        Place(Text("办件", "Cases"), (_CASES, _REGISTRATIONS)),
        Place(Text("专家与会议", "Experts and meetings"), (_EXPERTS, _MEETINGS)),
        Place(Text("公示", "Notices"), (_NOTICES, _REGISTER)),
        Place(Text("管理", "Manage"), (_MONITOR, _REPORT, _LOG, _LAW, _STUDIO, _RETENTION)),
    ),
    SYSTEM_ADMINISTRATOR: (
        _MONITORED,
        _CASES_PLACE,
        _VERSIONS,
        _SYSTEM,
        _RIGHTS,
    ),
    SECURITY_ADMINISTRATOR: (
        _RIGHTS,
        _VERSIONS,
        Place(Text("归档与核对", "Archives and checks"), (_RETENTION, _RECORDS, _DENGBAO)),
    ),
    AUDIT_ADMINISTRATOR: (Place(_VERIFICATION.label, (*_VERIFICATION.pages, _PERMISSIONS, _DENGBAO)),),
    ADMINISTRATOR: (
        _MONITORED,
        _CASES_PLACE,
        _VERSIONS,
        _SYSTEM,
        _RIGHTS,
        _VERIFICATION,
    ),
    DESIGNER: (Place(Text("设计", "Studio"), (_STUDIO,)), Place(Text("条款", "Clauses"), (_LAW,))),
}
"""The places of every kind of reader, as `_reader` calls it."""
_KINDS = {"committee": "member", "agency": "member", "authority": "body", "department": "body"}


def menu_of(actor: Actor, seat: Seat | None, unread: int) -> Menu:
    """Return the menu of a person who looks from ``seat``; ``unread`` messages wait for them."""
    open_places = [
        (place, pages) for place in _MENUS[_get_menu_key(seat)] if (pages := tuple(_iterate_open_pages(place, actor)))
    ]
    asked = request.full_path.removesuffix("?")
    depths = {id(page): page.depth_above(asked) for _, pages in open_places for page in pages}
    current_page = max(
        (page for _, pages in open_places for page in pages), key=lambda page: depths[id(page)], default=None
    )
    current_page = current_page if current_page is not None and depths[id(current_page)] else None
    entries = tuple(
        MenuEntry(
            say(place.label),
            _get_address(pages[0], seat),
            current_page in pages,
            unread if pages[0].href == INBOX else None,
        )
        for place, pages in open_places
    )
    beside = next((pages for _, pages in open_places if current_page in pages), ())
    links = tuple(MenuEntry(say(page.label), _get_address(page, seat), page is current_page) for page in beside)
    messages = MenuEntry(say(_INBOX.label), INBOX, request.path.startswith(INBOX), unread)
    return Menu(entries, links if len(links) > 1 else (), messages if all(e.href != INBOX for e in entries) else None)


def _get_menu_key(seat: Seat | None) -> str:
    """Return which menu a seat has; who holds none has that of an applicant."""
    if seat is None or seat.body_kind in APPLICANT_KINDS:
        return "applicant"
    return seat.role if seat.role in BUILT_IN else _KINDS.get(seat.body_kind, seat.body_kind)


def _iterate_open_pages(place: Place, actor: Actor) -> Iterator[Page]:
    """Yield the pages of a place that the reader may open."""
    for page in place.pages:
        guard = GUARDS[page.action]
        if guard.admits(actor) and (page.href not in _EVERYWHERE or guard.admits(actor, "*")):
            yield page


def _get_address(page: Page, seat: Seat | None) -> str:
    if page.href != _ROUNDS or seat is None:
        return page.href
    try:
        package = next(
            (candidate for candidate in published().packages if candidate.jurisdiction.id == seat.jurisdiction), None
        )
    except Unreachable:  # a refusal has a menu all the same
        package = None
    return _ROUNDS + round_kind(package.award.processes) if package else "/cases"
