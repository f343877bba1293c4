"""The read API: rounds, results, code book and participation as JSON, described by OpenAPI from the same models."""
