"""Back an installation up and bring it back: ``python deploy/backup.py make FILE`` and ``… restore FILE`` (``-``: a pipe).

A backup is encrypted by the operator's command in ``LAUREL_BACKUP_COMMAND`` and then holds the data keys; ``make --plain``
encrypts nothing and leaves them out.

Settings are those of the server (``LAUREL_DATABASE``, ``LAUREL_DATA``, ``LAUREL_FILES``; or the file in ``LAUREL_SETTINGS``).
A backup is one .tar.gz with the database and every stored file; it may be made while the
server runs. The keys of ballots are never in it:
see deploy/README.md.
"""

from __future__ import annotations

from service.backups.command import run_command

if __name__ == "__main__":
    run_command()
