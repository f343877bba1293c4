"""What the service needs to run, in one process or in many: the audit log, claims, turns, pauses."""
