"""`fyren maturity`: a module for each subject. `parser` says which, and what they take."""
