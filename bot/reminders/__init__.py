"""Who is reminded of a check and when, and what the federation is told every week. Pure: others store and send."""
