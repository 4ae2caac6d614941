"""What must hold when a season was walked with everything switched on."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from service.casework.archives.masks import Masks
from service.store import CaseFilter
from tests.browser.sealed.installation import Sealed, ran
from tests.cluster.stage import ClusterStage
from tests.support import postgres as pg

_REQUEST = re.compile(r'"request": "[0-9a-f]{16}"')


def unsound(sealed: Sealed, stage: ClusterStage, server: pg.Cluster) -> list[str]:
    """Return what is not as it must be of records, data, keys, proof, backup and logs; one fault hides no other."""
    looks: list[Callable[[], object]] = [
        lambda: sealed.said("audit", "verify"),
        lambda: sealed.said("doctor", "--deep"),
        lambda: sealed.said("keys", "book"),
        lambda: _book_is_exported(sealed, stage),
        lambda: _a_second_program_agrees(sealed, stage),
        lambda: _backup_comes_back(sealed, server),
        lambda: _logs_say_nothing_personal(sealed, stage),
    ]
    return [fault for look in looks if (fault := _fault_of(look))]


def _fault_of(look: Callable[[], object]) -> str:
    try:
        look()
    except AssertionError as fault:
        return str(fault)
    return ""


def _book_is_exported(sealed: Sealed, stage: ClusterStage) -> None:
    lines = sealed.said("audit", "export").count("\n")
    assert lines > stage.case("届"), f"the book of acts is exported by {lines} of syslog's lines only"


def _logs_say_nothing_personal(sealed: Sealed, stage: ClusterStage) -> None:
    left = said_in_logs(sealed.folder, personal_values(stage))
    assert not left, f"personal values in logs: {left}"


def _a_second_program_agrees(sealed: Sealed, stage: ClusterStage) -> None:
    """Let the verifier compute a finished round again; one that is left half way is not sealed."""
    with stage.desk.store.read() as tx:
        ended = tx.cases.get(stage.case("届")).ended_at is not None
    if not ended:
        return
    bundle = sealed.folder / "season.zip"
    sealed.said("season", "seal", str(stage.case("届")), "--to", str(bundle))
    key = sealed.said("season", "key").strip()
    ran([sys.executable, "-m", "verifier", str(bundle), "--key", key], {})


def _backup_comes_back(sealed: Sealed, server: pg.Cluster) -> None:
    """Encrypt a backup, bring it back on another machine's folders and database, and look at everything there."""
    kept, there = sealed.folder / "backups" / "night.tar.gz.age", sealed.folder / "there"
    backup = [sys.executable, "deploy/backup.py"]
    ran([*backup, "make", str(kept)], sealed.environment)
    place = {name: str(there / name) for name in ("data", "keys", "data-keys", "anchors")}
    for folder in ("data", "keys", "anchors"):
        Path(place[folder]).mkdir(parents=True, mode=0o700)
    for lasting in ("*.secret", "*.notes"):  # what supervision keeps apart from the backups; no key of a ballot
        for file in (sealed.folder / "keys").glob(lasting):
            shutil.copy2(file, place["keys"])
    moved = {
        **sealed.environment,
        "LAUREL_DATABASE": server.create(f"restored-{sealed.package.jurisdiction.id}"),
        "LAUREL_DATA": place["data"],
        "LAUREL_BALLOT_KEYS": place["keys"],
        "LAUREL_DATA_KEYS": f"{place['data-keys']}/keys",
        "LAUREL_ANCHORS": place["anchors"],
    }
    ran([*backup, "restore", str(kept), "--identity", str(sealed.folder / "identity")], moved)
    laurel = [sys.executable, "-m", "service.app"]
    ran([*laurel, "doctor", "--deep"], moved)


def personal_values(stage: ClusterStage) -> dict[str, str]:
    """Return what forms call personal, and how people are reached, each with where it stands."""
    values: dict[str, str] = {}
    with stage.desk.store.read() as tx:
        for case in tx.cases.search(CaseFilter(), limit=10_000):
            for row in tx.forms.of_case(case.id):
                form = stage.desk.packages.form(stage.package, row.form)
                values |= dict.fromkeys(Masks([(form, row.data)]).values, f"form {row.form}")
        for person in tx.people.everybody():
            said = {"email": person.email, "telephone": person.telephone, "login": person.login}
            values |= {value: f"person {name}" for name, value in said.items() if value}
    return values


def said_in_logs(folder: Path, values: Mapping[str, str]) -> list[str]:
    """Return which of ``values`` stand in a log of any process, with where each is from and the first line that says it.

    The number that the program gives a request is drawn at random: four digits of a telephone stand in one of some thousands.
    """
    logs = [*folder.glob("*.log"), *folder.glob("run/*.log")]
    assert logs, "the processes kept logs"
    lines = [f"{log.name}: {line}" for log in logs for line in log.read_text(errors="replace").splitlines()]
    without = [(_REQUEST.sub("", line), line) for line in lines]
    said = {value: next((line for words, line in without if value in words), None) for value in values}
    return sorted(f"{value} ({values[value]}) in {line}" for value, line in said.items() if line is not None)
