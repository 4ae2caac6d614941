"""The way of a draft to a version: review, publication, and a version withdrawn."""
