"""The survey of the status report as data, and how its items read in Swedish."""
