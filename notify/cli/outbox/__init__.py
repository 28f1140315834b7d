"""The subcommands of `notify outbox`: a file for each kind of thing that people do with it."""
