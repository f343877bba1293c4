"""Backups of everything that Fyren keeps: made while it runs, checked, and put back elsewhere.

A backup is one file, a tar archive that ends with a list of what is in it. The keys of the maturity check go into a
file of their own, to be kept apart and for a shorter time: a key that was destroyed when its round was closed must not
come back with last month's tape.
"""
