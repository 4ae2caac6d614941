"""Requests: who asks, what was asked, guards, pace, refusals and failures."""
