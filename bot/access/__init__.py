"""Who may do what on the web pages, and the record of what was done. Pure: no HTTP, no SQL, no settings."""
