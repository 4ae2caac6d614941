"""Files handed out: downloads, pages as pictures, documents on paper."""
