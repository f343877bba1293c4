"""How replies look: Adaptive Cards, citations, and text that Teams takes as text."""
