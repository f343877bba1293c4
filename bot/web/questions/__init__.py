"""Pages of questions that people sent to the federation."""
