"""Reading the files of a package: YAML with places, XML without surprises, strict fields."""
