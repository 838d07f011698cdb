"""Located values to typed documents: the configuration and the entries, with the rules of each."""
