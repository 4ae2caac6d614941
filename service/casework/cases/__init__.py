"""Cases: starting them, acting on them outside tasks, suspending and resuming."""
