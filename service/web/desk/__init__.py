"""Pages of the desk of staff and applicants: the task list, one task, messages."""
