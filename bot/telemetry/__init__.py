"""What the service tells about itself: what is measured, and to whom it is told; knows no library that carries it."""
