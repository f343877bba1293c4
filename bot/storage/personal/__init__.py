"""What is kept of one person, wherever it stands: told, handed over, erased."""
