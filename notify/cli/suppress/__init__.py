"""The subcommands of `notify suppress`: a file for each kind of thing that people do with the list."""
