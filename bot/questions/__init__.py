"""What people asked and thought of the answers, as the federation works with it."""
