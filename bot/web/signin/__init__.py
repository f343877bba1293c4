"""Signing in: by an OpenID provider such as Entra ID, or on this machine by a link that works once."""
