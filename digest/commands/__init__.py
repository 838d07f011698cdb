"""Commands besides `build`, one to a module, imported when they are called."""
