"""The data of a preview: a form from the declared params, drafts of edited ones, and saving them as a sample."""
