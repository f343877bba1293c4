"""Files of each kind into blocks of text; `ingest.loaders.registry` has all of them. Untrusted input: what they parse
they parse in a process that has no network and little room."""
