"""Tasks as pages show them: the list, one task with its form, what was done and passed on."""
