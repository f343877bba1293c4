"""Swedish text analysis: from characters to weighted terms."""
