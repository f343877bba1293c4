"""Answers: the journal, thumbs, questions for a person, and what a language model has used."""
