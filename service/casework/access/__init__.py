"""Access control: actors, permissions (guards), and which cases, tasks and data an actor may see."""
