"""The settings of a rehearsal beside an installation: nothing leaves it, and its time is moved by hand."""

from __future__ import annotations

from dataclasses import replace

from service.settings.settings import Settings


def rehearsed(settings: Settings, port: int, host: str) -> Settings:
    """Return the settings of the copy: database, files and keys of its own, and no way outside.

    Anchors outside prove the real records alone. No role needs a second factor: telephones know the true time only, and
    what people set up in the real installation is not copied.
    """
    folder = settings.data / "rehearsal"
    return replace(
        settings,
        database=f"sqlite:///{folder / 'laurel.db'}",
        data=folder,
        files=folder / "files",
        ballot_keys=folder / "ballot-keys",
        smtp=None,
        webhook=None,
        anchors=None,
        anchors_mail=None,
        sign_command="",
        host=host,
        port=port,
        https=False,
        trusted_proxy="",
        public_url=f"http://{host}:{port}",
        metrics_token="",
        identity=None,
        second_factor=frozenset(),
        rehearsal=True,
    )
