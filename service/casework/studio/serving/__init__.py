"""What serves drafts between requests: checks warmed up, broken-off jobs begun again, jobs waited for."""
