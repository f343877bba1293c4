"""Survey figures as pictures: drawn once in a process of their own, kept on disk, in light and dark colours."""
