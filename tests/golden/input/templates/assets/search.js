// A plain stand-in for the script of the search.
