"""Fyren as a person meets it: a real Teams client in a real browser, against `fyren serve`."""
