"""The parts of `notify log`: a file for each kind of thing that people do with it."""
