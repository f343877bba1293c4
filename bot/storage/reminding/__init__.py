"""Who is reminded when, who wants none, and where the weekly digest goes."""
