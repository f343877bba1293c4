"""Office files: checked as archives before anything is parsed, and read from their XML."""
