"""What is handed out: the same bytes twice, with its licences and what is known against it."""

from __future__ import annotations

import io
import json
import tarfile
from datetime import date
from importlib.metadata import distributions

import pytest

from deploy.release.__main__ import archive, bill_of_scripts, demand_whole, licence_of, licences, locked, without_tools
from deploy.release.advisories import COPY, FRESH, PINS, affected, age, main, pinned


def test_two_archives_of_one_commit_are_the_same_bytes() -> None:
    first = archive("laurel")
    assert first == archive("laurel")
    with tarfile.open(fileobj=io.BytesIO(first)) as read:
        names = read.getnames()
        assert {(info.uid, info.uname) for info in read} == {(0, "root")}
    assert names == sorted(names)
    assert {"laurel/service/app.py", "laurel/deploy/pins/run.txt"} <= set(names)
    assert [name for name in names if "/static/dist/" in name], "who unpacks it needs no node"
    assert [name for name in names if "node_modules" in name or ".venv" in name] == []


def test_every_package_names_its_licence() -> None:
    assert [each.name for each in distributions() if each.name != "laurel" and not licence_of(each)] == []


def test_tools_of_tests_stand_in_neither_bill_nor_licences() -> None:
    names = [line.partition("\t")[0].lower() for line in licences()]
    assert ("flask" in names, "pytest" in names) == (True, False)
    parts = [{"name": name, "bom-ref": name} for name in ("laurel", "Flask", "pytest")]
    links = [{"ref": "laurel", "dependsOn": ["Flask", "pytest"]}, {"ref": "pytest"}]
    bill = {"metadata": {"component": parts[0]}, "components": parts[1:], "dependencies": links}
    kept = json.loads(without_tools(json.dumps(bill).encode()))
    assert (kept["components"], kept["dependencies"]) == ([parts[1]], [{"ref": "laurel", "dependsOn": ["Flask"]}])


def test_the_bill_of_the_scripts_names_every_package_of_the_lock() -> None:
    bill = bill_of_scripts()
    told = json.loads(bill)
    assert (told["bomFormat"], len(locked()) > 10) == ("CycloneDX", True)
    demand_whole(bill, locked())


def test_a_bill_that_lacks_a_package_stops_the_release() -> None:
    bill = json.dumps(
        {
            "components": [
                {"group": "@bpmn-io", "name": "diagram-js", "version": "1.0"},
                {"name": "Zope.Interface", "version": "2.0"},
            ]
        }
    ).encode()
    demand_whole(bill, {("@bpmn-io/diagram-js", "1.0"), ("zope-interface", "2.0")})
    for wanted in (("@bpmn-io/diagram-js", "1.1"), ("flask", "3.0")):
        with pytest.raises(SystemExit, match=wanted[0]):
            demand_whole(bill, {wanted})


def test_a_version_within_an_advisory_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(COPY.read_text("utf-8"))["advisories"]
    (old,) = {(package, version) for package, version, _ in affected({"lxml": "4.6.4"}, told)}
    assert old == ("lxml", "4.6.4")
    spans = [{"id": "X", "aliases": [], "package": "a", "ranges": [{"introduced": "1.0", "last_affected": "2.0"}]}]
    assert [len(list(affected({"a": version}, spans))) for version in ("0.9", "1.0", "2.0", "2.0.1")] == [0, 1, 1, 0]
    assert main([]) == 0
    assert f"{len(pinned())} 个软件包" in capsys.readouterr().out


def test_what_is_pinned_for_another_system_is_asked_of_no_bill() -> None:
    assert "sys_platform == 'win32'" in (PINS / "run.txt").read_text("utf-8")
    assert "flask" in pinned("run")
    assert "tzdata" not in pinned("run")


def test_an_old_copy_says_that_it_is_old() -> None:
    assert age("2026-01-01", date(2026, 4, 1)) == FRESH
    assert age("2026-01-01", date(2026, 4, 2)) > FRESH
