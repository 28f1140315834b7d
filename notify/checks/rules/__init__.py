"""The rules of `notify check`, a family or a subject in each module."""
