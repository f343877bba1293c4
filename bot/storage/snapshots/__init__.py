"""Copies of whole databases as they were at one moment, while others go on writing; and how they are put back."""
