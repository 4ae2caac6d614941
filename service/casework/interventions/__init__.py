"""Interventions: what an administrator changes in a running case, each with right, reason, dry run and notice."""
