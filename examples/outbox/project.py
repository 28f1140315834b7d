"""What the shop and its workers share: the database and the notifier."""

from __future__ import annotations

import os
from pathlib import Path

import sqlalchemy as sa

from notify import Notifier

HERE = Path(__file__).parent
engine = sa.create_engine(os.environ.get("SHOP_DATABASE", f"sqlite:///{HERE / '.notify' / 'shop.db'}"))
notifier = Notifier.load(HERE)

metadata = sa.MetaData()
orders = sa.Table(
    "orders",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("article", sa.Text, nullable=False),
    sa.Column("total", sa.Numeric(10, 2), nullable=False),
)
