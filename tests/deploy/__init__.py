"""What operations get: files that are read and checked as their own tools would, and the image's steps, run."""
