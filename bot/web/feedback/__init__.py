"""The federation's pages of ratings and unanswered questions."""
