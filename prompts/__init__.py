"""What a language model is told: texts as files, and how they are put together."""
