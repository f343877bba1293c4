"""The maturity check: rounds, drafts, responses, the keys that part people from them, and editions."""
