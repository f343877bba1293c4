"""A round's result as files to take away: CSV, XLSX, JSON, a report as PDF, and open data with its description.

Everything is made from a `bot.results.views.View`, so nothing leaves that the audience may not see. `rows` is the
heart: one long table that the tabular files are written from. All of it is computed; no model writes any of it.
"""
