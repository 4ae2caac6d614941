"""Documents of a package: templates, and how a part of one is written anew."""
