"""Due work that the sweeper runs: timers, reminders, queued mail, recomputed dates, retried incidents."""
