"""Commands besides `build` and `check`, one to a module, imported when they are called."""
