"""The way of a draft to a version: what a reviewer asks and approves, publication, and a version withdrawn."""
