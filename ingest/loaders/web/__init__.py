"""Web pages: what a reader sees of them, as blocks."""
