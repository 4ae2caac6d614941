"""Forms as they are posted and shown again: values, files in pieces, drafts without a task."""
