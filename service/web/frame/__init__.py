"""What every page stands in: the request, guards, cookies, failures, presentation of values."""
