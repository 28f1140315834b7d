"""The HTML of mails, taken apart: tokens by position, links, images and the parts that they show."""
