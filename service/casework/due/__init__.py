"""What becomes due by itself: timers, reminders, queued mail, dates computed anew, incidents tried again."""
