"""EU acts and Swedish statutes, cited by article and section."""
