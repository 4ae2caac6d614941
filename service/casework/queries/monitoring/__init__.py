"""Every running case: figures, diagrams with their heat, incidents, timers, the way that cases took."""
