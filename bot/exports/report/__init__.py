"""The report for a board: blocks of words, tables and charts, set as a tagged PDF (PDF/UA-1)."""
