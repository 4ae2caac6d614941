"""Where files are kept: a folder or a bucket, encrypted where they lie."""
