"""How an installation is: one list of checks for the page, the metrics, the doctor and the alarms."""
