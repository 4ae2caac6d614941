"""Which tests a change reaches: those that import it, by what they share too, and the nearest where none does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import touched
from tests.touched import Imports

FILES = {
    "tests/support/town.py": "from service.office import open_office\n",
    "tests/unit/test_office.py": "from service.office.doors import door\n",
    "tests/unit/test_town.py": "from tests.support.town import town\n# asks for /hinges\n",
    "tests/unit/test_lock.py": "import service.locks\n",
    "tests/integration/conftest.py": "from tests.support.town import town\n",
    "tests/integration/web/test_page.py": 'SEASON = ("urumqi", "votes")\nPAGE = "door.html"\n',
    "tests/conftest.py": "from tests.support.town import town\n",
    "service/office/__init__.py": "from service.office.doors import open_office\nfrom service.office.desk import desk\n",
    "service/office/doors.py": "from service.office.hinges import hinge\nfrom service.web.handles import handle\n",
    "service/web/handles.py": "",
    "service/office/desk.py": "",
    "service/office/hinges.py": "import service.office.hinges\n",
    "service/locks.py": "",
}


@pytest.fixture(scope="module")
def imports(tmp_path_factory: pytest.TempPathFactory) -> Imports:
    root = tmp_path_factory.mktemp("tree")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return Imports(root)


@pytest.mark.parametrize(
    ("changed", "reached"),
    [
        ("tests/unit/test_lock.py", {"lock"}),
        ("tests/support/town.py", {"town", "page"}),
        ("service/locks.py", {"lock"}),
        ("service/office/doors.py", {"office", "town", "page"}),
        ("service/office/hinges.py", {"office", "town", "page"}),
        ("processes/urumqi/award/scenarios/votes.yaml", {"page"}),
        ("service/web/templates/door.html", {"page"}),
        ("service/gone.py", set()),
    ],
)
def test_a_change_reaches(imports: Imports, changed: str, reached: set[str]) -> None:
    assert {Path(name).stem.removeprefix("test_") for name in imports.tests_of([changed])} == reached


@pytest.mark.parametrize(
    ("changed", "reached"),
    [
        ("service/office/hinges.py", {"town"}),
        ("service/web/handles.py", {"page"}),
        ("service/office/doors.py", {"office", "town", "page"}),
    ],
)
def test_of_many_that_ask_the_whole_those_are_taken_that_say_what_was_changed_or_lie_in_its_folder(
    imports: Imports, monkeypatch: pytest.MonkeyPatch, changed: str, reached: set[str]
) -> None:
    monkeypatch.setattr(touched, "_WIDE", 1)
    assert {Path(name).stem.removeprefix("test_") for name in imports.tests_of([changed])} == reached


def test_what_one_change_reaches_is_added_to_what_another_does(imports: Imports) -> None:
    both = imports.tests_of(["service/locks.py", "tests/unit/test_office.py"])
    assert both == {"tests/unit/test_lock.py", "tests/unit/test_office.py"}
