"""The frame of every page: request context, guards, cookies, failures, files, header."""
