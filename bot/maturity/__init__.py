"""The maturity check itself: instruments as data, sessions, scoring, advice. Pure: no framework, no input or output
but the reading of its own data files."""
