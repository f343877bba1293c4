"""Documents that administrators send, become drafts, and are published or discarded."""
