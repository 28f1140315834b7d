"""What mail programs can show: the data of caniemail.com."""
