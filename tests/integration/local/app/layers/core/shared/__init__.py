"""What the functions of the test application share, as ``layers/core`` does for the real ones."""
