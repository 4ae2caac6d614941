"""What is handed out, before it has a file format: issued documents, handbooks, calendars for telephones."""
