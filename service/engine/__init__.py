"""The only folder that knows SpiffWorkflow."""
