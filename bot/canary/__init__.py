"""The proof on your own machine: the installed agents, asked by a model that follows a script."""
