"""Cases: the list, one case, starting one, lists in and out."""
