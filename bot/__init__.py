"""Fyren as a service: what carries conversations, keeps them, shows pages and is typed at the command line."""
