"""The shop's Celery app: `celery --app tasks worker` delivers, `celery --app tasks beat` sweeps."""

from __future__ import annotations

import os

from celery import Celery
from project import notifier

from notify.outbox.celery import Doorbell

app = Celery("shop", broker=os.environ.get("SHOP_BROKER", "amqp://guest:guest@127.0.0.1:5672//"))
doorbell = Doorbell(app, notifier, queue=os.environ.get("SHOP_QUEUE", "notify"))
