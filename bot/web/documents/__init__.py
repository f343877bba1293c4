"""Pages on which administrators send, look at, publish and undo documents."""
