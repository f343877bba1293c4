"""The dashboard: rounds, their results, and what a municipality sees of its own.

All numbers come from a `bot.results.views.View`; what is not in a visitor's view cannot be on a page. Each page has a
module that says what it shows, in words, and a template that lays it out.
"""
