"""The app package that an administrator uploads to Teams: manifest, languages and icons in one zip file."""
