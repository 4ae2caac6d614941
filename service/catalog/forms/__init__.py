"""Forms as data: their structure and components."""
