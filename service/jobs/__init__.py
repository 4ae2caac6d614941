"""Background jobs: the sweeper that runs due work (timers, messages between cases, documents, mail)."""

from service.jobs.process_lock import process_lock
from service.jobs.scheduler import running
from service.jobs.sweeper import Sweeper

__all__ = ["Sweeper", "process_lock", "running"]
