"""Whether hybrid retrieval is worth having: side by side with its own legs and with a default recipe, in one run."""
