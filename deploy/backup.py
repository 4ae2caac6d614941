"""Back an installation up and bring it back: ``python deploy/backup.py make FILE`` and ``… restore FILE --identity KEY``.

A backup is encrypted (age) for the recipients in ``LAUREL_BACKUP_RECIPIENTS`` and then holds the data keys; ``make --plain``
encrypts nothing and leaves them out.

Settings are those of the server (``LAUREL_DATABASE``, ``LAUREL_DATA``, ``LAUREL_FILES``; or the file in ``LAUREL_SETTINGS``).
A backup is one .tar.gz (.age where it is encrypted) with the database and every stored file; it may be made while the
server runs. The keys of ballots are never in it:
see deploy/README.md.
"""

from __future__ import annotations

from service.backups.command import run_command

if __name__ == "__main__":
    run_command()
