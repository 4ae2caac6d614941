"""The time limits of a case: which run and until when, counted anew, compared, moved and told in one way."""
