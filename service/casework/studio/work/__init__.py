"""Long work of the studio beside the requests: a line of jobs, their words and results."""
