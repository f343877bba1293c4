"""Made-up rounds in a database of their own, so that results can be looked at before anybody has answered."""
